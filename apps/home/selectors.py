"""What the landing page and the search show."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from apps.core.choices import Sex
from apps.core.duties import Duty, duties_of
from apps.households import selectors as households
from apps.households.models import Household, Person
from apps.imports import selectors as imports
from apps.imports.models import Batch

RECENT_DAYS = 14
RECENT_IMPORTS = 5
HITS = 50


# Work list ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class DueItem:
    """One line of the work list: how many are open, since when, and by when they should be done."""

    duty: Duty
    count: int
    oldest: date | None
    due_on: date | None
    days_left: int | None

    @property
    def is_late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def is_near(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= 7

    @property
    def days_over(self) -> int:
        return -(self.days_left or 0)


def due_items(user: Any, region: Any = None) -> list[DueItem]:
    """Return what is due for a user, the most urgent first; one query for each duty.

    Deadlines count from the oldest open record. What has none comes last.
    """
    today = timezone.localdate()
    items = [_due_item(duty, user, region, today) for duty in duties_of(user)]
    found = [item for item in items if item.count]
    return sorted(found, key=lambda item: (item.due_on is None, item.due_on or today))


def _due_item(duty: Duty, user: Any, region: Any, today: date) -> DueItem:
    # Related rows and order are for the list; the count needs neither.
    rows = duty.selector(user, region).order_by().select_related(None)
    oldest = {"oldest": Min(duty.since)} if duty.since else {}
    found = rows.aggregate(count=Count("pk"), **oldest)
    since = _local_day(found.get("oldest"))
    due_on = since + timedelta(days=duty.days) if since and duty.days is not None else None
    left = (due_on - today).days if due_on else None
    return DueItem(duty, found["count"], since, due_on, left)


def _local_day(value: Any) -> date | None:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


def recent_imports(user: Any) -> list[Batch]:
    """Return the newest imports that this user began within the last fortnight."""
    if not user.may("imports.run"):
        return []
    since = timezone.now() - timedelta(days=RECENT_DAYS)
    mine = imports.batches(user).filter(created_by=user, created_at__gte=since)
    return list(mine.order_by("-created_at", "-pk")[:RECENT_IMPORTS])


# Search -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hits:
    """What a search found: at most fifty people and fifty households each, and if there are more.

    `only` is the one record meant, when a number or a full name leaves no doubt.
    """

    people: list[Person]
    households: list[Household]
    more_people: bool
    more_households: bool
    only: Person | Household | None = None

    @property
    def count(self) -> int:
        return len(self.people) + len(self.households)


def search(user: Any, text: str) -> Hits:
    """Find people by name, pinyin, initials or number, and households by number.

    Respects the user's regions; a clinic finds women only and no households.
    """
    words = " ".join(text.split())
    if not words:
        return Hits([], [], False, False)
    people = _some(_people(user, words))
    found = list(_households(user, words)[: HITS + 1])
    only = _the_one(words, people, found)
    return Hits(people[:HITS], found[:HITS], len(people) > HITS, len(found) > HITS, only)


def _some(rows: QuerySet[Person]) -> list[Person]:
    """Fetch at most fifty-one and put these in order.

    Ordering in the database would read and sort everybody who has a common surname first.
    """
    return sorted(rows.order_by()[: HITS + 1], key=lambda person: (person.pinyin, person.pk))


def _people(user: Any, words: str) -> QuerySet[Person]:
    found = households.search_people(user, words)
    return found if user.may("households.view") else found.filter(sex=Sex.FEMALE)


def _households(user: Any, words: str) -> QuerySet[Household]:
    if not user.may("households.view") or not any(char.isdigit() for char in words):
        return Household.objects.none()
    return households.search_households(user, words)


def _the_one(words: str, people: list[Person], found: list[Household]) -> Person | Household | None:
    if len(people) + len(found) != 1:
        return None
    if found:
        return found[0] if found[0].number == words else None
    exact = households.looks_like_number(words) or people[0].name == words
    return people[0] if exact else None
