"""Persons, with or without an ID number."""

from functools import partial

from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.choices import DatePrecision, Sex
from apps.core.codes import code_choices
from apps.core.fields import DigestField, EncryptedTextField
from apps.core.history import tracked
from apps.core.models import Stamped
from apps.core.querysets import ScopedQuerySet
from apps.households.choices import (
    Source,
)
from apps.households.models.intervals import PLACES_OF
from apps.indicators.triggers import mark_dirty


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
            # All that counting asks of a person, in the order of the places it is joined with.
            models.Index(
                fields=["id"],
                include=["sex", "birth_date", "died_on"],
                name="households_person_counted",
            ),
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
