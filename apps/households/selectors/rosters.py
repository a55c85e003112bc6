"""People of a village in the order of a paper roster: household by household, the head first."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Case, F, QuerySet, When

from apps.households.choices import ResidenceKind
from apps.households.models import Membership, Person, Residence
from apps.households.selectors.counting import holds_on, residents
from apps.regions.models import Region

BLOCK = 1_000


def registered_people(user: Any, region: Region, on: date) -> QuerySet[Residence]:
    """Return those registered in a village on a day whom a user may see, alive."""
    rows: Any = residents(on, ResidenceKind.REGISTERED)
    return rows.visible_to(user).in_region(region).select_related("person")


def roster_of(user: Any, region: Region, on: date) -> Iterator[tuple[Person, Membership | None]]:
    """Yield everybody registered in a village on a day with the household membership of that day.

    Household by household in the order of their numbers, the head first; people without a
    household last.
    """
    people = {row.person_id: row.person for row in registered_people(user, region, on)}
    rows = (
        Membership.objects.filter(person__in=list(people))
        .filter(holds_on(on))
        .select_related("household")
        .annotate(has_number=Case(When(household__number="", then=1), default=0))
        .order_by(
            "has_number", "household__number", "household", "-is_head", F("relationship_to_head"),
            "person__birth_date", "pk",
        )
    )  # fmt: skip
    for row in rows.iterator(chunk_size=BLOCK):
        yield people.pop(row.person_id), row
    for person in people.values():
        yield person, None
