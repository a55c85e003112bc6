"""Rosters of households: what one would do to the register, and doing it.

`plan_roster` only reads; `register_roster` plans again inside its transaction, because others
work meanwhile, and then writes a handful of statements per table. Both take the lines at once;
`HouseholdWork` takes them in portions.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from apps.households.models import Kinship, Marriage
from apps.households.roster_rows import RosterPlan, RosterResult, RosterRow
from apps.households.services.roster.homes import plan_homes
from apps.households.services.roster.kin import link_families
from apps.households.services.roster.places import Steps
from apps.households.services.roster.work import (
    Draft,
    RosterWork,
    homes_of_moved,
    plan_at_once,
    plan_of,
    settle_people,
    write_at_once,
)
from apps.households.services.roster.writing import write_homes, write_people, write_spells
from apps.imports.records import NO_DECISIONS, Decisions


class HouseholdWork(RosterWork):
    """A roster of households: persons, places, marital statuses, households and families."""

    act = "households.roster.registered"
    makes_households = True

    def draft(self, rows: Sequence[RosterRow]) -> HouseholdDraft:
        return HouseholdDraft(self, rows)

    def put(self, draft: HouseholdDraft) -> None:
        write_people(draft.subjects, self.codes, self.result)
        write_spells(draft.steps, self.result)
        self.concerned |= write_homes(draft.members, self.result)
        self.concerned |= homes_of_moved(draft.subjects)

    def link(self) -> None:
        marriages, kinships = link_families(self.concerned, self.as_of)
        self.result.count(Marriage, created=marriages)
        self.result.count(Kinship, created=kinships)


class HouseholdDraft(Draft):
    """One reading of the register with all decisions that follow from the lines."""

    def __init__(self, work: RosterWork, rows: Sequence[RosterRow]) -> None:
        self.steps = Steps()
        self.subjects = work.find(rows)
        settle_people(self.subjects, self.steps, work.as_of, work.sight, work.spoken)
        self.members = plan_homes(self.subjects, work.as_of)
        self.plan = plan_of(self.subjects, self.members, work.as_of)


def plan_roster(
    *, actor: Any, rows: Sequence[RosterRow], as_of: date, decisions: Decisions = NO_DECISIONS
) -> RosterPlan:
    """Say for each line of a household roster what it would do, without doing it.

    `rows` are the importable lines, each with its village; see RosterWork for the rest.
    """
    return plan_at_once(HouseholdWork, rows, actor=actor, as_of=as_of, decisions=decisions)


def register_roster(
    *,
    actor: Any,
    rows: Sequence[RosterRow],
    as_of: date,
    batch: object = "",
    decisions: Decisions = NO_DECISIONS,
) -> RosterResult:
    """Write a household roster into the register, wholly or not at all.

    Lines that the register cannot take (see the plan's outcomes) are left out. The same file a
    second time changes nothing. When another import or form was quicker with one of the people,
    the lines are planned and written again.
    """
    return write_at_once(
        HouseholdWork, rows, actor=actor, as_of=as_of, batch=batch, decisions=decisions
    )
