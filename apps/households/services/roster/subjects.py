"""One statement of a roster, what the register has to it and what was decided about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from apps.households.roster_rows import RosterIssue, RowOutcome
from apps.households.services.roster.doubts import wants_file
from apps.households.services.roster.known import EDITABLE, Known
from apps.imports.records import NO_DECISIONS, Decisions


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
