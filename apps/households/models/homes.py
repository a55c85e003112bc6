"""Households and what they count as."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.fields import DateRange
from apps.core.history import tracked
from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.households.choices import (
    CategoryKind,
    Presence,
)
from apps.households.models.intervals import in_order
from apps.indicators.triggers import mark_dirty


@tracked
class Household(Stamped):
    """One registered household (户), also after it has ended."""

    SCOPE = ("region",)
    NOW = ("head", "member_count", "presence")

    number = models.CharField(_("household number"), max_length=40, blank=True)
    region = models.ForeignKey(
        "regions.Region", models.PROTECT, related_name="+", verbose_name=_("village")
    )
    group = models.CharField(_("village group"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    presence = models.CharField(
        _("presence"), max_length=16, choices=Presence.choices, default=Presence.PRESENT
    )
    valid_from = models.DateField(_("registered since"), null=True, blank=True)
    valid_to = models.DateField(_("ended on"), null=True, blank=True)
    remark = models.CharField(_("remark"), max_length=500, blank=True)
    # Kept by the services for lists: the living head, and how many current members there are.
    head = models.ForeignKey(
        "households.Person",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("head"),
    )
    member_count = models.PositiveSmallIntegerField(_("members"), default=0, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("household")
        verbose_name_plural = _("households")
        ordering = ["region__sort_key", "number", "pk"]
        triggers = mark_dirty(
            region="row.region_id",
            since="row.valid_from",
            until="row.valid_to",
            watched=("region_id", "valid_from", "valid_to"),
        )
        constraints = [
            models.UniqueConstraint(
                fields=["region", "number"],
                condition=~Q(number="") & Q(valid_to__isnull=True),
                name="households_household_number_unique_in_village",
                violation_error_message=_("This village already has a household of that number."),
            ),
            models.CheckConstraint(
                condition=Q(presence__in=Presence.values), name="households_household_presence"
            ),
            in_order("households_household_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["number"],
                name="households_household_number",
                opclasses=["text_pattern_ops"],
            ),
            models.Index(fields=["region", "number", "id"], name="households_household_list"),
            models.Index(fields=["number", "id"], name="households_household_order"),
            models.Index(
                fields=["region"],
                name="households_household_no_head",
                condition=Q(head__isnull=True, valid_to__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"#{self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("households:household_detail", args=[self.pk])


@tracked
class Category(models.Model):
    """What a household counts as, for a time (家庭类别), on a basis somebody confirmed."""

    SCOPE = ("household__region",)
    PART_OF = "household"

    household = models.ForeignKey(Household, models.CASCADE, related_name="categories")
    kind = models.CharField(_("kind"), max_length=20, choices=CategoryKind.choices)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        "accounts.User", models.PROTECT, related_name="+", verbose_name=_("confirmed by")
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        constraints = [
            ExclusionConstraint(
                name="households_category_once_at_a_time",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("The household already counts as that then."),
            ),
            in_order("households_category_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.household_id} {self.kind}"
