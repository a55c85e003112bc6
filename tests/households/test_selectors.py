"""Who is counted where on which day: both ends of each interval, and what is not a move."""

from datetime import date, timedelta

import pytest

from apps.households import selectors
from apps.households.models import MaritalPeriod, Marriage, Person, Residence
from tests.factories.households import HouseholdFactory, PersonFactory, living, marry, member

DAY = date(2026, 6, 30)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def person(places):
    return PersonFactory(birth_date=date(1990, 1, 1), sex="2")


def stay(person, region, kind="registered", **interval) -> Residence:
    return Residence.objects.create(person=person, kind=kind, region=region, **interval)


@pytest.mark.parametrize(
    "begun, ended, is_counted",
    [
        pytest.param(None, None, True, id="always"),
        pytest.param(DAY, None, True, id="begun that day"),
        pytest.param(AFTER, None, False, id="begun the day after"),
        pytest.param(None, AFTER, True, id="ends the day after"),
        pytest.param(None, DAY, False, id="ends that day"),
    ],
)
def test_resident_on_a_day(person, places, begun, ended, is_counted):
    stay(person, places.village, valid_from=begun, valid_to=ended)

    assert selectors.residents(DAY, "registered").count() == is_counted


@pytest.mark.parametrize(
    "born, died, is_counted",
    [
        pytest.param(DAY, None, True, id="born that day"),
        pytest.param(AFTER, None, False, id="born the day after"),
        pytest.param(BEFORE, DAY, False, id="died that day"),
        pytest.param(BEFORE, AFTER, True, id="died the day after"),
    ],
)
def test_resident_must_be_alive(places, born, died, is_counted):
    living(PersonFactory(birth_date=born, died_on=died), places.village)

    assert selectors.residents(DAY, "current").count() == is_counted


def test_each_basis_counts_its_own_place(person, places):
    stay(person, places.village, "registered")
    stay(person, places.neighbour, "current")

    for basis, region in (("registered", places.village), ("current", places.neighbour)):
        assert selectors.residents(DAY, basis).get().region == region


def test_place_outside_the_county_counts_nowhere(person):
    stay(person, None, "current", place="广东省")

    assert not selectors.residents(DAY, "current").exists()


@pytest.mark.parametrize(
    "born, is_counted",
    [(date(2026, 5, 31), False), (date(2026, 6, 1), True), (DAY, True), (AFTER, False)],
)
def test_birth_is_counted_by_the_birth_date_whether_or_not_an_event_was_entered(
    places, born, is_counted
):
    living(PersonFactory(birth_date=born), places.village)

    births = selectors.births_between(date(2026, 6, 1), DAY, "registered")

    assert births.count() == is_counted


def test_birth_is_counted_where_the_child_was_that_day(places):
    child = PersonFactory(birth_date=date(2026, 6, 10))
    stay(child, places.village, valid_from=date(2026, 6, 10), valid_to=date(2026, 6, 20))
    stay(child, places.neighbour, valid_from=date(2026, 6, 20))

    assert selectors.births_between(date(2026, 6, 1), DAY, "registered").get().region == (
        places.village
    )


def test_child_that_came_after_its_birth_was_not_born_here(places):
    child = PersonFactory(birth_date=date(2026, 6, 10))
    stay(child, places.village, valid_from=date(2026, 6, 11))

    assert not selectors.births_between(date(2026, 6, 1), DAY, "registered").exists()


def test_death_is_counted_where_the_person_was_that_day(places):
    person = living(PersonFactory(birth_date=date(1950, 1, 1), died_on=DAY), places.village)

    assert selectors.deaths_between(DAY, DAY, "current").get().person == person
    assert not selectors.deaths_between(AFTER, AFTER, "current").exists()


@pytest.mark.parametrize(
    "reason, is_move",
    [
        ("move", True),
        ("work", True),
        ("birth", False),
        ("roster", False),
        ("region", False),
        ("correction", False),
        ("", False),
    ],
)
def test_only_real_moves_count_as_moves(person, places, reason, is_move):
    stay(person, places.village, valid_to=DAY, end_reason=reason)
    stay(person, places.neighbour, valid_from=DAY, begin_reason=reason)

    into = selectors.moves_between("in", DAY, DAY, "registered")
    out = selectors.moves_between("out", DAY, DAY, "registered")

    assert [row.region for row in into] == ([places.neighbour] if is_move else [])
    assert [row.region for row in out] == ([places.village] if is_move else [])


def test_unknown_direction_is_refused():
    with pytest.raises(ValueError, match="sideways"):
        selectors.moves_between("sideways", DAY, DAY, "registered")


def test_marriage_is_counted_at_the_wifes_place_else_the_husbands(places):
    home = HouseholdFactory(region=places.village)
    wife = living(PersonFactory(sex="2"), places.neighbour)
    husband = member(home, "02", sex="1")
    marry(wife, husband, DAY)
    alone = member(home, "99", sex="1")
    Marriage.objects.create(husband=alone, spouse_name="王", valid_from=DAY)

    found = selectors.marriages_between(DAY, DAY, "registered").values_list("region_id", flat=True)

    assert sorted(found) == sorted([places.neighbour.pk, places.village.pk])


def test_marital_status_is_that_of_the_day(places):
    person = living(PersonFactory(sex="2"), places.village)
    MaritalPeriod.objects.create(person=person, status="21", valid_to=DAY)
    MaritalPeriod.objects.create(person=person, status="40", valid_from=DAY)

    def married(on):
        return selectors.currently_married(selectors.residents(on, "registered"), on).count()

    assert (married(BEFORE), married(DAY)) == (1, 0)


@pytest.mark.parametrize(
    "birth, on, low, high, fits",
    [
        (date(2011, 6, 30), DAY, 15, 49, True),
        (date(2011, 7, 1), DAY, 15, 49, False),
        (date(1976, 7, 1), DAY, 15, 49, True),
        (date(1976, 6, 30), DAY, 15, 49, False),
        (date(2008, 2, 29), date(2026, 2, 28), 18, None, False),
        (date(2008, 2, 29), date(2026, 3, 1), 18, None, True),
        (date(2008, 2, 28), date(2028, 2, 29), 20, 20, True),
    ],
)
def test_age_on_a_day(places, birth, on, low, high, fits):
    PersonFactory(birth_date=birth)

    assert Person.objects.filter(selectors.aged_between(low, high, on)).count() == fits
