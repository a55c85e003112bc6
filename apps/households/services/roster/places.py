"""What a roster says on where people are registered and live, and on whether they are married."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apps.households.choices import EVER_MARRIED, MARRIED, ResidenceKind
from apps.households.services.roster.doubts import ask
from apps.households.services.roster.known import Known, MaritalFacts
from apps.households.services.roster.people import Sight
from apps.households.services.roster.spells import (
    NOTHING,
    Standing,
    beginning,
    takes_over_on,
)
from apps.households.services.roster.subjects import Subject
from apps.imports.models import QuestionKind

NEVER_MARRIED, MARRIED_SOMEHOW, FIRST_MARRIAGE, NOT_STATED = "10", "20", "21", "90"
HERE, LIVES_ELSEWHERE, REGISTERED_ELSEWHERE, PENDING, UNKNOWN = "1", "2", "3", "4", "9"
NOT_REGISTERED_HERE = (REGISTERED_ELSEWHERE, PENDING)


@dataclass(slots=True)
class Steps:
    """Rows to open, end and alter, in the columns that writing needs; a Subject stands for the
    person because a new one has no number yet."""

    residences_new: list[tuple[Subject, str, int | None, date | None]] = field(default_factory=list)
    residences_ended: list[tuple[int, date]] = field(default_factory=list)
    residences_altered: list[tuple[int, int | None]] = field(default_factory=list)
    marital_new: list[tuple[Subject, str, date | None]] = field(default_factory=list)
    marital_altered: list[tuple[int, str, date | None, date | None]] = field(default_factory=list)


# Places -------------------------------------------------------------------------------------------


def check_places(subjects: Iterable[Subject], sight: Sight) -> None:
    """Block people whom the register has in another village; note those who have left.

    A move is entered as a move: a roster alone does not take a person from another village.
    """
    for subject in subjects:
        if subject.known is None or not subject.is_taken:
            continue
        row = subject.known.registered.covering
        if row is None or subject.said.residence_status in NOT_REGISTERED_HERE:
            continue
        if row.region_id is None:
            subject.has_left = row.valid_from is not None or bool(row.place)
            if subject.has_left:
                subject.warn("person_moved_out", "name", on=row.valid_from)
        elif row.region_id != subject.village_id:
            if ask(subject, QuestionKind.ELSEWHERE, (), subject.known.facts.id, row.region_id):
                subject.skip("decided_out", "name")
                continue
            subject.refuse(
                "person_in_two_places",
                "id_number" if subject.said.id_number else "name",
                **sight.place(row.region_id),
            )


def settle_places(subject: Subject, steps: Steps, on: date) -> None:
    """Decide the registered and the current place of one person."""
    status = subject.said.residence_status
    registered = None if status in NOT_REGISTERED_HERE else subject.village_id
    current = None if status == LIVES_ELSEWHERE else subject.village_id
    if subject.known is None:
        _settle_new(subject, steps, registered, current)
        return
    if registered is not None:
        _settle_registered(subject, subject.known, steps, on)
    _settle_current(subject, subject.known, steps, on, current)
    _settle_status(subject, subject.known, status)


def _settle_new(
    subject: Subject, steps: Steps, registered: int | None, current: int | None
) -> None:
    subject.columns["registered_region_id"] = registered
    subject.columns["current_region_id"] = current
    steps.residences_new.append((subject, ResidenceKind.REGISTERED.value, registered, None))
    steps.residences_new.append((subject, ResidenceKind.CURRENT.value, current, None))


def _settle_registered(subject: Subject, known: Known, steps: Steps, on: date) -> None:
    """Fill a registered place that nobody knew; another village was refused before."""
    now = known.registered
    if now.is_newer or (now.covering and now.covering.region_id == subject.village_id):
        return
    if now.covering is None:
        begins = beginning(now, on)
        kind = ResidenceKind.REGISTERED.value
        steps.residences_new.append((subject, kind, subject.village_id, begins))
    else:
        steps.residences_altered.append((now.covering.id, subject.village_id))
    subject.columns["registered_region_id"] = subject.village_id
    subject.say("registered_region", "", subject.village_id)


def _settle_current(
    subject: Subject, known: Known, steps: Steps, on: date, wanted: int | None
) -> None:
    now, kind = known.current, ResidenceKind.CURRENT.value
    says_nothing = subject.said.residence_status in ("", UNKNOWN)
    if now.covering is None:
        if not now.is_newer:
            steps.residences_new.append((subject, kind, wanted, beginning(now, on)))
            subject.columns["current_region_id"] = wanted
            subject.say("current_region", "", wanted)
        return
    there = now.covering.region_id
    # Somebody who lives in another village lives elsewhere, as the roster says.
    fits = there == wanted or (wanted is None and there != subject.village_id)
    if says_nothing or fits:
        return
    if why := "dated" if now.is_newer else subject.newer("current_region"):
        subject.hold_back("current_region", there, wanted, why)
        return
    day = takes_over_on(now.covering, on)
    if day is None:
        steps.residences_altered.append((now.covering.id, wanted))
    else:
        steps.residences_ended.append((now.covering.id, day))
        steps.residences_new.append((subject, kind, wanted, day))
    subject.columns["current_region_id"] = wanted
    subject.say("current_region", there, wanted)


def _settle_status(subject: Subject, known: Known, status: str) -> None:
    """Keep the word of the roster beside the places it led to."""
    old = known.facts.residence_status
    if status in ("", UNKNOWN, old) or "current_region" in subject.outcome.withheld:
        return
    why = "dated" if known.current.is_newer else ""
    if why := why or (old not in ("", UNKNOWN) and subject.newer("residence_status")) or "":
        subject.hold_back("residence_status", old, status, why)
        return
    subject.columns["residence_status"] = status
    subject.say("residence_status", old, status)


# Marital status -----------------------------------------------------------------------------------


def settle_marriage(subject: Subject, steps: Steps, on: date) -> None:
    """Decide the marital status of one person; never married has no dated row."""
    said = subject.said.marital_status
    if said in ("", NOT_STATED):
        return
    if subject.known is None:
        if said != NEVER_MARRIED:
            steps.marital_new.append((subject, said, _since(subject, NOTHING, on)))
        return
    now = subject.known.marital
    old = now.covering.status if now.covering else subject.known.facts.marital_status
    if said == old or (said == MARRIED_SOMEHOW and old in MARRIED):
        if said == old and now.covering is not None:
            _date_marriage(subject, now, steps)
        return
    if _contradicts(old, said):
        subject.warn("marital_status_conflict", "marital_status", register=old, roster=said)
        subject.hold_back("marital_status", old, said)
    elif now.is_newer:
        subject.hold_back("marital_status", old, said)
    elif old and (why := subject.newer("marital_status")):
        subject.hold_back("marital_status", old, said, why)
    else:
        _change_status(subject, subject.known, steps, on)


def _since(subject: Subject, now: Standing, on: date) -> date | None:
    """A first marriage that still lasts began on the day of the first marriage."""
    said = subject.said
    known = said.first_marriage_on if said.marital_status == FIRST_MARRIAGE else None
    if known is not None:
        return beginning(now, on, known)
    if subject.known is not None and subject.known.facts.marital_status == NEVER_MARRIED:
        return beginning(now, on, on)
    return beginning(now, on)


def _contradicts(old: str, said: str) -> bool:
    """Nobody goes back to "never married", nor to a first marriage after another status."""
    if said == NEVER_MARRIED:
        return old in EVER_MARRIED
    return said == FIRST_MARRIAGE and old in ("22", "23", "30", "40")


def _change_status(subject: Subject, known: Known, steps: Steps, on: date) -> None:
    said, old = subject.said.marital_status, known.facts.marital_status
    now, row = known.marital, known.marital.covering
    if row is None:
        if said != NEVER_MARRIED:
            steps.marital_new.append((subject, said, _since(subject, now, on)))
    elif row.status in (MARRIED_SOMEHOW, NOT_STATED):
        # The same marriage, better known.
        steps.marital_altered.append((row.id, said, row.valid_from, row.valid_to))
    else:
        _begin_another(subject, row, steps, on)
    subject.columns["marital_status"] = said
    subject.say("marital_status", old, said)


def _begin_another(subject: Subject, row: MaritalFacts, steps: Steps, on: date) -> None:
    said = subject.said.marital_status
    day = takes_over_on(row, on)
    if day is None:
        steps.marital_altered.append((row.id, said, row.valid_from, row.valid_to))
        return
    steps.marital_altered.append((row.id, row.status, row.valid_from, day))
    steps.marital_new.append((subject, said, day))


def _date_marriage(subject: Subject, now: Standing, steps: Steps) -> None:
    """Give a first marriage without a beginning the day that the roster knows."""
    day, row = subject.said.first_marriage_on, now.covering
    if day is None or row.status != FIRST_MARRIAGE or row.valid_from is not None:
        return
    if (now.earliest is None or day >= now.earliest) and (
        row.valid_to is None or day <= row.valid_to
    ):
        steps.marital_altered.append((row.id, row.status, day, row.valid_to))
        subject.say("first_marriage_on", None, day)


def first_value(values: Iterable[Any]) -> Any:
    """Return the first value that says something, else ""."""
    return next((value for value in values if value), "")
