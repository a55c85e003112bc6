"""Conditions of the lists of households, persons and life events."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.choices import SEXES
from apps.core.filters import BaseFilterSet
from apps.core.forms import TidyCharField, WrittenDateField
from apps.households.choices import CategoryKind, EventKind, Presence, ResidenceKind
from apps.households.models import Household, LifeEvent, Person
from apps.households.selectors import (
    aged_between,
    alive_on,
    holds_on,
    households_with_people,
    looks_like_number,
    named_like,
    numbered,
    residents,
)
from apps.imports import selectors as imports


class TextFilter(django_filters.CharFilter):
    """Words, tidied of what keyboards leave behind."""

    field_class = TidyCharField


class DayFilter(django_filters.Filter):
    """A day in any usual writing."""

    field_class = WrittenDateField


class AgeFilter(django_filters.Filter):
    """Completed years."""

    field_class = forms.IntegerField


class HouseholdFilter(BaseFilterSet):
    """Find households by somebody who belongs to them, by number, place and state."""

    main = ("name:3", "number:3", "presence:2", "group:2")
    private = ("name", "number")

    name = TextFilter(
        label=_("Head or member"),
        method="by_name",
        help_text=_("Name, pinyin or initials"),
    )
    number = TextFilter(
        label=_("ID or household number"),
        method="by_number",
        help_text=_("Whole ID number or its last six"),
    )
    presence = django_filters.ChoiceFilter(label=_("Presence"), choices=Presence.choices)
    group = TextFilter(label=_("Village group"), field_name="group", lookup_expr="exact")
    category = django_filters.ChoiceFilter(
        label=_("Category"), choices=CategoryKind.choices, method="by_category"
    )
    state = django_filters.ChoiceFilter(
        label=_("Register"),
        choices=[("open", _("in the register")), ("ended", _("no longer in the register"))],
        method="by_state",
    )
    head = django_filters.ChoiceFilter(
        label=_("Head"), choices=[("none", _("without head"))], method="by_head"
    )

    class Meta(BaseFilterSet.Meta):
        model = Household
        fields: tuple[str, ...] = ()

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep households to which somebody of that name belongs now."""
        return rows.filter(pk__in=households_with_people(named_like(value)))

    def by_number(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep households of that number, or of the person with that number."""
        own = Q(number__startswith=value)
        if looks_like_number(value):
            own |= Q(pk__in=households_with_people(numbered(value)))
        return rows.filter(own)

    def by_category(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep households that count as that today."""
        today = holds_on(timezone.localdate(), "categories__")
        return rows.filter(today, categories__kind=value)

    def by_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep households that are in the register, or that have ended."""
        return rows.filter(valid_to__isnull=value == "open")

    def by_head(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Keep households that have members but no head."""
        return rows.filter(head__isnull=True, member_count__gt=0, valid_to__isnull=True)


class PersonFilter(BaseFilterSet):
    """Find persons by name, number, sex, age on a day, and where they belong or live."""

    main = ("name:3", "number:3", "sex:2", "life:2")
    private = ("name", "number")

    name = TextFilter(
        label=_("Full name"), method="by_name", help_text=_("Characters, pinyin or initials")
    )
    number = TextFilter(
        label=_("ID, temporary or phone number"),
        method="by_number",
        help_text=_("Whole number or last six of the ID"),
    )
    sex = django_filters.ChoiceFilter(label=_("Sex"), choices=SEXES)
    life = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("here", _("alive, in the county")),
            ("left", _("moved away")),
            ("dead", _("dead")),
        ],
        method="by_life",
    )
    basis = django_filters.ChoiceFilter(
        label=_("Counted by"), choices=ResidenceKind.choices, method="by_basis"
    )
    age_from = AgeFilter(label=_("Age from"), method="by_nothing", min_value=0, max_value=130)
    age_to = AgeFilter(label=_("Age to"), method="by_nothing", min_value=0, max_value=130)
    on = DayFilter(label=_("On the day"), method="by_nothing", help_text=_("Empty means today"))
    identity = django_filters.ChoiceFilter(
        label=_("ID number"),
        choices=[("none", _("without ID number")), ("known", _("with ID number"))],
        method="by_identity",
    )
    household = django_filters.ChoiceFilter(
        label=_("Household"), choices=[("none", _("in no household"))], method="by_household"
    )
    batch = django_filters.NumberFilter(
        label=_("Import"), method="by_batch", min_value=1, max_value=2**62
    )

    class Meta(BaseFilterSet.Meta):
        model = Person
        fields: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day that age and place are asked for."""
        return self._value("on") or timezone.localdate()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the conditions; age and day belong together."""
        rows = super().filter_queryset(queryset)
        low, high = self._value("age_from"), self._value("age_to")
        if low is not None or high is not None:
            rows = rows.filter(aged_between(low, high, self.day))
        if self._value("on") and not self._value("basis"):
            rows = rows.filter(alive_on(self.day))
        return rows

    def by_nothing(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Leave the rows; `filter_queryset` uses the value."""
        return rows

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(named_like(value))

    def by_number(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        return rows.filter(numbered(value))

    def by_life(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep the living of the county, those who left it, or the dead."""
        if value == "dead":
            return rows.filter(died_on__isnull=False)
        return rows.filter(died_on__isnull=True, left_on__isnull=value == "here")

    def by_batch(self, rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the people whom one import is about."""
        return rows.filter(pk__in=imports.subject_ids(self.request.user, int(value)))

    def by_basis(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those who were registered, or lived, in the region in view on the day."""
        places: Any = residents(self.day, value)
        region = getattr(self.request, "region", None)
        if region is not None:
            places = places.in_region(region)
        return rows.filter(pk__in=places.values("person"))

    def by_identity(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        rows = rows.filter(id_digest__isnull=value == "none")
        return rows.filter(died_on__isnull=True) if value == "none" else rows

    def by_household(self, rows: QuerySet[Any], _name: str, _value: str) -> QuerySet[Any]:
        """Keep the living who belong to no household now."""
        lone = rows.filter(died_on__isnull=True, left_on__isnull=True)
        return lone.exclude(memberships__valid_to__isnull=True)


class EventFilter(BaseFilterSet):
    """Find life events by kind and by the days they happened or were learnt."""

    main = ("kind:3", "first:3", "last:3")

    kind = django_filters.ChoiceFilter(label=_("Kind of event"), choices=EventKind.choices)
    first = DayFilter(label=_("From"), field_name="occurred_on", lookup_expr="gte")
    last = DayFilter(label=_("To"), field_name="occurred_on", lookup_expr="lte")
    learnt_first = DayFilter(label=_("Learnt from"), field_name="learnt_on", lookup_expr="gte")
    learnt_last = DayFilter(label=_("Learnt to"), field_name="learnt_on", lookup_expr="lte")

    class Meta(BaseFilterSet.Meta):
        model = LifeEvent
        fields: tuple[str, ...] = ()
