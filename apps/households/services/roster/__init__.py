"""Rosters of households: what one would do to the register, and doing it.

`plan_roster` only reads; `register_roster` plans again inside its transaction, because others
work meanwhile, and then writes a handful of statements per table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from apps.audit.services import record
from apps.core.bulk import history, refresh_statistics, retrying
from apps.core.errors import OutOfScope
from apps.households.models import Household, Kinship, Marriage
from apps.households.roster_rows import RosterPlan, RosterResult, RosterRow
from apps.households.services.roster.homes import MemberSteps, plan_homes
from apps.households.services.roster.kin import link_families
from apps.households.services.roster.likeness import settle_similar
from apps.households.services.roster.people import Sight, Subject, compare, find_people
from apps.households.services.roster.places import (
    Steps,
    check_places,
    settle_marriage,
    settle_places,
)
from apps.households.services.roster.writing import (
    refresh_households,
    write_homes,
    write_people,
    write_spells,
)
from apps.imports.records import NO_DECISIONS, Decisions
from apps.indicators.services import request_refresh
from apps.regions.models import Region

Progress = Callable[[int, int], None]
NOTHING_YET: Mapping[str, int] = {}


@transaction.atomic
def plan_roster(
    *, actor: Any, rows: Sequence[RosterRow], as_of: date, decisions: Decisions = NO_DECISIONS
) -> RosterPlan:
    """Say for each line of a household roster what it would do, without doing it.

    `rows` are the importable lines, each with its village; `as_of` is the date of the roster;
    `decisions` are answers to questions of an earlier plan. Raises OutOfScope for a village that
    the actor does not work for.
    """
    return _Draft(actor, rows, as_of, decisions).plan


def register_roster(
    *,
    actor: Any,
    rows: Sequence[RosterRow],
    as_of: date,
    batch: object = "",
    decisions: Decisions = NO_DECISIONS,
    progress: Progress | None = None,
) -> RosterResult:
    """Write a household roster into the register, wholly or not at all.

    Lines that the register cannot take (see the plan's outcomes) are left out. The same file a
    second time changes nothing. When another import or form was quicker with one of the people,
    the lines are planned and written again.
    """
    return retrying(lambda: _register(actor, rows, as_of, batch, decisions, progress or silent))


def silent(_done: int, _total: int) -> None:
    """Report nothing."""


def _register(
    actor: Any,
    rows: Sequence[RosterRow],
    as_of: date,
    batch: object,
    decisions: Decisions,
    progress: Progress,
) -> RosterResult:
    hold_villages({row.village_code for row in rows})
    draft = _Draft(actor, rows, as_of, decisions)
    total = len(rows)
    progress(total // 4, total)
    result = RosterResult(draft.plan)
    act = "households.roster.registered"
    with history(act=act, batch=str(batch), as_of=as_of.isoformat(), user=actor.pk):
        write_people(draft.subjects, draft.codes, result)
        progress(total // 2, total)
        write_spells(draft.steps, result)
        concerned = write_homes(draft.members, result) | homes_of_moved(draft.subjects)
        progress(total * 3 // 4, total)
        # Joined in what follows: taken for empty, 50,000 people are paired for minutes.
        counted = refresh_planner(result)
        refreshed = refresh_households(concerned)
        result.count(Household._meta.label_lower, changed=refreshed)
        marriages, kinships = link_families(concerned, as_of)
        result.count(Marriage._meta.label_lower, created=marriages)
        result.count(Kinship._meta.label_lower, created=kinships)
        finish_batch(act, actor, batch, as_of, result, counted)
    progress(total, total)
    return result


class _Draft:
    """One reading of the register with all decisions that follow from the lines."""

    def __init__(
        self, actor: Any, rows: Sequence[RosterRow], as_of: date, decisions: Decisions
    ) -> None:
        villages = villages_of(actor, {row.village_code for row in rows})
        self.codes = {number: code for code, number in villages.items()}
        self.steps = Steps()
        sight = Sight(actor)
        self.subjects = find_people(rows, villages, as_of=as_of, sight=sight, decisions=decisions)
        settle_people(self.subjects, self.steps, as_of, sight)
        self.members = plan_homes(self.subjects, as_of)
        self.plan = plan_of(self.subjects, self.members, as_of)


# Shared with other rosters ------------------------------------------------------------------------


def settle_people(subjects: Sequence[Subject], steps: Steps, as_of: date, sight: Sight) -> None:
    """Decide columns, places and marital status of everybody a roster names."""
    check_places(subjects, sight)
    settle_similar(subjects, as_of, sight)
    for subject in subjects:
        if not subject.is_taken:
            continue
        if subject.known is not None:
            compare(subject, subject.known)
        if subject.is_here:
            settle_places(subject, steps, as_of)
            settle_marriage(subject, steps, as_of)


def homes_of_moved(subjects: Iterable[Subject]) -> set[int]:
    """Return the households of known people who live somewhere else now."""
    moved = (s.known for s in subjects if s.is_taken and "current_region_id" in s.columns)
    rows = (known.membership.covering for known in moved if known is not None)
    return {row.household_id for row in rows if row is not None}


def plan_of(subjects: Iterable[Subject], members: MemberSteps, as_of: date) -> RosterPlan:
    """Sum up what was decided: new, changed or the same for each line that is written."""
    outcomes = []
    for subject in subjects:
        outcome = subject.outcome
        outcome.person_id = subject.person_id
        if subject.is_taken:
            known = "changed" if outcome.changes else "same"
            outcome.outcome = "new" if subject.known is None else known  # type: ignore[assignment]
        outcomes.append(outcome)
    new = sum(home.known is None for home in members.homes)
    changed = sum(bool(home.columns) for home in members.homes if home.known is not None)
    return RosterPlan(as_of, outcomes, households_new=new, households_changed=changed)


def villages_of(actor: Any, codes: set[str]) -> dict[str, int]:
    """Return code → region number of the villages of a roster.

    Raises OutOfScope when one is not in the actor's regions, or does not exist; so also when the
    actor was shut out after confirming a roster that waited to be written.
    """
    found = Region.objects.filter(code__in=codes, valid_to__isnull=True).visible_to(actor)
    villages = dict(found.values_list("code", "pk"))
    if codes - villages.keys():
        raise OutOfScope
    return villages


def hold_villages(codes: set[str]) -> None:
    """Hold the villages' rows: rosters of one village come one after the other.

    Always in the same order, so that two rosters never wait for each other.
    """
    rows = Region.objects.select_for_update(no_key=True).filter(code__in=codes)
    list(rows.order_by("pk").values_list("pk"))


def refresh_planner(result: RosterResult, known: Mapping[str, int] = NOTHING_YET) -> dict[str, int]:
    """Tell the planner of the rows created so far; `known` is what it was told of before."""
    created = {label.replace(".", "_"): count for label, count in result.created.items()}
    refresh_statistics({name: count - known.get(name, 0) for name, count in created.items()})
    return created


def finish_batch(
    code: str,
    actor: Any,
    batch: object,
    as_of: date,
    result: RosterResult,
    known: Mapping[str, int] = NOTHING_YET,
) -> None:
    """Write the one audit entry of a roster and ask for new figures; history holds the rows.

    `known`: rows by table that the planner was told of before.
    """
    refresh_planner(result, known)
    counts = {"as_of": as_of, "created": result.created, "changed": result.changed}
    record(code, actor=actor, after=counts, batch=batch)
    if result.rows_written:
        request_refresh()
