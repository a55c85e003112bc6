"""Background jobs: one worker at a time, progress at once, nothing lost when one is killed."""

import contextlib
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, connection, transaction
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from apps.core import jobs
from apps.core.choices import JobState
from apps.core.models import Job

KIND = "tests.count"
PRINT_ME = "from apps.core import holders; print(holders.me())"


@pytest.fixture
def sent(monkeypatch):
    """What would have gone to the broker."""
    names = []
    monkeypatch.setattr(jobs, "send", lambda job: names.append(str(job.pk)) or True)
    return names


@pytest.fixture
def work():
    """Register a kind that does what the test puts into `work.run`; restores the registry."""

    class Work:
        run = staticmethod(lambda lease: None)
        failed: list = []
        cancelled: list = []

    Work.failed, Work.cancelled = [], []
    before = dict(jobs._kinds)
    jobs.register(
        KIND,
        run=lambda lease: Work.run(lease),
        failed=lambda job: Work.failed.append(job.error),
        cancelled=lambda job: Work.cancelled.append(job.pk),
    )
    yield Work
    jobs._kinds.clear()
    jobs._kinds.update(before)


def expired(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_job_is_sent_when_the_caller_commits(sent, work, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = jobs.enqueue(KIND, 7)
        assert sent == []

    assert sent == [str(job.pk)]
    assert (job.state, job.target_id) == (JobState.QUEUED, "7")


@pytest.mark.django_db
def test_second_job_for_the_same_record_is_the_open_one(
    sent, work, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        first = jobs.enqueue(KIND, 7)
        second = jobs.enqueue(KIND, 7)

    assert first.pk == second.pk
    assert len(sent) == 1


@pytest.mark.django_db
def test_job_waits_while_the_broker_cannot_be_reached(work, monkeypatch):
    def refuse(*args, **kwargs):
        raise BrokerError("connection refused")

    monkeypatch.setattr("celery.app.base.Celery.send_task", refuse)
    job = jobs.enqueue(KIND, 7)

    assert jobs.send(job) is False
    assert jobs.open_job(KIND, 7) == job


@pytest.mark.django_db
def test_work_that_returns_is_done(sent, work):
    job = jobs.enqueue(KIND, 7)
    seen = []
    work.run = lambda lease: seen.append((lease.target_id, lease.attempt))

    jobs.run(job.pk)

    job.refresh_from_db()
    assert seen == [("7", 1)]
    assert (job.state, job.attempts, job.lease_until) == (JobState.DONE, 1, None)
    assert job.started_at is not None
    assert job.finished_at is not None


@pytest.mark.django_db
def test_done_job_is_not_run_again(sent, work):
    job = jobs.enqueue(KIND, 7)
    jobs.run(job.pk)
    runs = []
    work.run = runs.append

    jobs.run(job.pk)

    assert runs == []


@pytest.mark.django_db
def test_refusal_becomes_the_reason(sent, work):
    job = jobs.enqueue(KIND, 7)

    def refuse(lease):
        raise ValidationError("Das Blatt ist leer.")

    work.run = refuse
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, "Das Blatt ist leer.")
    assert work.failed == ["Das Blatt ist leer."]


@pytest.mark.django_db
def test_crash_tells_a_number_and_no_data(sent, work, caplog):
    job = jobs.enqueue(KIND, 7)

    person = "张惠卿"

    def crash(lease):
        raise RuntimeError(person)

    work.run = crash
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert str(job.pk)[:8] in job.error
    assert "RuntimeError" in caplog.text
    assert person not in caplog.text + job.error


@pytest.mark.django_db
def test_database_trouble_is_tried_again_three_times(sent, work):
    job = jobs.enqueue(KIND, 7)

    def trouble(lease):
        raise OperationalError("deadlock detected")

    work.run = trouble
    states = []
    for _attempt in range(3):
        jobs.run(job.pk)
        job.refresh_from_db()
        states.append((job.state, job.attempts))

    assert states == [(JobState.QUEUED, 1), (JobState.QUEUED, 2), (JobState.FAILED, 3)]


@pytest.mark.django_db
def test_waiting_job_is_cancelled_at_once(sent, work):
    job = jobs.enqueue(KIND, 7)

    jobs.request_cancel(job)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert work.cancelled == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_running_job_stops_at_its_next_step_and_leaves_nothing(sent, work):
    job = jobs.enqueue(KIND, 7)

    def ask_then_go_on(lease):
        jobs.request_cancel(job)
        with transaction.atomic():
            Job.objects.create(kind="tests.trace", target_id="1")
            lease.progress(1, 2)

    work.run = ask_then_go_on
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert not Job.objects.filter(kind="tests.trace").exists()
    assert work.cancelled == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_work_is_not_committed(sent, work):
    job = jobs.enqueue(KIND, 7)
    seen = []

    def look():
        row = Job.objects.get(pk=job.pk)
        seen.append((row.state, row.done_count, row.total_count, row.stage, row.percent))
        connection.close()

    def count(lease):
        with transaction.atomic():
            lease.progress(30, 120, "checking")
            other = threading.Thread(target=look)
            other.start()
            other.join()

    work.run = count
    jobs.run(job.pk)

    assert seen == [(JobState.RUNNING, 30, 120, "checking", 25)]


@pytest.mark.django_db(transaction=True)
def test_finishing_and_the_result_are_one_transaction(sent, work):
    job = jobs.enqueue(KIND, 7)

    def finish_then_fail(lease):
        with transaction.atomic():
            Job.objects.create(kind="tests.trace", target_id="1")
            lease.finish()
            raise ValidationError("too late")

    work.run = finish_then_fail
    jobs.run(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Job.objects.filter(kind="tests.trace").exists()


@pytest.mark.django_db(transaction=True)
def test_held_job_cannot_be_claimed_and_an_expired_one_can(sent, work):
    job = jobs.enqueue(KIND, 7)
    first = jobs.claim(job.pk)

    assert jobs.claim(job.pk) is None

    expired(job)
    second = jobs.claim(job.pk)
    assert second is not None
    assert second.attempt == 2
    with pytest.raises(jobs.LeaseLost):
        first.finish()
    with pytest.raises(jobs.LeaseLost):
        first.progress(1, 2, "late")
    second.finish()
    for lease in (first, second):
        lease._side.close()


@pytest.mark.django_db(transaction=True)
def test_lease_is_renewed_while_the_work_goes_on(sent, work, monkeypatch):
    monkeypatch.setattr(jobs, "RENEW_SECONDS", 0.05)
    job = jobs.enqueue(KIND, 7)
    ends = []

    def wait(lease):
        expired(job)
        for _try in range(100):
            end = Job.objects.get(pk=job.pk).lease_until
            if end > timezone.now():
                ends.append(end)
                return
            threading.Event().wait(0.02)

    work.run = wait
    jobs.run(job.pk)

    assert len(ends) == 1


@pytest.mark.django_db(transaction=True)
def test_sweeper_queues_the_job_of_a_killed_worker_again(sent, work):
    job = jobs.enqueue(KIND, 7)
    jobs.claim(job.pk)._side.close()
    expired(job)
    sent.clear()

    counts = jobs.sweep()

    job.refresh_from_db()
    assert counts == {"requeued": 1, "failed": 0, "sent": 0}
    assert (job.state, job.lease_token) == (JobState.QUEUED, None)
    assert sent == [str(job.pk)]


@pytest.mark.django_db(transaction=True)
def test_sweeper_gives_a_job_up_that_lost_ten_workers(sent, work):
    job = jobs.enqueue(KIND, 7)
    counts = []

    for _attempt in range(10):
        jobs.claim(job.pk)._side.close()
        expired(job)
        counts.append(jobs.sweep())

    job.refresh_from_db()
    assert [count["requeued"] for count in counts] == [1] * 9 + [0]
    assert [count["failed"] for count in counts] == [0] * 9 + [1]
    assert (job.state, job.attempts, job.losses) == (JobState.FAILED, 10, 10)
    assert work.failed == [job.error]
    assert "10" in job.error


@pytest.mark.django_db(transaction=True)
def test_interruptions_do_not_count_as_failures_of_the_work(sent, work):
    job = jobs.enqueue(KIND, 7)
    for _attempt in range(5):
        jobs.claim(job.pk)._side.close()
        expired(job)
        jobs.sweep()

    def trouble(lease):
        raise OperationalError("deadlock detected")

    work.run = trouble
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.losses) == (JobState.QUEUED, 6, 5)


@pytest.mark.django_db(transaction=True)
def test_job_of_a_dead_process_of_this_machine_is_taken_up_at_once(sent, work):
    with subprocess.Popen([sys.executable, "-c", PRINT_ME], stdout=subprocess.PIPE, text=True) as p:
        gone = p.communicate()[0].strip()
    job = jobs.enqueue(KIND, 7)
    jobs.claim(job.pk)._side.close()
    Job.objects.filter(pk=job.pk).update(held_by=gone)

    lease = jobs.claim(job.pk)

    assert lease is not None
    assert (lease.attempt, Job.objects.get(pk=job.pk).losses) == (2, 1)
    lease._side.close()


@pytest.mark.django_db(transaction=True)
def test_database_that_vanishes_costs_the_work_and_not_the_job(sent, work):
    job = jobs.enqueue(KIND, 7)
    sent.clear()

    def end_own_connection(lease):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    work.run = end_own_connection
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.attempts, job.losses) == (JobState.QUEUED, 1, 1)
    assert sent == [str(job.pk)]


@pytest.mark.django_db(transaction=True)
def test_error_that_follows_from_a_lost_connection_is_no_failure(sent, work):
    job = jobs.enqueue(KIND, 7)

    def stumble(lease):
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        raise RuntimeError("what the work made of it")

    work.run = stumble
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.losses, job.error) == (JobState.QUEUED, 1, "")


@pytest.mark.django_db(transaction=True)
def test_loss_is_noticed_though_django_has_a_new_session_already(sent, work):
    job = jobs.enqueue(KIND, 7)

    def lose_and_connect_again(lease):
        with contextlib.suppress(OperationalError), connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        connection.close()
        connection.ensure_connection()
        raise DatabaseError("error with no message from the libpq")

    work.run = lose_and_connect_again
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, job.losses, job.error) == (JobState.QUEUED, 1, "")


@pytest.mark.django_db(transaction=True)
def test_lease_survives_the_loss_of_its_own_connection(sent, work, monkeypatch):
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0)
    job = jobs.enqueue(KIND, 7)
    seen = []

    def lose_side(lease):
        with lease._side.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (pid,) = cursor.fetchone()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
        lease.progress(1, 4, "check")
        lease.progress(2, 4, "check")
        seen.append(Job.objects.get(pk=job.pk).done_count)

    work.run = lose_side
    jobs.run(job.pk)

    job.refresh_from_db()
    assert (job.state, seen) == (JobState.DONE, [2])


@pytest.mark.django_db(transaction=True)
def test_progress_never_goes_backwards(sent, work, monkeypatch):
    monkeypatch.setattr(jobs, "PROGRESS_SECONDS", 0)
    jobs.register(KIND, run=lambda lease: work.run(lease), stages={"first": 1, "second": 3})
    job = jobs.enqueue(KIND, 7)
    seen = []

    def come_to(lease, *steps):
        for stage, done in steps:
            lease.progress(done, 8, stage)
            row = Job.objects.get(pk=job.pk)
            seen.append((row.stage, row.done_count, row.percent))

    killed = jobs.claim(job.pk)
    come_to(killed, ("first", 0), ("first", 8), ("second", 0))
    killed._side.close()
    expired(job)
    work.run = lambda lease: come_to(
        lease, ("first", 0), ("first", 8), ("second", 0), ("second", 4)
    )
    jobs.run(job.pk)

    assert seen == [
        *[("first", 0, 0), ("first", 8, 25), ("second", 0, 25)],
        *[("second", 0, 25), ("second", 0, 25), ("second", 0, 25), ("second", 4, 62)],
    ]


@pytest.mark.django_db
def test_sweeper_leaves_a_held_job_alone(sent, work):
    job = jobs.enqueue(KIND, 7)
    jobs.claim(job.pk)._side.close()

    assert jobs.sweep() == {"requeued": 0, "failed": 0, "sent": 0}


@pytest.mark.django_db
def test_sweeper_sends_what_the_broker_never_got_once_in_twenty_seconds(sent, work):
    job = jobs.enqueue(KIND, 7)
    assert jobs.sweep()["sent"] == 0
    Job.objects.filter(pk=job.pk).update(updated_at=timezone.now() - timedelta(seconds=21))

    assert jobs.sweep()["sent"] == 1
    assert jobs.sweep()["sent"] == 0
