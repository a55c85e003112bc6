"""The fictional township: its totals are those that are published, whatever the dice say."""

from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from apps.core.identifiers import is_valid_id
from apps.home.demo.changes import add_changes
from apps.home.demo.names import IdNumbers
from apps.home.demo.people import MARRIED, DemoPerson
from apps.home.demo.population import Maker, Numbers, make_township
from apps.home.demo.quotas import AS_OF, TOWNSHIP, YEAR_BEGIN

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def township() -> Maker:
    maker = make_township(
        TOWNSHIP,
        seed="test",
        ids=IdNumbers("999801"),
        numbers=Numbers(),
        villages=list(range(1, 24)),
    )
    add_changes(maker, TOWNSHIP, today=TODAY)
    return maker


def registered_on(township: Maker, day: date) -> list[DemoPerson]:
    return [
        person
        for person in township.town.people
        if person.born <= day
        and (person.died_on is None or person.died_on > day)
        and any(
            spell.place == ""
            and (spell.since is None or spell.since <= day)
            and (spell.until is None or spell.until > day)
            for spell in person.registered
        )
    ]


def is_married(person: DemoPerson, day: date) -> bool:
    past = [status for status, since in person.statuses if since is None or since <= day]
    return past[-1:] == [MARRIED]


def test_quotas_give_the_published_totals() -> None:
    assert TOWNSHIP.population == 30317
    assert TOWNSHIP.births == 336
    assert TOWNSHIP.opening == 30223


def test_population_on_the_reporting_day_is_the_published_one(township: Maker) -> None:
    people = registered_on(township, AS_OF)
    women = [p for p in people if p.sex == "2" and 15 <= p.age_on(AS_OF) <= 49]

    assert len(people) == 30317
    assert len(women) == 7678
    assert sum(is_married(woman, AS_OF) for woman in women) == 5824


def test_population_a_year_earlier_gives_the_published_average(township: Maker) -> None:
    assert len(registered_on(township, date(2025, 6, 30))) == 30223


def test_births_and_deaths_of_the_year_are_the_published_ones(township: Maker) -> None:
    born = Counter(p.sex for p in township.town.people if YEAR_BEGIN <= p.born <= AS_OF)
    died = [p for p in township.town.people if p.died_on and YEAR_BEGIN <= p.died_on <= AS_OF]

    assert born == {"1": 167, "2": 169}
    assert len(died) == 178


def test_every_fictional_id_number_is_valid_and_used_once(township: Maker) -> None:
    numbers = [p.id_number for p in township.town.people]

    assert all(is_valid_id(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_life_goes_on_after_the_reporting_day_until_today(township: Maker) -> None:
    later = [event for event in township.town.events if event.on > AS_OF]

    assert {event.kind for event in later} == {"birth", "death", "marriage", "move_in", "move_out"}
    assert max(event.on for event in later) <= TODAY


def test_mothers_are_of_age_and_siblings_are_a_year_apart(township: Maker) -> None:
    for person in township.town.people:
        if person.mother:
            assert 20 <= person.mother.age_on(person.born) <= 45
        births = sorted(child.born for child in person.children)
        assert all((later - earlier).days > 300 for earlier, later in pairwise(births))
