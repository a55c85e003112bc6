"""An import is taken back while a corrected workbook of it is on its way: no line is lost."""

import io
from collections.abc import Callable
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from openpyxl import load_workbook

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.models import Job
from apps.households.models import Person
from apps.imports import services, tasks
from apps.imports.models import Batch, BatchState
from tests.imports.comparing import JUNE, bring_in, row, statuses, written
from tests.imports.undoing import done as taken_back

pytestmark = pytest.mark.django_db
GOOD, BAD = "韦大山", "覃小山"
WRONG, RIGHT = "白云村", "黄岭村"
BOTH = {2: "new", 3: "new"}


@pytest.fixture
def first(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A written import of two lines, of which one could not come in."""
    wrong = row(BAD, "女", date(1982, 3, 4), village=WRONG, household="002")
    batch = bring_in(township_clerk, places, row(GOOD), wrong)
    assert (names(), batch.counts["blocked"]) == ([GOOD], 1)
    return batch


@pytest.fixture
def hand_in(township_clerk: User) -> Callable[..., Batch]:
    """Hand in the error workbook of an import with a village in place of the wrong one."""
    return lambda batch, village=RIGHT: handed_in(township_clerk, batch, village)


def handed_in(actor: User, batch: Batch, village: str) -> Batch:
    made = services.request_error_workbook(actor=actor, batch=batch)
    content = b"".join(services.open_error_workbook(actor=actor, batch=made))
    book = load_workbook(io.BytesIO(content))
    for cell in (cell for line in book.worksheets[0].iter_rows() for cell in line):
        if cell.value == WRONG:
            cell.value = village
    stored = io.BytesIO()
    book.save(stored)
    return services.receive_roster(
        actor=actor,
        kind=batch.kind,
        region=batch.region,
        as_of=JUNE,
        file=ContentFile(stored.getvalue(), name="改好.xlsx"),
        in_background=False,
    ).batch


def names() -> list[str]:
    return sorted(Person.objects.values_list("name", flat=True))


def read(batch: Batch, **values: Any) -> Batch:
    return services.read_batch(batch_id=batch.pk, **values)


def confirmed(actor: User, batch: Batch) -> Batch:
    return services.confirm_batch(actor=actor, batch=batch)


def test_lines_that_came_before_come_in_with_the_corrected_workbook(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second = read(hand_in(first))
    assert statuses(second) == {2: "skipped", 3: "new"}

    taken_back(township_clerk, first)
    assert names() == []

    second.refresh_from_db()
    assert second.state == BatchState.UPLOADED
    [job] = Job.objects.filter(kind="imports.read", target_id=second.pk)
    assert (job.state, job.started_by) == ("queued", township_clerk)
    entry = Entry.objects.get(code="imports.batch.read_anew")
    assert (entry.batch, entry.changes) == (str(second.pk), {"because": [None, first.pk]})
    second = read(second)
    assert statuses(second) == BOTH
    written(township_clerk, second)
    assert names() == sorted([GOOD, BAD])


def test_workbook_that_was_confirmed_must_be_confirmed_again(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second = confirmed(township_clerk, read(hand_in(first)))

    taken_back(township_clerk, first)
    services.apply_batch(batch_id=second.pk)

    second.refresh_from_db()
    assert names() == []
    assert (second.state, second.confirmed_at, second.confirmed_by) == ("uploaded", None, None)
    second = read(second)
    assert (second.state, statuses(second)) == (BatchState.CHECKED, BOTH)


def test_writing_that_had_begun_leaves_no_trace_and_is_read_anew(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second = confirmed(township_clerk, read(hand_in(first)))

    def take_back(stage: str, done: int, total: int) -> None:
        if stage == "begin":
            taken_back(township_clerk, first)

    with pytest.raises(services.Stopped):
        services.apply_batch(batch_id=second.pk, progress=take_back)
    tasks.note_cancelled(Job.objects.get(kind="imports.write", target_id=second.pk))

    second.refresh_from_db()
    assert (names(), second.state) == ([], BatchState.UPLOADED)
    assert statuses(read(second)) == BOTH


def test_taking_back_during_the_reading_is_noticed_at_its_end(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second, stages = hand_in(first), []

    def take_back(stage: str, done: int, total: int) -> None:
        if stage == "check" and "check" not in stages:
            taken_back(township_clerk, first)
        stages.append(stage)

    second = read(second, progress=take_back)

    assert stages.count("read") == 2
    assert (second.state, statuses(second)) == (BatchState.CHECKED, BOTH)


def test_workbook_of_a_workbook_counts_on_the_first_import_too(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second = read(hand_in(first, WRONG))
    third = read(hand_in(second))
    assert statuses(second) == {2: "skipped", 3: "blocked"}
    assert statuses(third) == {2: "skipped", 3: "new"}

    taken_back(township_clerk, first)

    third.refresh_from_db()
    assert third.state == BatchState.UPLOADED
    assert statuses(read(third)) == BOTH


def test_import_that_was_written_before_stays_written(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    second = written(township_clerk, read(hand_in(first)))

    taken_back(township_clerk, first)

    second.refresh_from_db()
    assert (names(), second.state) == ([BAD], BatchState.DONE)
    assert not Entry.objects.filter(code="imports.batch.read_anew").exists()


def test_bringing_in_again_leaves_the_workbook_as_it_was_read(
    first: Batch, hand_in: Any, township_clerk: User
) -> None:
    taken_back(township_clerk, first)
    second = read(hand_in(first))
    assert statuses(second) == BOTH

    taken_back(township_clerk, first, "again")

    written(township_clerk, second)
    assert names() == sorted([GOOD, BAD])
