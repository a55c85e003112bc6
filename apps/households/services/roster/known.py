"""What the register knows of persons on the day of a roster. Nothing is written here."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from apps.households.services.roster.spells import NOTHING, Standing, standing

# Texts and codes that a roster states and a later one replaces; an empty cell says nothing.
PLAIN_FIELDS = ("ethnic_group", "education", "hukou_type", "remark")
# Columns of a person whose change by hand after the roster's day is newer than the roster; EDITS
# reads them in this order.
EDITABLE = (*PLAIN_FIELDS, "phone_digest", "marital_status", "residence_status")


class Facts(NamedTuple):
    """The columns of one person that a roster may speak about; sealed ones stay sealed."""

    id: int
    name: str
    former_name: str
    sex: str
    birth_date: date
    birth_precision: str
    id_type: str
    id_number: bytes | None
    id_digest: bytes | None
    id_tail: bytes | None
    ethnic_group: str
    education: str
    hukou_type: str
    marital_status: str
    first_marriage_on: date | None
    residence_status: str
    phone: bytes | None
    phone_digest: bytes | None
    birth_order: int | None
    died_on: date | None
    left_on: date | None
    registered_region_id: int | None
    current_region_id: int | None
    remark: str


class ResidenceFacts(NamedTuple):
    """One row of Residence."""

    id: int
    person_id: int
    kind: str
    region_id: int | None
    place: str
    valid_from: date | None
    valid_to: date | None


class MembershipFacts(NamedTuple):
    """One row of Membership, with its household's village."""

    id: int
    person_id: int
    household_id: int
    region_id: int
    relationship_to_head: str
    is_head: bool
    valid_from: date | None
    valid_to: date | None


class MaritalFacts(NamedTuple):
    """One row of MaritalPeriod."""

    id: int
    person_id: int
    status: str
    valid_from: date | None
    valid_to: date | None


@dataclass(slots=True)
class Known:
    """One person of the register on the day of the roster.

    `later_roster` is the day of the latest roster that spoke of the person after that day,
    `edited` says which columns somebody has changed by hand since, and when.
    """

    facts: Facts
    registered: Standing = NOTHING
    current: Standing = NOTHING
    membership: Standing = NOTHING
    marital: Standing = NOTHING
    later_roster: date | None = None
    edited: dict[str, date] = field(default_factory=dict)


# Reading ------------------------------------------------------------------------------------------


def read_known(as_of: date) -> dict[int, Known]:
    """Return the persons whose numbers stand in the staging table roster_person."""
    names = ", ".join(f"p.{name}" for name in Facts._fields)
    people = rows_of(f"SELECT {names} FROM households_person p JOIN roster_person USING (id)")  # noqa: S608
    known = {row[0]: Known(_facts(row)) for row in people}
    residences: dict[tuple[int, str], list[Any]] = defaultdict(list)
    for row in rows_of(RESIDENCES):
        residences[row[1], row[2]].append(ResidenceFacts._make(row))
    for (person_id, kind), spells in residences.items():
        setattr(known[person_id], kind, standing(spells, as_of))
    for person_id, rows in _by_person(MEMBERSHIPS, MembershipFacts).items():
        known[person_id].membership = standing(rows, as_of)
    for person_id, rows in _by_person(MARITAL, MaritalFacts).items():
        known[person_id].marital = standing(rows, as_of)
    for person_id, day in rows_of(LATER_ROSTERS, [as_of.isoformat()]):
        known[person_id].later_roster = date.fromisoformat(day)
    for person_id, edited in _edits(as_of).items():
        known[person_id].edited = edited
    return known


def _edits(as_of: date) -> dict[int, dict[str, date]]:
    """Say which columns were changed by hand after a day: person → {column: the last day}."""
    found: dict[int, dict[str, date]] = defaultdict(dict)
    before: dict[int, tuple[Any, ...]] = {}
    for person_id, on, counts, *values in rows_of(EDITS, [as_of]):
        now = tuple(map(plain, values))
        old = before.get(person_id, now)
        before[person_id] = now
        if counts:
            changed = (name for name, a, b in zip(EDITABLE, old, now, strict=True) if a != b)
            found[person_id].update(dict.fromkeys(map(_statement_of, changed), on))
    return found


def _statement_of(column: str) -> str:
    return column.removesuffix("_digest")


RESIDENCES = """
    SELECT r.id, r.person_id, r.kind, r.region_id, r.place, r.valid_from, r.valid_to
    FROM households_residence r JOIN roster_person n ON n.id = r.person_id
"""
MEMBERSHIPS = """
    SELECT m.id, m.person_id, m.household_id, h.region_id, m.relationship_to_head, m.is_head,
        m.valid_from, m.valid_to
    FROM households_membership m
    JOIN roster_person n ON n.id = m.person_id
    JOIN households_household h ON h.id = m.household_id
"""
MARITAL = """
    SELECT p.id, p.person_id, p.status, p.valid_from, p.valid_to
    FROM households_maritalperiod p JOIN roster_person n ON n.id = p.person_id
"""
# Row history knows the date of the roster that wrote a version (services.roster.register), and
# whether that roster was taken back.
LATER_ROSTERS = """
    SELECT e.pgh_obj_id, max(c.metadata ->> 'as_of') FROM pghistory_context c
    JOIN households_personevent e ON e.pgh_context_id = c.id
    JOIN roster_person n ON n.id = e.pgh_obj_id
    WHERE c.metadata ->> 'as_of' > %s AND NOT c.metadata ? 'undone'
    GROUP BY e.pgh_obj_id
"""
# All versions of the persons that somebody changed by hand after a day; imports name their batch.
EDITS = """
    WITH later AS (
        SELECT e.pgh_id, e.pgh_obj_id FROM households_personevent e
        JOIN roster_person n ON n.id = e.pgh_obj_id
        LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
        WHERE e.pgh_created_at >= %s::date + 1 AND e.pgh_label = 'update'
            AND NOT coalesce(c.metadata ? 'batch', false))
    SELECT e.pgh_obj_id, (e.pgh_created_at AT TIME ZONE 'Asia/Shanghai')::date,
        e.pgh_id IN (SELECT pgh_id FROM later), e.ethnic_group, e.education, e.hukou_type,
        e.remark, e.phone_digest, e.marital_status, e.residence_status
    FROM households_personevent e
    WHERE e.pgh_obj_id IN (SELECT pgh_obj_id FROM later)
    ORDER BY e.pgh_id
"""


def rows_of(sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Run a statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def _by_person(sql: str, kind: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows_of(sql):
        found[row[1]].append(kind._make(row))
    return found


def _facts(row: tuple[Any, ...]) -> Facts:
    return Facts._make(map(plain, row))


def plain(value: Any) -> Any:
    """Return a value of a row; binary ones as bytes, which can be compared."""
    return bytes(value) if isinstance(value, memoryview) else value
