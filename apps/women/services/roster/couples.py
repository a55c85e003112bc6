"""Husbands named in a roster of women, and the marriages of the couples."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from apps.core.bulk import copy_models, staging_table, take_numbers, update_rows
from apps.core.identifiers import birth_of, sex_of
from apps.households.choices import MARRIED, MarriageOrder
from apps.households.models import Marriage
from apps.households.roster_rows import PersonStatement, RosterResult
from apps.households.services.roster.differences import compare
from apps.households.services.roster.people import Sight, find_people
from apps.households.services.roster.places import Steps, settle_marriage, settle_places
from apps.households.services.roster.spells import Standing, beginning, standing
from apps.households.services.roster.spoken import SpokenFor
from apps.households.services.roster.subjects import Subject
from apps.women.roster_rows import WomanRow

MALE, MARRIED_SOMEHOW, FIRST_MARRIAGE = "1", "20", "21"


# Husbands -----------------------------------------------------------------------------------------


class Named(NamedTuple):
    """What lines of an earlier portion say of a husband: his name, and that he is one's husband."""

    name: str
    is_given: bool


class Husbands:
    """Husbands whom lines of several portions of one roster name by number."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[int, str]] = {}
        self._given: dict[str, int] = {}

    def note(self, women: Iterable[Subject], portion: int) -> None:
        """Note the husbands that the lines of a portion name."""
        for woman in women:
            if not _names_husband(woman):
                continue
            number = woman.said.spouse_id_number
            self._names.setdefault(number, (portion, woman.said.spouse_name))
            if _is_wife(woman):
                self._given.setdefault(number, portion)

    def before(self, portion: int, number: str) -> Named | None:
        """What the portions before this one say of a husband; None if they do not name him."""
        first, name = self._names.get(number, (portion, ""))
        if first >= portion:
            return None
        return Named(name, self._given.get(number, portion) < portion)


Before = Callable[[str], Named | None]


def _names_husband(woman: Subject) -> bool:
    number = woman.said.spouse_id_number
    return bool(woman.is_taken and number and sex_of(number) == MALE and woman.said.spouse_name)


def _is_wife(woman: Subject) -> bool:
    return woman.is_here and woman.said.marital_status in MARRIED


def find_husbands(
    women: Sequence[Subject], villages: dict[str, int], before: Before, *, as_of: date, sight: Sight
) -> dict[str, Subject]:
    """Match the husbands whose number a line gives; number → Subject.

    Blocks the wife's line when the number belongs to somebody of another name. `before` tells
    what earlier portions say of a number.
    """
    first: dict[str, Subject] = {}
    for woman in filter(_names_husband, women):
        first.setdefault(woman.said.spouse_id_number, woman)
    statements = [_husband(woman.said) for woman in first.values()]
    found = find_people(statements, villages, as_of=as_of, sight=sight, spoken=SpokenFor())
    husbands = {subject.said.id_number: subject for subject in found}
    for woman in women:
        husband = husbands.get(woman.said.spouse_id_number)
        if woman.is_taken and husband is not None:
            _check(woman, husband, before(husband.said.id_number))
    return husbands


def _husband(said: WomanRow) -> PersonStatement:
    """What a wife's line says of her husband: that he is married, not how often."""
    number = said.spouse_id_number or ""
    return PersonStatement(
        line=said.line,
        village_code=said.village_code,
        name=said.spouse_name,
        sex=MALE,
        birth_date=birth_of(number),
        id_number=number,
        marital_status=MARRIED_SOMEHOW if said.marital_status in MARRIED else "",
    )


def _check(woman: Subject, husband: Subject, before: Named | None) -> None:
    if before is not None and before.name != woman.said.spouse_name:
        woman.refuse("id_conflict", "spouse_id_number", name=before.name)
    elif not husband.is_taken:
        kind = husband.outcome.issues[0]
        woman.refuse(kind.kind, "spouse_id_number", **kind.params)
    elif husband.said.name != woman.said.spouse_name:
        woman.refuse(
            "id_conflict", "spouse_id_number", name=husband.said.name, line=husband.said.line
        )


def settle_husbands(
    husbands: Iterable[Subject], women: Iterable[Subject], steps: Steps, on: date
) -> list[Subject]:
    """Decide what is written of husbands whose wife's line is taken; returns those.

    An unknown husband comes in as registered and living where she is; a known one stays where
    the register has him, for his wife's roster does not speak about that.
    """
    wanted = {w.said.spouse_id_number for w in women if w.is_taken}
    taken = [h for h in husbands if h.is_taken and h.said.id_number in wanted]
    for husband in taken:
        if husband.known is None:
            settle_places(husband, steps, on)
        else:
            compare(husband, husband.known)
        if not husband.is_dead:
            settle_marriage(husband, steps, on)
    return taken


# Marriages ----------------------------------------------------------------------------------------


class MarriageFacts(NamedTuple):
    """One row of Marriage."""

    id: int
    wife_id: int | None
    husband_id: int | None
    spouse_name: str
    order: str
    valid_from: date | None
    from_precision: str
    valid_to: date | None


@dataclass(slots=True)
class CoupleSteps:
    """Marriages to add, with the Subjects because new people have no number yet, and to alter."""

    added: list[tuple[Subject, Subject | None, str, date | None, str]] = field(default_factory=list)
    altered: list[tuple[MarriageFacts, Subject, Subject | None]] = field(default_factory=list)


def plan_couples(
    women: Sequence[Subject], husbands: dict[str, Subject], before: Before, on: date
) -> CoupleSteps:
    """Decide for each woman who is married on the day which marriage that is.

    One man, one wife: the first line that names him; `before` as in find_husbands.
    """
    steps = CoupleSteps()
    married = list(filter(_is_wife, women))
    of_wife, of_husband = _read_marriages(married, husbands.values())
    given: set[int] = set()
    for woman in married:
        husband = husbands.get(woman.said.spouse_id_number)
        if husband is not None and (husband.is_dead or not husband.is_taken):
            husband = None
        hers = standing(of_wife.get(woman.person_id or 0, []), on)
        his = standing(of_husband.get(husband.person_id or 0, []) if husband else [], on)
        if husband is not None:
            earlier = before(husband.said.id_number)
            if id(husband) in given or (earlier is not None and earlier.is_given):
                woman.warn("spouse_conflict", "spouse_name", name=woman.said.spouse_name)
                continue
            given.add(id(husband))
        _settle_couple(woman, husband, hers, his, steps, on)
    return steps


def _read_marriages(
    women: Iterable[Subject], husbands: Iterable[Subject]
) -> tuple[dict[int, list[Any]], dict[int, list[Any]]]:
    people = {s.person_id for s in (*women, *husbands) if s.person_id is not None}
    of_wife: dict[int, list[Any]] = defaultdict(list)
    of_husband: dict[int, list[Any]] = defaultdict(list)
    if not people:
        return of_wife, of_husband
    staging_table("roster_spouse", {"id": "bigint"}, [(number,) for number in sorted(people)])
    with connection.cursor() as cursor:
        cursor.execute(MARRIAGES)
        for row in map(MarriageFacts._make, cursor.fetchall()):
            if row.wife_id is not None:
                of_wife[row.wife_id].append(row)
            if row.husband_id is not None:
                of_husband[row.husband_id].append(row)
    return of_wife, of_husband


MARRIAGES = """
    SELECT id, wife_id, husband_id, spouse_name, "order", valid_from, from_precision, valid_to
    FROM households_marriage
    WHERE wife_id IN (SELECT id FROM roster_spouse) OR husband_id IN (SELECT id FROM roster_spouse)
"""


def _settle_couple(
    woman: Subject,
    husband: Subject | None,
    hers: Standing,
    his: Standing,
    steps: CoupleSteps,
    on: date,
) -> None:
    if hers.is_newer or his.is_newer:
        woman.hold_back("spouse_name", "", woman.said.spouse_name)
        return
    row = hers.covering
    if row is None and his.covering is not None and his.covering.wife_id is None:
        row = his.covering
    if row is None and his.covering is None:
        _add(woman, husband, hers, his, steps, on)
    elif row is None or not _is_same_couple(row, woman, husband, his):
        woman.warn("spouse_conflict", "spouse_name", name=woman.said.spouse_name)
    else:
        _better(row, woman, husband, hers, steps)


def _is_same_couple(
    row: MarriageFacts, woman: Subject, husband: Subject | None, his: Standing
) -> bool:
    """Whether a marriage of the register is the one of the line."""
    if row.husband_id is not None and husband is not None:
        return row.husband_id == husband.person_id
    if row.husband_id is None and husband is not None:
        free = his.covering is None or his.covering is row
        return free and row.spouse_name in ("", woman.said.spouse_name)
    return True


def _add(
    woman: Subject,
    husband: Subject | None,
    hers: Standing,
    his: Standing,
    steps: CoupleSteps,
    on: date,
) -> None:
    said = woman.said
    if husband is None and not said.spouse_name:
        return
    days = [day for day in (hers.earliest, his.earliest) if day is not None]
    both = Standing(None, False, max(days, default=None))
    since = beginning(both, on, _first_day(said))
    order = said.marital_status if said.marital_status in MarriageOrder.values else "20"
    precision = said.first_marriage_precision if since and since == _first_day(said) else "day"
    steps.added.append((woman, husband, order, since, precision))
    woman.say("spouse_name", "", said.spouse_name)


def _first_day(said: WomanRow) -> date | None:
    """The day of a first marriage is the day of this one; of a later one nothing is stated."""
    return said.first_marriage_on if said.marital_status == FIRST_MARRIAGE else None


def _better(
    row: MarriageFacts,
    woman: Subject,
    husband: Subject | None,
    hers: Standing,
    steps: CoupleSteps,
) -> None:
    """Fill what the register does not know of the marriage: the spouse, the day, which one."""
    said = woman.said
    day = _first_day(said)
    better = row
    if row.valid_from is None and day and (hers.earliest is None or day >= hers.earliest):
        better = row._replace(valid_from=day, from_precision=said.first_marriage_precision)
        woman.say("married_on", None, day)
    if row.order == MarriageOrder.UNKNOWN and said.marital_status in MarriageOrder.values:
        better = better._replace(order=said.marital_status)
    finds_spouse = husband is not None and None in (row.husband_id, row.wife_id)
    if finds_spouse:
        woman.say("spouse_name", row.spouse_name, said.spouse_name)
    if finds_spouse or better != row:
        steps.altered.append((better, woman, husband))


# Writing ------------------------------------------------------------------------------------------

ALTERED = (
    *("id", "wife_id", "husband_id", "spouse_name", "order", "valid_from", "from_precision"),
)
ADDED = (*ALTERED, "end_kind")


def write_couples(steps: CoupleSteps, result: RosterResult) -> None:
    """Add and complete marriages, once the people have their numbers."""
    altered = [_altered_row(*item) for item in steps.altered]
    count = update_rows(Marriage, ALTERED, altered)
    numbers = list(take_numbers(Marriage, len(steps.added)))
    added = [_added_row(number, *item) for number, item in zip(numbers, steps.added, strict=True)]
    copy_models(Marriage, ADDED, added)
    result.count(Marriage, created=len(numbers), changed=count)


def _altered_row(row: MarriageFacts, woman: Subject, husband: Subject | None) -> tuple[Any, ...]:
    husband_id = row.husband_id or (husband.person_id if husband else None)
    wife_id = row.wife_id or woman.person_id
    name = "" if husband_id else row.spouse_name
    return (row.id, wife_id, husband_id, name, row.order, row.valid_from, row.from_precision)


def _added_row(
    number: int,
    woman: Subject,
    husband: Subject | None,
    order: str,
    since: date | None,
    precision: str,
) -> tuple[Any, ...]:
    husband_id = husband.person_id if husband else None
    name = "" if husband else woman.said.spouse_name
    return (number, woman.person_id, husband_id, name, order, since, precision, "")
