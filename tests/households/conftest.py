"""One township with two villages, another township, and the people who work there."""

from types import SimpleNamespace

import pytest

from apps.accounts.models import User
from apps.regions.models import Region
from tests.factories.households import HouseholdFactory


def _region(code: str, name: str, kind: str, parent: Region | None = None) -> Region:
    region = Region.objects.create(
        code=code, name=name, kind=kind, parent=parent, full_name=name, sort_key=code
    )
    region.path = f"{parent.path if parent else '/'}{region.pk}/"
    region.save()
    return region


@pytest.fixture
def places(db) -> SimpleNamespace:
    county = _region("999901", "青禾县", "county")
    township = _region("999901100000", "安塘乡", "township", county)
    elsewhere = _region("999901101000", "石桥镇", "township", county)
    return SimpleNamespace(
        county=county,
        township=township,
        village=_region("999901100201", "黄岭村", "village", township),
        neighbour=_region("999901100202", "沙田村", "village", township),
        elsewhere=elsewhere,
        far_village=_region("999901101201", "桥头村", "village", elsewhere),
    )


def _user(name: str, role: str, *regions: Region) -> User:
    user = User.objects.create_user(name, password="Long-enough-1", role=role)
    user.regions.set(regions)
    return user


@pytest.fixture
def clerk(places) -> User:
    return _user("clerk", "township_clerk", places.township)


@pytest.fixture
def far_clerk(places) -> User:
    return _user("far", "township_clerk", places.elsewhere)


@pytest.fixture
def worker(places) -> User:
    return _user("worker", "village_worker", places.village)


@pytest.fixture
def reader(places) -> User:
    return _user("reader", "auditor", places.county)


@pytest.fixture
def household(places):
    return HouseholdFactory(region=places.village, number="0203-0147")
