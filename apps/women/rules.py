"""What follows from facts about a woman's service file. Pure: no queries, no clock."""

from datetime import date

from apps.core.dates import age_on

FIRST_AGE, LAST_AGE = 15, 49


def is_of_childbearing_age(birth_date: date, on: date) -> bool:
    """Whether a woman is 15 to 49 completed years old on a day (育龄)."""
    return FIRST_AGE <= age_on(birth_date, on) <= LAST_AGE


def file_state(birth_date: date, *, died_on: date | None, left_on: date | None, on: date) -> str:
    """Say how a service file stands: open, past (over 49), left, dead, or early (under 15).

    A file that is no longer open is kept as it is.
    """
    if died_on is not None and died_on <= on:
        return "dead"
    if left_on is not None and left_on <= on:
        return "left"
    age = age_on(birth_date, on)
    if age < FIRST_AGE:
        return "early"
    return "open" if age <= LAST_AGE else "past"
