"""Write what a roster plan decided: a handful of statements per table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from operator import itemgetter
from typing import Any

from django.db import connection, models
from django.utils import timezone

from apps.core.bulk import copy_models, staging_table, take_numbers, update_rows
from apps.core.identifiers import document_type_of
from apps.core.names import search_keys
from apps.households.choices import Presence, ResidenceReason, Source
from apps.households.digests import id_tail, phone_digest, seal_id, seal_phone
from apps.households.models import Household, MaritalPeriod, Membership, Person, Residence
from apps.households.roster_rows import RosterResult
from apps.households.services.identity import VILLAGE_DIGITS
from apps.households.services.roster.homes import Home, MemberSteps
from apps.households.services.roster.known import Facts
from apps.households.services.roster.places import Steps
from apps.households.services.roster.subjects import Subject
from apps.imports.registry import PutBack
from apps.indicators.services import request_refresh

PERSON_COLUMNS = (
    *("id", "name", "former_name", "pinyin", "initials", "pinyin_other", "initials_other"),
    *("sex", "birth_date", "birth_precision", "id_type", "id_number", "id_digest", "id_tail"),
    *("temporary_number", "ethnic_group", "education", "hukou_type", "marital_status"),
    *("first_marriage_on", "residence_status", "phone", "phone_digest", "birth_order"),
    *("death_precision", "registered_region_id", "current_region_id", "source", "remark"),
    *("created_at", "updated_at"),
)
# Columns of a known person that a roster can change, as they stand in Facts.
CHANGEABLE = (
    *("birth_date", "birth_precision", "id_type", "id_number", "id_digest", "id_tail"),
    *("ethnic_group", "education", "hukou_type", "marital_status", "first_marriage_on"),
    *("residence_status", "phone", "phone_digest", "birth_order", "left_on"),
    *("registered_region_id", "current_region_id", "remark"),
)
# What only a line that names its person by key can correct.
WHO_COLUMNS = ("name", "pinyin", "initials", "pinyin_other", "initials_other", "sex")
HOUSEHOLD_COLUMNS = (
    *("id", "number", "region_id", "group", "address", "presence", "head_id", "member_count"),
    *("remark", "created_at", "updated_at"),
)


# Persons ------------------------------------------------------------------------------------------


def write_people(
    subjects: Sequence[Subject], villages: dict[int, str], result: RosterResult
) -> None:
    """Create the persons whom the register does not know and change the others.

    `villages` is region number → code, for temporary numbers. New persons get their row number
    in `subject.person_id`.
    """
    now = timezone.now()
    new = [s for s in subjects if s.is_taken and s.known is None]
    for subject, number in zip(new, take_numbers(Person, len(new)), strict=True):
        subject.person_id = subject.outcome.person_id = number
    temporary = _temporary_numbers([s for s in new if not s.said.id_number], villages)
    copy_models(Person, PERSON_COLUMNS, (_person_row(s, temporary, now) for s in new))
    changed = [s for s in subjects if s.is_taken and s.known is not None and s.columns]
    rows = [_changed_row(s, s.known.facts, now) for s in changed if s.known is not None]
    count = update_rows(Person, ["id", *CHANGEABLE, "updated_at"], rows)
    corrected = [s for s in changed if s.is_keyed and {"name", "sex"} & s.columns.keys()]
    if corrected:
        update_rows(Person, ["id", *WHO_COLUMNS], [_who_row(s) for s in corrected])
    result.persons_created += len(new)
    result.persons_created_with_id += sum(bool(s.said.id_number) for s in new)
    result.persons_changed += count
    result.count(Person, created=len(new), changed=count)


def _person_row(subject: Subject, temporary: dict[int, str], now: datetime) -> tuple[Any, ...]:
    said, columns, number = subject.said, subject.columns, subject.said.id_number
    return (
        subject.person_id,
        said.name,
        "",
        *search_keys(said.name),
        said.sex,
        said.birth_date,
        said.birth_precision,
        document_type_of(number) if number else "01",
        seal_id(number) if number else None,
        subject.digest,
        id_tail(number) if number else None,
        temporary.get(subject.person_id or 0, ""),
        said.ethnic_group,
        said.education,
        said.hukou_type,
        said.marital_status,
        said.first_marriage_on,
        said.residence_status,
        seal_phone(said.phone) if said.phone else None,
        phone_digest(said.phone) if said.phone else None,
        columns.get("birth_order", said.birth_order),
        "day",
        columns.get("registered_region_id"),
        columns.get("current_region_id"),
        Source.ROSTER.value,
        said.remark,
        now,
        now,
    )


def _who_row(subject: Subject) -> tuple[Any, ...]:
    said = subject.said
    return (subject.person_id, said.name, *search_keys(said.name), said.sex)


def _changed_row(subject: Subject, facts: Facts, now: datetime) -> tuple[Any, ...]:
    """The whole row, so that one statement serves all; unchanged columns keep their value."""
    columns = _sealed(subject)
    values = (columns.get(name, getattr(facts, name)) for name in CHANGEABLE)
    return (facts.id, *values, now)


def _sealed(subject: Subject) -> dict[str, Any]:
    columns = dict(subject.columns)
    if "id_number" in columns:
        number = columns["id_number"]
        columns |= {
            "id_type": document_type_of(number),
            "id_number": seal_id(number),
            "id_digest": subject.digest,
            "id_tail": id_tail(number),
        }
    if "phone" in columns:
        phone = columns["phone"]
        columns |= {"phone": seal_phone(phone), "phone_digest": phone_digest(phone)}
    if "registered_region_id" in columns:
        columns["left_on"] = None
    return columns


def _temporary_numbers(subjects: Iterable[Subject], villages: dict[int, str]) -> dict[int, str]:
    """Number the people without an ID number, village by village (services.identity).

    The villages' rows are held by the caller, so nobody else takes the same numbers.
    """
    waiting: dict[str, list[int]] = defaultdict(list)
    for subject in subjects:
        stem = f"T{villages[subject.village_id][:VILLAGE_DIGITS]:0<12}-"
        waiting[stem].append(subject.person_id or 0)
    if not waiting:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(LAST_NUMBERS, [list(waiting)])
        last = dict(cursor.fetchall())
    return {
        person_id: f"{stem}{last.get(stem, 0) + step}"
        for stem, people in waiting.items()
        for step, person_id in enumerate(people, 1)
    }


LAST_NUMBERS = """
    SELECT left(temporary_number, 14), max(substr(temporary_number, 15)::integer)
    FROM households_person
    WHERE temporary_number <> '' AND left(temporary_number, 14) = ANY(%s)
    GROUP BY 1
"""


# Dated rows ---------------------------------------------------------------------------------------


def write_spells(steps: Steps, result: RosterResult) -> None:
    """End, alter and open residences and marital periods, in the order constraints need."""
    roster = ResidenceReason.ROSTER.value
    ended = [(number, day, roster) for number, day in steps.residences_ended]
    count = update_rows(Residence, ["id", "valid_to", "end_reason"], ended)
    altered = [(number, region_id, "") for number, region_id in steps.residences_altered]
    count += update_rows(Residence, ["id", "region_id", "place"], altered)
    new = _opened(
        Residence,
        ("person_id", "kind", "region_id", "place", "valid_from", "begin_reason", "end_reason"),
        [
            (s.person_id, kind, region_id, "", since, roster, "")
            # One kind after the other: the exclusion constraint's index grows a quarter faster.
            for s, kind, region_id, since in sorted(steps.residences_new, key=itemgetter(1))
            if s.is_taken
        ],
    )
    result.count(Residence, created=new, changed=count)
    count = update_rows(
        MaritalPeriod, ["id", "status", "valid_from", "valid_to"], steps.marital_altered
    )
    new = _opened(
        MaritalPeriod,
        ("person_id", "status", "valid_from"),
        [(s.person_id, status, since) for s, status, since in steps.marital_new if s.is_taken],
    )
    result.count(MaritalPeriod, created=new, changed=count)


def _opened(
    model: type[models.Model], columns: tuple[str, ...], rows: Sequence[tuple[Any, ...]]
) -> int:
    numbers = take_numbers(model, len(rows))
    numbered = ((number, *row) for number, row in zip(numbers, rows, strict=True))
    copy_models(model, ("id", *columns), numbered)
    return len(rows)


# Households ---------------------------------------------------------------------------------------


def write_homes(steps: MemberSteps, result: RosterResult) -> set[int]:
    """Create and change households and memberships; returns the households concerned."""
    now = timezone.now()
    new = [home for home in steps.homes if home.known is None]
    for home, number in zip(new, take_numbers(Household, len(new)), strict=True):
        home.household_id = number
    copy_models(Household, HOUSEHOLD_COLUMNS, (_household_row(home, now) for home in new))
    changed = [home for home in steps.homes if home.known is not None and home.columns]
    count = update_rows(
        Household,
        ["id", "number", "group", "address", "updated_at"],
        [_changed_household(home, now) for home in changed],
    )
    result.households_created += len(new)
    result.households_changed += count
    result.count(Household, created=len(new), changed=count)
    _write_memberships(steps, result)
    concerned = {home.household_id for home in steps.homes if home.household_id}
    return concerned | steps.left_households


def _household_row(home: Home, now: datetime) -> tuple[Any, ...]:
    at_home = any(_lives_in(s, home.village_id) for s in home.subjects)
    presence = Presence.PRESENT if at_home else Presence.REGISTERED_ONLY
    return (
        home.household_id,
        home.number,
        home.village_id,
        home.group,
        home.address,
        presence.value,
        home.head.person_id if home.head else None,
        len(home.subjects),
        "",
        now,
        now,
    )


def _lives_in(subject: Subject, village_id: int) -> bool:
    if "current_region_id" in subject.columns or subject.known is None:
        return bool(subject.columns.get("current_region_id") == village_id)
    return subject.known.facts.current_region_id == village_id


def _changed_household(home: Home, now: datetime) -> tuple[Any, ...]:
    names = ("number", "group", "address")
    values = (home.columns.get(name, getattr(home.known, name)) for name in names)
    return (home.household_id, *values, now)


def _write_memberships(steps: MemberSteps, result: RosterResult) -> None:
    """Old heads step back first: a household has one head at any moment of the transaction."""
    count = _step_back(steps.new_heads)
    columns = ["id", "household_id", "relationship_to_head", "is_head"]
    rows = [(pk, home.household_id, role, head) for pk, home, role, head in steps.altered]
    count += update_rows(Membership, columns, [row for row in rows if not row[3]])
    count += update_rows(Membership, ["id", "valid_to"], steps.ended)
    count += update_rows(Membership, columns, [row for row in rows if row[3]])
    new = _opened(
        Membership,
        ("person_id", "household_id", "relationship_to_head", "is_head", "valid_from"),
        [
            (s.person_id, home.household_id, role, head, since)
            for s, home, role, head, since in steps.opened
        ],
    )
    result.count(Membership, created=new, changed=count)


def _step_back(new_heads: Sequence[tuple[Home, Subject]]) -> int:
    """Take the role of head from whoever had it; what he is to the new head is not known."""
    rows = [(home.household_id, head.person_id) for home, head in new_heads]
    if not rows:
        return 0
    staging_table("roster_new_head", {"household_id": "bigint", "person_id": "bigint"}, rows)
    with connection.cursor() as cursor:
        cursor.execute(STEP_BACK)
        return cursor.rowcount


STEP_BACK = """
    UPDATE households_membership m SET is_head = false, relationship_to_head = ''
    FROM roster_new_head n
    WHERE m.household_id = n.household_id AND m.is_head AND m.valid_to IS NULL
        AND m.person_id <> n.person_id
"""


def refresh_households(household_ids: Iterable[int]) -> int:
    """Bring head, number of members and presence of households up to date; the others stay.

    The same rules as services.intervals.refresh_household, for many at once.
    """
    rows = [(number,) for number in sorted(set(household_ids))]
    if not rows:
        return 0
    staging_table("roster_refresh", {"id": "bigint"}, rows)
    with connection.cursor() as cursor:
        cursor.execute(REFRESH, [timezone.now()])
        return cursor.rowcount


REFRESH = """
    UPDATE households_household h
    SET head_id = f.head_id, member_count = f.members, presence = f.presence, updated_at = %s
    FROM (
        SELECT h.id, min(m.person_id) FILTER (WHERE m.is_head) AS head_id,
            count(m.id) AS members, CASE
                WHEN count(m.id) = 0 THEN 'empty'
                WHEN bool_or(p.current_region_id = h.region_id) THEN 'present'
                ELSE 'registered_only' END AS presence
        FROM roster_refresh r
        JOIN households_household h ON h.id = r.id
        LEFT JOIN households_membership m ON m.household_id = h.id AND m.valid_to IS NULL
        LEFT JOIN households_person p ON p.id = m.person_id
        GROUP BY h.id
    ) AS f
    WHERE h.id = f.id
        AND (h.head_id, h.member_count, h.presence)
            IS DISTINCT FROM (f.head_id, f.members, f.presence)
"""


def follow_undo(done: PutBack) -> None:
    """Bring households up to date with what an import that was taken back has left of them.

    One that was taken back as a whole has left nothing behind. Figures are counted anew.
    """
    if not done.is_whole:
        with connection.cursor() as cursor:
            cursor.execute(
                HOMES_CONCERNED.format(
                    homes=done.concerned.get(Household, NOBODY),
                    people=done.concerned.get(Person, NOBODY),
                )
            )
            refresh_households(number for (number,) in cursor.fetchall())
    request_refresh()


NOBODY = "SELECT NULL::bigint"
HOMES_CONCERNED = """
    SELECT id FROM households_household WHERE id IN ({homes})
    UNION SELECT household_id FROM households_membership
    WHERE valid_to IS NULL AND person_id IN ({people})
"""
