"""Counting and listing the rows of measures: one pass per source, the same rows for both.

A source is read once, grouped by region (and month) and by all its dimensions; each group is then
added to the measures whose cells it falls into. Grouping costs less than one FILTER per measure,
and a list of rows filters by the very expressions that were grouped by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import (
    Count,
    DateField,
    F,
    Q,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, TruncMonth
from django.utils import timezone

from apps.core.periods import Period, month_end
from apps.core.querysets import is_one_of
from apps.indicators import registry
from apps.indicators.records import BASES, EVENT, Indicator, Measure, Pass, Source, Span
from apps.indicators.rules import status_day
from apps.regions.models import Region

CUT = "cut_"
# Stands in a query for the regions it is run for.
SOME_REGIONS = [-1]
# Measures by the dimension values of their rows. What is registered does not change while the
# program runs, so this is found out once.
_cells_known: dict[tuple[str, ...], dict[tuple[Any, ...], list[str]]] = defaultdict(dict)
# Rows of each measure by basis, region and month.
Counts = dict[tuple[str, int, date], dict[str, int]]


def dimension(source: Source, name: str, span: Span) -> Any:
    """Return the database expression of one dimension for a span of days."""
    found = source.cuts[name]
    return F(found) if isinstance(found, str) else found(span)


def count_cells(
    read: Pass, span: Span, bases: tuple[str, ...], regions: Collection[int] | None = None
) -> list[tuple[Any, ...]]:
    """Return (region, month, dimension values…, rows on each basis…) for one pass, by one query.

    Several bases only where the source has a column that tells them apart. The month of a status is
    None.
    """
    sql, params = _statement(read.codes, span, bases, regions is not None)
    given = [list(regions or ()) if param == SOME_REGIONS else param for param in params]
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()


@lru_cache(maxsize=2048)
def _statement(
    codes: tuple[str, ...], span: Span, bases: tuple[str, ...], some: bool
) -> tuple[str, tuple[Any, ...]]:
    """Write the query of one pass, with a place holder for the regions.

    Kept, because villages are counted again every few seconds for the same months, and writing the
    dozen queries takes as long as running them.
    """
    source, *parts = map(registry.source, codes)
    rows = source.rows(span, bases[0] if len(bases) == 1 else None)
    for part in parts:
        rows = part.joined(rows, span) if part.joined else rows
    if some:
        rows = rows.filter(is_one_of(source.region, SOME_REGIONS))
    cuts = {
        CUT + name: dimension(owner, name, span)
        for owner in (source, *parts)
        for name in owner.dimensions
    }
    heads = {
        "counted_region": F(source.region),
        "counted_month": Cast(TruncMonth(source.date), DateField())
        if source.kind == EVENT
        else Value(None, output_field=DateField()),
    }
    rows = rows.order_by().annotate(**heads, **cuts).values_list(*heads, *cuts)
    return rows.annotate(**_numbers(source, bases)).query.sql_with_params()


def _numbers(source: Source, bases: tuple[str, ...]) -> dict[str, Count]:
    """Return the count of each basis; beside each other they need half the groups."""
    if len(bases) == 1:
        return {"rows": Count("*")}
    return {
        f"rows_{basis}": Count(source.basis, filter=Q(**{source.basis: basis})) for basis in bases
    }


def month_counts(
    months: Iterable[date],
    bases: Iterable[str],
    today: date,
    *,
    regions: Collection[int] | None = None,
    codes: Iterable[str] | None = None,
) -> Counts:
    """Count measures of some months by basis and by the region their rows name.

    `months` must follow each other. Only regions with rows appear; a measure without rows is
    missing and means 0.
    """
    ordered, wanted = sorted(months), tuple(bases)
    found: Counts = defaultdict(lambda: defaultdict(int))
    only = None if codes is None else set(codes)
    for read in registry.passes(only):
        for together in _bases_to_read(read.source, wanted):
            for span, month in _spans(read.source, ordered, today):
                cells = count_cells(read, span, together, regions)
                _add_cells(found, read, together, cells, month, only)
    return found


def _bases_to_read(source: Source, wanted: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the bases to read one after the other, or all at once where a column tells them."""
    asked = tuple(basis for basis in source.bases if basis in wanted)
    together = source.basis and len(asked) == len(BASES)
    return [asked] if together else [(basis,) for basis in asked]


def _spans(source: Source, months: list[date], today: date) -> list[tuple[Span, date | None]]:
    """Return what to read: all months of an event at once, a status month by month."""
    if source.kind == EVENT:
        return [(Span(months[0], month_end(months[-1])), None)]
    return [(Span(month, status_day(month, today)), month) for month in months]


def _add_cells(
    found: Counts,
    read: Pass,
    bases: tuple[str, ...],
    cells: Iterable[tuple[Any, ...]],
    of_month: date | None,
    wanted: set[str] | None,
) -> None:
    """Add one pass to the counts. Each kind of cell is matched to measures once."""
    counted_in, last = _cells_known[read.codes], -len(bases)
    for cell in cells:
        values = cell[2:last]
        codes = counted_in.get(values)
        if codes is None:
            codes = counted_in[values] = _measures_of(read, values)
        if wanted is not None:
            codes = [code for code in codes if code in wanted]
        for basis, number in zip(bases, cell[last:], strict=True):
            if number:
                numbers = found[basis, cell[0], of_month or cell[1]]
                for code in codes:
                    numbers[code] += number


def _measures_of(read: Pass, values: tuple[Any, ...]) -> list[str]:
    """Return the measures that a row with these dimension values counts in."""
    named = dict(zip(read.cuts, values, strict=True))
    return [
        measure.code
        for measure in registry.measures().values()
        if measure.source.code in read.codes
        and all(
            named[name] in accepted
            for where in (measure.source.among, measure.where)
            for name, accepted in where.items()
        )
    ]


def measure_rows(measure: Measure, span: Span, basis: str) -> QuerySet[Any]:
    """Return the very rows a measure counts, in all regions."""
    rows = measure.source.rows(span, basis)
    cuts = {CUT + name: dimension(measure.source, name, span) for name in measure.where}
    wanted = {f"{CUT}{name}__in": values for name, values in measure.where.items()}
    return rows.annotate(**cuts).filter(**wanted)


# Lists behind a number ----------------------------------------------------------------------------


def spans_of(measure: Measure, period: Period, as_of: date | None = None) -> Span:
    """Return the days whose rows make up a measure in a period.

    A status is listed on the day its stored value describes (`as_of`), so that list and number
    agree while the month still runs.
    """
    if measure.kind == EVENT:
        return Span(period.starts_on, period.ends_on)
    return Span(period.last, as_of or status_day(period.last, timezone.localdate()))


def rows_behind(
    measure: Measure, region: Region, period: Period, basis: str, as_of: date | None = None
) -> QuerySet[Any]:
    """Return the rows that a measure's number of a region and period counts."""
    rows = measure_rows(measure, spans_of(measure, period, as_of), basis)
    if region.parent_id is None:
        return rows
    below = Region.objects.filter(path__startswith=region.path)
    return rows.filter(**{f"{measure.source.region}__in": below.values("pk")})


def count_rows(found: Indicator, region: Region, period: Period, basis: str) -> int:
    """Count the rows behind an indicator's numerator (all parts of it together)."""
    measures = registry.measures()
    return sum(
        rows_behind(measures[code], region, period, basis).count() for code in found.numerator.codes
    )
