"""Find the persons that a roster names, and what it says differently from the register.

Nothing is written here. Matching runs as joins with a staging table: first by the digest of the
ID number, then by name, sex, birth date and village where one of the two sides has no number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, cast

from django.db import connection

from apps.core import crypto
from apps.core.bulk import staging_table
from apps.core.identifiers import document_type_of
from apps.core.names import normal_name
from apps.core.querysets import scope_paths
from apps.households.digests import ID_COLUMN, PHONE_COLUMN, id_digest, phone_digest
from apps.households.roster_rows import PersonStatement, RosterIssue, RowOutcome, same_birth
from apps.households.services.roster.doubts import ask, follow, wants_file
from apps.households.services.roster.keys import follow_keys, keyed_lines
from apps.households.services.roster.spells import NOTHING, Standing, standing
from apps.households.services.roster.spoken import SpokenFor
from apps.imports.models import QuestionKind
from apps.imports.records import NO_DECISIONS, Decisions
from apps.regions.models import Region

# Texts and codes that a roster states and a later one replaces; an empty cell says nothing.
PLAIN_FIELDS = ("ethnic_group", "education", "hukou_type", "remark")
# Columns of a person whose change by hand after the roster's day is newer than the roster; EDITS
# reads them in this order.
EDITABLE = (*PLAIN_FIELDS, "phone_digest", "marital_status", "residence_status")
# Fields that a line may leave empty while the register knows them: statement → column.
LASTING = {name: name for name in (*PLAIN_FIELDS, "marital_status", "first_marriage_on")} | {
    "phone": "phone_digest",
    "id_number": "id_digest",
    "residence_status": "residence_status",
}


# What the register knows --------------------------------------------------------------------------


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


@dataclass(slots=True)
class Subject:
    """One statement of the roster and what the register has to it.

    `person_id` is the matched person's, later also that of a person about to be created.
    `columns` are new values of the person's columns. `has_left`: the register has the person's
    move out of the county, so the roster changes no place and no household. `is_new_person`:
    somebody has decided that the register does not know this person. `is_keyed`: the line names
    the person by key, so what else it says corrects the register.
    """

    said: Any
    village_id: int
    digest: bytes | None
    outcome: RowOutcome
    known: Known | None = None
    person_id: int | None = None
    columns: dict[str, Any] = field(default_factory=dict)
    has_left: bool = False
    is_new_person: bool = False
    is_keyed: bool = False
    answers: Decisions = field(default_factory=lambda: NO_DECISIONS)
    file_counts: bool | None = None

    @property
    def is_taken(self) -> bool:
        """Whether the line is written."""
        return not self.outcome.is_blocked

    @property
    def is_dead(self) -> bool:
        """Whether the register has the person's death."""
        return self.known is not None and self.known.facts.died_on is not None

    @property
    def is_here(self) -> bool:
        """Whether the line is written and the person can be put somewhere."""
        return self.is_taken and not self.is_dead and not self.has_left

    def refuse(self, kind: str, on_field: str, **params: Any) -> None:
        """Block the line: a person decides."""
        self.outcome.outcome = "error"
        self._note(RosterIssue(kind, on_field, "error", params))

    def skip(self, kind: str, on_field: str, **params: Any) -> None:
        """Leave the line out without asking for a correction."""
        self.outcome.outcome = "skipped"
        self._note(RosterIssue(kind, on_field, "skip", params))

    def warn(self, kind: str, on_field: str, **params: Any) -> None:
        """Take the line, but say what does not fit."""
        self._note(RosterIssue(kind, on_field, "warning", params))

    def _note(self, issue: RosterIssue) -> None:
        self.outcome.issues = (*self.outcome.issues, issue)

    def say(self, name: str, old: Any, new: Any) -> None:
        """Name a change for the preview."""
        self.outcome.changes[name] = (old, new)

    def wait(self, kind: str, on_field: str, **params: Any) -> None:
        """Keep the line out until somebody has decided."""
        self.outcome.outcome = "waiting"
        self.warn(kind, on_field, **params)

    def newer(self, name: str) -> str:
        """Say why the register's value of a field is newer than the roster; "" if it is not.

        "roster": a later one has spoken; "hand": somebody has entered it since. Where somebody
        has decided for the file, nothing is newer.
        """
        if self.known is None:
            return ""
        why = "hand" if name in self.known.edited else "roster" if self.outcome.older else ""
        return why if why and not self.prefers_file() else ""

    def prefers_file(self) -> bool:
        """Whether somebody has decided for the file where the register is newer; raises that."""
        if self.file_counts is None and self.known is not None:
            facts = self.known.facts
            values = [getattr(facts, column) for column in EDITABLE]
            self.file_counts = wants_file(self, facts.id, str(self.known.later_roster), values)
        return bool(self.file_counts)

    def hold_back(self, name: str, old: Any, new: Any, why: str = "dated") -> None:
        """Name a difference that the roster must not bring in.

        `why` as `newer` says it, or dated: the register has a dated change after the roster's day
        or one that cannot be followed by what the line says.
        """
        self.outcome.withheld[name] = (old, new)
        self.outcome.why[name] = why
        if self.known is not None:
            since = self.known.edited.get(name) or self.known.later_roster
            self.outcome.since = max(filter(None, (since, self.outcome.since)), default=None)


# Matching -----------------------------------------------------------------------------------------

STAGED = {
    "line": "integer",
    "id_type": "varchar(2)",
    "id_digest": "bytea",
    "name": "varchar(50)",
    "sex": "varchar(1)",
    "birth_date": "date",
    "birth_precision": "varchar(5)",
    "region_id": "bigint",
}
BY_NUMBER = """
    SELECT s.line, p.id FROM roster_line s
    JOIN households_person p ON p.id_type = s.id_type AND p.id_digest = s.id_digest
"""
# Two dates agree as far as both are known.
BY_NAME = """
    SELECT s.line, p.id FROM roster_line s
    JOIN households_person p ON p.name = s.name AND p.sex = s.sex
        AND s.region_id IN (p.registered_region_id, p.current_region_id)
        AND extract(year FROM p.birth_date) = extract(year FROM s.birth_date)
        AND ('year' IN (s.birth_precision, p.birth_precision)
            OR extract(month FROM p.birth_date) = extract(month FROM s.birth_date))
        AND (s.birth_precision <> 'day' OR p.birth_precision <> 'day'
            OR p.birth_date = s.birth_date)
    WHERE {missing} IS NULL AND {given}
"""


class Sight:
    """What an actor may be told of people whom a roster meets elsewhere."""

    def __init__(self, actor: Any) -> None:
        self._paths = scope_paths(actor)
        self._names: dict[int | None, str] = {None: ""}

    def place(self, region_id: int | None) -> dict[str, str]:
        """Return the village's name as a message's parameter, nothing if it is out of sight."""
        if region_id not in self._names:
            region = Region.objects.get(pk=cast(int, region_id))
            is_mine = any(region.path.startswith(path) for path in self._paths)
            self._names[region_id] = region.name if is_mine else ""
        name = self._names[region_id]
        return {"place": name} if name else {}


def find_people(
    statements: Sequence[PersonStatement],
    villages: dict[str, int],
    *,
    as_of: date,
    sight: Sight,
    spoken: SpokenFor,
    decisions: Decisions = NO_DECISIONS,
) -> list[Subject]:
    """Match statements to persons of the register; one Subject each, in their order.

    Blocks a line whose person cannot be told (`ambiguous_match`) or whose number belongs to
    somebody of another name (`id_conflict`) unless `decisions` say what to do, and skips a second
    line on the same person. Must run inside a transaction.
    """
    subjects = [_subject(said, villages[said.village_code], decisions) for said in statements]
    _stage(subjects)
    by_number = _matches(BY_NUMBER)
    by_name = _matches(BY_NAME.format(missing="s.id_digest", given="true"))
    by_name |= _matches(BY_NAME.format(missing="p.id_digest", given="s.id_digest IS NOT NULL"))
    _settle_within_file(subjects)
    keyed = keyed_lines(subjects)
    follow_keys(subjects, keyed, identities(keyed.values()), by_number, sight)
    several = {n: ids for n, ids in by_name.items() if len(ids) > 1 and n not in by_number}
    known = identities({person_id for ids in several.values() for person_id in ids})
    for position, subject in enumerate(subjects):
        if subject.is_keyed:
            continue
        if subject.is_taken and position in several:
            _choose_among(subject, [known[person_id] for person_id in several[position]])
        elif subject.is_taken:
            subject.person_id = (by_number.get(position) or by_name.get(position) or (None,))[0]
    read_register(subjects, as_of)
    _refuse_other_names(subjects, sight)
    skip_second_lines(subjects, spoken)
    return subjects


def _subject(said: PersonStatement, village_id: int, decisions: Decisions) -> Subject:
    digest = id_digest(said.id_number) if said.id_number else None
    return Subject(said, village_id, digest, RowOutcome(said.line), answers=decisions)


def _stage(subjects: Sequence[Subject]) -> None:
    rows = [
        (
            position,
            document_type_of(s.said.id_number) if s.said.id_number else "",
            s.digest,
            s.said.name,
            s.said.sex,
            s.said.birth_date,
            s.said.birth_precision,
            s.village_id,
        )
        for position, s in enumerate(subjects)
    ]
    staging_table("roster_line", STAGED, rows)


def _matches(sql: str) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql)
        for line, person_id in cursor.fetchall():
            found[line] = (*found.get(line, ()), person_id)
    return found


class Identity(NamedTuple):
    """What tells one person of the register from another."""

    id: int
    name: str
    sex: str
    birth_date: date
    birth_precision: str
    id_digest: bytes | None
    registered_region_id: int | None
    current_region_id: int | None

    @property
    def facts(self) -> list[str]:
        """The same as texts, for the key of a question."""
        return [str(value) for value in self]


def identities(ids: Iterable[int]) -> dict[int, Identity]:
    """Read who some persons of the register are."""
    wanted = sorted(ids)
    if not wanted:
        return {}
    columns = ", ".join(Identity._fields)
    sql = f"SELECT {columns} FROM households_person WHERE id = ANY(%s)"  # noqa: S608
    rows = (Identity._make(_plain(value) for value in row) for row in rows_of(sql, [wanted]))
    return {row.id: row for row in rows}


def _choose_among(subject: Subject, people: Sequence[Identity]) -> None:
    """A line that several persons of the register fit: somebody says which one it is."""
    people = sorted(people)
    ids = [person.id for person in people]
    answer = ask(subject, QuestionKind.AMBIGUOUS, ids, [person.facts for person in people])
    if answer is None:
        subject.refuse("ambiguous_match", "name", count=len(people))
    else:
        follow(subject, answer)


def _settle_within_file(subjects: Sequence[Subject]) -> None:
    """Skip or block lines that name a person of another line of the same file.

    Without a number a line is a repetition of the line that has one, or of the first.
    """
    by_digest: dict[bytes, Subject] = {}
    for subject in subjects:
        if subject.digest is None:
            continue
        first = by_digest.setdefault(subject.digest, subject)
        if first is not subject:
            _repeat(subject, first)
    alike: dict[tuple[str, str, int, int], list[Subject]] = defaultdict(list)
    if all(subject.digest is not None for subject in subjects):
        return
    for subject in subjects:
        if subject.digest is not None:
            alike[_likeness(subject)].append(subject)
    for subject in subjects:
        if subject.digest is None:
            others = alike[_likeness(subject)]
            if subject.said.is_own_person:
                continue
            if any(same_birth(subject.said, other.said) for other in others):
                subject.skip("dup_in_file", "name")
            else:
                others.append(subject)


def _repeat(subject: Subject, first: Subject) -> None:
    if subject.said.name == first.said.name:
        subject.skip("dup_in_file", "id_number", line=first.said.line)
    else:
        subject.refuse("id_conflict", "id_number", line=first.said.line, name=first.said.name)


def _likeness(subject: Subject) -> tuple[str, str, int, int]:
    said = subject.said
    return said.name, said.sex, subject.village_id, said.birth_date.year


# Reading the register -----------------------------------------------------------------------------


def read_register(subjects: Sequence[Subject], as_of: date) -> None:
    """Fetch what the register knows about the matched persons, a statement per table."""
    ids = sorted({s.person_id for s in subjects if s.person_id is not None})
    if not ids:
        return
    staging_table("roster_person", {"id": "bigint"}, [(number,) for number in ids])
    known = read_known(as_of)
    for subject in subjects:
        if subject.person_id is not None:
            subject.known = known[subject.person_id]


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
        now = tuple(map(_plain, values))
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
    return Facts._make(map(_plain, row))


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _refuse_other_names(subjects: Iterable[Subject], sight: Sight) -> None:
    """A number that the register has for another name is for a person to decide."""
    for subject in subjects:
        if subject.known is None or not subject.is_taken or subject.is_keyed:
            continue
        facts = subject.known.facts
        names = (facts.name, facts.former_name)
        if subject.said.name not in names and normal_name(subject.said.name) not in names:
            answer = ask(subject, QuestionKind.OTHER_NAME, (facts.id,), facts.id, *names)
            if answer is not None:
                follow(subject, answer)
                continue
            place = sight.place(facts.registered_region_id or facts.current_region_id)
            name = {"name": facts.name} if place else {}
            subject.refuse("id_conflict", "id_number", **name, **place)


def skip_second_lines(subjects: Iterable[Subject], spoken: SpokenFor) -> None:
    """One person, one line: the first one that can be taken."""
    first: dict[int, Subject] = {}
    for subject in subjects:
        if subject.person_id is None or not subject.is_taken:
            continue
        if spoken.is_repeated(subject.person_id):
            subject.skip("dup_in_file", "name")
            continue
        other = first.setdefault(subject.person_id, subject)
        if other is not subject:
            subject.skip("dup_in_file", "name", line=other.said.line)


# What the roster says differently -----------------------------------------------------------------


def compare(subject: Subject, known: Known) -> None:
    """Note which columns of a known person the roster fills or replaces."""
    facts, said = known.facts, subject.said
    subject.outcome.older = known.later_roster is not None
    if subject.is_dead:
        subject.warn("person_died", "name", on=facts.died_on)
        return
    if subject.is_keyed:
        _compare_who(subject, facts, said)
    for name in PLAIN_FIELDS:
        _compare_value(subject, name, getattr(facts, name), getattr(said, name))
    _compare_number(subject, facts, said)
    _compare_birth(subject, facts, said)
    _compare_phone(subject, facts, said)
    subject.outcome.stays = tuple(
        name
        for name, column in LASTING.items()
        if not getattr(said, name) and getattr(facts, column)
    )
    if facts.birth_order is None and said.birth_order:
        _take(subject, "birth_order", None, said.birth_order)
    if facts.first_marriage_on is None and said.first_marriage_on:
        _take(subject, "first_marriage_on", None, said.first_marriage_on)


def _take(subject: Subject, name: str, old: Any, new: Any) -> None:
    subject.columns[name] = new
    subject.say(name, old, new)


def _compare_value(subject: Subject, name: str, old: Any, new: Any) -> None:
    if not new or new == old:
        return
    if old and (why := subject.newer(name)):
        subject.hold_back(name, old, new, why)
    else:
        _take(subject, name, old, new)


def _compare_who(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """A line that names its person by key may correct name, sex and birth date."""
    for name in ("name", "sex"):
        _compare_value(subject, name, getattr(facts, name), getattr(said, name))
    if said.birth_precision == facts.birth_precision and said.birth_date != facts.birth_date:
        _take(subject, "birth_date", facts.birth_date, said.birth_date)


def _compare_number(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """A person known without a number gets it; the temporary one stays searchable."""
    if said.id_number and facts.id_digest is None:
        subject.columns["id_number"] = said.id_number
        subject.say("id_number", "", said.id_number)
    elif said.id_number and subject.digest != facts.id_digest and facts.id_number:
        old = crypto.decrypt(ID_COLUMN, facts.id_number)
        if subject.is_keyed:
            _take(subject, "id_number", old, said.id_number)
        else:
            subject.hold_back("id_number", old, said.id_number)


def _compare_birth(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """Only a better known date replaces one: the number or a form decided the other."""
    rank = {"year": 0, "month": 1, "day": 2}
    if rank[said.birth_precision] > rank[facts.birth_precision]:
        subject.columns["birth_date"] = said.birth_date
        subject.columns["birth_precision"] = said.birth_precision
        subject.say("birth_date", facts.birth_date, said.birth_date)


def _compare_phone(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    if not said.phone or phone_digest(said.phone) == facts.phone_digest:
        return
    old = crypto.decrypt(PHONE_COLUMN, facts.phone) if facts.phone else ""
    if old and (why := subject.newer("phone")):
        subject.hold_back("phone", old, said.phone, why)
        return
    subject.columns["phone"] = said.phone
    subject.say("phone", old, said.phone)
