"""How periods, units and addresses of figures are written on pages."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.periods import Period, calendar_year, month, next_month, statistical_year
from apps.indicators.choices import Basis, Unit
from apps.regions.models import Region

MONTHS_OFFERED = 12
NO_RATIO = "—"
# Units that the name of a figure says already.
IN_THE_NAME = {Unit.HOUSEHOLDS, Unit.COUPLES, Unit.MOVES, Unit.VILLAGES}

POINTS = {Unit.PERCENT: gettext_lazy("percentage points"), Unit.PER_MILLE: "‰"}


def period_text(period: Period) -> str:
    """Write a period: 2026-06, 2026, 2026-01 to 2026-06, statistical year 2026."""
    if period == statistical_year(period.last.year):
        return _("Statistical year %(year)s (%(first)s to %(last)s)") % {
            "year": period.last.year,
            "first": f"{period.first:%Y-%m}",
            "last": f"{period.last:%Y-%m}",
        }
    if period.first == period.last:
        return f"{period.first:%Y-%m}"
    if period == calendar_year(period.last.year):
        return _("Year %(year)s") % {"year": period.last.year}
    return _("%(first)s to %(last)s") % {
        "first": f"{period.first:%Y-%m}",
        "last": f"{period.last:%Y-%m}",
    }


def period_choices(latest: date, shown: Period) -> list[tuple[str, str]]:
    """Offer this year, this and the last statistical year, last year and the last months."""
    year = latest.year
    running = statistical_year(year if latest.month < 10 else year + 1)
    ended = statistical_year(running.last.year - 1)
    back = [next_month(latest, -step) for step in range(MONTHS_OFFERED)]
    periods = [
        Period(date(year, 1, 1), latest),
        shown,
        running.until(latest),
        ended,
        calendar_year(year - 1),
        *(month(found) for found in back),
    ]
    offered: dict[str, str] = {}
    for period in periods:
        offered.setdefault(period.code, period_text(period))
    return list(offered.items())


def unit_text(unit: str) -> Any:
    """Name a unit beside a number; "" where the figure's name says it."""
    return "" if unit in IN_THE_NAME else Unit(unit).label


def change_unit(unit: str) -> Any:
    """Name the unit of a difference: percentages differ by percentage points."""
    return POINTS.get(Unit(unit), "")


def basis_choices() -> list[tuple[str, Any]]:
    """The two populations a figure can count."""
    return list(Basis.choices)


def address(name: str, region: Region, period: Period, basis: str, **more: str) -> str:
    """Return the address of a page of figures."""
    query = {**more, "region": region.code, "period": period.code, "basis": basis}
    return f"{reverse(f'indicators:{name}')}?{urlencode(query, safe=':')}"


def rows_address(code: str, region: Region, period: Period, basis: str) -> str:
    """Return the address of the rows behind a figure."""
    return address("row_list", region, period, basis, measure=code)
