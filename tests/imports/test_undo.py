"""Taking a written import back: what goes, what stays and why, and bringing it in again."""

from collections.abc import Iterator
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core import jobs
from apps.core.errors import NotAllowedNow, NotPermitted, OutOfScope
from apps.core.models import Job
from apps.households.models import Household, Kinship, Marriage, Membership, Person, Residence
from apps.households.records import BirthRecord, HouseholdRecord, MoveRecord
from apps.households.roster_rows import RosterRow
from apps.households.services import events, households, kinship
from apps.households.services.roster import plan_roster, register_roster
from apps.imports import services, tasks
from apps.imports.models import Batch, BatchState, Undo, UndoState
from apps.indicators import services as indicators
from apps.indicators.models import Snapshot
from apps.women.services.roster import register_women
from tests.factories.imports import roster
from tests.factories.rosters import altered, family, id_number, line
from tests.imports.undoing import JULY, JUNE, done, looked, register_of_all, written
from tests.women.test_roster import woman

pytestmark = pytest.mark.django_db
AUGUST = date(2026, 8, 5)


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def bring(places: SimpleNamespace, township_clerk: User) -> Any:
    """Write lines as an import of 安塘乡."""

    def write(rows: Any, **values: Any) -> Batch:
        register = values.pop("register", register_roster)
        return written(township_clerk, places.township, register, rows, **values)

    return write


def fates(undo: Undo) -> dict[str, list[str]]:
    """What becomes of whom: the names of people, the numbers of households, by fate."""
    found: dict[str, list[str]] = {}
    for row in undo.lines.order_by("table", "subject_id"):
        model: Any = {"households.person": Person, "households.household": Household}[row.table]
        version = model.pgh_event_model.objects.filter(pgh_obj_id=row.subject_id).last()
        found.setdefault(row.fate, []).append(getattr(version, "name", "") or version.number)
    return found


def others(**values: Any) -> list[RosterRow]:
    """Another family, whom nobody takes for the first."""
    names = str.maketrans("韦覃", "蒙黄")
    return [altered(row, name=row.name.translate(names)) for row in family("002", **values)]


def person(name: str) -> Person:
    return Person.objects.get(name=name)


def touch(name: str, **values: Any) -> None:
    """Change a person as a form does."""
    Person.objects.filter(name=name).update(updated_at=timezone.now(), **values)


def figures() -> list[Any]:
    """Everything that is stored of every region, month and basis; 0 is not stored."""
    rows = Snapshot.objects.order_by("region", "month", "basis")
    found = [(r.region_id, r.month, r.basis, r.values) for r in rows]
    return [row for row in found if any(row[3].values())]


def references_hold() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def counts_are_right() -> None:
    """Head and number of members of every household follow from the memberships."""
    for household in Household.objects.all():
        rows = Membership.objects.filter(household=household, valid_to__isnull=True)
        assert household.member_count == rows.count()
        assert (
            household.head_id == rows.filter(is_head=True).values_list("person", flat=True).first()
        )


# As a whole ---------------------------------------------------------------------------------------


def test_new_families_go_as_if_they_had_never_come(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    batch = bring(others())
    after = register_of_all()

    undo = done(township_clerk, batch)

    assert register_of_all() == before != after
    assert undo.counts["records"] == {"removed": 5}
    batch.refresh_from_db()
    assert (batch.state, undo.state) == (BatchState.UNDONE, UndoState.DONE)


def test_changed_people_say_again_what_they_said(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    changed = [altered(row, education="21", residence_status="2") for row in family("001")]
    batch = bring(changed, as_of=JULY)
    after = register_of_all()

    done(township_clerk, batch)

    assert register_of_all() == before != after


def test_new_head_gives_way_to_the_former_one(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    man, wife, *children = family("001")
    batch = bring(
        [
            altered(man, relation="10", is_head=False),
            altered(wife, relation="02", is_head=True),
            *children,
        ],
        as_of=JULY,
    )
    assert Household.objects.get().head == person("覃芳")

    done(township_clerk, batch)

    assert register_of_all() == before
    assert done(township_clerk, batch, "again").state == UndoState.DONE
    assert Household.objects.get().head == person("覃芳")


def test_members_who_changed_their_household_are_back(bring: Any, township_clerk: User) -> None:
    bring([*family("001"), *others()])
    before = register_of_all()
    son = others()[2]
    batch = bring(
        [*family("001"), altered(son, household_key="001", household_no="001")], as_of=JULY
    )
    after = register_of_all()

    done(township_clerk, batch)

    assert register_of_all() == before != after
    done(township_clerk, batch, "again")
    assert register_of_all() == after


def test_roster_of_women_goes_with_files_and_methods(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    batch = bring([woman()], register=register_women, kind="married_women")
    after = register_of_all()

    done(township_clerk, batch)

    assert register_of_all() == before != after
    done(township_clerk, batch, "again")
    assert register_of_all() == after


def test_bringing_in_again_restores_row_by_row_as_often_as_one_likes(
    bring: Any, township_clerk: User
) -> None:
    bring(family("001"))
    before = register_of_all()
    rows = [altered(row, education="21", residence_status="2") for row in family("001")]
    batch = bring([*rows, *others()], as_of=JULY)
    after = register_of_all()

    done(township_clerk, batch)
    again = done(township_clerk, batch, "again")

    assert register_of_all() == after
    assert again.counts["records"] == {"brought": 5, "set_back": 5}
    batch.refresh_from_db()
    assert batch.state == BatchState.DONE
    done(township_clerk, batch)
    assert register_of_all() == before


def test_uploaded_file_can_be_taken_back_by_the_background_work(
    places: SimpleNamespace, township_clerk: User, bring: Any
) -> None:
    bring(family("001"))
    before = register_of_all()
    number = id_number("1", date(1971, 2, 3), 40)
    file = roster(
        ("黄岭村", "009", "农大海", "男", number, "户主"),
        header=("村", "户号", "姓名", "性别", "身份证号", "与户主关系"),
    )
    batch = services.receive_roster(
        actor=township_clerk, kind="household_roster", region=places.township, as_of=JUNE, file=file
    ).batch
    services.read_batch(batch_id=batch.pk)
    batch.refresh_from_db()
    services.confirm_batch(actor=township_clerk, batch=batch)
    services.apply_batch(batch_id=batch.pk)
    assert register_of_all() != before

    undo = services.ask_undo(actor=township_clerk, batch=batch)
    jobs.run(Job.objects.get(kind="imports.undo_look").pk)
    services.confirm_undo(actor=township_clerk, undo=undo)
    jobs.run(Job.objects.get(kind="imports.undo").pk)

    assert register_of_all() == before
    assert Job.objects.get(kind="imports.undo").state == "done"
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE


def test_figures_are_what_they_were(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    indicators.roll_up()
    before = figures()
    batch = bring(others())
    indicators.refresh()
    assert figures() != before

    done(township_clerk, batch)
    indicators.refresh()

    assert figures() == before


# What stays ---------------------------------------------------------------------------------------


def test_person_changed_since_stays_whole_with_the_household(
    bring: Any, township_clerk: User
) -> None:
    batch = bring(family("001"))
    touch("韦大山", remark="来电核实")
    kept = register_of_all()

    undo = done(township_clerk, batch)

    assert fates(undo) == {
        "changed": ["韦大山"],
        "needed": ["001"],
        "removed": ["覃芳", "韦小山", "韦小芳"],
    }
    now = register_of_all()
    for table in ("households_person", "households_residence", "households_maritalperiod"):
        assert set(now[table]) <= set(kept[table])
    man = Person.objects.get()
    assert man.remark == "来电核实"
    assert Residence.objects.filter(person=man).count() == 2
    household = Household.objects.get()
    assert (household.head, household.member_count) == (man, 1)
    assert not Marriage.objects.exists()
    assert not Kinship.objects.exists()
    references_hold()


def test_head_goes_while_the_wife_stays(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    touch("覃芳", remark="来电核实")

    done(township_clerk, batch)

    household = Household.objects.get()
    assert (household.head, household.member_count) == (None, 1)
    assert [p.name for p in Person.objects.all()] == ["覃芳"]
    references_hold()


def test_couple_that_stays_stays_married(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    touch("覃芳", remark="来电核实")
    touch("韦大山", remark="来电核实")

    done(township_clerk, batch)

    assert Marriage.objects.get().husband == person("韦大山")
    assert not Kinship.objects.exists()
    counts_are_right()


def test_family_of_a_child_born_since_stays_for_the_child(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    record = BirthRecord(on=AUGUST, learnt_on=AUGUST, sex="1", name="韦新生", relationship="22")
    events.record_birth(
        actor=township_clerk, mother=person("覃芳"), father=person("韦大山"), record=record
    )

    undo = done(township_clerk, batch)

    assert fates(undo) == {"needed": ["001", "韦大山", "覃芳"], "removed": ["韦小山", "韦小芳"]}
    assert sorted(p.name for p in Person.objects.all()) == ["覃芳", "韦大山", "韦新生"]
    counts_are_right()
    references_hold()


def test_link_made_since_keeps_the_other_person(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    batch = bring([line("韦老伯", "90", birth_date=date(1950, 1, 1), marital_status="40")])
    kinship.link_parent(
        actor=township_clerk, child=person("韦大山"), parent=person("韦老伯"), nature="birth"
    )

    undo = done(township_clerk, batch)

    assert fates(undo)["needed"] == ["韦老伯"]
    assert Kinship.objects.filter(parent=person("韦老伯")).count() == 1


def test_household_that_grew_since_gets_its_number_back_and_keeps_the_child(
    bring: Any, township_clerk: User
) -> None:
    bring(family("001", address="1组1号"))
    batch = bring(family("001", address="2组9号"), as_of=JULY)
    record = BirthRecord(on=AUGUST, learnt_on=AUGUST, sex="1", name="韦新生", relationship="22")
    events.record_birth(actor=township_clerk, mother=person("覃芳"), record=record)

    undo = done(township_clerk, batch)

    household = Household.objects.get()
    assert fates(undo) == {"set_back": ["001"]}
    assert (household.address, household.member_count) == ("1组1号", 5)


def test_move_since_keeps_the_places_of_the_person(
    bring: Any, places: SimpleNamespace, township_clerk: User
) -> None:
    bring(family("001"))
    away = [altered(row, residence_status="2") for row in family("001")]
    batch = bring(away, as_of=JULY)
    move = MoveRecord(
        on=AUGUST, learnt_on=AUGUST, kinds=("current",), region=places.neighbour, reason="move"
    )
    events.record_came_home(actor=township_clerk, person=person("韦小山"), record=move)
    kept = list(Residence.objects.filter(person=person("韦小山")).order_by("pk").values())

    undo = done(township_clerk, batch)

    assert fates(undo) == {"changed": ["韦小山"], "set_back": ["001", "韦大山", "覃芳", "韦小芳"]}
    assert list(Residence.objects.filter(person=person("韦小山")).order_by("pk").values()) == kept
    assert person("韦大山").current_region == places.village
    counts_are_right()


def test_person_entered_anew_since_is_not_brought_in_beside(
    bring: Any, township_clerk: User
) -> None:
    batch = bring(family("001"))
    done(township_clerk, batch)
    man = family("001")[0]
    bring([altered(man, household_key="002", household_no="002")], as_of=JULY)

    again = done(township_clerk, batch, "again")

    assert fates(again) == {"brought": ["001", "覃芳", "韦小山", "韦小芳"], "taken": ["韦大山"]}
    assert sorted(p.name for p in Person.objects.all()) == ["覃芳", "韦大山", "韦小山", "韦小芳"]
    assert not Marriage.objects.exists()
    counts_are_right()
    references_hold()


def test_household_whose_number_was_given_away_is_not_brought_in_again(
    bring: Any, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = bring(family("001"))
    done(township_clerk, batch)
    record = HouseholdRecord(region=places.village, number="001")
    households.register_household(actor=township_clerk, record=record)

    again = looked(township_clerk, batch, "again")

    assert fates(again) == {
        "taken": ["001"],
        "missing": ["韦大山", "覃芳", "韦小山", "韦小芳"],
    }


# Several imports ----------------------------------------------------------------------------------


def test_each_taking_back_gives_what_was_before_its_own_import(
    bring: Any, township_clerk: User
) -> None:
    bring(family("001"))
    before = register_of_all()
    first = bring([altered(row, education="21") for row in family("001")], as_of=JULY)
    middle = register_of_all()
    second = bring([altered(row, education="31") for row in family("001")], as_of=AUGUST)
    after = register_of_all()

    assert looked(township_clerk, first).counts["records"] == {"changed": 4}
    assert register_of_all() == after
    done(township_clerk, second)
    assert register_of_all() == middle
    done(township_clerk, first)
    assert register_of_all() == before


def test_rest_of_an_import_can_be_taken_back_later(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    first = bring([*(altered(row, education="21") for row in family("001")), *others()], as_of=JULY)
    second = bring([altered(row, education="31") for row in family("001")], as_of=AUGUST)

    done(township_clerk, first)
    assert services.left_of(first) == 4
    done(township_clerk, second)
    rest = done(township_clerk, first)

    assert register_of_all() == before
    assert rest.counts["records"] == {"set_back": 4}
    assert services.left_of(first) == 0


def test_roster_taken_back_is_no_later_word(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    batch = bring([altered(row, education="21") for row in family("001")], as_of=AUGUST)
    july = [altered(row, education="31") for row in family("001")]

    assert {o.older for o in plan_roster(actor=township_clerk, rows=july, as_of=JULY).outcomes} == {
        True
    }
    done(township_clerk, batch)
    assert {o.older for o in plan_roster(actor=township_clerk, rows=july, as_of=JULY).outcomes} == {
        False
    }


# Who, when, how often -----------------------------------------------------------------------------


def test_looking_changes_nothing_and_says_it_all(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    before = register_of_all()

    undo = looked(township_clerk, batch)

    assert register_of_all() == before
    assert undo.state == UndoState.PLANNED
    assert undo.counts["rows"]["households.residence"] == {"removed": 8}
    village = Household.objects.get().region_id
    assert undo.counts["villages"] == [{"id": village, "removed": 5}]
    assert Batch.objects.get(pk=batch.pk).state == BatchState.DONE


def test_change_between_preview_and_writing_stays(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))
    touch("韦小芳", remark="来电核实")

    undo = services.carry_out_undo(undo_id=undo.pk)

    assert undo.counts["records"] == {"changed": 1, "needed": 1, "removed": 3}
    assert person("韦小芳").remark == "来电核实"
    counts_are_right()


def test_second_press_and_second_run_do_nothing_more(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    first, second = looked(township_clerk, batch), looked(township_clerk, batch)
    assert first == second
    services.confirm_undo(actor=township_clerk, undo=first)
    services.confirm_undo(actor=township_clerk, undo=first)
    assert Job.objects.filter(kind="imports.undo").count() == 1

    services.carry_out_undo(undo_id=first.pk)
    now = register_of_all()
    assert services.carry_out_undo(undo_id=first.pk).state == UndoState.DONE

    assert register_of_all() == now
    assert Entry.objects.filter(code="imports.batch.undone").count() == 1
    with pytest.raises(NotAllowedNow, match="already"):
        services.ask_undo(actor=township_clerk, batch=batch)


def test_audit_says_who_took_back_how_much(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))

    done(township_clerk, batch)

    entry = Entry.objects.get(code="imports.batch.undone")
    assert (entry.actor, entry.batch) == (township_clerk, str(batch.pk))
    assert entry.changes["records"] == [None, {"removed": 5}]


def test_time_is_over_after_thirty_days(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    undo = looked(township_clerk, batch)
    Batch.objects.update(finished_at=timezone.now() - timedelta(days=30, seconds=1))

    with pytest.raises(NotAllowedNow, match="30"):
        services.ask_undo(actor=township_clerk, batch=batch)
    with pytest.raises(NotAllowedNow, match="30"):
        services.confirm_undo(actor=township_clerk, undo=undo)
    Batch.objects.update(finished_at=timezone.now() - timedelta(days=29, hours=23))
    assert services.ask_undo(actor=township_clerk, batch=batch).state == UndoState.PLANNING


def test_only_who_may_import_there_may_take_back(
    bring: Any, outsider: User, township_leader: User, county_reader: User
) -> None:
    batch = bring(family("001"))

    with pytest.raises(OutOfScope):
        services.ask_undo(actor=outsider, batch=batch)
    with pytest.raises(NotPermitted):
        services.ask_undo(actor=township_leader, batch=batch)
    assert done(county_reader, batch).counts["records"] == {"removed": 5}


def test_people_of_another_office_stay_for_those_who_work_for_it(
    places: SimpleNamespace, county_reader: User, township_clerk: User
) -> None:
    far = [altered(row, village_code=places.far_village.code) for row in others()]
    batch = written(county_reader, places.township, register_roster, [*family("001"), *far])

    undo = done(township_clerk, batch)

    assert undo.counts["records"] == {"removed": 5, "elsewhere": 5}
    assert {p.registered_region for p in Person.objects.all()} == {places.far_village}
    assert (Kinship.objects.count(), Marriage.objects.count()) == (4, 1)
    counts_are_right()
    assert done(county_reader, batch).counts["records"] == {"removed": 5}


def test_batch_that_was_not_written_cannot_be_taken_back(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    Batch.objects.update(state=BatchState.CHECKED)

    with pytest.raises(NotAllowedNow, match="written"):
        services.ask_undo(actor=township_clerk, batch=batch)


def test_nothing_to_put_back_is_said(bring: Any, township_clerk: User) -> None:
    batch = bring([line("农一", "02")])
    touch("农一", remark="来电核实")

    with pytest.raises(NotAllowedNow, match="Nothing"):
        services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))


def test_work_that_was_given_up_leaves_the_register_alone(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    before = register_of_all()
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))

    tasks.note_undo_ended(Job.objects.get(kind="imports.undo"))

    undo.refresh_from_db()
    assert (undo.state, undo.failure) == (UndoState.FAILED, "gave_up")
    assert register_of_all() == before
    assert done(township_clerk, batch).state == UndoState.DONE


def test_other_direction_gives_up_what_nobody_confirmed(bring: Any, township_clerk: User) -> None:
    batch = bring([*family("001"), *others()])
    touch("韦大山", remark="来电核实")
    done(township_clerk, batch)
    rest = services.ask_undo(actor=township_clerk, batch=batch)
    waiting = Job.objects.get(kind="imports.undo_look", target_id=rest.pk)

    again = services.ask_undo(actor=township_clerk, batch=batch, direction="again")
    jobs.run(waiting.pk)
    again = services.look_through(undo_id=again.pk)

    rest.refresh_from_db()
    waiting.refresh_from_db()
    assert (rest.state, rest.failure, waiting.state) == (UndoState.FAILED, "replaced", "done")
    assert (again.state, again.counts["records"]) == (
        UndoState.PLANNED,
        {"brought": 8, "changed": 1},
    )
