"""Conditions of the list of women of childbearing age."""

from __future__ import annotations

from datetime import date
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from apps.core.codes import code_choices
from apps.core.filters import BaseFilterSet
from apps.households.choices import EVER_MARRIED, MARRIED, ResidenceKind
from apps.households.filters import AgeFilter, DayFilter, TextFilter
from apps.households.models import Residence
from apps.households.selectors import aged_between, looks_like_number, named_like, numbered
from apps.imports import selectors as imports
from apps.women import selectors

_methods = lazy(code_choices, list)


class WomenFilter(BaseFilterSet):
    """On which day, counted by which place; then status, method, age and name."""

    main = ("on:2", "basis:2", "status:2", "method:3", "name:3")
    private = ("name",)

    on = DayFilter(label=_("On the day"), method="by_nothing", help_text=_("Empty means today"))
    basis = django_filters.ChoiceFilter(
        label=_("Counted by"), choices=ResidenceKind.choices, method="by_nothing"
    )
    status = django_filters.ChoiceFilter(
        label=_("Marital status"),
        choices=[("married", _("married")), ("ever", _("ever married")), ("other", _("others"))],
        method="by_status",
    )
    method = django_filters.ChoiceFilter(
        label=_("Method"), choices=_methods("contraceptive_method"), field_name="use__method"
    )
    name = TextFilter(
        label=_("Full name"), method="by_name", help_text=_("Name, pinyin or ID number")
    )
    age_from = AgeFilter(label=_("Age from"), method="by_nothing", min_value=15, max_value=49)
    age_to = AgeFilter(label=_("Age to"), method="by_nothing", min_value=15, max_value=49)
    batch = django_filters.NumberFilter(
        label=_("Import"), method="by_batch", min_value=1, max_value=2**62
    )

    class Meta(BaseFilterSet.Meta):
        model = Residence
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.form.fields["basis"]
        field.empty_label = ResidenceKind.REGISTERED.label
        field.choices = [(ResidenceKind.CURRENT.value, ResidenceKind.CURRENT.label)]

    @property
    def day(self) -> date:
        """The day for which age, place, status and method are asked."""
        return self._value("on") or timezone.localdate()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Build the list for the day and basis chosen, then apply the other conditions."""
        women = selectors.women(
            self.request.user,
            on=self.day,
            basis=self._value("basis") or ResidenceKind.REGISTERED,
            region=getattr(self.request, "region", None),
        )
        low, high = self._value("age_from"), self._value("age_to")
        return super().filter_queryset(women).filter(aged_between(low, high, self.day, "person__"))

    def by_nothing(self, rows: QuerySet[Any], _name: str, _value: Any) -> QuerySet[Any]:
        """Leave the rows; `filter_queryset` uses the value."""
        return rows

    def by_status(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those married, ever married, or neither, on the day."""
        if value == "married":
            return rows.filter(marital__status__in=MARRIED)
        if value == "ever":
            return rows.filter(marital__status__in=EVER_MARRIED)
        return rows.filter(Q(status__isnull=True) | ~Q(status__in=EVER_MARRIED))

    def by_batch(self, rows: QuerySet[Any], _name: str, value: Any) -> QuerySet[Any]:
        """Keep the women whom one import is about."""
        return rows.filter(person__in=imports.subject_ids(self.request.user, int(value)))

    def by_name(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Keep those of that name or number."""
        found = numbered(value) if looks_like_number(value) else named_like(value)
        return rows.filter(person__in=selectors.women_to_open(self.request.user).filter(found))
