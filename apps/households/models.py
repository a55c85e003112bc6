"""Households, persons and their dated relations. State follows from events (LifeEvent)."""

from functools import partial

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.choices import DatePrecision, Sex
from apps.core.codes import code_choices
from apps.core.fields import DateRange, DigestField, EncryptedTextField
from apps.core.history import tracked
from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.households.choices import (
    CategoryKind,
    EventKind,
    KinshipNature,
    MarriageEnd,
    MarriageOrder,
    Presence,
    ResidenceKind,
    ResidenceReason,
    Source,
)
from apps.indicators.triggers import mark_dirty

# Where the figures of a person's rows count: every place the person has or had.
PLACES_OF = "JOIN households_residence place ON place.person_id = "


def in_order(name: str) -> models.CheckConstraint:
    """An interval that has both ends must not be empty or backwards."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True)
        | Q(valid_to__isnull=True)
        | Q(valid_to__gte=F("valid_from")),
        violation_error_message=_("The end lies before the beginning."),
    )


@tracked
class Household(Stamped):
    """One registered household (户), also after it has ended."""

    SCOPE = ("region",)

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
class Person(Stamped):
    """One human being (人), with or without an ID number, alive or dead.

    The ID number and the phone number are sealed; digests beside them serve exact search. The
    marital status and the two regions are the current ones and follow from MaritalPeriod and
    Residence, which answer for every day.
    """

    SCOPE = ("registered_region", "current_region")

    name = models.CharField(_("name"), max_length=50)
    former_name = models.CharField(_("former name"), max_length=50, blank=True)
    pinyin = models.CharField(max_length=120, blank=True, editable=False)
    initials = models.CharField(max_length=50, blank=True, editable=False)
    pinyin_other = models.CharField(max_length=120, blank=True, editable=False)
    initials_other = models.CharField(max_length=50, blank=True, editable=False)
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices)
    birth_date = models.DateField(_("date of birth"))
    birth_precision = models.CharField(
        _("date of birth known to"),
        max_length=5,
        choices=DatePrecision.choices,
        default=DatePrecision.DAY,
    )
    id_type = models.CharField(
        _("kind of document"),
        max_length=2,
        choices=partial(code_choices, "id_document_type"),
        default="01",
    )
    id_number = EncryptedTextField(_("ID number"), null=True, blank=True, max_chars=40)
    id_digest = DigestField(null=True, editable=False)
    id_tail = DigestField(null=True, editable=False)
    temporary_number = models.CharField(
        _("temporary number"), max_length=20, blank=True, editable=False
    )
    ethnic_group = models.CharField(
        _("ethnic group"), max_length=2, choices=partial(code_choices, "ethnic_group"), blank=True
    )
    education = models.CharField(
        _("education"), max_length=2, choices=partial(code_choices, "education"), blank=True
    )
    hukou_type = models.CharField(
        _("kind of registration"),
        max_length=1,
        choices=partial(code_choices, "hukou_type"),
        blank=True,
    )
    marital_status = models.CharField(
        _("marital status"),
        max_length=2,
        choices=partial(code_choices, "marital_status"),
        blank=True,
    )
    first_marriage_on = models.DateField(_("first married on"), null=True, blank=True)
    residence_status = models.CharField(
        _("living status"),
        max_length=1,
        choices=partial(code_choices, "residence_status"),
        blank=True,
    )
    phone = EncryptedTextField(_("phone"), null=True, blank=True, max_chars=40)
    phone_digest = DigestField(null=True, editable=False)
    birth_order = models.PositiveSmallIntegerField(_("order of birth"), null=True, blank=True)
    died_on = models.DateField(_("died on"), null=True, blank=True)
    death_precision = models.CharField(
        max_length=5, choices=DatePrecision.choices, default=DatePrecision.DAY
    )
    registered_region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("registered place"),
    )
    current_region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("current place"),
    )
    # Set while neither registered nor living in the county; registered_region is then the last.
    left_on = models.DateField(_("left the county on"), null=True, blank=True, editable=False)
    source = models.CharField(
        _("source"), max_length=8, choices=Source.choices, default=Source.FORM, editable=False
    )
    remark = models.CharField(_("remark"), max_length=500, blank=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("persons")
        ordering = ["pinyin", "pk"]
        triggers = mark_dirty(
            region="place.region_id",
            joins=f"{PLACES_OF} row.id",
            since="row.birth_date",
            until="row.died_on",
            watched=("sex", "birth_date", "birth_order", "died_on"),
        )
        constraints = [
            models.UniqueConstraint(
                fields=["id_type", "id_digest"],
                name="households_person_document_unique",
                violation_error_message=_("This ID number belongs to a person already entered."),
            ),
            models.UniqueConstraint(
                fields=["temporary_number"],
                condition=~Q(temporary_number=""),
                name="households_person_temporary_number_unique",
            ),
            models.CheckConstraint(
                condition=Q(sex__in=Sex.values), name="households_person_sex_valid"
            ),
            models.CheckConstraint(
                condition=Q(birth_date__gte="1880-01-01"),
                name="households_person_birth_in_range",
                violation_error_message=_("The date of birth lies too far back."),
            ),
            models.CheckConstraint(
                condition=Q(died_on__isnull=True) | Q(died_on__gte=F("birth_date")),
                name="households_person_death_after_birth",
                violation_error_message=_("The death lies before the birth."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["name"], name="households_person_name", opclasses=["text_pattern_ops"]
            ),
            models.Index(
                fields=["pinyin"], name="households_person_pinyin", opclasses=["text_pattern_ops"]
            ),
            models.Index(
                fields=["initials"],
                name="households_person_initials",
                opclasses=["text_pattern_ops"],
            ),
            models.Index(
                fields=["pinyin_other"],
                name="households_person_pinyin2",
                opclasses=["text_pattern_ops"],
                condition=~Q(pinyin_other=""),
            ),
            models.Index(
                fields=["initials_other"],
                name="households_person_initials2",
                opclasses=["text_pattern_ops"],
                condition=~Q(initials_other=""),
            ),
            # Given names, the usual infix: 惠卿 finds 张惠卿.
            models.Index(
                OpClass(Substr("name", 2), name="text_pattern_ops"), name="households_person_given"
            ),
            models.Index(
                fields=["former_name"],
                name="households_person_former",
                condition=~Q(former_name=""),
            ),
            models.Index(fields=["id_tail"], name="households_person_id_tail"),
            models.Index(fields=["phone_digest"], name="households_person_phone"),
            models.Index(
                fields=["registered_region", "pinyin", "id"], name="households_person_registered"
            ),
            models.Index(fields=["pinyin", "id"], name="households_person_order"),
            models.Index(fields=["birth_date"], name="households_person_birth"),
            # The living without an ID number: few, and counted on every landing page.
            models.Index(
                fields=["registered_region"],
                name="households_person_no_number",
                condition=Q(id_digest__isnull=True, died_on__isnull=True),
            ),
            models.Index(
                fields=["died_on"],
                name="households_person_death",
                condition=Q(died_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("households:person_detail", args=[self.pk])

    @property
    def is_alive(self) -> bool:
        return self.died_on is None

    @property
    def life(self) -> str:
        """How the person stands to the county now: here, left or dead."""
        if self.died_on is not None:
            return "dead"
        return "left" if self.left_on is not None else "here"


@tracked
class Membership(models.Model):
    """One person in one household, in one role (家庭成员), for a time."""

    SCOPE = ("household__region",)

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

    person = models.ForeignKey(Person, models.CASCADE, related_name="residences")
    kind = models.CharField(_("kind"), max_length=10, choices=ResidenceKind.choices)
    region = models.ForeignKey(
        "regions.Region",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
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
            models.Index(fields=["region", "kind", "person"], name="households_residence_region")
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
        ]

    def __str__(self) -> str:
        return f"{self.wife_id} & {self.husband_id}"


@tracked
class MaritalPeriod(models.Model):
    """One person's marital status for a time (婚姻状况). Never married has no row."""

    SCOPE = ("person__registered_region", "person__current_region")

    person = models.ForeignKey(Person, models.CASCADE, related_name="marital_periods")
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

    def __str__(self) -> str:
        return f"{self.person_id} {self.status}"


@tracked
class Category(models.Model):
    """What a household counts as, for a time (家庭类别), on a basis somebody confirmed."""

    SCOPE = ("household__region",)

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


@tracked
class LifeEvent(models.Model):
    """One dated fact (生命事件) and what it changed, so that a wrong one can be taken back.

    `occurred_on` is when it happened, `learnt_on` when the office learnt of it, `entered_at` when
    it was typed in. `changes` lists the rows the service opened, closed or altered with their
    former values; households.services.remove_event reads it.
    """

    SCOPE = ("region", "other_region")

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
