"""Reads of legacy totals."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from apps.indicators.models import LegacySeries, LegacyValue
from apps.regions.models import Region


def legacy_values(user: Any) -> QuerySet[LegacyValue]:
    """Return the legacy totals a user may see."""
    rows = LegacyValue.objects.visible_to(user)
    return rows.select_related("series", "region", "entered_by")


def legacy_lines(user: Any, region: Region) -> list[tuple[LegacySeries, list[LegacyValue]]]:
    """Return the series entered for one region itself, each with its totals by period."""
    rows = legacy_values(user).filter(region=region).order_by("series__name", "series", "period")
    return [(series, list(points)) for series, points in groupby(rows, key=lambda row: row.series)]


def all_series() -> QuerySet[LegacySeries]:
    """Return every legacy series, by name; reference data that everybody may read."""
    return LegacySeries.objects.all()
