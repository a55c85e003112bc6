"""The service file of a woman of childbearing age, and what methods she used when."""

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.choices import DatePrecision
from apps.core.codes import code_choices
from apps.core.fields import DateRange
from apps.core.history import tracked
from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.indicators.triggers import mark_dirty


@tracked
class CaseFile(Stamped):
    """One woman's service file (育龄妇女服务档案). Kept closed after 49, death or moving away.

    The numbers of children are those a roster stated on a day; parity is computed from kinship.
    """

    SCOPE = ("person__registered_region", "person__current_region")
    PART_OF = "person"

    person = models.OneToOneField(
        "households.Person", models.CASCADE, related_name="case_file", verbose_name=_("woman")
    )
    stated_boys = models.PositiveSmallIntegerField(_("sons, as stated"), null=True, blank=True)
    stated_girls = models.PositiveSmallIntegerField(
        _("daughters, as stated"), null=True, blank=True
    )
    stated_last_birth_on = models.DateField(
        _("last child born on, as stated"), null=True, blank=True
    )
    stated_on = models.DateField(_("stated on"), null=True, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("service file")
        verbose_name_plural = _("service files")

    def __str__(self) -> str:
        return f"#{self.person_id}"

    def get_absolute_url(self) -> str:
        return reverse("women:casefile_detail", args=[self.person_id])


@tracked
class ContraceptiveUse(models.Model):
    """One method one woman (or her husband) uses, for a time (避孕节育措施); "00" is none."""

    SCOPE = ("person__registered_region", "person__current_region")
    PART_OF = "person"

    person = models.ForeignKey(
        "households.Person", models.CASCADE, related_name="contraceptive_uses", db_index=False
    )
    method = models.CharField(
        _("method"), max_length=2, choices=partial(code_choices, "contraceptive_method")
    )
    valid_from = models.DateField(_("since"), null=True, blank=True)
    from_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    valid_to = models.DateField(_("until"), null=True, blank=True)
    facility = models.CharField(_("institution"), max_length=100, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("contraceptive method")
        verbose_name_plural = _("contraceptive methods")
        ordering = ["person", "valid_from", "pk"]
        triggers = mark_dirty(
            region="place.region_id",
            joins="JOIN households_residence place ON place.person_id = row.person_id",
            since="row.valid_from",
            until="row.valid_to",
            watched=("person_id", "method", "valid_from", "valid_to"),
        )
        constraints = [
            ExclusionConstraint(
                name="women_contraceptiveuse_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another method is entered for that time."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="women_contraceptiveuse_in_order",
                violation_error_message=_("The end lies before the beginning."),
            ),
        ]
        indexes = [
            # Read with Residence's and Person's in their common order when everybody is counted.
            models.Index(
                fields=["person"],
                include=["method", "valid_from", "valid_to"],
                name="women_use_counted",
            ),
            # One woman's rows, as with MaritalPeriod.
            HashIndex(fields=["person"], name="women_use_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.method}"
