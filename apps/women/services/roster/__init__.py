"""Rosters of married women: what one would do to the register, and doing it.

A husband whose ID number stands in a line is a person too. `plan_women` only reads;
`register_women` plans again inside its transaction. Both take the lines at once; `WomenWork`
takes them in portions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from apps.households.roster_rows import RosterPlan, RosterResult
from apps.households.services.roster.homes import MemberSteps
from apps.households.services.roster.places import Steps
from apps.households.services.roster.subjects import Subject
from apps.households.services.roster.work import (
    Draft,
    RosterWork,
    homes_of_moved,
    plan_at_once,
    plan_of,
    settle_people,
    write_at_once,
)
from apps.households.services.roster.writing import write_people, write_spells
from apps.imports.records import NO_DECISIONS, Decisions
from apps.women.roster_rows import WomanRow
from apps.women.services.roster.couples import (
    Husbands,
    find_husbands,
    plan_couples,
    settle_husbands,
    write_couples,
)
from apps.women.services.roster.files import plan_files, write_files


class WomenWork(RosterWork):
    """A roster of women: persons, couples, marital statuses, service files and methods."""

    act = "women.roster.registered"

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.husbands = Husbands()

    def looked_at(self, subjects: Sequence[Subject]) -> None:
        self.husbands.note(subjects, self.spoken.portion)

    def draft(self, rows: Sequence[WomanRow]) -> WomenDraft:
        return WomenDraft(self, rows)

    def put(self, draft: WomenDraft) -> None:
        write_people(draft.subjects, self.codes, self.result)
        write_people(draft.husbands, self.codes, self.result)
        write_spells(draft.steps, self.result)
        write_couples(draft.couples, self.result)
        write_files(draft.files, self.result, self.as_of)
        self.concerned |= homes_of_moved(draft.subjects)


class WomenDraft(Draft):
    """One reading of the register with all decisions that follow from the lines."""

    def __init__(self, work: WomenWork, rows: Sequence[WomanRow]) -> None:
        as_of, sight = work.as_of, work.sight
        self.steps = Steps()
        self.subjects = women = work.find(rows)
        before = partial(work.husbands.before, work.spoken.portion)
        husbands = find_husbands(women, work.villages, before, as_of=as_of, sight=sight)
        settle_people(women, self.steps, as_of, sight, work.spoken)
        self.husbands = settle_husbands(husbands.values(), women, self.steps, as_of)
        self.couples = plan_couples(women, husbands, before, as_of)
        self.files = plan_files(women, as_of)
        self.plan = plan_of(women, MemberSteps(), as_of)


def plan_women(
    *, actor: Any, rows: Sequence[WomanRow], as_of: date, decisions: Decisions = NO_DECISIONS
) -> RosterPlan:
    """Say for each line of a roster of women what it would do, without doing it.

    `rows` are the importable lines, each with its village; see RosterWork for the rest.
    """
    return plan_at_once(WomenWork, rows, actor=actor, as_of=as_of, decisions=decisions)


def register_women(
    *,
    actor: Any,
    rows: Sequence[WomanRow],
    as_of: date,
    batch: object = "",
    decisions: Decisions = NO_DECISIONS,
) -> RosterResult:
    """Write a roster of married women into the register, wholly or not at all.

    Persons, couples, marital statuses, service files with the children as stated, and methods.
    Lines that the register cannot take are left out; the same file a second time changes nothing.
    """
    return write_at_once(
        WomenWork, rows, actor=actor, as_of=as_of, batch=batch, decisions=decisions
    )
