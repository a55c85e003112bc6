"""Dates as people write them, with how much of the date is known.

Understood: 2026-05-01, 2026.5.1, 2026/5/1, 2026年5月1日, 20260501, 85.3.5, 1985.03, 1985年3月,
198503, 1985年, 一九八五年三月五日, spreadsheet dates and their serial numbers.
"""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from apps.core.text import compact, normalise, words

DAY, MONTH, YEAR = "day", "month", "year"

# How a date was written. Styles that no two columns of one list should mix are named apart.
TYPED, ISO, DOT, SLASH, CHINESE, COMPACT, SERIAL, SPACED, NUMBER = words(
    "typed iso dot slash chinese compact serial spaced number"
)
_STYLES = {
    "-": ISO,
    ".": DOT,
    "/": SLASH,
    "年": CHINESE,
    " ": SPACED,
    "、": DOT,
    ",": DOT,
    "·": DOT,
}

_PARTS = re.compile(
    r"(\d{4}|\d{2})\s*([-./年、,· ])\s*(\d{1,2})"
    r"(?:\s*[-./月、,· ]\s*(\d{1,2})\s*[日号.]?|\s*[月.份]{0,2})"
    r"(?:[T ]?\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?"
)
_DAY_FIRST = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_YEAR_ONLY = re.compile(r"(\d{4})\s*年?")
_CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九两", "0001234567892")
_CHINESE_DATE = re.compile(
    r"([〇○零一二三四五六七八九]{4}|[〇○零一二三四五六七八九]{2})年"
    r"(?:([元正一二三四五六七八九十冬腊]{1,2})月(?:([一二三四五六七八九十廿]{1,3})[日号]?)?)?"
)
_SERIAL_START = date(1899, 12, 30)
_SERIALS = range(3654, 73051)  # 1910 to 2099


class WrittenDate(NamedTuple):
    """A date read from text or a cell.

    `on` is the day, or the first day of the month or year that is known. `two_digit_year`: the
    century is a guess. `ambiguous_month`: a number such as 1985.1 may be January or October.
    """

    on: date
    precision: str
    style: str
    two_digit_year: bool = False
    ambiguous_month: bool = False

    def agrees_with(self, other: date) -> bool:
        """Whether a full date is the same, as far as this one is known."""
        on = self.on
        if self.two_digit_year:
            if on.year % 100 != other.year % 100:
                return False
        elif on.year != other.year:
            return False
        if self.ambiguous_month:
            return other.month in (1, 10)
        if self.precision == YEAR:
            return True
        return on.month == other.month and (self.precision == MONTH or on.day == other.day)


class BadDate(ValueError):
    """A date that cannot be read; `code` is "impossible" (30 February) or "unparseable"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)

    def __str__(self) -> str:
        if self.code == "impossible":
            return _("There is no such day in the calendar.")
        return _("This is not a date. Write for example 2026-05-01 or 2026.5.1.")


def parse_date(raw: object, *, today: date) -> WrittenDate:
    """Read a date from a cell or from what somebody typed.

    A year of two digits becomes the latest one that is not after `today`. Raises BadDate; whether
    the date lies in the future is for the caller to judge.
    """
    if isinstance(raw, datetime):
        return _typed(raw.date())
    if isinstance(raw, date):
        return _typed(raw)
    if isinstance(raw, bool) or raw is None:
        raise BadDate("unparseable")
    if isinstance(raw, (int, float)):
        return _from_number(raw, today)._replace(style=NUMBER)
    return _from_text(str(raw), today)


def parse_age(raw: object) -> int | None:
    """Return completed years if a cell holds an age (41, 41岁, 41周岁), else None."""
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return int(raw) if 0 <= raw <= 130 and raw == int(raw) else None
    if not isinstance(raw, str) or len(raw) > 12:
        return None
    text = compact(raw).removesuffix("岁").removesuffix("周").removesuffix(".0")
    if text.isascii() and text.isdigit() and len(text) <= 3 and int(text) <= 130:
        return int(text)
    return None


def age_on(birth: date, on: date) -> int:
    """Return completed years on a day; negative before birth."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def _typed(on: date) -> WrittenDate:
    if on.year < 1800:
        raise BadDate("unparseable")
    return WrittenDate(on, DAY, TYPED)


def _from_text(raw: str, today: date) -> WrittenDate:
    if len(raw) == 10 and raw[4] == "-" == raw[7] and raw.isascii():
        return _iso(raw)
    if len(raw) > 60:
        raise BadDate("unparseable")
    text = normalise(raw).strip("'`\"")
    if text.isascii() and text.isdigit():
        return _from_digits(text, today)
    if match := _PARTS.fullmatch(text):
        year, separator, month, day = match.groups()
        return _build(year, month, day, _STYLES[separator], today)
    if match := _YEAR_ONLY.fullmatch(text):
        return _build(match[1], None, None, CHINESE, today)
    if match := _DAY_FIRST.fullmatch(text):
        return _day_first(match[1], match[2], match[3], today)
    if match := _CHINESE_DATE.fullmatch(text.replace(" ", "")):
        return _from_chinese(match[1], match[2], match[3], today)
    raise BadDate("unparseable")


def _iso(raw: str) -> WrittenDate:
    """The commonest form, without a regular expression: 600,000 people have a birth date."""
    try:
        on = date.fromisoformat(raw)
    except ValueError:
        digits = raw.replace("-", "")
        raise BadDate(
            "impossible" if len(digits) == 8 and digits.isdigit() else "unparseable"
        ) from None
    if on.year < 1800:
        raise BadDate("unparseable")
    return WrittenDate(on, DAY, ISO)


def _from_number(raw: float, today: date) -> WrittenDate:
    """Read a number cell: 20000912, 201611, 1985, 1985.03 or a spreadsheet's serial day."""
    if raw != raw or raw in (float("inf"), float("-inf")):
        raise BadDate("unparseable")
    if raw == int(raw):
        return _from_digits(str(int(raw)), today)
    year, month, rest = int(raw), round(raw % 1 * 100), raw * 100 % 1
    if year in _SERIALS:  # a serial day with a time of day behind it
        return _from_digits(str(year), today)
    if not (10 <= year <= 99 or 1800 <= year <= 2199) or min(rest, 1 - rest) > 1e-6:
        raise BadDate("unparseable")
    found = _build(str(year), str(month), None, DOT, today)
    # 1985.10 loses its zero in a number cell, so .1 may be the tenth month as well.
    return found._replace(ambiguous_month=True) if month == 10 else found


def _from_digits(text: str, today: date) -> WrittenDate:
    if len(text) == 8:
        return _build(text[:4], text[4:6], text[6:], COMPACT, today)
    if len(text) == 6:
        if text[:2] in ("18", "19", "20") and 1 <= int(text[4:]) <= 12:
            return _build(text[:4], text[4:], None, COMPACT, today)
        return _build(text[:2], text[2:4], text[4:], COMPACT, today)
    if len(text) == 5 or (len(text) == 4 and not "1800" <= text <= "2199"):
        if int(text) in _SERIALS:
            return WrittenDate(_SERIAL_START + timedelta(days=int(text)), DAY, SERIAL)
    elif len(text) == 4:
        return _build(text, None, None, COMPACT, today)
    raise BadDate("unparseable")


def _day_first(first: str, second: str, year: str, today: date) -> WrittenDate:
    """Read 25/12/1985 or 12/25/1985; where both could be the month nobody can tell."""
    if int(first) > 12:
        return _build(year, second, first, SLASH, today)
    if int(second) > 12 or first == second:
        return _build(year, first, second, SLASH, today)
    raise BadDate("unparseable")


def _from_chinese(year: str, month: str | None, day: str | None, today: date) -> WrittenDate:
    return _build(
        year.translate(_CHINESE_DIGITS),
        str(_chinese_number(month)) if month else None,
        str(_chinese_number(day)) if day else None,
        CHINESE,
        today,
    )


def _chinese_number(text: str) -> int:
    """Read a numeral from one to thirty-nine: 正, 十二, 廿五, 三十一."""
    if text in ("元", "正"):
        return 1
    if text in ("冬", "腊"):
        return 11 if text == "冬" else 12
    text = text.replace("廿", "二十")
    tens, has_ten, units = text.partition("十")
    digits = (tens or "1") if has_ten else ""
    number = (digits + (units or "0" if has_ten else tens)).translate(_CHINESE_DIGITS)
    return int(number) if number.isdigit() else 99


def _build(year: str, month: str | None, day: str | None, style: str, today: date) -> WrittenDate:
    precision = DAY if day else MONTH if month else YEAR
    two_digits = len(year) == 2
    full_year = _latest_century(int(year), month, day, today) if two_digits else int(year)
    if not 1800 <= full_year <= 2199:
        raise BadDate("unparseable")
    try:
        on = date(full_year, int(month or 1), int(day or 1))
    except ValueError:
        raise BadDate("impossible") from None
    return WrittenDate(on, precision, style, two_digits)


def _latest_century(year: int, month: str | None, day: str | None, today: date) -> int:
    this = today.year // 100 * 100 + year
    written = (this, int(month or 1), int(day or 1))
    return this - 100 if written > (today.year, today.month, today.day) else this
