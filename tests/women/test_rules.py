"""When a woman is of childbearing age and how her file stands: both sides of each boundary."""

from datetime import date

import pytest

from apps.women.rules import file_state, is_of_childbearing_age

ON = date(2026, 11, 21)


@pytest.mark.parametrize(
    "birth, expected",
    [
        pytest.param(date(2011, 11, 22), False, id="fifteen tomorrow"),
        pytest.param(date(2011, 11, 21), True, id="fifteen today"),
        pytest.param(date(1976, 11, 22), True, id="fifty tomorrow"),
        pytest.param(date(1976, 11, 21), False, id="fifty today"),
    ],
)
def test_childbearing_age_is_fifteen_to_forty_nine(birth, expected):
    assert is_of_childbearing_age(birth, ON) is expected


@pytest.mark.parametrize(
    "birth, died_on, left_on, expected",
    [
        (date(2011, 11, 22), None, None, "early"),
        (date(2011, 11, 21), None, None, "open"),
        (date(1976, 11, 22), None, None, "open"),
        (date(1976, 11, 21), None, None, "past"),
        (date(1990, 1, 1), ON, None, "dead"),
        (date(1990, 1, 1), None, ON, "left"),
        (date(1990, 1, 1), None, date(2026, 11, 22), "open"),
    ],
)
def test_file_state(birth, died_on, left_on, expected):
    assert file_state(birth, died_on=died_on, left_on=left_on, on=ON) == expected
