"""Working days, with holidays and the days that make up for them."""

from datetime import date

import pytest

from apps.core.workdays import add_working_days, is_working_day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2025, 9, 30), True),
        (date(2025, 10, 1), False),
        (date(2025, 10, 8), False),
        (date(2025, 10, 9), True),
        (date(2025, 9, 28), True),
        (date(2025, 10, 11), True),
        (date(2025, 10, 12), False),
        (date(2050, 11, 18), True),
        (date(2050, 11, 19), False),
    ],
    ids=[
        "before the holiday",
        "national day",
        "last day of the holiday",
        "after it",
        "Sunday that makes up",
        "Saturday that makes up",
        "Sunday",
        "Friday of an unknown year",
        "Saturday of an unknown year",
    ],
)
def test_calendar(day, works):
    assert is_working_day(day) is works


def test_what_an_administrator_entered_comes_first():
    local = {date(2025, 10, 9): False, date(2025, 10, 1): True}

    assert not is_working_day(date(2025, 10, 9), local)
    assert is_working_day(date(2025, 10, 1), local)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2025, 9, 29), 0, date(2025, 9, 29)),
        (date(2025, 9, 29), 1, date(2025, 9, 30)),
        (date(2025, 9, 29), 2, date(2025, 10, 9)),
        (date(2025, 9, 29), 4, date(2025, 10, 11)),
        (date(2025, 9, 29), 5, date(2025, 10, 13)),
    ],
)
def test_days_are_counted_after_the_first(start, days, end):
    assert add_working_days(start, days) == end


def test_local_holiday_makes_the_deadline_later():
    assert add_working_days(date(2025, 9, 29), 1, {date(2025, 9, 30): False}) == date(2025, 10, 9)
