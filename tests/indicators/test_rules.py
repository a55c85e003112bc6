"""Formulas and rounding, with the vector of the office's own definitions."""

from datetime import date
from decimal import Decimal

import pytest

from apps.core.periods import parse
from apps.indicators import rules
from apps.indicators.records import Term

# Opening 10,000, closing 10,200, 121 births (64 boys, 57 girls), 70 deaths.
NUMBERS = {
    ("population", date(2025, 12, 1)): 10_000,
    ("population", date(2026, 1, 1)): 10_100,
    ("population", date(2026, 2, 1)): 10_200,
    ("births", date(2026, 1, 1)): 61,
    ("births", date(2026, 2, 1)): 60,
    ("births_male", date(2026, 1, 1)): 30,
    ("births_male", date(2026, 2, 1)): 34,
    ("births_female", date(2026, 1, 1)): 31,
    ("births_female", date(2026, 2, 1)): 26,
    ("deaths", date(2026, 1, 1)): 70,
    ("deaths", date(2026, 2, 1)): 0,
}
KINDS = {
    "population": "status",
    "births": "event",
    "births_male": "event",
    "births_female": "event",
    "deaths": "event",
}
PERIOD = parse("2026-01:2026-02")


def _term(text: str) -> Decimal:
    found = rules.evaluate_term(
        rules.parse_term(text), KINDS, PERIOD, lambda code, month: NUMBERS.get((code, month))
    )
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("numerator", "denominator", "factor", "shown"),
    [
        ("births", "average(population)", 1000, "11.98"),
        ("deaths", "average(population)", 1000, "6.93"),
        ("births - deaths", "average(population)", 1000, "5.05"),
        ("births_male", "births_female", 100, "112.28"),
    ],
)
def test_vector_of_the_definitions(
    numerator: str, denominator: str, factor: int, shown: str
) -> None:
    value = rules.ratio(_term(numerator), _term(denominator), factor)

    assert value is not None
    assert rules.round_half_up(value, 2) == Decimal(shown)


def test_average_population_is_the_mean_of_opening_and_closing() -> None:
    assert _term("average(population)") == Decimal(10_100)


def test_status_is_taken_at_the_end_of_the_period() -> None:
    assert _term("population") == Decimal(10_200)


def test_a_month_that_is_not_known_makes_the_sum_unknown() -> None:
    term, longer = rules.parse_term("births"), parse("2026-01:2026-03")

    found = rules.evaluate_term(term, KINDS, longer, lambda code, m: NUMBERS.get((code, m)))

    assert found is None


def test_nothing_to_divide_by_gives_no_value() -> None:
    assert rules.ratio(Decimal(3), Decimal(0), 100) is None


@pytest.mark.parametrize(
    ("value", "places", "rounded"),
    [
        ("11.985", 2, "11.99"),
        ("11.984999", 2, "11.98"),
        ("-0.125", 2, "-0.13"),
        ("2.5", 0, "3"),
        ("0.5", 0, "1"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: str, places: int, rounded: str) -> None:
    assert rules.round_half_up(Decimal(value), places) == Decimal(rounded)


@pytest.mark.parametrize(
    ("value", "published", "same"),
    [
        ("11.1001", "11.1", True),
        ("98.8166", "98.8", True),
        ("5.2197", "5.22", True),
        ("5.2116", "5.22", False),
        ("336", "336", True),
        ("336.4", "335", False),
    ],
)
def test_a_published_figure_is_compared_at_its_own_decimals(
    value: str, published: str, same: bool
) -> None:
    assert rules.equals_published(Decimal(value), Decimal(published)) is same


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("births", Term(("births",))),
        ("births - deaths", Term(("births",), ("deaths",))),
        ("average(population)", Term(("population",), (), True)),
    ],
)
def test_terms_are_read_as_written(text: str, term: Term) -> None:
    assert rules.parse_term(text) == term


@pytest.mark.parametrize("text", ["", "births deaths", "births *", "1births", "average()"])
def test_a_term_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        rules.parse_term(text)


def test_months_are_kept_from_january_two_years_back_newest_first() -> None:
    months = rules.stored_months(date(2026, 11, 21))

    assert (months[0], months[-1], len(months)) == (date(2026, 11, 1), date(2024, 1, 1), 35)


def test_a_running_month_is_taken_as_of_today_an_ended_one_on_its_last_day() -> None:
    today = date(2026, 11, 21)

    assert rules.status_day(date(2026, 11, 1), today) == today
    assert rules.status_day(date(2026, 6, 1), today) == date(2026, 6, 30)
