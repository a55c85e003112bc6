"""Arithmetic of indicators: formulas as written, division after summing, rounding, months."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from apps.core.periods import Period, month_end, month_start, next_month
from apps.indicators.records import EVENT, Term

FIRST_YEARS_BACK = 2
_PART = re.compile(r"\s*([+-]?)\s*([a-z][a-z0-9_]*)\s*")
_AVERAGE = re.compile(r"\s*average\((.*)\)\s*")


def parse_term(text: str) -> Term:
    """Read "births - deaths" or "average(population)". Raises ValueError for anything else."""
    averaged = _AVERAGE.fullmatch(text)
    body = averaged[1] if averaged else text
    plus: list[str] = []
    minus: list[str] = []
    position = 0
    while position < len(body):
        part = _PART.match(body, position)
        if not part or (position and not part[1]):
            raise ValueError(text)
        (minus if part[1] == "-" else plus).append(part[2])
        position = part.end()
    if not plus and not minus:
        raise ValueError(text)
    return Term(tuple(plus), tuple(minus), bool(averaged))


def months_needed(term: Term, kinds: Mapping[str, str], period: Period) -> set[date]:
    """Return the months whose values a term needs: events all, statuses the last, averages the
    last and the one before the first."""
    if term.average:
        return {period.opening_month, period.last}
    needed: set[date] = set()
    for code in term.codes:
        needed.update(period.months() if kinds[code] == EVENT else [period.last])
    return needed


def evaluate_term(
    term: Term, kinds: Mapping[str, str], period: Period, number: Callable[[str, date], int | None]
) -> Decimal | None:
    """Add up a term over a period; None when a month's number is not known.

    `number(code, month)` gives one measure of one month.
    """
    total = Decimal(0)
    for sign, codes in ((1, term.plus), (-1, term.minus)):
        for code in codes:
            found = _over_period(code, kinds[code], term.average, period, number)
            if found is None:
                return None
            total += sign * found
    return total


def _over_period(
    code: str,
    kind: str,
    average: bool,
    period: Period,
    number: Callable[[str, date], int | None],
) -> Decimal | None:
    if average:
        ends = _added(number(code, month) for month in (period.opening_month, period.last))
        return None if ends is None else ends / 2
    if kind == EVENT:
        return _added(number(code, month) for month in period.months())
    return _added([number(code, period.last)])


def _added(numbers: Iterable[int | None]) -> Decimal | None:
    total = Decimal(0)
    for item in numbers:
        if item is None:
            return None
        total += item
    return total


def ratio(numerator: Decimal, denominator: Decimal, factor: int) -> Decimal | None:
    """Return numerator ÷ denominator × factor, unrounded; None when the denominator is zero."""
    return numerator * factor / denominator if denominator else None


def round_half_up(value: Decimal, places: int) -> Decimal:
    """Round as offices do: a half goes up, away from zero."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def equals_published(value: Decimal | None, published: Decimal) -> bool:
    """Tell whether a value equals a printed one at the number of decimals printed."""
    exponent = published.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return value is not None and round_half_up(value, places) == published


def stored_months(today: date) -> list[date]:
    """Return the months that are kept, newest first: from January two years back to this month.

    That is this year and the last one, and the opening figures and statistical years they need.
    """
    month, first = month_start(today), date(today.year - FIRST_YEARS_BACK, 1, 1)
    months = []
    while month >= first:
        months.append(month)
        month = next_month(month, -1)
    return months


def status_day(month: date, today: date) -> date:
    """Return the day on which a month's statuses are taken: its last, or today while it runs."""
    return min(month_end(month), today) if month <= today else month_end(month)
