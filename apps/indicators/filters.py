"""Conditions of lists."""

import django_filters
from django.utils.translation import gettext_lazy as _

from apps.core.filters import BaseFilterSet
from apps.indicators.models import LegacyValue
from apps.indicators.selectors.legacy import all_series


class LegacyFilter(BaseFilterSet):
    """Legacy totals by series and period."""

    series = django_filters.ModelChoiceFilter(
        label=_("Series"), queryset=lambda _request: all_series()
    )
    period = django_filters.CharFilter(label=_("Period"), lookup_expr="startswith")
    main = ("series:5", "period:3")

    class Meta(BaseFilterSet.Meta):
        model = LegacyValue
        fields = ("series", "period")
