"""Conditions of the list of divisions."""

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BaseFilterSet
from apps.regions import selectors
from apps.regions.choices import RegionKind
from apps.regions.models import Region

STATES = (("now", _("exists now")), ("ended", _("has ended")))


class RegionFilter(BaseFilterSet):
    """By name (also pinyin, initials, code), kind, and whether it exists now."""

    main = ("name:4", "kind:3", "state:3")

    name = django_filters.CharFilter(label=_("Name, pinyin or code"), method="by_name")
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=RegionKind.choices)
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="by_state")

    class Meta(BaseFilterSet.Meta):
        model = Region
        fields = ("name", "kind", "state")

    def by_name(self, rows: QuerySet[Region], _name: str, value: str) -> QuerySet[Region]:
        """Find as the region search does."""
        words = selectors.normal_words(value)
        return selectors.matching(rows, words) if words else rows

    def by_state(self, rows: QuerySet[Region], _name: str, value: str) -> QuerySet[Region]:
        """Keep what exists today, or what has ended."""
        now = selectors.valid_on(timezone.localdate())
        return rows.filter(now) if value == "now" else rows.exclude(now)
