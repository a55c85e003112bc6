"""Lines of today's roster name their person by a key, which goes before number and name.

So a corrected name or number reaches the right person. A key is followed only where something
else of the line still fits the person, because lines move and keys are copied.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from apps.core.keys import read_key
from apps.households.roster_rows import same_birth

if TYPE_CHECKING:
    from apps.households.services.roster.people import Identity, Sight
    from apps.households.services.roster.subjects import Subject

UNREADABLE = 0


def keyed_lines(subjects: Sequence[Subject]) -> dict[int, int]:
    """Return position → number of the person that a line's key names, 0 for an unreadable key."""
    return {
        position: read_key(subject.said.person_key) or UNREADABLE
        for position, subject in enumerate(subjects)
        if subject.said.person_key
    }


def follow_keys(
    subjects: Sequence[Subject],
    keyed: Mapping[int, int],
    people: Mapping[int, Identity],
    by_number: Mapping[int, tuple[int, ...]],
    sight: Sight,
) -> None:
    """Match the keyed lines. `people` are those the keys name, `by_number` who has an ID number.

    An unreadable key, or one of somebody out of sight, is only mentioned (`key_unknown`); one that
    contradicts the line blocks it (`key_conflict`).
    """
    for position, number in keyed.items():
        subject, person = subjects[position], people.get(number)
        if not subject.is_taken:
            continue
        if person is None or not _is_seen(person, sight):
            subject.warn("key_unknown", "person_key")
        elif by_number.get(position, (person.id,)) != (person.id,) or not _fits(subject, person):
            subject.refuse("key_conflict", "person_key", name=person.name)
        else:
            subject.person_id, subject.is_keyed = person.id, True


def _is_seen(person: Identity, sight: Sight) -> bool:
    regions = (person.registered_region_id, person.current_region_id)
    return any(sight.place(region) for region in regions)


def _fits(subject: Subject, person: Identity) -> bool:
    said = subject.said
    return (
        said.name == person.name
        or (subject.digest is not None and subject.digest == person.id_digest)
        or (said.sex == person.sex and same_birth(said, person))
    )
