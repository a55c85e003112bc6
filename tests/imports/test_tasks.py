"""Reading and writing as background jobs: progress, failure, cancelling, running twice."""

from types import SimpleNamespace
from typing import Any

import pytest

from apps.accounts.models import User
from apps.core import jobs
from apps.core.choices import JobState
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


def test_job_reads_the_uploaded_file(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")

    job = run(tasks.READ_JOB, batch)

    assert (job.state, batch.state) == (JobState.DONE, BatchState.CHECKED)


def test_job_writes_the_confirmed_rows_and_tells_how_far_it_is(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山", "覃芳")
    run(tasks.READ_JOB, batch)
    services.confirm_batch(actor=township_clerk, batch=batch)
    seen: list[Any] = []
    # Another connection would see the same: the lease writes beside the transaction.
    tiny.before_end = lambda: seen.append(selectors.running(Batch.objects.get(pk=batch.pk)))

    job = run(tasks.WRITE_JOB, batch)

    assert (job.state, batch.state) == (JobState.DONE, BatchState.DONE)
    assert (seen[0].done, seen[0].total, seen[0].stage) == (2, 2, "link")
    assert groups() == 2


def test_cancelled_batch_cancels_its_running_job_and_writes_nothing(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    run(tasks.READ_JOB, batch)
    services.confirm_batch(actor=township_clerk, batch=batch)

    def cancel() -> None:
        Batch.objects.filter(pk=batch.pk).update(state=BatchState.CANCELLED)

    tiny.before_end = cancel
    job = run(tasks.WRITE_JOB, batch)

    assert job.state == JobState.CANCELLED
    assert groups() == 0


def test_failing_job_fails_the_batch_in_words_and_writes_nothing(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    run(tasks.READ_JOB, batch)
    services.confirm_batch(actor=township_clerk, batch=batch)

    def fail() -> None:
        raise RuntimeError("999901198005060012")

    tiny.before_end = fail
    job = run(tasks.WRITE_JOB, batch)

    assert (job.state, batch.state) == (JobState.FAILED, BatchState.FAILED)
    assert batch.failure["code"] == "gave_up"
    assert "999901" not in job.error
    assert groups() == 0


def test_job_of_a_written_batch_writes_nothing_more(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = uploaded(township_clerk, places, "韦大山")
    run(tasks.READ_JOB, batch)
    services.confirm_batch(actor=township_clerk, batch=batch)
    run(tasks.WRITE_JOB, batch)
    again = jobs.enqueue(tasks.WRITE_JOB, batch.pk, actor=township_clerk)

    jobs.run(again.pk)

    again.refresh_from_db()
    assert again.state == JobState.DONE
    assert tiny.calls == 1


def test_batch_waits_for_the_sweeper_when_the_broker_is_down(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "send", lambda job: False)

    batch = uploaded(township_clerk, places, "韦大山")

    assert batch.state == BatchState.UPLOADED
    assert selectors.running(batch).is_waiting
