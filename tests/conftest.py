"""A small county and the people who work in it; every test app uses them."""

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pgtrigger
import pytest
from django.test import Client, TransactionTestCase

from apps.accounts.choices import Role
from apps.accounts.models import User
from tests.factories.accounts import UserFactory
from tests.factories.regions import RegionFactory


@pytest.fixture(autouse=True, scope="session")
def _audit_log_may_be_emptied_between_tests() -> Iterator[None]:
    """Let the flush after a transactional test empty the log, which nothing else may."""
    cases: Any = TransactionTestCase
    flush = cases._fixture_teardown

    def teardown(case: TransactionTestCase) -> None:
        with pgtrigger.ignore("audit.Entry:no_truncate"):
            flush(case)

    cases._fixture_teardown = teardown
    yield
    cases._fixture_teardown = flush


@pytest.fixture
def places(db: None) -> SimpleNamespace:
    """A county of two townships of two villages each."""
    county = RegionFactory(code="999901", name="青禾县", kind="county")
    township = RegionFactory(code="999901100000", name="安塘乡", kind="township", parent=county)
    elsewhere = RegionFactory(code="999901101000", name="石桥镇", kind="township", parent=county)
    return SimpleNamespace(
        county=county,
        township=township,
        village=RegionFactory(code="999901100201", name="黄岭村", parent=township),
        neighbour=RegionFactory(code="999901100202", name="沙田村", parent=township),
        elsewhere=elsewhere,
        far_village=RegionFactory(code="999901101201", name="桥头村", parent=elsewhere),
        far_neighbour=RegionFactory(code="999901101202", name="河口村", parent=elsewhere),
    )


def _persona(name: str, role: str, *regions: Any) -> Any:
    return UserFactory(username=name, display_name=name, role=role, regions=regions)


@pytest.fixture
def village_worker(places: SimpleNamespace) -> User:
    """Works for one village of 安塘乡."""
    return _persona("village_worker", Role.VILLAGE_WORKER, places.village)


@pytest.fixture
def township_clerk(places: SimpleNamespace) -> User:
    """Enters and imports for 安塘乡."""
    return _persona("township_clerk", Role.TOWNSHIP_CLERK, places.township)


@pytest.fixture
def township_leader(places: SimpleNamespace) -> User:
    """Reads and decides for 安塘乡."""
    return _persona("township_leader", Role.TOWNSHIP_LEADER, places.township)


@pytest.fixture
def county_reader(places: SimpleNamespace) -> User:
    """An officer of the county."""
    return _persona("county_reader", Role.COUNTY_OFFICER, places.county)


@pytest.fixture
def outsider(places: SimpleNamespace) -> User:
    """A clerk of the other township, 石桥镇."""
    return _persona("outsider", Role.TOWNSHIP_CLERK, places.elsewhere)


@pytest.fixture
def unassigned(places: SimpleNamespace) -> User:
    """A clerk whom nobody gave a region; sees nothing."""
    return _persona("unassigned", Role.TOWNSHIP_CLERK)


@pytest.fixture
def administrator(places: SimpleNamespace) -> User:
    """Keeps users and regions of the county."""
    return _persona("administrator", Role.ADMINISTRATOR, places.county)


@pytest.fixture
def auditor(places: SimpleNamespace) -> User:
    """Reads everything of the county and changes nothing."""
    return _persona("auditor", Role.AUDITOR, places.county)


@pytest.fixture
def clinic(places: SimpleNamespace) -> User:
    """The clinic of 安塘乡."""
    return _persona("clinic", Role.CLINIC, places.township)


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which a user is signed in."""

    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
