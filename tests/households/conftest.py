"""The personas by short names, and one household of the village."""

from types import SimpleNamespace

import pytest

from apps.accounts.models import User
from apps.households.models import Household
from tests.factories.households import HouseholdFactory


@pytest.fixture
def clerk(township_clerk: User) -> User:
    return township_clerk


@pytest.fixture
def far_clerk(outsider: User) -> User:
    return outsider


@pytest.fixture
def worker(village_worker: User) -> User:
    return village_worker


@pytest.fixture
def reader(auditor: User) -> User:
    return auditor


@pytest.fixture
def household(places: SimpleNamespace) -> Household:
    return HouseholdFactory(region=places.village, number="0203-0147")
