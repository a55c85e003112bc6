"""What every roster of people does with the register, a portion of its lines after the other.

A portion holds all lines of its villages, so memory follows the portion and not the file.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, ClassVar

from django.db import transaction

from apps.audit.services import record
from apps.core.bulk import history, refresh_statistics, retrying
from apps.core.errors import OutOfScope
from apps.households.models import Household
from apps.households.roster_rows import Change, PersonStatement, RosterPlan, RosterResult
from apps.households.services.roster.differences import compare
from apps.households.services.roster.homes import MemberSteps
from apps.households.services.roster.likeness import settle_similar
from apps.households.services.roster.people import Sight, find_people
from apps.households.services.roster.places import (
    Steps,
    check_places,
    settle_marriage,
    settle_places,
)
from apps.households.services.roster.spoken import SpokenFor
from apps.households.services.roster.subjects import Subject
from apps.households.services.roster.writing import refresh_households
from apps.imports.records import ELSEWHERE, NO_DECISIONS, Decisions
from apps.indicators.services import request_refresh
from apps.regions.models import Region

PLACES = {"registered_region", "current_region"}


class RosterWork(ABC):
    """One roster against the register.

    With more than one portion, `look_ahead` comes first with each of them, in the order in which
    `plan` or `write` follow: so no line is taken for somebody of whom another portion speaks.
    `write` belongs into one transaction with `hold` before and `finish` after all portions.
    `villages` are the codes of all villages of the roster, `as_of` is its date, `decisions` are
    answers to questions of an earlier plan. Raises OutOfScope for a village that the actor does
    not work for.
    """

    act: ClassVar[str]
    makes_households: ClassVar[bool] = False

    def __init__(
        self,
        *,
        actor: Any,
        villages: Iterable[str],
        as_of: date,
        batch: object = "",
        decisions: Decisions = NO_DECISIONS,
    ) -> None:
        self.actor = actor
        self.as_of = as_of
        self.batch = batch
        self.decisions = decisions
        self.villages = villages_of(actor, set(villages))
        self.codes = {number: code for code, number in self.villages.items()}
        self.sight = Sight(actor)
        self.spoken = SpokenFor()
        self.result = RosterResult(RosterPlan(as_of, []))
        self.concerned: set[int] = set()
        self._seen = self._done = 0
        self._told: Mapping[str, int] = {}

    @transaction.atomic
    def look_ahead(self, rows: Sequence[Any]) -> None:
        """Note of whom the lines of a portion speak, before any portion is planned."""
        self.spoken.portion = self._seen
        self._seen += 1
        subjects = self.find(rows)
        self.spoken.matched(subjects)
        check_places(subjects, self.sight)
        self.spoken.taken(subjects)
        self.looked_at(subjects)

    @transaction.atomic
    def plan(self, rows: Sequence[Any]) -> RosterPlan:
        """Say for each line of a portion what it would do, without doing it."""
        return self._next(rows).plan

    def hold(self) -> None:
        """Hold the villages' rows: rosters of one village come one after the other.

        Always in the same order, so that two rosters never wait for each other.
        """
        rows = Region.objects.select_for_update(no_key=True).filter(code__in=self.villages)
        list(rows.order_by("pk").values_list("pk"))
        self.villages = villages_of(self.actor, set(self.villages))

    def write(self, rows: Sequence[Any]) -> RosterPlan:
        """Write a portion; lines that the register cannot take (see the plan) are left out."""
        draft = self._next(rows)
        with self._history():
            self.put(draft)
        plan = draft.plan
        self.result.plan = plan
        self.result.subjects_created += plan.counts()["new"]
        self.spoken.taken(draft.subjects)
        self._refresh_planner(growth=1)
        return plan

    def finish(self) -> RosterResult:
        """Do what needs all portions; return what the roster did.

        Households of all portions are brought up to date, one audit entry is written and new
        figures are asked for; row history holds the rows.
        """
        result = self.result
        with self._history():
            # Joined in what follows: taken for empty, 50,000 people are paired for minutes.
            self._refresh_planner()
            result.count(Household, changed=refresh_households(self.concerned))
            self.link()
            self._refresh_planner()
            counts = {"as_of": self.as_of, "created": result.created, "changed": result.changed}
            record(self.act, actor=self.actor, after=counts, batch=self.batch)
            if result.rows_written:
                request_refresh()
        return result

    @contextmanager
    def _history(self) -> Iterator[None]:
        day = self.as_of.isoformat()
        with history(act=self.act, batch=str(self.batch), as_of=day, user=self.actor.pk):
            yield

    def _refresh_planner(self, *, growth: float = 0.1) -> None:
        """Tell the planner of the rows created since it was told last."""
        created = {label.replace(".", "_"): n for label, n in self.result.created.items()}
        told = refresh_statistics(
            {name: count - self._told.get(name, 0) for name, count in created.items()},
            growth=growth,
        )
        self._told = {**self._told, **{name: created[name] for name in told}}

    def _next(self, rows: Sequence[Any]) -> Draft:
        self.spoken.portion = self._done
        self._done += 1
        draft = self.draft(rows)
        for outcome in draft.plan.outcomes:
            self._name_places(outcome.changes)
            self._name_places(outcome.withheld)
        return draft

    def _name_places(self, changes: dict[str, Change]) -> None:
        """Put villages' names in the place of their numbers, as far as the actor may know them."""
        for field in PLACES & changes.keys():
            old, new = changes[field]
            changes[field] = (self._place(old), self._place(new))

    def _place(self, region_id: int | str | None) -> str:
        if isinstance(region_id, str):
            return region_id
        return self.sight.place(region_id).get("place", ELSEWHERE)

    def find(self, rows: Sequence[PersonStatement]) -> list[Subject]:
        """Match the lines of a portion to persons of the register."""
        return find_people(
            rows,
            self.villages,
            as_of=self.as_of,
            sight=self.sight,
            decisions=self.decisions,
            spoken=self.spoken,
        )

    @abstractmethod
    def draft(self, rows: Sequence[Any]) -> Draft:
        """Read the register and take all decisions that follow from the lines of a portion."""

    @abstractmethod
    def put(self, draft: Any) -> None:
        """Write what was decided; note households that need `finish` in `concerned`."""

    def looked_at(self, subjects: Sequence[Subject]) -> None:  # noqa: B027
        """Note what else the lines of a portion say, while looking ahead."""

    def link(self) -> None:  # noqa: B027
        """Join people of all portions, once everybody is there."""


class Draft:
    """What was decided about one portion: `subjects` one for each line, `plan` what it says."""

    subjects: list[Subject]
    plan: RosterPlan


def plan_at_once(kind: type[RosterWork], rows: Sequence[Any], **values: Any) -> RosterPlan:
    """Plan all lines of a roster as one portion; `values` as RosterWork takes them."""
    return kind(villages=villages_in(rows), **values).plan(rows)


def write_at_once(kind: type[RosterWork], rows: Sequence[Any], **values: Any) -> RosterResult:
    """Write all lines of a roster as one portion, in a transaction of its own.

    When another import or form was quicker with one of the people, the lines are planned and
    written again.
    """

    def attempt() -> RosterResult:
        work = kind(villages=villages_in(rows), **values)
        work.hold()
        work.write(rows)
        return work.finish()

    found: RosterResult = retrying(attempt)
    return found


def villages_in(rows: Iterable[PersonStatement]) -> set[str]:
    """Return the codes of the villages that lines are of."""
    return {row.village_code for row in rows}


def settle_people(
    subjects: Sequence[Subject], steps: Steps, as_of: date, sight: Sight, spoken: SpokenFor
) -> None:
    """Decide columns, places and marital status of everybody a roster names."""
    check_places(subjects, sight)
    settle_similar(subjects, as_of, sight, spoken)
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
