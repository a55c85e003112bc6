"""Dated relations: who belongs to which household, lives where, is whose child or spouse."""

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import HashIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from apps.core.choices import DatePrecision, Sex
from apps.core.codes import code_choices
from apps.core.fields import DateRange
from apps.core.history import tracked
from apps.core.querysets import ScopedQuerySet
from apps.households.choices import (
    MOVES,
    KinshipNature,
    MarriageEnd,
    MarriageOrder,
    ResidenceKind,
    ResidenceReason,
)
from apps.households.models.homes import Household
from apps.households.models.intervals import PLACES_OF, in_order
from apps.households.models.people import Person
from apps.indicators.triggers import mark_dirty


@tracked
class Membership(models.Model):
    """One person in one household, in one role (家庭成员), for a time."""

    SCOPE = ("household__region",)
    PART_OF = "person"

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    household = models.ForeignKey(Household, models.CASCADE, related_name="memberships")
    relationship_to_head = models.CharField(
        _("relationship to head"),
        max_length=2,
        choices=partial(code_choices, "relationship_to_head"),
        blank=True,
    )
    is_head = models.BooleanField(_("head"), default=False)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["household", "-is_head", "relationship_to_head", "pk"]
        constraints = [
            ExclusionConstraint(
                name="households_membership_one_household_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already belongs to a household then."),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=Q(is_head=True, valid_to__isnull=True),
                name="households_membership_one_head",
                violation_error_message=_("This household already has a head."),
            ),
            in_order("households_membership_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.household_id}"


@tracked
class Residence(models.Model):
    """Where one person is registered, or lives, for a time (户籍地、现居住地)."""

    SCOPE = ("region",)
    PART_OF = "person"

    person = models.ForeignKey(Person, models.CASCADE, related_name="residences", db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=ResidenceKind.choices)
    region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
        db_index=False,
    )
    place = models.CharField(_("place outside the county"), max_length=200, blank=True)
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)
    begin_reason = models.CharField(
        _("began by"), max_length=12, choices=ResidenceReason.choices, blank=True
    )
    end_reason = models.CharField(
        _("ended by"), max_length=12, choices=ResidenceReason.choices, blank=True
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("residence")
        verbose_name_plural = _("residences")
        ordering = ["person", "kind", "valid_from", "pk"]
        triggers = mark_dirty(
            region="row.region_id",
            since="row.valid_from",
            until="row.valid_to",
            watched=(
                "person_id",
                "kind",
                "region_id",
                "valid_from",
                "valid_to",
                "begin_reason",
                "end_reason",
            ),
            ending=("end_reason",),
        )
        constraints = [
            ExclusionConstraint(
                name="households_residence_one_place_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already has a place of that kind then."),
            ),
            models.CheckConstraint(
                condition=Q(kind__in=ResidenceKind.values), name="households_residence_kind_valid"
            ),
            in_order("households_residence_in_order"),
        ]
        indexes = [
            models.Index(fields=["region", "kind", "person"], name="households_residence_region"),
            # Counting everybody reads this index and Person's in their common order, no table.
            models.Index(
                fields=["person"],
                include=["kind", "region", "valid_from", "valid_to"],
                name="households_residence_counted",
            ),
            models.Index(
                fields=["valid_from"],
                name="households_residence_moved_in",
                condition=Q(begin_reason__in=MOVES),
            ),
            models.Index(
                fields=["valid_to"],
                name="households_residence_moved_out",
                condition=Q(end_reason__in=MOVES),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind} {self.region_id}"


@tracked
class Kinship(models.Model):
    """One child and one parent (亲子关系)."""

    SCOPE = ("child__registered_region", "child__current_region")

    child = models.ForeignKey(Person, models.CASCADE, related_name="parent_links")
    parent = models.ForeignKey(Person, models.CASCADE, related_name="child_links")
    parent_sex = models.CharField(max_length=1, choices=Sex.choices)
    nature = models.CharField(
        _("nature"), max_length=8, choices=KinshipNature.choices, default=KinshipNature.UNKNOWN
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("kinship")
        verbose_name_plural = _("kinship")
        constraints = [
            models.UniqueConstraint(fields=["child", "parent"], name="households_kinship_once"),
            models.UniqueConstraint(
                fields=["child", "parent_sex"],
                condition=Q(nature=KinshipNature.BIRTH),
                name="households_kinship_one_birth_mother_and_father",
                violation_error_message=_("A birth mother or father is already entered."),
            ),
            models.CheckConstraint(
                condition=~Q(child=F("parent")), name="households_kinship_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.parent_id} → {self.child_id}"


@tracked
class Marriage(models.Model):
    """One couple, once (婚姻). Either spouse may be unknown to the register, not both."""

    SCOPE = (
        "wife__registered_region",
        "wife__current_region",
        "husband__registered_region",
        "husband__current_region",
    )

    wife = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="marriages_as_wife",
        verbose_name=_("wife"),
    )
    husband = models.ForeignKey(
        Person,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="marriages_as_husband",
        verbose_name=_("husband"),
    )
    spouse_name = models.CharField(_("spouse outside the register"), max_length=50, blank=True)
    order = models.CharField(
        _("order"), max_length=2, choices=MarriageOrder.choices, default=MarriageOrder.UNKNOWN
    )
    valid_from = models.DateField(_("married on"), null=True, blank=True)
    from_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    valid_to = models.DateField(_("ended on"), null=True, blank=True)
    end_kind = models.CharField(
        _("ended by"), max_length=8, choices=MarriageEnd.choices, blank=True
    )

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("marriage")
        verbose_name_plural = _("marriages")
        triggers = mark_dirty(
            region="place.region_id",
            joins=f"{PLACES_OF} ANY (ARRAY[row.wife_id, row.husband_id])",
            since="row.valid_from",
            until="row.valid_to",
            watched=("wife_id", "husband_id", "order", "valid_from", "valid_to", "end_kind"),
            ending=("end_kind",),
        )
        constraints = [
            ExclusionConstraint(
                name="households_marriage_wife_once_at_a_time",
                expressions=[
                    ("wife", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(wife__isnull=False),
                violation_error_message=_("The wife is married to somebody else then."),
            ),
            ExclusionConstraint(
                name="households_marriage_husband_once_at_a_time",
                expressions=[
                    ("husband", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(husband__isnull=False),
                violation_error_message=_("The husband is married to somebody else then."),
            ),
            models.CheckConstraint(
                condition=Q(wife__isnull=False) | Q(husband__isnull=False),
                name="households_marriage_has_a_spouse",
            ),
            in_order("households_marriage_in_order"),
        ]
        indexes = [
            models.Index(fields=["valid_from"], name="households_marriage_begun"),
            models.Index(fields=["wife", "-valid_from"], name="households_marriage_wife"),
            models.Index(fields=["husband", "-valid_from"], name="households_marriage_husband"),
            models.Index(
                fields=["valid_to"],
                name="households_marriage_divorced",
                condition=Q(end_kind=MarriageEnd.DIVORCE),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wife_id} & {self.husband_id}"


@tracked
class MaritalPeriod(models.Model):
    """One person's marital status for a time (婚姻状况). Never married has no row."""

    SCOPE = ("person__registered_region", "person__current_region")
    PART_OF = "person"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="marital_periods", db_index=False
    )
    status = models.CharField(
        _("marital status"), max_length=2, choices=partial(code_choices, "marital_status")
    )
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("to"), null=True, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("marital status")
        verbose_name_plural = _("marital statuses")
        triggers = mark_dirty(
            region="place.region_id",
            joins=f"{PLACES_OF} row.person_id",
            since="row.valid_from",
            until="row.valid_to",
            watched=("person_id", "status", "valid_from", "valid_to"),
        )
        constraints = [
            ExclusionConstraint(
                name="households_maritalperiod_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            in_order("households_maritalperiod_in_order"),
        ]
        indexes = [
            models.Index(
                fields=["person"],
                include=["status", "valid_from", "valid_to"],
                name="households_marital_counted",
            ),
            # One person's rows: without it the planner takes the index of the constraint above for
            # cheaper than the tree, and that one is ten times slower.
            HashIndex(fields=["person"], name="households_marital_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.status}"
