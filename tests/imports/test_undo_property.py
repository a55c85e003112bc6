"""Whatever the register holds: an import followed by its taking back leaves no trace, and what
others wrote in between stays."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.core.errors import Refusal
from apps.households.models import Household, Membership, Person
from apps.households.records import BirthRecord, Happening, MarriageRecord, MoveRecord
from apps.households.roster_rows import RosterRow
from apps.households.services import events, kinship
from apps.households.services.roster import register_roster
from apps.imports import services
from apps.imports.models import Batch, Direction, Undo
from apps.regions.models import Region
from apps.women.roster_rows import WomanRow
from apps.women.services.roster import register_women
from tests.factories.rosters import OTHER_VILLAGE, VILLAGE, id_number
from tests.imports.undoing import looked, register_of_all, written

pytestmark = pytest.mark.django_db
# More by UNDO_EXAMPLES=200, then each time others.
EXAMPLES = int(os.environ.get("UNDO_EXAMPLES", "6"))
few = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize="UNDO_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)

# Twelve people who may turn up in any roster: name, sex, day of birth.
PEOPLE = tuple(
    (f"{'韦覃蒙'[n % 3]}{'山芳川兰石梅林菊海荷田竹'[n]}", "12"[n % 2], date(1960 + 3 * n, 3, 4))
    for n in range(12)
)
DAYS = tuple(date(2026, month, 28) for month in (2, 3, 4, 5))
BETWEEN = date(2026, 6, 10)


@st.composite
def household_lines(draw: Any) -> list[RosterRow]:
    """A roster: some of the people in households of one village, the first of each being head."""
    village = draw(st.sampled_from([VILLAGE, VILLAGE, OTHER_VILLAGE]))
    members = draw(st.permutations(range(12)))[: draw(st.integers(1, 8))]
    rows: list[RosterRow] = []
    key = ""
    for line, member in enumerate(members):
        if not rows or draw(st.integers(0, 2)) == 0:
            key = draw(st.sampled_from(["001", "002", "003", "004"]))
        name, sex, born = PEOPLE[member]
        is_head = not any(row.household_key == key for row in rows)
        rows.append(
            RosterRow(
                line=line,
                village_code=village,
                name=name,
                sex=sex,
                birth_date=born,
                # Some are known by name only.
                id_number=None if member % 5 == 4 else id_number(sex, born, member),
                household_key=key,
                household_no=key,
                relation="02" if is_head else draw(st.sampled_from(["10", "20", "30", "51", ""])),
                is_head=is_head,
                group=draw(st.sampled_from(["", "1组"])),
                address=draw(st.sampled_from(["", "1组27号"])),
                marital_status=draw(st.sampled_from(["", "10", "20", "21", "40"])),
                residence_status=draw(st.sampled_from(["", "1", "2", "3"])),
                education=draw(st.sampled_from(["", "21", "31"])),
                phone=draw(st.sampled_from(["", "19912345678"])),
            )
        )
    return rows


@st.composite
def women_lines(draw: Any) -> list[WomanRow]:
    """A roster of married women, some with a husband whom the register may know."""
    women = [n for n in range(12) if PEOPLE[n][1] == "2"]
    rows = []
    for line, member in enumerate(draw(st.lists(st.sampled_from(women), min_size=1, unique=True))):
        name, sex, born = PEOPLE[member]
        husband = draw(st.sampled_from([None, 0, 2, 6, 8]))
        rows.append(
            WomanRow(
                line=line,
                village_code=VILLAGE,
                name=name,
                sex=sex,
                birth_date=born,
                id_number=None if member % 5 == 4 else id_number(sex, born, member),
                marital_status="21",
                first_marriage_on=draw(st.sampled_from([None, date(2020, 1, 1)])),
                spouse_name=PEOPLE[husband][0] if husband is not None else "",
                spouse_id_number=id_number("1", PEOPLE[husband][2], husband)
                if husband is not None
                else None,
                boys=draw(st.sampled_from([None, 0, 1])),
                girls=draw(st.sampled_from([None, 1])),
                method=draw(st.sampled_from(["", "00", "03", "06"])),
                method_on=draw(st.sampled_from([None, date(2024, 2, 1)])),
                facility=draw(st.sampled_from(["", "县计生服务站"])),
            )
        )
    return rows


rosters = st.one_of(household_lines(), household_lines(), women_lines())


def bring(actor: User, region: Region, rows: Any, as_of: date) -> Batch:
    is_women = isinstance(rows[0], WomanRow)
    return written(
        actor,
        region,
        register_women if is_women else register_roster,
        rows,
        as_of=as_of,
        kind="married_women" if is_women else "household_roster",
    )


def turn(actor: User, batch: Batch, direction: str = Direction.BACK) -> Undo:
    """Take back or bring in again, if there is anything to put back."""
    undo = looked(actor, batch, direction)
    if undo.going:
        undo = services.confirm_undo(actor=actor, undo=undo)
        undo = services.carry_out_undo(undo_id=undo.pk)
    references_hold()
    return undo


@contextmanager
def no_trace() -> Iterator[None]:
    """Take back everything an example wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def references_hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


# What others may do in between --------------------------------------------------------------------


def note(actor: User, person: Person, other: Person) -> None:
    Person.objects.filter(pk=person.pk).update(remark="来电核实", updated_at=timezone.now())


def birth(actor: User, person: Person, other: Person) -> None:
    record = BirthRecord(on=BETWEEN, learnt_on=BETWEEN, sex="1", name="韦新生", relationship="20")
    events.record_birth(actor=actor, mother=person, father=other, record=record)


def death(actor: User, person: Person, other: Person) -> None:
    events.record_death(
        actor=actor, person=person, record=Happening(on=BETWEEN, learnt_on=BETWEEN), new_head=other
    )


def move(actor: User, person: Person, other: Person) -> None:
    away = MoveRecord(
        on=BETWEEN, learnt_on=BETWEEN, kinds=("current",), place="广东", reason="work"
    )
    events.record_left_home(actor=actor, person=person, record=away)


def wedding(actor: User, person: Person, other: Person) -> None:
    record = MarriageRecord(on=BETWEEN, learnt_on=BETWEEN, order="21")
    events.record_marriage(actor=actor, person=person, spouse=other, record=record)


def divorce(actor: User, person: Person, other: Person) -> None:
    record = Happening(on=BETWEEN, learnt_on=BETWEEN)
    events.record_divorce(actor=actor, person=person, record=record)


def parent(actor: User, person: Person, other: Person) -> None:
    kinship.link_parent(actor=actor, child=person, parent=other, nature="birth")


ACTS: tuple[Callable[[User, Person, Person], None], ...] = (
    *(note, birth, death, move, wedding, divorce, parent),
)
acts = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 11)), max_size=3
)


def act(actor: User, chosen: Any) -> int:
    """Do what was chosen, as far as the services let it; returns how many were done."""
    done = 0
    people = list(Person.objects.visible_to(actor).order_by("pk"))
    for doing, first, second in chosen if people else ():
        one, two = (people[n % len(people)] for n in (first, second))
        try:
            with transaction.atomic():
                doing(actor, Person.objects.get(pk=one.pk), Person.objects.get(pk=two.pk))
            done += 1
        except (ValidationError, Refusal):
            pass
    return done


# The properties -----------------------------------------------------------------------------------


def test_import_and_taking_back_leave_no_trace(places: Any, township_clerk: User) -> None:
    clerk, township = township_clerk, places.township

    @few
    @given(st.lists(rosters, max_size=3), acts, rosters)
    def check(earlier: Any, chosen: Any, rows: Any) -> None:
        with no_trace():
            for roster, day in zip(earlier, DAYS, strict=False):
                bring(clerk, township, roster, day)
            act(clerk, chosen)
            before = register_of_all()
            batch = bring(clerk, township, rows, date(2026, 6, 30))
            after = register_of_all()

            assert turn(clerk, batch).staying == 0
            assert register_of_all() == before
            if services.last_undo(batch):
                assert turn(clerk, batch, Direction.AGAIN).staying == 0
                assert register_of_all() == after
                turn(clerk, batch)
                assert register_of_all() == before

    check()


def test_what_others_wrote_since_stays(places: Any, township_clerk: User) -> None:
    clerk, township = township_clerk, places.township

    @few
    @given(st.lists(rosters, max_size=2), rosters, acts, st.lists(rosters, max_size=1))
    def check(earlier: Any, rows: Any, chosen: Any, later: Any) -> None:
        with no_trace():
            for roster, day in zip(earlier, DAYS, strict=False):
                bring(clerk, township, roster, day)
            before = register_of_all()
            batch = bring(clerk, township, rows, DAYS[3])
            after = register_of_all()
            act(clerk, chosen)
            for roster in later:
                bring(clerk, township, roster, date(2026, 6, 30))
            edited = register_of_all()

            undo = turn(clerk, batch)

            compare(before, after, edited, register_of_all(), undo)

    check()


def compare(before: Any, after: Any, edited: Any, now: Any, undo: Undo) -> None:
    """Every row is as it was before the import or as it was before the taking back; what was
    written since is the latter. Households may differ in what follows from their members."""
    for table in now:
        versions = [dict(rows[table]) for rows in (before, after, edited, now)]
        for number in set().union(*versions):
            was, left, written_since, result = (rows.get(number) for rows in versions)
            if table == "households_household":
                assert (result is None) <= (was is None or written_since is None)
                continue
            assert result in (was, written_since)
            if written_since != left:
                assert result == written_since
    people = dict(now["households_person"])
    for row in undo.lines.filter(table="households.person", fate__in=("removed", "set_back")):
        assert people.get(row.subject_id) == dict(before["households_person"]).get(row.subject_id)
    if undo.going:
        for household in Household.objects.all():
            rows = Membership.objects.filter(household=household, valid_to__isnull=True)
            heads = list(rows.filter(is_head=True).values_list("person", flat=True))
            assert (household.member_count, household.head_id) == (
                rows.count(),
                heads[0] if heads else None,
            )
