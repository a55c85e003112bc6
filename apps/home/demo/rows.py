"""Turn fictional people into the rows of the register's tables.

Each function yields tuples in the order of its COLUMNS entry.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from apps.core.names import search_keys
from apps.home.demo.people import (
    FEMALE,
    MARRIED,
    DemoHome,
    DemoPerson,
    DemoTownship,
    Spell,
)
from apps.home.demo.quotas import AS_OF
from apps.households import digests

Row = tuple[Any, ...]
COLUMNS: dict[str, tuple[str, ...]] = {
    "households_household": (
        *("id", "created_at", "updated_at", "number", "region_id", "group", "address", "presence"),
        *("valid_from", "valid_to", "remark", "head_id", "member_count"),
    ),
    "households_person": (
        *("id", "created_at", "updated_at", "name", "former_name", "pinyin", "initials"),
        *("pinyin_other", "initials_other", "sex", "birth_date", "birth_precision", "id_type"),
        *("id_number", "id_digest", "id_tail", "temporary_number", "ethnic_group", "education"),
        *("hukou_type", "marital_status", "first_marriage_on", "residence_status", "phone"),
        *("phone_digest", "birth_order", "died_on", "death_precision", "registered_region_id"),
        *("current_region_id", "source", "remark"),
    ),
    "households_membership": (
        *("person_id", "household_id", "relationship_to_head", "is_head", "valid_from"),
        "valid_to",
    ),
    "households_residence": (
        *("person_id", "kind", "region_id", "place", "valid_from", "valid_to", "begin_reason"),
        "end_reason",
    ),
    "households_kinship": ("child_id", "parent_id", "parent_sex", "nature"),
    "households_marriage": (
        *("wife_id", "husband_id", "spouse_name", "order", "valid_from", "from_precision"),
        *("valid_to", "end_kind"),
    ),
    "households_maritalperiod": ("person_id", "status", "valid_from", "valid_to"),
    "households_lifeevent": (
        *("kind", "person_id", "other_person_id", "household_id", "region_id", "occurred_on"),
        *("precision", "learnt_on", "entered_at", "entered_by_id", "source", "note", "changes"),
    ),
    "women_casefile": ("created_at", "updated_at", "person_id", "remark"),
    "women_contraceptiveuse": (
        *("person_id", "method", "valid_from", "from_precision", "valid_to", "facility"),
    ),
}
# Shares of methods among married women, in hundreds; "00" is none. Fictional.
METHODS: tuple[str, ...] = (
    ("03",) * 38 + ("02",) * 16 + ("06",) * 17 + ("01",) * 2 + ("05",) * 3 + ("04",) * 2
)
METHODS += ("00",) * 22


@dataclass
class RowMaker:
    """Makes the rows of one township.

    `villages` maps region numbers to their codes; `person_numbers` and `home_numbers` are row
    numbers taken from the register, one for each person and each household.
    """

    town: DemoTownship
    villages: dict[int, str]
    person_numbers: Sequence[int]
    home_numbers: Sequence[int]
    entered_by: int
    today: date
    dice: random.Random
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    heads: dict[int, int] = field(default_factory=dict)
    temporary: dict[str, int] = field(default_factory=dict)

    def person_id(self, person: DemoPerson) -> int:
        return self.person_numbers[person.number - 1]

    def home_id(self, home: DemoHome) -> int:
        return self.home_numbers[home.number - 1]

    def tables(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Yield (table, rows) in the order in which they have to be written."""
        memberships = list(self.memberships())
        yield "households_household", self.homes()
        yield "households_person", self.people()
        yield "households_membership", iter(memberships)
        yield "households_residence", self.residences()
        yield "households_kinship", self.kinships()
        yield "households_marriage", self.marriages()
        yield "households_maritalperiod", self.marital_periods()
        yield "households_lifeevent", self.events()
        yield "women_casefile", self.case_files()
        yield "women_contraceptiveuse", self.methods()

    # --- households --------------------------------------------------------------------------

    def memberships(self) -> Iterator[Row]:
        """Members with their roles; when a head dies, the next member follows that day."""
        for home in self.town.homes:
            yield from self._members_of(home)

    def _members_of(self, home: DemoHome) -> Iterator[Row]:
        first = home.members[0]
        staying = [m for m in home.members[1:] if not m.left]
        heir = _heir(staying) if first.left else first
        for member in home.members:
            until = member.left
            if member is heir and heir is not first:
                yield self._membership(member, home, member.role, member.joined, first.left)
                yield self._membership(member, home, "02", first.left, None)
                continue
            yield self._membership(member, home, member.role, member.joined, until)
        if heir:
            self.heads[home.number] = self.person_id(heir)

    def _membership(
        self, member: DemoPerson, home: DemoHome, role: str, since: date | None, until: date | None
    ) -> Row:
        return (self.person_id(member), self.home_id(home), role, role == "02", since, until)

    def homes(self) -> Iterator[Row]:
        for home in self.town.homes:
            staying = [m for m in home.members if not m.left]
            ended = None if staying else max(m.left for m in home.members if m.left)
            presence = "present"
            if not staying:
                presence = "empty"
            elif all(m.lives_elsewhere for m in staying):
                presence = "registered_only"
            yield (
                *(self.home_id(home), self.now, self.now, home.label, home.village),
                *(f"{home.group}组", "", presence, None, ended, ""),
                *(self.heads.get(home.number), len(staying)),
            )

    # --- persons -----------------------------------------------------------------------------

    def people(self) -> Iterator[Row]:
        for person in self.town.people:
            number, digest, tail, temporary = self._numbers(person)
            registered = person.village if person.registered[-1].place == "" else None
            current = None if person.lives_elsewhere else registered
            if person.registered_elsewhere:
                current = person.village
            phone = person.phone
            yield (
                *(self.person_id(person), self.now, self.now, person.name, ""),
                *search_keys(person.name),
                *(person.sex, person.born, "day", "01", number, digest, tail, temporary),
                *(person.ethnic_group, person.education, "3", self._status(person)),
                *(person.married_on, "2" if person.lives_elsewhere else "1"),
                digests.seal_phone(phone) if phone else None,
                digests.phone_digest(phone) if phone else None,
                *(person.birth_order, person.died_on, "day", registered, current, "demo", ""),
            )

    def _status(self, person: DemoPerson) -> str:
        return person.status if person.age_on(self.today) >= 15 else ""

    def _numbers(self, person: DemoPerson) -> tuple[bytes | None, bytes | None, bytes | None, str]:
        """Seal the ID number; some newborns have none yet and get a temporary number."""
        newborn = (self.today - person.born).days < 75
        if newborn and self.dice.random() < 0.5:
            code = self.villages[person.village]
            self.temporary[code] = self.temporary.get(code, 0) + 1
            return None, None, None, f"T{code}-{self.temporary[code]:04d}"
        number = person.id_number
        return digests.seal_id(number), digests.id_digest(number), digests.id_tail(number), ""

    def residences(self) -> Iterator[Row]:
        for person in self.town.people:
            spells = person.registered
            for index in range(len(spells)):
                yield self._as_spell(person, "registered", spells, index)
            yield from self._current(person)

    def _current(self, person: DemoPerson) -> Iterator[Row]:
        if person.registered_elsewhere:
            home = person.registered[0].place
            yield self._residence(person, "current", home, None, person.joined, "", "work")
            yield self._residence(person, "current", "", person.joined, None, "work", "")
        elif person.lives_elsewhere:
            since = AS_OF - timedelta(days=self.dice.randint(40, 2500))
            begun = person.joined
            since = max(since, begun + timedelta(days=1)) if begun else since
            yield self._residence(person, "current", "", begun, since, "", "work")
            yield self._residence(person, "current", "外省", since, None, "work", "")
        else:
            for index in range(len(person.registered)):
                yield self._as_spell(person, "current", person.registered, index)

    def _as_spell(self, person: DemoPerson, kind: str, spells: list[Spell], index: int) -> Row:
        spell, rest = spells[index], spells[index + 1 :]
        ended_by = rest[0].reason if rest else ""
        return self._residence(
            person, kind, spell.place, spell.since, spell.until, spell.reason, ended_by
        )

    def _residence(
        self,
        person: DemoPerson,
        kind: str,
        place: str,
        since: date | None,
        until: date | None,
        begun_by: str,
        ended_by: str,
    ) -> Row:
        region = None if place else person.village
        return (self.person_id(person), kind, region, place, since, until, begun_by, ended_by)

    # --- relations ---------------------------------------------------------------------------

    def kinships(self) -> Iterator[Row]:
        for person in self.town.people:
            for parent in (person.mother, person.father):
                if parent:
                    yield (self.person_id(person), self.person_id(parent), parent.sex, "birth")

    def marriages(self) -> Iterator[Row]:
        for couple in self.town.couples:
            yield (
                *(self.person_id(couple.wife), self.person_id(couple.husband), "", "21"),
                *(couple.since, "day", couple.until, couple.ended_by),
            )

    def marital_periods(self) -> Iterator[Row]:
        for person in self.town.people:
            for index, (status, since) in enumerate(person.statuses):
                rest = person.statuses[index + 1 :]
                yield (self.person_id(person), status, since, rest[0][1] if rest else None)

    def events(self) -> Iterator[Row]:
        for event in self.town.events:
            learnt = min(event.on + timedelta(days=self.dice.randint(1, 20)), self.today)
            home = event.person.home
            yield (
                *(event.kind, self.person_id(event.person)),
                self.person_id(event.other) if event.other else None,
                self.home_id(home) if home else None,
                *(event.person.village, event.on, "day", learnt),
                datetime.combine(learnt, time(2, 30), UTC),
                *(self.entered_by, "demo", "", "{}"),
            )

    # --- services to women -------------------------------------------------------------------

    def _married_women(self) -> Iterator[DemoPerson]:
        for person in self.town.people:
            is_wife = person.sex == FEMALE and person.status == MARRIED
            if is_wife and not person.left and 15 <= person.age_on(AS_OF) <= 49:
                yield person

    def case_files(self) -> Iterator[Row]:
        for woman in self._married_women():
            yield (self.now, self.now, self.person_id(woman), "")

    def methods(self) -> Iterator[Row]:
        for woman in self._married_women():
            method = self.dice.choice(METHODS)
            begun = max([child.born for child in woman.children] + [woman.married_on or AS_OF])
            since = min(begun + timedelta(days=self.dice.randint(45, 600)), self.today)
            yield (
                *(self.person_id(woman), method, since if method != "00" else None, "day", None),
                "",
            )


def _heir(staying: list[DemoPerson]) -> DemoPerson | None:
    """The member who follows a head: the spouse, else the oldest adult, else the oldest."""
    spouses = [m for m in staying if m.role in ("11", "12")]
    return spouses[0] if spouses else min(staying, key=lambda m: m.born, default=None)
