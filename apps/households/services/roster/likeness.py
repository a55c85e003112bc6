"""Lines of people whom the register may know already, only not quite as the line writes them.

A line is compared with the people of the same sex who were born on the same day, not yet spoken
for by another line, and of whom either has no ID number:
- in the same village, by a name that is the same, sounds the same or differs in one character
  (not a two-character name whose character differs in sound: 王丹 and 王丽 are more often twins);
- in another village of the township, by the very same name.
Where both have a number and the numbers differ, only the very same name in the same village is
asked about: numbers tell twins apart. Nobody is taken for somebody else without being asked, and
the line waits meanwhile, because a person entered twice is hard to find later.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from apps.core.bulk import staging_table
from apps.core.names import search_keys
from apps.households.services.roster.doubts import ask, follow
from apps.households.services.roster.known import rows_of
from apps.households.services.roster.people import (
    Identity,
    Sight,
    identities,
    read_register,
    skip_second_lines,
)
from apps.households.services.roster.places import check_places
from apps.households.services.roster.spoken import SpokenFor
from apps.households.services.roster.subjects import Subject
from apps.imports.models import QuestionKind

SHORTEST, LONGEST = 2, 4


def settle_similar(
    subjects: Sequence[Subject], as_of: date, sight: Sight, spoken: SpokenFor
) -> None:
    """Ask about lines of unknown people whom the register may know; follow what was answered."""
    found = _candidates(subjects, spoken)
    known = identities({person_id for ids in found.values() for person_id in ids})
    named = []
    for position, ids in sorted(found.items()):
        subject = subjects[position]
        people = [known[person_id] for person_id in ids if is_similar(subject, known[person_id])]
        if not people:
            continue
        answer = ask(
            subject,
            QuestionKind.SIMILAR,
            [person.id for person in people],
            [person.facts for person in people],
        )
        if answer is None:
            subject.wait("similar_person", "name", name=people[0].name)
            continue
        follow(subject, answer)
        if subject.person_id is not None:
            named.append(subject)
    if named:
        read_register(named, as_of)
        check_places(named, sight)
        skip_second_lines(subjects, spoken)


NEW = {
    "line": "integer",
    "name": "varchar(50)",
    "sex": "varchar(1)",
    "birth_date": "date",
    "region_id": "bigint",
}
BORN_TOGETHER = """
    SELECT n.line, p.id FROM roster_unknown n
    JOIN households_person p ON p.birth_date = n.birth_date AND p.sex = n.sex
    WHERE p.birth_precision = 'day' AND p.died_on IS NULL
        AND n.region_id IN (p.registered_region_id, p.current_region_id)
    UNION
    SELECT n.line, p.id FROM roster_unknown n
    JOIN households_person p ON p.name = n.name AND p.birth_date = n.birth_date AND p.sex = n.sex
    JOIN regions_region here ON here.id = n.region_id
    JOIN regions_region there ON there.id IN (p.registered_region_id, p.current_region_id)
        AND there.parent_id = here.parent_id
    WHERE p.birth_precision = 'day' AND p.died_on IS NULL
    ORDER BY 1, 2
"""


def _candidates(subjects: Sequence[Subject], spoken: SpokenFor) -> dict[int, list[int]]:
    """Return position of the line → persons born that day whom no other line is about."""
    rows = [
        (position, s.said.name, s.said.sex, s.said.birth_date, s.village_id)
        for position, s in enumerate(subjects)
        if s.is_taken and s.known is None and _can_be_asked(s)
    ]
    found: dict[int, list[int]] = defaultdict(list)
    if not rows:
        return found
    spoken_for = {s.person_id for s in subjects if s.is_taken and s.person_id is not None}
    staging_table("roster_unknown", NEW, rows)
    for position, person_id in rows_of(BORN_TOGETHER):
        if person_id not in spoken_for and not spoken.has(person_id):
            found[position].append(person_id)
    return found


def _can_be_asked(subject: Subject) -> bool:
    settled = subject.is_new_person or subject.said.is_own_person
    return subject.said.birth_precision == "day" and not settled


def is_similar(subject: Subject, person: Identity) -> bool:
    """Whether a line and a person of the same sex and birth date could be the same person."""
    said = subject.said
    is_here = subject.village_id in (person.registered_region_id, person.current_region_id)
    if subject.digest is not None and person.id_digest is not None:
        return is_here and said.name == person.name
    return said.name == person.name or (is_here and is_near(said.name, person.name))


def is_near(one: str, other: str) -> bool:
    """Whether two names sound the same or differ in one character."""
    if not all(SHORTEST <= len(name) <= LONGEST for name in (one, other)):
        return False
    if len(one) == len(other) and _sound(one) & _sound(other):
        return True
    if len(one) == len(other):
        return len(one) > SHORTEST and sum(a != b for a, b in zip(one, other, strict=True)) == 1
    short, long = sorted((one, other), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))


def _sound(name: str) -> set[str]:
    keys = search_keys(name)
    return {keys[0], keys[2]} - {""}
