"""Load a fictional township, or a whole county of them, in a few statements per table."""

import random
import time
from collections.abc import Callable
from datetime import date

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record
from apps.core.bulk import copy_rows, refresh_statistics, take_numbers
from apps.home.demo.changes import add_changes
from apps.home.demo.legacy import load_legacy
from apps.home.demo.names import IdNumbers
from apps.home.demo.population import Numbers, make_township
from apps.home.demo.quotas import AS_OF, TOWNSHIP
from apps.home.demo.rows import COLUMNS, RowMaker
from apps.households.choices import Source
from apps.households.models import Household, Person
from apps.regions.choices import RegionKind
from apps.regions.models import Region

AREA = "999801"
SEED = "fpms-demo"


def is_loaded(township: Region) -> bool:
    """Tell whether the township already has its fictional people."""
    people = Person.objects.filter(source=Source.DEMO, registered_region__parent=township)
    return people.exists()


def load_townships(*, today: date, say: Callable[[str], None]) -> int:
    """Load every township that has no people yet; returns how many people came in.

    The first township is that of the published figures; the others differ in size by chance.
    Each is one transaction, so a stopped load goes on with the next township.
    """
    ids, count = IdNumbers(AREA), 0
    townships = Region.objects.filter(kind=RegionKind.TOWNSHIP).order_by("code")
    for index, township in enumerate(townships):
        begun = time.monotonic()
        people = _load_township(township, index, ids, max(today, AS_OF))
        count += people
        if people:
            say(f"{township.name}: {people} people in {time.monotonic() - begun:.1f} s")
    return count


def _load_township(township: Region, index: int, ids: IdNumbers, today: date) -> int:
    villages = dict(
        Region.objects.filter(parent=township).order_by("code").values_list("pk", "code")
    )
    dice = random.Random(f"{SEED}-{township.code}")
    quotas = TOWNSHIP if index == 0 else TOWNSHIP.scaled(dice.uniform(0.62, 0.88))
    maker = make_township(
        quotas,
        seed=f"{SEED}-{township.code}",
        ids=ids,
        numbers=Numbers(),
        villages=list(villages),
    )
    add_changes(maker, quotas, today=today)
    if is_loaded(township):
        return 0
    with transaction.atomic():
        loader = demo_user()
        rows = RowMaker(
            town=maker.town,
            villages=villages,
            person_numbers=take_numbers(Person, len(maker.town.people)),
            home_numbers=take_numbers(Household, len(maker.town.homes)),
            entered_by=loader.pk,
            today=today,
            dice=dice,
        )
        written = {
            table: copy_rows(table, COLUMNS[table], list(lines)) for table, lines in rows.tables()
        }
        if index == 0:
            load_legacy(township, loader)
        record("home.demo.loaded", actor=loader, target=township)
        refresh_statistics(written)
    return len(maker.town.people)


def demo_user() -> User:
    """The inactive account under which the fictional records were entered."""
    user, _made = User.objects.get_or_create(
        username="demo-loader", defaults={"is_active": False, "display_name": "演示数据"}
    )
    return user
