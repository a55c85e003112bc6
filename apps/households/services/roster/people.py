"""Find the persons of the register that a roster names.

Nothing is written here. Matching runs as joins with a staging table: first by the digest of the
ID number, then by name, sex, birth date and village where one of the two sides has no number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, cast

from django.db import connection

from apps.core.bulk import staging_table
from apps.core.identifiers import document_type_of
from apps.core.names import normal_name
from apps.core.querysets import scope_paths
from apps.households.digests import id_digest
from apps.households.roster_rows import PersonStatement, RowOutcome, same_birth
from apps.households.services.roster.doubts import ask, follow
from apps.households.services.roster.keys import follow_keys, keyed_lines
from apps.households.services.roster.known import plain, read_known, rows_of
from apps.households.services.roster.spoken import SpokenFor
from apps.households.services.roster.subjects import Subject
from apps.imports.models import QuestionKind
from apps.imports.records import NO_DECISIONS, Decisions
from apps.regions.models import Region

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
    rows = (Identity._make(plain(value) for value in row) for row in rows_of(sql, [wanted]))
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
