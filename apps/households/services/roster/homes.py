"""Which household the lines of a roster belong to, and who is in it in which role."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from apps.core.bulk import staging_table
from apps.households.choices import HEAD
from apps.households.roster_rows import RosterRow
from apps.households.rules import CHILDREN
from apps.households.services.roster.known import Known, MembershipFacts
from apps.households.services.roster.places import first_value
from apps.households.services.roster.spells import beginning, takes_over_on
from apps.households.services.roster.subjects import Subject

HEADS = (HEAD, "03")
ONLY_CHILD = ("21", "31")
ADOPTED_OR_STEP = ("27", "37")
# Eldest to fifth son and daughter: the code tells which son or daughter it is.
ORDINALS = {str(code): code - 21 for code in range(22, 27)} | {
    str(code): code - 31 for code in range(32, 37)
}


class HomeFacts(NamedTuple):
    """One household of the register."""

    id: int
    region_id: int
    number: str
    head_id: int | None
    head_name: str
    group: str
    address: str


@dataclass(slots=True)
class Home:
    """The lines of one household of the file, and the household of the register, if any."""

    village_id: int
    number: str
    subjects: list[Subject]
    head: Subject | None = None
    known: HomeFacts | None = None
    household_id: int | None = None
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """The village group that the lines state."""
        return str(first_value(s.said.group for s in self.subjects))

    @property
    def address(self) -> str:
        """The address that the lines state."""
        return str(first_value(s.said.address for s in self.subjects))


@dataclass(slots=True)
class MemberSteps:
    """Memberships to open, end and alter; households whose old head steps back."""

    homes: list[Home] = field(default_factory=list)
    opened: list[tuple[Subject, Home, str, bool, date | None]] = field(default_factory=list)
    ended: list[tuple[int, date]] = field(default_factory=list)
    altered: list[tuple[int, Home, str, bool]] = field(default_factory=list)
    new_heads: list[tuple[Home, Subject]] = field(default_factory=list)
    left_households: set[int] = field(default_factory=set)


def plan_homes(subjects: Sequence[Subject], on: date) -> MemberSteps:
    """Decide the household and the role of everybody whom a line puts into a household."""
    steps = MemberSteps()
    groups: dict[tuple[int, str], list[Subject]] = defaultdict(list)
    for subject in subjects:
        if subject.said.household_key and subject.is_here:
            groups[subject.village_id, subject.said.household_key].append(subject)
    homes = [_home(village_id, members) for (village_id, _key), members in groups.items()]
    register = _Register.read(homes)
    merged: dict[int, Home] = {}
    for home in homes:
        home.known = register.find(home)
        if home.known is not None and home.known.id in merged:
            _merge(merged[home.known.id], home)
            continue
        if home.known is not None:
            home.household_id = home.known.id
            merged[home.known.id] = home
        steps.homes.append(home)
    taken = register.numbers_taken()
    for home in steps.homes:
        _settle_household(home, taken)
        _settle_head(home, steps)
        _settle_birth_orders(home)
        for subject in home.subjects:
            _settle_member(subject, home, steps, on)
    return steps


def _home(village_id: int, members: list[Subject]) -> Home:
    head = next((s for s in members if _says_head(s.said)), None)
    number = str(first_value(s.said.household_no for s in members))
    return Home(village_id, number, members, head)


def _says_head(said: RosterRow) -> bool:
    return said.is_head or said.relation in HEADS


def _merge(first: Home, second: Home) -> None:
    """Two groups of lines turned out to be one household; the first head stands."""
    first.subjects.extend(second.subjects)
    first.head = first.head or second.head


# Finding the household ----------------------------------------------------------------------------


def plain_number(number: str) -> str:
    """Return a household number without leading zeros: 007 and 7 are the same household."""
    return number.lstrip("0") or number


class _Register:
    """The households of the register that the lines could mean."""

    def __init__(self, rows: Sequence[HomeFacts]) -> None:
        self.by_id = {row.id: row for row in rows}
        self.by_number = {(row.region_id, plain_number(row.number)): row for row in rows}
        self.by_head = {row.head_id: row for row in rows if row.head_id is not None}
        self._rows = rows

    @classmethod
    def read(cls, homes: Sequence[Home]) -> _Register:
        """Fetch the households with a number of the file and those of matched members."""
        numbers = {(h.village_id, plain_number(h.number)) for h in homes if h.number}
        ids = {row.household_id for home in homes for row in _memberships(home)}
        staging_table("roster_home", {"region_id": "bigint", "number": "text"}, sorted(numbers))
        staging_table("roster_home_id", {"id": "bigint"}, [(number,) for number in sorted(ids)])
        with connection.cursor() as cursor:
            cursor.execute(HOUSEHOLDS)
            return cls([HomeFacts._make(row) for row in cursor.fetchall()])

    def numbers_taken(self) -> set[tuple[int, str]]:
        """Numbers in use, as they are written, in the villages of the file."""
        return {(row.region_id, row.number) for row in self._rows if row.number}

    def find(self, home: Home) -> HomeFacts | None:
        """Return the household that the lines mean; None means a new one.

        That is the one whose head the head already is; else the one of that number, unless
        everything speaks against it; else the one that most of the members are in.
        """
        if home.head is not None and home.head.person_id in self.by_head:
            found = self.by_head[home.head.person_id]
            if found.region_id == home.village_id:
                return found
        members = self._households_of_members(home)
        numbered = self.by_number.get((home.village_id, plain_number(home.number)))
        if home.number and numbered and _same_family(home, numbered, members):
            return numbered
        for household_id, _count in members.most_common():
            found = self.by_id[household_id]
            if _could_be(home, found):
                return found
        return None

    def _households_of_members(self, home: Home) -> Counter[int]:
        return Counter(
            row.household_id
            for row in _memberships(home)
            if row.region_id == home.village_id and row.household_id in self.by_id
        )


HOUSEHOLDS = """
    SELECT h.id, h.region_id, h.number, h.head_id, coalesce(p.name, ''), h."group", h.address
    FROM households_household h
    LEFT JOIN households_person p ON p.id = h.head_id
    WHERE h.valid_to IS NULL AND (
        h.id IN (SELECT id FROM roster_home_id)
        OR (h.number <> '' AND (h.region_id, coalesce(nullif(ltrim(h.number, '0'), ''), h.number))
            IN (SELECT region_id, number FROM roster_home)))
    ORDER BY h.id
"""


def _memberships(home: Home) -> list[MembershipFacts]:
    rows = (s.known.membership.covering for s in home.subjects if s.known is not None)
    return [row for row in rows if row is not None]


def _same_family(home: Home, found: HomeFacts, members: Counter[int]) -> bool:
    """Whether a household of the same number is this one: numbers of lists run from 1 again."""
    if found.head_id is None or members[found.id]:
        return True
    stated = (
        home.head.said.name if home.head else first_value(s.said.head_name for s in home.subjects)
    )
    return not stated or stated == found.head_name


def _could_be(home: Home, found: HomeFacts) -> bool:
    """Whether members' household can be the one of the lines: nobody else heads it."""
    if found.head_id is None or home.head is None:
        return True
    return any(s.person_id == found.head_id for s in home.subjects)


# The household itself -----------------------------------------------------------------------------


def _settle_household(home: Home, taken: set[tuple[int, str]]) -> None:
    first = home.subjects[0]
    if home.number and (home.village_id, home.number) in taken and home.known is None:
        first.warn("household_number_taken", "household_no", number=home.number)
        home.number = ""
    if home.known is None:
        taken.add((home.village_id, home.number))
        return
    stated = {"group": home.group, "address": home.address}
    if home.number and not home.known.number and (home.village_id, home.number) not in taken:
        stated["number"] = home.number
        taken.add((home.village_id, home.number))
    for name, new in stated.items():
        old = getattr(home.known, name)
        if not new or new == old:
            continue
        if old and (why := _newer(home, name)):
            first.hold_back(name, old, new, why)
        else:
            home.columns[name] = new
            first.say("household_no" if name == "number" else name, old, new)


def _newer(home: Home, name: str) -> str:
    """Why a value of the household is newer than the roster: when that of a member is."""
    return next((why for subject in home.subjects if (why := subject.newer(name))), "")


def _settle_head(home: Home, steps: MemberSteps) -> None:
    """A head whom the roster names takes the place of the one before."""
    head = home.head
    if head is None or home.known is None:
        return
    if head.person_id is not None and head.person_id == home.known.head_id:
        return
    if home.known.head_id is not None and (why := head.newer("head")):
        head.hold_back("head", home.known.head_name, head.said.name, why)
        home.head = None
        return
    head.say("head", home.known.head_name, head.said.name)
    steps.new_heads.append((home, head))


def _settle_member(subject: Subject, home: Home, steps: MemberSteps, on: date) -> None:
    said = subject.said
    is_head = home.head is subject
    if subject.known is None:
        steps.opened.append((subject, home, said.relation, is_head, None))
        return
    now = subject.known.membership
    row = now.covering
    if row is not None and home.household_id == row.household_id:
        _settle_role(subject, home, row, steps)
    elif row is not None and row.region_id != home.village_id:
        return
    elif now.is_newer:
        subject.hold_back("household_no", "", home.number)
    elif row is not None and (why := subject.newer("household_no")):
        subject.hold_back("household_no", "", home.number, why)
    else:
        _join(subject, subject.known, home, steps, on)


def _settle_role(subject: Subject, home: Home, row: MembershipFacts, steps: MemberSteps) -> None:
    """The same household: only the role can differ. An empty relation says nothing."""
    is_head = row.is_head if home.head is None else home.head is subject
    role = subject.said.relation or row.relationship_to_head
    if row.is_head and not is_head and role in HEADS:
        role = ""
    old = row.relationship_to_head
    if old and role != old and (why := subject.newer("relation")):
        subject.hold_back("relation", old, role, why)
        role = old
    if role != row.relationship_to_head:
        subject.say("relation", row.relationship_to_head, role)
    if (role, is_head) != (row.relationship_to_head, row.is_head):
        steps.altered.append((row.id, home, role, is_head))


def _join(subject: Subject, known: Known, home: Home, steps: MemberSteps, on: date) -> None:
    """Enter a household, leaving the one before on the day of the roster."""
    now, said = known.membership, subject.said
    is_head = home.head is subject
    subject.say("household_no", "", home.number)
    if now.covering is None:
        steps.opened.append((subject, home, said.relation, is_head, beginning(now, on)))
        return
    steps.left_households.add(now.covering.household_id)
    day = takes_over_on(now.covering, on)
    if day is None:
        steps.altered.append((now.covering.id, home, said.relation, is_head))
    else:
        steps.ended.append((now.covering.id, day))
        steps.opened.append((subject, home, said.relation, is_head, day))


# Order of birth -----------------------------------------------------------------------------------


def _settle_birth_orders(home: Home) -> None:
    """Tell the order of birth where the relation gives it (长子、次女、独生子).

    The second son with one elder sister is the third child; plain 子 and 女 say nothing.
    """
    children = [s for s in home.subjects if s.said.relation in CHILDREN]
    for subject in children:
        order = _birth_order(subject, children)
        known = subject.known.facts.birth_order if subject.known else subject.said.birth_order
        if order and not known:
            subject.columns["birth_order"] = order
            if subject.known:
                subject.say("birth_order", None, order)


def _birth_order(subject: Subject, children: list[Subject]) -> int | None:
    said = subject.said
    if said.relation in ONLY_CHILD:
        return 1
    own = ORDINALS.get(said.relation)
    if own is None:
        return None
    elder = [
        s.said
        for s in children
        if s.said.sex != said.sex
        and s.said.relation not in ADOPTED_OR_STEP
        and s.said.birth_date < said.birth_date
    ]
    return own + max([len(elder), *(ORDINALS.get(other.relation, 0) for other in elder)])
