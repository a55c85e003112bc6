"""Working days: the national calendar with its make-up days, and local additions."""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar


def is_working_day(day: date, exceptions: Mapping[date, bool] | None = None) -> bool:
    """Tell whether offices work on `day`.

    `exceptions` (day → works or not) come first; they hold what an administrator entered. Years
    that the national calendar does not know yet count Monday to Friday.
    """
    if exceptions and day in exceptions:
        return exceptions[day]
    try:
        return chinese_calendar.is_workday(day)
    except NotImplementedError:
        return day.weekday() < 5


def add_working_days(start: date, days: int, exceptions: Mapping[date, bool] | None = None) -> date:
    """Return the `days`-th working day after `start` (start itself does not count; days ≥ 0)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= is_working_day(day, exceptions)
    return day
