"""Statistical periods: months and runs of months.

Written as 2026-06 (month), 2026 (calendar year), 2026H1, 2026Q2, FY2026 (October 2025 to
September 2026, the statistical year of the population stream) or 2025-07:2026-06 (a run).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def month_start(day: date) -> date:
    """Return the first day of the month of `day`."""
    return day.replace(day=1)


def next_month(month: date, count: int = 1) -> date:
    """Return the first day of the month `count` months later (or earlier, if negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def month_end(month: date) -> date:
    """Return the last day of the month of `month`."""
    return next_month(month_start(month)) - timedelta(days=1)


@dataclass(frozen=True, order=True)
class Period:
    """A run of whole months, both ends included, named by their first days."""

    first: date
    last: date

    @property
    def starts_on(self) -> date:
        """First day that counts."""
        return self.first

    @property
    def ends_on(self) -> date:
        """Last day that counts."""
        return month_end(self.last)

    @property
    def opening_month(self) -> date:
        """The month whose closing figures are this period's opening figures."""
        return next_month(self.first, -1)

    def months(self) -> list[date]:
        """Return the first days of all months, in order."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month
        return [next_month(self.first, step) for step in range(count + 1)]

    def year_before(self) -> "Period":
        """Return the same months of the year before."""
        return Period(next_month(self.first, -12), next_month(self.last, -12))

    def until(self, month: date) -> "Period":
        """Return this period cut at `month` (not before its first month)."""
        return Period(self.first, max(self.first, min(self.last, month_start(month))))

    @property
    def code(self) -> str:
        """The shortest way of writing this period; parse(code) gives it back."""
        if self.first == self.last:
            return f"{self.first:%Y-%m}"
        if self == calendar_year(self.last.year):
            return f"{self.first:%Y}"
        if self == statistical_year(self.last.year):
            return f"FY{self.last:%Y}"
        return f"{self.first:%Y-%m}:{self.last:%Y-%m}"

    def __str__(self) -> str:
        return self.code


def month(day: date) -> Period:
    """Return the month of `day` as a period."""
    return Period(month_start(day), month_start(day))


def calendar_year(year: int) -> Period:
    """Return January to December of `year`."""
    return Period(date(year, 1, 1), date(year, 12, 1))


def statistical_year(year: int) -> Period:
    """Return October of the year before to September of `year`."""
    return Period(date(year - 1, 10, 1), date(year, 9, 1))


_MONTH = re.compile(r"(\d{4})-(\d{2})$")


def _parse_month(text: str) -> date:
    match = _MONTH.match(text)
    if not match or not 1 <= int(match[2]) <= 12 or not 1900 <= int(match[1]) <= 2200:
        raise ValidationError(
            _("“%(text)s” is not a period. Write for example 2026-06, 2026, 2026H1 or FY2026."),
            params={"text": text},
        )
    return date(int(match[1]), int(match[2]), 1)


def parse(text: str) -> Period:
    """Read a period as written in addresses and on the command line.

    Raises ValidationError with an example when the text is none of the known forms.
    """
    text = text.strip().upper()
    if re.fullmatch(r"(19|20|21)\d{2}", text):
        return calendar_year(int(text))
    if re.fullmatch(r"FY(19|20|21)\d{2}", text):
        return statistical_year(int(text[2:]))
    if match := re.fullmatch(r"((?:19|20|21)\d{2})([HQ])([1-4])", text):
        return _part_of_year(int(match[1]), match[2], int(match[3]), text)
    first, colon, last = text.partition(":")
    period = Period(_parse_month(first), _parse_month(last if colon else first))
    if period.last < period.first or len(period.months()) > 240:
        raise ValidationError(_("The period must not end before it begins."))
    return period


def _part_of_year(year: int, kind: str, part: int, text: str) -> Period:
    length = 6 if kind == "H" else 3
    if part > 12 // length:
        _parse_month(text)
    first = next_month(date(year, 1, 1), (part - 1) * length)
    return Period(first, next_month(first, length - 1))
