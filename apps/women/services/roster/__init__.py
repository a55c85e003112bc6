"""Rosters of married women: what one would do to the register, and doing it.

A husband whose ID number stands in a line is a person too. `plan_women` only reads;
`register_women` plans again inside its transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction

from apps.core.bulk import history, retrying
from apps.households.models import Household
from apps.households.roster_rows import RosterPlan, RosterResult
from apps.households.services.roster import (
    Progress,
    finish_batch,
    hold_villages,
    homes_of_moved,
    plan_of,
    settle_people,
    silent,
    villages_of,
)
from apps.households.services.roster.homes import MemberSteps
from apps.households.services.roster.people import Sight, find_people
from apps.households.services.roster.places import Steps
from apps.households.services.roster.writing import (
    refresh_households,
    write_people,
    write_spells,
)
from apps.imports.records import NO_DECISIONS, Decisions
from apps.women.roster_rows import WomanRow
from apps.women.services.roster.couples import (
    find_husbands,
    plan_couples,
    settle_husbands,
    write_couples,
)
from apps.women.services.roster.files import plan_files, write_files


@transaction.atomic
def plan_women(
    *, actor: Any, rows: Sequence[WomanRow], as_of: date, decisions: Decisions = NO_DECISIONS
) -> RosterPlan:
    """Say for each line of a roster of women what it would do, without doing it.

    `rows` are the importable lines, each with its village; `as_of` is the date of the roster;
    `decisions` are answers to questions of an earlier plan. Raises OutOfScope for a village that
    the actor does not work for.
    """
    return _Draft(actor, rows, as_of, decisions).plan


def register_women(
    *,
    actor: Any,
    rows: Sequence[WomanRow],
    as_of: date,
    batch: object = "",
    decisions: Decisions = NO_DECISIONS,
    progress: Progress | None = None,
) -> RosterResult:
    """Write a roster of married women into the register, wholly or not at all.

    Persons, couples, marital statuses, service files with the children as stated, and methods.
    Lines that the register cannot take are left out; the same file a second time changes nothing.
    """
    return retrying(lambda: _register(actor, rows, as_of, batch, decisions, progress or silent))


def _register(
    actor: Any,
    rows: Sequence[WomanRow],
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
    act = "women.roster.registered"
    with history(act=act, batch=str(batch), as_of=as_of.isoformat(), user=actor.pk):
        write_people(draft.women, draft.codes, result)
        write_people(draft.husbands, draft.codes, result)
        progress(total // 2, total)
        write_spells(draft.steps, result)
        write_couples(draft.couples, result)
        progress(total * 3 // 4, total)
        write_files(draft.files, result, as_of)
        refreshed = refresh_households(homes_of_moved(draft.women))
        result.count(Household._meta.label_lower, changed=refreshed)
        finish_batch(act, actor, batch, as_of, result)
    progress(total, total)
    return result


class _Draft:
    """One reading of the register with all decisions that follow from the lines."""

    def __init__(
        self, actor: Any, rows: Sequence[WomanRow], as_of: date, decisions: Decisions
    ) -> None:
        villages = villages_of(actor, {row.village_code for row in rows})
        self.codes = {number: code for code, number in villages.items()}
        self.steps = Steps()
        sight = Sight(actor)
        self.women = find_people(rows, villages, as_of=as_of, sight=sight, decisions=decisions)
        husbands = find_husbands(self.women, villages, as_of=as_of, sight=sight)
        settle_people(self.women, self.steps, as_of, sight)
        self.husbands = settle_husbands(husbands.values(), self.women, self.steps, as_of)
        self.couples = plan_couples(self.women, husbands, as_of)
        self.files = plan_files(self.women, as_of)
        self.plan = plan_of(self.women, MemberSteps(), as_of)
