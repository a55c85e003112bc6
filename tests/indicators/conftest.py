"""A small village whose figures are counted by hand, and the tools to count it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.timezone import localdate

from apps.households.choices import ResidenceReason
from apps.households.models import Residence
from apps.women.models import ContraceptiveUse
from tests.factories.households import HouseholdFactory, PersonFactory, living, marry, member

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Today is 21 November 2026."""
    monkeypatch.setattr("django.utils.timezone.localdate", _localdate)


def _localdate(value: Any = None, timezone: Any = None) -> date:
    return TODAY if value is None else localdate(value, timezone)


@pytest.fixture
def village(places: SimpleNamespace) -> SimpleNamespace:
    """Ten people of 黄岭村, one of whom is dead, and two of the neighbouring village.

    On 30 June 2026 nine are registered: four men (one of them living elsewhere) and five women,
    of whom three are 15 to 49, two of these married, one using a method.
    """
    home = HouseholdFactory.create(region=places.village)
    husband = member(home, "02", name="周山", sex="1", birth_date=date(1984, 3, 7))
    wife = member(home, "10", name="李梅", sex="2", birth_date=date(1986, 5, 12))
    marry(wife, husband, date(2012, 2, 1))
    boy = member(home, "20", name="周一", sex="1", birth_date=date(2026, 6, 30), birth_order=2)
    girl = member(home, "30", name="周二", sex="2", birth_date=date(2026, 6, 1), birth_order=None)
    ContraceptiveUse.objects.create(person=wife, method="03", valid_from=date(2020, 1, 5))
    second = HouseholdFactory.create(region=places.village)
    widow = member(second, "02", name="王桂", sex="2", birth_date=date(1940, 1, 1))
    young = member(second, "30", name="赵丽", sex="2", birth_date=date(2011, 6, 30))
    bride = living(
        PersonFactory.create(name="钱红", sex="2", birth_date=date(1998, 8, 8)),
        places.village,
        valid_from=date(2026, 6, 10),
        begin_reason=ResidenceReason.MARRIAGE,
    )
    groom = member(second, "20", name="孙强", sex="1", birth_date=date(1996, 1, 2))
    marry(bride, groom, date(2026, 6, 10))
    ContraceptiveUse.objects.create(person=bride, method="00", valid_from=date(2026, 6, 10))
    dead = member(second, "20", name="孙老", sex="1", birth_date=date(1930, 4, 4))
    dead.died_on = date(2026, 6, 15)
    dead.save()
    away = PersonFactory.create(name="孙远", sex="1", birth_date=date(1970, 1, 1))
    Residence.objects.create(person=away, kind="registered", region=places.village)
    Residence.objects.create(person=away, kind="current", region=None, place="外省")
    living(PersonFactory.create(sex="1", birth_date=date(1990, 1, 1)), places.neighbour)
    living(PersonFactory.create(sex="2", birth_date=date(2026, 6, 3)), places.neighbour)
    return SimpleNamespace(
        **vars(places),
        here=places.village,
        husband=husband,
        wife=wife,
        boy=boy,
        girl=girl,
        widow=widow,
        young=young,
        bride=bride,
        groom=groom,
        dead=dead,
        away=away,
    )
