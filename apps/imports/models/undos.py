"""Taking a written import back, and bringing it in again."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.imports.models.batches import Batch


class Direction(models.TextChoices):
    """Which way: the register as it was before the import, or as the import had left it."""

    BACK = "back", _("take back")
    AGAIN = "again", _("bring in again")


class UndoState(models.TextChoices):
    """Where one taking back stands."""

    PLANNING = "planning", _("being looked through")
    PLANNED = "planned", _("to be confirmed")
    WAITING = "waiting", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("could not be done")


OPEN_UNDO = (UndoState.PLANNING, UndoState.PLANNED, UndoState.WAITING)
BUSY_UNDO = (UndoState.PLANNING, UndoState.WAITING)


class Fate(models.TextChoices):
    """What becomes of one record, and why it stays as it is if it does."""

    REMOVED = "removed", _("removed")
    SET_BACK = "set_back", _("set to earlier values")
    BROUGHT = "brought", _("entered again")
    CHANGED = "changed", _("changed since")
    NEEDED = "needed", _("others rely on it")
    TAKEN = "taken", _("its place is taken")
    MISSING = "missing", _("what it belongs to is gone")
    ELSEWHERE = "elsewhere", _("in another office's region now")
    UNKNOWN = "unknown", _("earlier values are not known")


GOING = (Fate.REMOVED, Fate.SET_BACK, Fate.BROUGHT)
STAYING = (
    Fate.CHANGED,
    Fate.NEEDED,
    Fate.TAKEN,
    Fate.MISSING,
    Fate.ELSEWHERE,
    Fate.UNKNOWN,
)


class Undo(Stamped):
    """One taking back of a written import (撤销导入), or one bringing in again (恢复导入).

    `counts` holds {"rows": {table label: {fate: rows}}, "records": {fate: people and households},
    "kinds": {people or households: {fate: …}}, "villages": [{"id", fate: …}]}: of the preview
    until it is done, then of what was done.
    """

    SCOPE = ("batch__region",)

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="undos", verbose_name=_("import"))
    direction = models.CharField(_("direction"), max_length=5, choices=Direction.choices)
    state = models.CharField(
        _("state"), max_length=8, choices=UndoState.choices, default=UndoState.PLANNING
    )
    counts = models.JSONField(_("counts"), default=dict)
    failure = models.CharField(_("reason of failure"), max_length=40, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("confirmed by"),
    )
    planned_at = models.DateTimeField(_("looked through at"), null=True)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True)
    started_at = models.DateTimeField(_("began at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("taking back of an import")
        verbose_name_plural = _("takings back of imports")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"],
                condition=Q(state__in=[str(state) for state in OPEN_UNDO]),
                name="imports_undo_one_open_per_batch",
                violation_error_message=_("This import is already being taken back."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=UndoState.values), name="imports_undo_state_valid"
            ),
            models.CheckConstraint(
                condition=Q(direction__in=Direction.values), name="imports_undo_direction_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.batch}"

    def get_absolute_url(self) -> str:
        return reverse("imports:undo_detail", args=[self.pk])

    @property
    def is_busy(self) -> bool:
        return self.state in BUSY_UNDO

    @property
    def is_back(self) -> bool:
        return self.direction == Direction.BACK

    def records(self, *fates: str) -> int:
        """People and households of these fates, as counted last."""
        counted: dict[str, Any] = self.counts.get("records", {})
        return sum(counted.get(str(fate), 0) for fate in fates)

    @property
    def going(self) -> int:
        """People and households that are put back."""
        return self.records(*GOING)

    @property
    def staying(self) -> int:
        """People and households that stay as they are."""
        return self.records(*STAYING)

    @property
    def seconds(self) -> float | None:
        """How long it took, in seconds with one decimal; None before it is done."""
        if self.state != UndoState.DONE or not self.started_at or not self.finished_at:
            return None
        return round((self.finished_at - self.started_at).total_seconds(), 1)


class UndoLine(models.Model):
    """One person or household that a taking back is about, and what becomes of it.

    `version` is the number of the row's version in the history, by which it can be named when it
    is gone. Made anew by each look and by the taking back itself.
    """

    SCOPE = ("undo__batch__region",)

    undo = models.ForeignKey(Undo, models.CASCADE, related_name="lines", db_index=False)
    table = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    version = models.BigIntegerField(null=True)
    fate = models.CharField(max_length=9, choices=Fate.choices)
    village = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, related_name="+", db_index=False
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("record taken back")
        verbose_name_plural = _("records taken back")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["undo", "table", "subject_id"], name="imports_undoline_once"
            ),
            models.CheckConstraint(
                condition=Q(fate__in=Fate.values), name="imports_undoline_fate_valid"
            ),
        ]
        indexes = [
            models.Index(fields=["undo", "fate", "village", "id"], name="imports_undoline_fate")
        ]

    def __str__(self) -> str:
        return f"{self.table} {self.subject_id} {self.fate}"
