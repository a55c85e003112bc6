"""Statistical periods."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from apps.core import periods
from apps.core.periods import Period, parse


@pytest.mark.parametrize(
    ("text", "first", "last_day", "code"),
    [
        ("2026-06", date(2026, 6, 1), date(2026, 6, 30), "2026-06"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024-02"),
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        ("2026H1", date(2026, 1, 1), date(2026, 6, 30), "2026-01:2026-06"),
        ("2026h2", date(2026, 7, 1), date(2026, 12, 31), "2026-07:2026-12"),
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31), "2026-01:2026-03"),
        ("2026Q4", date(2026, 10, 1), date(2026, 12, 31), "2026-10:2026-12"),
        ("FY2026", date(2025, 10, 1), date(2026, 9, 30), "FY2026"),
        ("2025-07:2026-06", date(2025, 7, 1), date(2026, 6, 30), "2025-07:2026-06"),
        ("2026-01:2026-12", date(2026, 1, 1), date(2026, 12, 31), "2026"),
        (" 2026-06 ", date(2026, 6, 1), date(2026, 6, 30), "2026-06"),
    ],
)
def test_written_period_is_read(text, first, last_day, code):
    period = parse(text)

    assert (period.starts_on, period.ends_on, period.code) == (first, last_day, code)
    assert parse(period.code) == period


@pytest.mark.parametrize(
    "text",
    [
        *("", "x", "2026-13", "2026-00", "26-06", "2026H3", "2026Q5", "2026-6", "FY26"),
        *("2026-06:2026-05", "2026-06:", "1899-01", "2000-01:2026-12", "2026-06-01"),
    ],
)
def test_what_is_no_period_is_refused_with_an_example(text):
    with pytest.raises(ValidationError):
        parse(text)


def test_months_of_a_statistical_year_run_from_october_to_september():
    months = periods.statistical_year(2026).months()

    assert len(months) == 12
    assert (months[0], months[3], months[-1]) == (
        date(2025, 10, 1),
        date(2026, 1, 1),
        date(2026, 9, 1),
    )


def test_year_before_is_the_same_months():
    assert parse("2025-07:2026-06").year_before() == parse("2024-07:2025-06")
    assert parse("2026-02").year_before().ends_on == date(2025, 2, 28)


def test_opening_month_is_the_one_before():
    assert parse("2026-01").opening_month == date(2025, 12, 1)


def test_period_is_cut_at_a_month_but_not_before_its_first():
    year = parse("2026")

    assert year.until(date(2026, 6, 15)).code == "2026-01:2026-06"
    assert year.until(date(2027, 3, 1)) == year
    assert year.until(date(2025, 3, 1)).code == "2026-01"


@pytest.mark.parametrize(
    ("month", "count", "expected"),
    [
        (date(2026, 12, 1), 1, date(2027, 1, 1)),
        (date(2026, 1, 1), -1, date(2025, 12, 1)),
        (date(2026, 1, 1), -13, date(2024, 12, 1)),
        (date(2026, 6, 1), 0, date(2026, 6, 1)),
    ],
)
def test_months_are_counted_over_the_year(month, count, expected):
    assert periods.next_month(month, count) == expected


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.integers(0, 239))
def test_code_of_any_period_gives_it_back(first, length):
    start = periods.month_start(first)
    last = periods.next_month(start, length)
    if last.year > 2200:
        return
    period = Period(start, last)

    assert parse(period.code) == period
    assert len(period.months()) == length + 1


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_is_refused(text):
    try:
        period = parse(text)
    except ValidationError:
        return
    assert period.starts_on <= period.ends_on
