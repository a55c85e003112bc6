"""Abstract models and the job row."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.choices import JobState


class Stamped(models.Model):
    """A record that knows when it was entered and last changed; the latter detects stale forms."""

    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last changed at"), auto_now=True)

    class Meta:
        abstract = True


class Job(Stamped):
    """One piece of background work (后台任务): the truth about it, whatever the broker knows.

    A worker holds the job while `lease_until` lies in the future and renews it while it works; a
    sweeper queues jobs again whose lease ran out. A task may therefore run twice and must leave
    at once when the lease is someone else's (`lease_token`).

    `attempts` counts the starts, `losses` those of them that ended because the worker or the
    database vanished. `done_count`, `total_count`, `stage` and `reached` (of the whole, in
    thousandths) say how far the furthest attempt came, so what people see never goes backwards.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(_("kind"), max_length=60)
    target_id = models.CharField(_("record"), max_length=60)
    state = models.CharField(
        _("state"), max_length=12, choices=JobState.choices, default=JobState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    losses = models.PositiveSmallIntegerField(_("interruptions"), default=0)
    held_by = models.CharField(max_length=100, blank=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(_("held until"), null=True)
    done_count = models.PositiveIntegerField(_("done"), default=0)
    total_count = models.PositiveIntegerField(_("of"), default=0)
    stage = models.CharField(_("stage"), max_length=60, blank=True)
    reached = models.PositiveSmallIntegerField(_("reached"), default=0)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    cancel_requested = models.BooleanField(_("cancel requested"), default=False)
    error = models.TextField(_("reason of failure"), blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("background job")
        verbose_name_plural = _("background jobs")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "target_id"],
                condition=models.Q(state__in=["queued", "running"]),
                name="core_job_one_open_per_target",
                violation_error_message=_("This is already being worked on."),
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=JobState.values), name="core_job_state_valid"
            ),
        ]
        indexes = [models.Index(fields=["state", "lease_until"], name="core_job_state_lease")]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id} ({self.state})"

    @property
    def percent(self) -> int:
        """Progress of the whole in percent, rounded down."""
        return self.reached // 10
