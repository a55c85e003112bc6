"""Conditions of the audit log: who, what, when, which record."""

from datetime import date
from typing import Any

import django_filters
from django.apps import apps
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from apps.audit import selectors
from apps.audit.choices import ACTS, act_label
from apps.audit.models import Entry
from apps.core.filters import BaseFilterSet
from apps.core.forms import WrittenDateField


class DayFilter(django_filters.Filter):
    """A day as it is written in the office."""

    field_class = WrittenDateField


def act_choices() -> list[tuple[str, str]]:
    """Return the acts with their words."""
    return [(name, act_label(name)) for name in ACTS]


def type_choices() -> list[tuple[str, str]]:
    """Return the kinds of records of our own apps."""
    found = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    tracked = [model for model in found if not hasattr(model, "pgh_tracked_model")]
    return sorted((model._meta.label_lower, str(model._meta.verbose_name)) for model in tracked)


class EntryFilter(BaseFilterSet):
    """Who did what to which record, and when."""

    main = ("actor:3", "act:3", "since:2", "until:2")
    private = ("record",)

    actor = django_filters.CharFilter(
        label=_("User"), field_name="actor_name", lookup_expr="contains"
    )
    act = django_filters.ChoiceFilter(label=_("Act"), choices=act_choices, method="by_act")
    since = DayFilter(label=_("From"), method="by_since")
    until = DayFilter(label=_("To"), method="by_until")
    target_type = django_filters.ChoiceFilter(label=_("Kind of record"), choices=type_choices)
    record = django_filters.CharFilter(
        label=_("Record"), field_name="target_label", lookup_expr="startswith"
    )
    target_id = django_filters.CharFilter(label=_("Record number"))
    batch = django_filters.CharFilter(label=_("Batch"))

    class Meta(BaseFilterSet.Meta):
        model = Entry
        fields = ("actor", "act", "since", "until", "target_type", "record", "target_id", "batch")

    def by_act(self, rows: QuerySet[Entry], _name: str, value: str) -> QuerySet[Entry]:
        """Keep one act, whatever the record."""
        return rows.filter(code__endswith=f".{value}")

    def by_since(self, rows: QuerySet[Entry], _name: str, value: date) -> QuerySet[Entry]:
        """Keep a day and all after it."""
        return rows.filter(at__gte=selectors.day_bounds(value)[0])

    def by_until(self, rows: QuerySet[Entry], _name: str, value: Any) -> QuerySet[Entry]:
        """Keep a day and all before it."""
        return rows.filter(at__lt=selectors.day_bounds(value)[1])
