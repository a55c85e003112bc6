"""While the work goes on: stopping it at each stage, what the page says, beginning once more."""

import threading
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core import jobs
from apps.core.choices import JobState
from apps.core.errors import NotAllowedNow
from apps.core.models import Job
from apps.imports import selectors, services, tasks
from apps.imports.models import Batch, BatchState
from tests.factories.imports import DAY, KIND, TinyKind, groups, people, roster

pytestmark = pytest.mark.django_db(transaction=True)


def uploaded(actor: User, places: SimpleNamespace, *names: str) -> Batch:
    return services.receive_roster(
        actor=actor, kind=KIND, region=places.township, as_of=DAY, file=roster(*people(*names))
    ).batch


def run(kind: str, batch: Batch) -> Job:
    """Do the open job of a batch, as a worker would."""
    job = jobs.open_job(kind, batch.pk)
    assert job is not None
    jobs.run(job.pk)
    job.refresh_from_db()
    batch.refresh_from_db()
    return job


def confirmed(actor: User, places: SimpleNamespace) -> Batch:
    batch = uploaded(actor, places, "韦大山", "覃芳")
    run(tasks.READ_JOB, batch)
    return services.confirm_batch(actor=actor, batch=batch)


def broken_off(actor: User, places: SimpleNamespace, tiny: TinyKind) -> Batch:
    """A confirmed batch whose writing failed on our side."""
    batch = confirmed(actor, places)

    def fail() -> None:
        raise RuntimeError

    usual, tiny.before_end = tiny.before_end, fail
    run(tasks.WRITE_JOB, batch)
    tiny.before_end = usual
    return batch


class Elsewhere(threading.Thread):
    """What somebody else does at the same time, with a connection of their own."""

    def __init__(self, act: Any) -> None:
        super().__init__()
        self._act = act
        self.refusal: Exception | None = None

    def run(self) -> None:
        try:
            self._act()
        except NotAllowedNow as refusal:
            self.refusal = refusal
        finally:
            connection.close()


def cancel_at(stage: str, actor: User, batch: Batch, patch: pytest.MonkeyPatch) -> list[str]:
    """Have the import stopped from elsewhere when the work comes to a stage; lists the stages."""
    seen: list[str] = []
    note = jobs.Lease.progress

    def progress(lease: jobs.Lease, done: int, total: int, name: str = "") -> None:
        if name == stage and stage not in seen:
            other = Elsewhere(lambda: services.cancel_batch(actor=actor, batch=batch))
            other.start()
            other.join()
        seen.append(name)
        note(lease, done, total, name)

    patch.setattr(jobs.Lease, "progress", progress)
    return seen


# Stopping -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", list(tasks.READ_STAGES))
def test_reading_is_stopped_at_each_stage(
    stage: str,
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    seen = cancel_at(stage, township_clerk, batch, monkeypatch)

    job = run(tasks.READ_JOB, batch)

    assert seen[-1] == stage
    assert (job.state, batch.state) == (JobState.CANCELLED, BatchState.CANCELLED)
    assert not batch.rows.exists()


@pytest.mark.parametrize("stage", list(tasks.WRITE_STAGES))
def test_writing_is_stopped_at_each_stage_and_leaves_nothing(
    stage: str,
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = confirmed(township_clerk, places)
    seen = cancel_at(stage, township_clerk, batch, monkeypatch)

    job = run(tasks.WRITE_JOB, batch)

    assert seen[-1] == stage
    assert (job.state, batch.state) == (JobState.CANCELLED, BatchState.CANCELLED)
    assert groups() == 0
    assert not Entry.objects.filter(code="imports.batch.applied").exists()


def test_stopping_at_the_very_end_is_refused_and_says_that_it_is_written(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = confirmed(township_clerk, places)
    other = Elsewhere(lambda: services.cancel_batch(actor=township_clerk, batch=batch))
    finish = jobs.Lease.finish

    def finish_while_cancelled(lease: jobs.Lease) -> None:
        other.start()
        other.join(0.3)  # it waits for the end of the writing
        finish(lease)

    monkeypatch.setattr(jobs.Lease, "finish", finish_while_cancelled)
    job = run(tasks.WRITE_JOB, batch)
    other.join()

    assert (job.state, batch.state, groups()) == (JobState.DONE, BatchState.DONE, 2)
    assert "written" in str(other.refusal) or "已写入" in str(other.refusal)


# Following ----------------------------------------------------------------------------------------


def test_page_tells_share_rows_and_time(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: Any
) -> None:
    batch = confirmed(township_clerk, places)
    job = jobs.open_job(tasks.WRITE_JOB, batch.pk)
    assert job is not None
    lease = jobs.claim(job.pk)
    assert lease is not None
    lease.progress(1, 2, "write")
    lease._side.close()
    Batch.objects.filter(pk=batch.pk).update(state=BatchState.APPLYING)

    running = selectors.running(Batch.objects.get(pk=batch.pk))
    page = client_of(township_clerk).get(batch.get_absolute_url()).content.decode()

    # The beginning weighs 10, writing 70 of 100.
    assert (running.percent, running.done, running.total) == (45, 1, 2)
    assert "<b>45</b> %" in page
    assert "1 / 2" in page


def test_page_says_that_the_work_was_interrupted_and_goes_on(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: Any
) -> None:
    batch = confirmed(township_clerk, places)
    job = jobs.open_job(tasks.WRITE_JOB, batch.pk)
    assert job is not None
    jobs.claim(job.pk)._side.close()  # type: ignore[union-attr]
    Job.objects.filter(pk=job.pk).update(held_by="", lease_until="2020-01-01T00:00Z")
    jobs.sweep()

    page = client_of(township_clerk).get(f"{batch.get_absolute_url()}?language=en")

    assert selectors.running(batch).was_interrupted
    assert page.status_code == 200


# Once more ----------------------------------------------------------------------------------------


def test_import_that_broke_off_on_our_side_goes_on_where_it_was(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: Any
) -> None:
    batch = broken_off(township_clerk, places, tiny)
    browser = client_of(township_clerk)
    address = f"{batch.get_absolute_url()}retry/"
    assert address in browser.get(batch.get_absolute_url()).content.decode()

    browser.post(address)
    browser.post(address)  # a double click
    job = run(tasks.WRITE_JOB, batch)

    assert (job.state, batch.state, groups()) == (JobState.DONE, BatchState.DONE, 2)
    assert Entry.objects.filter(code="imports.batch.retried").count() == 1
    assert Entry.objects.filter(code="imports.batch.confirmed").count() == 1
    assert Batch.objects.count() == 1


def test_reading_that_broke_off_is_begun_again(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    job = jobs.open_job(tasks.READ_JOB, batch.pk)
    assert job is not None
    for _loss in range(jobs.MAX_LOSSES):
        jobs.claim(job.pk)._side.close()  # type: ignore[union-attr]
        Job.objects.filter(pk=job.pk).update(lease_until="2020-01-01T00:00Z")
        jobs.sweep()
    batch.refresh_from_db()
    assert (batch.state, batch.failure["code"]) == (BatchState.FAILED, "gave_up")

    services.retry_batch(actor=township_clerk, batch=batch)
    run(tasks.READ_JOB, batch)

    assert batch.state == BatchState.CHECKED


def test_file_that_was_uploaded_once_more_is_not_taken_up_twice(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = broken_off(township_clerk, places, tiny)
    uploaded(township_clerk, places, "韦大山", "覃芳")

    with pytest.raises(NotAllowedNow):
        services.retry_batch(actor=township_clerk, batch=batch)

    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED


def test_file_that_cannot_be_read_is_not_taken_up_again(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: Any
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    services.fail_batch(batch_id=batch.pk, code="damaged", params={})
    batch.refresh_from_db()

    page = client_of(township_clerk).get(batch.get_absolute_url()).content.decode()

    assert "retry/" not in page
    with pytest.raises(NotAllowedNow):
        services.retry_batch(actor=township_clerk, batch=batch)


def test_two_presses_at_the_same_moment_open_one_import(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    numbers: list[int] = []
    both = threading.Barrier(2)

    def press() -> None:
        both.wait()
        numbers.append(uploaded(township_clerk, places, "韦大山").pk)

    presses = [Elsewhere(press), Elsewhere(press)]
    for one in presses:
        one.start()
    for one in presses:
        one.join()

    assert len(numbers) == 2
    assert len(set(numbers)) == Batch.objects.count() == 1
    assert Job.objects.count() == 1
    assert Entry.objects.filter(code="imports.batch.uploaded").count() == 1
