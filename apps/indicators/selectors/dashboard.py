"""What a dashboard shows: stored values of one region and of its parts, in a handful of queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, IntegerField, Max, Q, Sum, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from apps.core.periods import Period, next_month
from apps.indicators import registry
from apps.indicators.models import LegacySeries, LegacyValue, Snapshot
from apps.indicators.records import EVENT, Figure, MonthValues
from apps.indicators.selectors.figures import Freshness, Ledger, freshness, read_ledger
from apps.indicators.selectors.legacy import legacy_lines
from apps.regions.choices import RegionKind
from apps.regions.models import Region

SPARK_MONTHS = 12
COLUMNS = (
    "households",
    "population",
    "women_15_49",
    "currently_married_women_15_49",
    "births",
    "deaths",
    "moves_in",
    "moves_out",
)


def columns(basis: str) -> list[str]:
    """Return the measures of the table of parts; households are counted where registered."""
    known = registry.measures()
    return [code for code in COLUMNS if basis in known[code].bases]


@dataclass(frozen=True)
class Part:
    """One child region with its numbers of the period by measure (None: not counted yet)."""

    region: Region
    numbers: Mapping[str, int | None]


@dataclass(frozen=True)
class Board:
    """All numbers of one dashboard."""

    region: Region
    period: Period
    basis: str
    ledger: Ledger
    parts: list[Part]
    legacy: list[tuple[LegacySeries, list[LegacyValue]]]
    fresh: Freshness
    latest: date | None

    @property
    def as_of(self) -> date | None:
        """The day whose statuses are shown."""
        last = self.month(self.period.last)
        return last.as_of if last else None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is stored for the region."""
        return not self.ledger.months

    def month(self, month: date) -> MonthValues | None:
        """Return the region's stored values of a month."""
        return self.ledger.months.get((self.region.pk, month))

    def figure(self, code: str, period: Period | None = None) -> Figure:
        """Return a figure of the region, in the board's period or another."""
        return self.ledger.figure(registry.indicator(code), self.region, period or self.period)

    def course(self, code: str) -> list[float | None]:
        """Return the figure of each of the last twelve months up to the period's end."""
        months = [next_month(self.period.last, step) for step in range(1 - SPARK_MONTHS, 1)]
        values = [self.figure(code, Period(month, month)).value for month in months]
        return [None if value is None else float(value) for value in values]

    def by_month(self, code: str, year: int) -> list[int | None]:
        """Return a measure's number in each month of a calendar year."""
        number = self.ledger.number(self.region.pk)
        return [number(code, date(year, month, 1)) for month in range(1, 13)]


def board(user: Any, region: Region, wanted: Period | None, basis: str) -> Board:
    """Read everything a dashboard shows; without a period, this year up to the latest month."""
    rows = Snapshot.objects.visible_to(user).filter(region=region, basis=basis)
    ledger = read_ledger(rows, basis)
    latest = max((month for _region, month in ledger.months), default=None)
    period = wanted or this_year(latest)
    shown = {
        key: found for key, found in ledger.months.items() if period.first <= key[1] <= period.last
    }
    return Board(
        region=region,
        period=period,
        basis=basis,
        ledger=ledger,
        parts=parts_of(region, period, basis),
        legacy=legacy_lines(user, region),
        fresh=freshness(region, shown),
        latest=latest,
    )


def this_year(latest: date | None) -> Period:
    """Return January to the latest stored month, or to this month when nothing is stored."""
    last = latest or timezone.localdate().replace(day=1)
    return Period(date(last.year, 1, 1), last)


def parts_of(region: Region, period: Period, basis: str) -> list[Part]:
    """Return the child regions in the order of the register with their numbers of a period.

    The database picks the few numbers out of the stored values, because whole months of a county
    would be megabytes. A region has no number for a period of which a month is missing.
    """
    children = list(
        Region.objects.filter(parent=region)
        .exclude(kind=RegionKind.GROUP)
        .order_by("sort_key", "pk")
    )
    if not children:
        return []
    found = {row["region"]: row for row in _numbers(children, period, basis)}
    codes = columns(basis)
    complete = len(period.months())
    return [
        Part(child, {code: _number(found.get(child.pk), code, complete) for code in codes})
        for child in children
    ]


def _numbers(children: list[Region], period: Period, basis: str) -> Any:
    """Return one row of numbers for each child, as mappings."""
    rows = Snapshot.objects.filter(
        region__in=children, basis=basis, month__range=(period.first, period.last)
    )
    numbers: dict[str, Any] = {}
    # What is not there is 0 where it was counted.
    if_counted = Case(When(fingerprint=registry.fingerprint(), then=0))
    for code in columns(basis):
        value = Coalesce(Cast(KeyTextTransform(code, "values"), IntegerField()), if_counted)
        if registry.kinds()[code] == EVENT:
            numbers[f"n_{code}"] = Sum(value)
        else:
            numbers[f"n_{code}"] = Max(value, filter=Q(month=period.last))
    counted = Count("pk")
    return rows.order_by().values("region").annotate(months_found=counted, **numbers)


def _number(row: Mapping[str, Any] | None, code: str, complete: int) -> int | None:
    if row is None:
        return None
    if registry.kinds()[code] == EVENT and row["months_found"] < complete:
        return None
    return row[f"n_{code}"]
