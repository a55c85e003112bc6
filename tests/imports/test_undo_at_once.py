"""Taking back while somebody else does something: two real connections, one exact result."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core import bulk
from apps.core.errors import NotAllowedNow
from apps.core.models import Job
from apps.households.models import Household, Person
from apps.households.services.roster import register_roster
from apps.imports import services
from apps.imports.models import Batch, BatchState, Undo, UndoState
from tests.factories.rosters import altered, family, id_number, line
from tests.imports.comparing import bring_in, row, upload
from tests.imports.undoing import JULY, at_once, done, looked, register_of_all, written

pytestmark = pytest.mark.django_db(transaction=True)
LONG = 20.0


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def bring(places: SimpleNamespace, township_clerk: User) -> Callable[..., Batch]:
    """Write lines as an import of 安塘乡."""
    return lambda rows, **values: written(
        township_clerk, places.township, register_roster, rows, **values
    )


def names() -> list[str]:
    return sorted(Person.objects.values_list("name", flat=True))


def blocked_sessions() -> int:
    """How many sessions wait for a lock that another one holds."""
    with connection.cursor() as cursor:
        # Within a transaction the server tells what it told before.
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND cardinality(pg_blocking_pids(pid)) > 0"
        )
        return int(cursor.fetchone()[0])


def until_blocked(threads: int = 1) -> None:
    """Wait until that many others wait for what this one holds."""
    for _time in range(int(LONG / 0.02)):
        if blocked_sessions() >= threads:
            return
        Event().wait(0.02)
    raise AssertionError("nobody waits")


# The same act twice -------------------------------------------------------------------------------


def test_two_people_asking_at_once_get_the_same_page(
    bring: Any, township_clerk: User, county_reader: User
) -> None:
    batch = bring(family("001"))

    def ask(actor: User) -> int:
        return services.ask_undo(actor=actor, batch=batch).pk

    found = at_once(lambda: ask(township_clerk), lambda: ask(county_reader))

    assert found == [Undo.objects.get().pk] * 2
    assert Job.objects.filter(kind="imports.undo_look").count() == 1


def test_two_people_confirming_at_once_have_it_done_once(
    bring: Any, township_clerk: User, county_reader: User
) -> None:
    batch = bring(family("001"))
    undo = looked(township_clerk, batch)

    def confirm(actor: User) -> str:
        return str(services.confirm_undo(actor=actor, undo=undo).state)

    found = at_once(lambda: confirm(township_clerk), lambda: confirm(county_reader))

    assert found == [UndoState.WAITING] * 2
    assert Job.objects.filter(kind="imports.undo").count() == 1
    assert Entry.objects.filter(code="imports.undo.confirmed").count() == 1


def test_asking_again_does_not_lose_a_confirmation_of_the_same_moment(
    bring: Any, township_clerk: User, county_reader: User
) -> None:
    undo = looked(township_clerk, batch := bring(family("001")))

    def confirm() -> str:
        with transaction.atomic():
            found = services.confirm_undo(actor=township_clerk, undo=undo)
            until_blocked()
            return str(found.state)

    def ask() -> str:
        while not undo_is_locked(undo):
            Event().wait(0.01)
        return str(services.ask_undo(actor=county_reader, batch=batch).state)

    assert at_once(confirm, ask) == [UndoState.WAITING] * 2
    assert services.carry_out_undo(undo_id=undo.pk).state == UndoState.DONE
    assert names() == []


def undo_is_locked(undo: Undo) -> bool:
    with transaction.atomic():
        free = Undo.objects.select_for_update(skip_locked=True).filter(pk=undo.pk)
        return not free.exists()


def test_two_workers_take_back_once(bring: Any, township_clerk: User) -> None:
    bring(family("001"))
    before = register_of_all()
    changed = [altered(row, education="21") for row in family("001")]
    batch = bring([*changed, stranger()], as_of=JULY)
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))

    def work() -> str:
        return str(services.carry_out_undo(undo_id=undo.pk).state)

    assert at_once(work, work) == [UndoState.DONE] * 2
    assert register_of_all() == before
    assert Entry.objects.filter(code="imports.batch.undone").count() == 1
    undo.refresh_from_db()
    assert undo.counts["records"] == {"removed": 2, "set_back": 4}


def test_bringing_in_again_twice_at_once_brings_everybody_once(
    bring: Any, township_clerk: User, county_reader: User
) -> None:
    batch = bring(family("001"))
    after = register_of_all()
    done(township_clerk, batch)

    def again(actor: User) -> str:
        try:
            undo = services.ask_undo(actor=actor, batch=batch, direction="again")
            undo = services.look_through(undo_id=undo.pk)
            undo = services.confirm_undo(actor=actor, undo=undo)
            return str(services.carry_out_undo(undo_id=undo.pk).state)
        except NotAllowedNow as refusal:
            return str(refusal)

    found = at_once(lambda: again(township_clerk), lambda: again(county_reader))

    stands = "This import stands in the register; it was not taken back."
    busy = "This is still being looked through. Please wait a moment."
    assert UndoState.DONE in found
    assert set(found) <= {UndoState.DONE, stands, busy}
    assert register_of_all() == after
    assert Entry.objects.filter(code="imports.batch.redone").count() == 1
    assert Batch.objects.get(pk=batch.pk).state == BatchState.DONE
    assert Undo.objects.filter(direction="again", state=UndoState.DONE).count() == 1


def stranger() -> Any:
    return line("农一", "90", id_number=id_number("1", date(1990, 1, 1), 9), household_key="009")


# Against another import ---------------------------------------------------------------------------


@dataclass
class Meeting:
    """An import that is to be taken back, and a later one of the same person to be written."""

    undo: Undo
    later: Batch

    def take_back(self) -> dict[str, int]:
        return dict(services.carry_out_undo(undo_id=self.undo.pk).counts["records"])

    def write(self) -> dict[str, int]:
        result = services.apply_batch(batch_id=self.later.pk).result
        return {name: result[name] for name in ("rows", "persons_created_any")}

    def in_turn(
        self, first: Callable[[], Any], second: Callable[[], Any]
    ) -> tuple[dict[str, int], dict[str, int]]:
        """Let the second begin when the first has written and not committed yet."""
        written_already = Event()

        def hold() -> Any:
            with transaction.atomic():
                found = first()
                written_already.set()
                until_blocked()
                return found

        def follow() -> Any:
            assert written_already.wait(LONG)
            return second()

        one, other = at_once(hold, follow)
        return one, other


@pytest.fixture
def meet(places: SimpleNamespace, township_clerk: User) -> Callable[..., Meeting]:
    """Bring in one person, ask for taking that back, and confirm a later roster."""

    def prepare() -> Meeting:
        first = bring_in(township_clerk, places, row("韦大山", education="初中"))
        later = upload(township_clerk, places, row("韦大山", education="小学"), as_of=JULY)
        services.confirm_batch(actor=township_clerk, batch=later, in_background=False)
        undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, first))
        return Meeting(undo, later)

    return prepare


def person() -> tuple[str, str, str]:
    found = Person.objects.select_related("current_region").get()
    return found.name, found.education, str(found.current_region)


def test_import_of_the_same_person_that_is_written_first_stays(meet: Any) -> None:
    meeting = meet()

    result, counts = meeting.in_turn(meeting.write, meeting.take_back)

    assert result == {"rows": 1, "persons_created_any": 0}
    assert counts == {"changed": 1, "needed": 1}
    assert person() == ("韦大山", "80", "黄岭村")


def test_import_of_the_same_person_that_waits_enters_the_person_anew(meet: Any) -> None:
    meeting = meet()
    before = Person.objects.get().pk

    counts, result = meeting.in_turn(meeting.take_back, meeting.write)

    assert counts == {"removed": 2}
    assert result == {"rows": 1, "persons_created_any": 1}
    assert person() == ("韦大山", "80", "黄岭村")
    assert Person.objects.get().pk != before
    assert Household.objects.get().member_count == 1


def test_changes_of_a_person_who_is_gone_do_not_pass_for_written(meet: Any) -> None:
    """Whoever did not wait for the village meets the taking back at the person."""
    meeting = meet()
    number = Person.objects.get().pk

    def change() -> None:
        with pytest.raises(bulk.Overtaken), transaction.atomic():
            bulk.update_rows(Person, ["id", "remark"], [(number, "来电核实")])

    counts, _none = meeting.in_turn(meeting.take_back, change)

    assert counts == {"removed": 2}


# Against a clerk ----------------------------------------------------------------------------------


def edit(name: str, remark: str) -> None:
    Person.objects.filter(name=name).update(updated_at=timezone.now(), remark=remark)


def test_clerk_who_edits_a_person_first_keeps_the_person(bring: Any, township_clerk: User) -> None:
    batch = bring([*family("001"), stranger()])
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))
    inside = Event()

    def clerk() -> None:
        with transaction.atomic():
            edit("农一", "来电核实")
            inside.set()
            until_blocked()

    def take_back() -> dict[str, int]:
        assert inside.wait(LONG)
        return dict(services.carry_out_undo(undo_id=undo.pk).counts["records"])

    _none, counts = at_once(clerk, take_back)

    assert counts == {"removed": 5, "changed": 1, "needed": 1}
    assert Person.objects.get().remark == "来电核实"


def test_clerk_who_edits_a_person_of_a_taking_back_finds_nobody(
    bring: Any, township_clerk: User
) -> None:
    batch = bring([*family("001"), stranger()])
    before = names()
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))
    inside = Event()

    def take_back() -> None:
        with transaction.atomic():
            services.carry_out_undo(undo_id=undo.pk)
            inside.set()
            until_blocked()

    def clerk() -> int:
        assert inside.wait(LONG)
        return Person.objects.filter(name="农一").update(remark="来电核实")

    _none, edited = at_once(take_back, clerk)

    assert (edited, names(), len(before)) == (0, [], 5)


def test_clerk_who_edits_a_person_again_and_again_loses_nothing(
    bring: Any, township_clerk: User
) -> None:
    """Whatever the moment: the last edit that was saved stands, or the person was gone before."""
    batch = bring([*family("001"), stranger()])
    undo = services.confirm_undo(actor=township_clerk, undo=looked(township_clerk, batch))
    over, saved = Event(), []

    def clerk() -> None:
        number = 0
        while not over.is_set():
            number += 1
            if Person.objects.filter(name="农一").update(remark=f"第{number}次"):
                saved.append(f"第{number}次")
        connection.close()

    thread = Thread(target=clerk)
    thread.start()
    try:
        undo = services.carry_out_undo(undo_id=undo.pk)
    finally:
        over.set()
        thread.join()

    left = list(Person.objects.values_list("name", "remark"))
    assert left == ([("农一", saved[-1])] if saved else [])
    assert undo.counts["records"].get("changed", 0) == len(left)
