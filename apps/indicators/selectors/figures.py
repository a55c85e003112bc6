"""Figures: stored month values put through their formulas, or counted where none are kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db.models import Max, Min, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.core import periods
from apps.core.periods import Period
from apps.indicators import registry, rules
from apps.indicators.choices import Basis
from apps.indicators.models import DirtyKey, Snapshot
from apps.indicators.records import Figure, Indicator, MonthValues
from apps.indicators.selectors.rows import month_counts
from apps.regions.models import Region

ALIASES = {"resident": Basis.CURRENT.value}


def parse_basis(text: str) -> str:
    """Read a basis: registered, current, or resident (the same as current)."""
    basis = ALIASES.get(text, text)
    if basis not in Basis.values:
        raise ValidationError(
            _("“%(text)s” is not a basis. Choose registered or resident."), params={"text": text}
        )
    return basis


@dataclass
class Ledger:
    """Month values of some regions on one basis, from which any figure can be computed."""

    basis: str
    months: dict[tuple[int, date], MonthValues] = field(default_factory=dict)
    is_stored: bool = True

    def number(self, region_id: int) -> Callable[[str, date], int | None]:
        """Return the function that gives a measure's number in a month, None if not known."""

        def look_up(code: str, month: date) -> int | None:
            found = self.months.get((region_id, month))
            return None if found is None else found.values.get(code)

        return look_up

    def figure(self, found: Indicator, region: Region, period: Period) -> Figure:
        """Evaluate one indicator for one region and period."""
        kinds, number = registry.kinds(), self.number(region.pk)
        top = rules.evaluate_term(found.numerator, kinds, period, number)
        bottom, value = None, top
        if found.denominator is not None:
            bottom = rules.evaluate_term(found.denominator, kinds, period, number)
            known = top is not None and bottom is not None
            value = rules.ratio(top, bottom, found.factor) if known else None  # type: ignore[arg-type]
        is_known = top is not None and (found.denominator is None or bottom is not None)
        last = self.months.get((region.pk, period.last))
        return Figure(
            code=found.code,
            region=region,
            period=period,
            basis=self.basis,
            value=value,
            rounded=None if value is None else rules.round_half_up(value, found.places),
            numerator=top,
            denominator=bottom,
            places=found.places,
            is_known=is_known,
            is_stored=self.is_stored,
            as_of=last.as_of if last else None,
            computed_at=self._computed_at(region.pk, period),
        )

    def _computed_at(self, region_id: int, period: Period) -> datetime | None:
        moments = [
            found.computed_at
            for month in period.months()
            if (found := self.months.get((region_id, month))) and found.computed_at
        ]
        return min(moments) if moments else None


def stored(regions: Iterable[Region], months: Collection[date], basis: str) -> Ledger:
    """Read the stored values of some regions and months, in one query."""
    rows = Snapshot.objects.filter(
        region__in=[region.pk for region in regions], month__in=months, basis=basis
    )
    return read_ledger(rows, basis)


def read_ledger(snapshots: QuerySet[Snapshot], basis: str) -> Ledger:
    """Read stored values of one basis, in one query; what was counted and is not there is 0."""
    ledger, today = Ledger(basis), registry.fingerprint()
    for region, month, values, mark, as_of, at in snapshots.order_by().values_list(
        "region", "month", "values", "fingerprint", "as_of", "computed_at"
    ):
        counted_then = registry.zeros(basis) if mark == today else {}
        ledger.months[region, month] = MonthValues({**counted_then, **values}, as_of, at)
    return ledger


def counted(region: Region, months: Iterable[date], basis: str, codes: Iterable[str]) -> Ledger:
    """Count the rows of a region and all below it afresh, only for the measures named."""
    today, codes = timezone.localdate(), set(codes)
    below = None
    if region.parent_id is not None:
        tree = Region.objects.filter(path__startswith=region.path)
        below = list(tree.values_list("pk", flat=True))
    ledger = Ledger(basis, is_stored=False)
    for run in _runs(months):
        found = month_counts(run, [basis], today, regions=below, codes=codes)
        sums: dict[date, dict[str, int]] = defaultdict(lambda: dict.fromkeys(codes, 0))
        for (_basis, _region, month), numbers in found.items():
            for code, number in numbers.items():
                sums[month][code] += number
        for month in run:
            ledger.months[region.pk, month] = MonthValues(
                sums[month], rules.status_day(month, today), timezone.now()
            )
    return ledger


def _runs(months: Iterable[date]) -> list[list[date]]:
    """Split months into runs that follow each other."""
    runs: list[list[date]] = []
    for month in sorted(months):
        if runs and periods.next_month(runs[-1][-1]) == month:
            runs[-1].append(month)
        else:
            runs.append([month])
    return runs


def months_of(found: Iterable[Indicator], period: Period) -> set[date]:
    """Return all months that some indicators need for a period."""
    kinds, needed = registry.kinds(), set()
    for item in found:
        for term in (item.numerator, item.denominator):
            if term is not None:
                needed |= rules.months_needed(term, kinds, period)
    return needed


def figure(
    code: str,
    region: Region,
    period: Period | str,
    basis: str = Basis.REGISTERED,
    *,
    fresh: bool = False,
) -> Figure:
    """Return one figure: from stored values if they are there and up to date, else counted now.

    `code` is a measure or a formula, `period` for example "2026-06" or "2025-10:2026-06".
    Raises ValidationError for a code, period or basis that does not exist.
    """
    basis, found = parse_basis(basis), registry.indicator(code)
    span = periods.parse(period) if isinstance(period, str) else period
    if basis not in registry.bases_of(found):
        raise ValidationError(_("This indicator is not counted on that basis."))
    months = months_of([found], span)
    if not fresh and is_settled(region):
        result = stored([region], months, basis).figure(found, region, span)
        if result.is_known:
            return result
    return counted(region, months, basis, found.codes).figure(found, region, span)


def stored_figure(found: Indicator, region: Region, period: Period, basis: str) -> Figure:
    """Return the figure as it is stored, whatever changed since; counted where none is kept."""
    months = months_of([found], period)
    result = stored([region], months, basis).figure(found, region, period)
    if result.is_known:
        return result
    return counted(region, months, basis, found.codes).figure(found, region, period)


def figures(
    codes: Iterable[str], regions: list[Region], period: Period, basis: str
) -> dict[tuple[int, str], Figure]:
    """Return stored figures of many regions by (region number, code), in one query."""
    found = [registry.indicator(code) for code in codes]
    ledger = stored(regions, months_of(found, period), basis)
    return {
        (region.pk, item.code): ledger.figure(item, region, period)
        for region in regions
        for item in found
    }


# How fresh the stored values are ------------------------------------------------------------------


def waiting(region: Region) -> QuerySet[DirtyKey]:
    """Return the marks of records that changed in a region or below it and are not counted yet."""
    return DirtyKey.objects.filter(region__path__startswith=region.path)


def is_settled(region: Region) -> bool:
    """Tell whether everything entered in a region is in the stored values."""
    return not waiting(region).exists()


def latest_month(region: Region, basis: str) -> date | None:
    """Return the last month with stored values."""
    rows = Snapshot.objects.filter(region=region, basis=basis)
    return rows.aggregate(last=Max("month"))["last"]


@dataclass(frozen=True)
class Freshness:
    """When a region's values were computed, and since when changes wait to be counted."""

    computed_at: datetime | None
    waiting_since: datetime | None


def freshness(region: Region, values: Mapping[tuple[int, date], MonthValues]) -> Freshness:
    """Say how old the values on a page are; one query."""
    moments = [found.computed_at for found in values.values() if found.computed_at]
    since = waiting(region).aggregate(first=Min("marked_at"))["first"]
    return Freshness(min(moments) if moments else None, since)


def as_number(value: Decimal | None) -> int | float | None:
    """Return a value for JSON: whole numbers as such."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)
