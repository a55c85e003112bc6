"""Of whom the other portions of a roster speak, so that portions add up to the whole file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.households.services.roster.subjects import Subject


class SpokenFor:
    """Persons of the register whom lines of other portions are about.

    `portion` is the running number of the portion at work.
    """

    def __init__(self) -> None:
        self.portion = 0
        self._first: dict[int, int] = {}
        self._taken: dict[int, int] = {}

    def matched(self, subjects: Iterable[Subject]) -> None:
        """Note whom the lines of this portion were matched to."""
        self._note(self._first, subjects)

    def taken(self, subjects: Iterable[Subject]) -> None:
        """Note whom the lines of this portion speak of in the end."""
        self._note(self._taken, subjects)

    def _note(self, found: dict[int, int], subjects: Iterable[Subject]) -> None:
        for subject in subjects:
            if subject.is_taken and subject.person_id is not None:
                found.setdefault(subject.person_id, self.portion)

    def is_repeated(self, person_id: int) -> bool:
        """Whether a line of an earlier portion is about this person."""
        return self._first.get(person_id, self.portion) < self.portion

    def has(self, person_id: int) -> bool:
        """Whether a line of another portion speaks of this person."""
        return self._taken.get(person_id, self.portion) != self.portion
