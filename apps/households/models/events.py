"""Life events: dated facts and what they changed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.core.choices import DatePrecision
from apps.core.history import tracked
from apps.core.querysets import ScopedQuerySet
from apps.households.choices import (
    EventKind,
    Source,
)
from apps.households.models.homes import Household
from apps.households.models.people import Person


@tracked
class LifeEvent(models.Model):
    """One dated fact (生命事件) and what it changed, so that a wrong one can be taken back.

    `occurred_on` is when it happened, `learnt_on` when the office learnt of it, `entered_at` when
    it was typed in. `changes` lists the rows the service opened, closed or altered with their
    former values; households.services.remove_event reads it.
    """

    SCOPE = ("region", "other_region")
    PART_OF = "person"

    kind = models.CharField(_("kind"), max_length=12, choices=EventKind.choices)
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="events", verbose_name=_("person")
    )
    other_person = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="events_as_other",
        verbose_name=_("other person"),
    )
    household = models.ForeignKey(
        Household,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("household"),
    )
    region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("village"),
    )
    other_region = models.ForeignKey(
        "regions.Region", models.PROTECT, null=True, blank=True, related_name="+"
    )
    occurred_on = models.DateField(_("happened on"))
    precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    learnt_on = models.DateField(_("learnt on"))
    entered_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    entered_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("entered by")
    )
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.FORM
    )
    note = models.CharField(_("note"), max_length=500, blank=True)
    changes = models.JSONField(default=dict, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("life event")
        verbose_name_plural = _("life events")
        ordering = ["-occurred_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values), name="households_lifeevent_kind_valid"
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind=EventKind.DEATH),
                name="households_lifeevent_one_death",
                violation_error_message=_("A death is already entered for this person."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(kind=EventKind.BIRTH),
                name="households_lifeevent_one_birth",
                violation_error_message=_("A birth is already entered for this person."),
            ),
        ]
        indexes = [
            models.Index(fields=["region", "kind", "occurred_on"], name="households_event_region"),
            models.Index(fields=["-occurred_on", "-id"], name="households_event_recent"),
            models.Index(fields=["person", "occurred_on"], name="households_event_person"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.occurred_on}"
