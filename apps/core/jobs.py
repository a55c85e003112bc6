"""Background work whose truth is a row in the database (models.Job); Celery only runs it.

An app says once, in its tasks.py, what a kind of job does:

    jobs.register("imports.read", run=services.read_batch, failed=services.note_failure)

    def read_batch(lease: jobs.Lease) -> None:      # lease.target_id says which record
        for number, row in enumerate(rows):
            lease.progress(number, total, "checking")  # seen at once, outside the transaction
        with transaction.atomic():
            ...                                      # the result
            lease.finish()                           # done together with the result, or not at all

and a service starts it in its own transaction with `jobs.enqueue("imports.read", batch.pk,
actor=user)`. One worker at a time holds a job's lease and renews it while it works. When a worker
is killed the lease runs out and `sweep` queues the job again, at most three times. A job may
therefore begin twice; it ends once.
"""

import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Any, Self

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from apps.core.choices import JobState
from apps.core.errors import Refusal
from apps.core.models import Job

log = logging.getLogger("fpms.jobs")

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 15.0
PROGRESS_SECONDS = 0.3
SEND_AGAIN_AFTER = timedelta(minutes=2)
MAX_ATTEMPTS = 3
RUNNER = "apps.core.tasks.run_job"


class Cancelled(Exception):
    """Somebody asked to stop this job."""


class LeaseLost(Exception):
    """Another worker holds the job by now; this one must leave without a trace."""


@dataclass(frozen=True)
class Kind:
    """What a kind of job does, and what follows when it ends without having finished."""

    run: Callable[["Lease"], Any]
    failed: Callable[[Job], Any] | None = None
    cancelled: Callable[[Job], Any] | None = None


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    run: Callable[["Lease"], Any],
    failed: Callable[[Job], Any] | None = None,
    cancelled: Callable[[Job], Any] | None = None,
) -> None:
    """Say what jobs of a kind do. `failed` and `cancelled` get the job in the same transaction."""
    _kinds[kind] = Kind(run, failed, cancelled)


def kind_of(job: Job) -> Kind:
    """Return what a job does. Raises KeyError for a kind nobody registered."""
    if job.kind not in _kinds:
        autodiscover_modules("tasks")
    return _kinds[job.kind]


# Starting -----------------------------------------------------------------------------------------


@transaction.atomic
def enqueue(kind: str, target_id: object, *, actor: Any = None) -> Job:
    """Queue one job for a record, or return the open one; it starts when the caller commits.

    When the broker cannot be reached the row waits, and the sweeper sends it later.
    """
    waiting = Job.objects.bulk_create(
        [Job(kind=kind, target_id=str(target_id), started_by=actor)], ignore_conflicts=True
    )
    job = open_job(kind, target_id)
    if job is None:
        raise LookupError(kind)
    if job.pk == waiting[0].pk:
        transaction.on_commit(lambda: send(job))
    return job


def open_job(kind: str, target_id: object) -> Job | None:
    """Return the queued or running job of a record."""
    states = [JobState.QUEUED, JobState.RUNNING]
    return Job.objects.filter(kind=kind, target_id=str(target_id), state__in=states).first()


def latest_job(target_id: object, *kinds: str) -> Job | None:
    """Return the newest job of a record, open or not, of any of these kinds."""
    rows = Job.objects.filter(target_id=str(target_id), kind__in=kinds)
    return rows.order_by("-created_at").first()


def send(job: Job) -> bool:
    """Hand a job to the broker; False when it cannot be reached now."""
    try:
        current_app.send_task(RUNNER, [str(job.pk)], retry=False)
    except (BrokerError, OSError):
        log.warning("broker not reachable, job %s waits for the sweeper", job.pk)
        return False
    return True


def request_cancel(job: Job) -> None:
    """Ask a job to stop. A waiting one is cancelled at once, a running one at its next step."""
    with transaction.atomic():
        row = Job.objects.select_for_update().get(pk=job.pk)
        if row.state == JobState.QUEUED:
            _close(row, JobState.CANCELLED)
        elif row.state == JobState.RUNNING:
            Job.objects.filter(pk=row.pk).update(cancel_requested=True)


# Holding a job ------------------------------------------------------------------------------------


class Lease:
    """The right to work on one job, renewed by a thread of its own while it is held."""

    def __init__(self, job: Job, token: uuid.UUID) -> None:
        self.job_id = job.pk
        self.kind = job.kind
        self.target_id = job.target_id
        self.started_by = job.started_by
        self.attempt = job.attempts
        self._token = token
        self._side = connection.copy()
        self._side.inc_thread_sharing()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job.pk}", daemon=True)
        self._lost = self._cancelled = False
        self._noted_at = 0.0
        self._stage = ""

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join(timeout=RENEW_SECONDS)
        with self._lock:
            self._side.close()

    def progress(self, done: int, total: int, stage: str = "") -> None:
        """Note how far the work is, for everybody to see at once.

        Raises Cancelled or LeaseLost when the work must stop. Cheap enough for every row: it
        writes at most about three times a second.
        """
        self.check()
        now = time.monotonic()
        if stage == self._stage and now - self._noted_at < PROGRESS_SECONDS and done < total:
            return
        self._noted_at, self._stage = now, stage
        self._renew({"done_count": done, "total_count": total, "stage": stage})
        self.check()

    def check(self) -> None:
        """Raise Cancelled or LeaseLost when the work must stop."""
        if self._lost:
            raise LeaseLost
        if self._cancelled:
            raise Cancelled

    def finish(self) -> None:
        """Mark the job done, in the transaction of its result. Raises LeaseLost."""
        held = Job.objects.filter(pk=self.job_id, lease_token=self._token, state=JobState.RUNNING)
        if not held.update(state=JobState.DONE, finished_at=Now(), lease_until=None):
            raise LeaseLost

    def _keep(self) -> None:
        while not self._over.wait(RENEW_SECONDS):
            self._renew({})

    def _renew(self, values: dict[str, Any]) -> None:
        """Renew the lease by the side connection, so that it shows before the work commits."""
        columns = "".join(f", {name} = %s" for name in values)
        query = (
            "UPDATE core_job SET lease_until = statement_timestamp() + %s, updated_at ="  # noqa: S608
            f" statement_timestamp(){columns} WHERE id = %s AND lease_token = %s"
            " AND state = 'running' RETURNING cancel_requested"
        )
        row = self._ask(query, [LEASE, *values.values(), self.job_id, self._token])
        if row is not None:
            self._cancelled = self._cancelled or bool(row[0])
            return
        other = "SELECT 1 FROM core_job WHERE id = %s AND lease_token IS DISTINCT FROM %s"
        self._lost = self._lost or self._ask(other, [self.job_id, self._token]) is not None

    def _ask(self, query: str, values: list[Any]) -> Any:
        """Run one statement on the side connection; a failing one is no reason to stop working.

        It waits for no lock: while the work commits, the row may be held by the work itself.
        """
        try:
            with self._lock, self._side.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
                cursor.execute(query, values)
                return cursor.fetchone()
        except DatabaseError:
            log.warning("lease of job %s could not be renewed now", self.job_id)
            return None


def claim(job_id: uuid.UUID | str) -> Lease | None:
    """Take a waiting job, or one whose lease ran out. None when there is nothing to take.

    Use the lease as a context manager; it is renewed until the block ends.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        job = (
            _claimable().filter(pk=job_id).select_for_update(skip_locked=True, of=("self",)).first()
        )
        if job is None:
            return None
        if job.cancel_requested:
            _close(job, JobState.CANCELLED)
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            lease_token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", Now()),
            updated_at=Now(),
        )
    job.attempts += 1
    return Lease(job, token)


def _claimable() -> QuerySet[Job]:
    expired = Q(state=JobState.RUNNING, lease_until__lt=Now())
    return Job.objects.filter(Q(state=JobState.QUEUED) | expired)


def run(job_id: uuid.UUID | str) -> None:
    """Do one job from claim to end. Errors become the job's state and never leave this function.

    What went wrong is told to the user in words where it is a refusal; else by the job's number,
    under which the log names the place in the code, without values.
    """
    lease = claim(job_id)
    if lease is None:
        return
    job = Job.objects.get(pk=job_id)
    try:
        with lease:
            kind_of(job).run(lease)
            _finish_if_open(lease)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job_id)
    except Cancelled:
        close(job_id, JobState.CANCELLED, token=lease._token)
    except (Refusal, ValidationError) as error:
        close(job_id, JobState.FAILED, words_of(error), token=lease._token)
    except OperationalError as error:
        _fail_or_again(job, lease, error)
    except Exception as error:  # the last place that can still tell the user
        _log(job_id, error)
        close(job_id, JobState.FAILED, _unexpected(job), token=lease._token)


def _finish_if_open(lease: Lease) -> None:
    if Job.objects.filter(pk=lease.job_id, state=JobState.RUNNING).exists():
        lease.finish()


def _fail_or_again(job: Job, lease: Lease, error: Exception) -> None:
    """The database did not play along (deadlock, restart): once more, but not for ever."""
    _log(job.pk, error)
    if lease.attempt >= MAX_ATTEMPTS:
        close(job.pk, JobState.FAILED, _unexpected(job), token=lease._token)
        return
    held = Job.objects.filter(pk=job.pk, lease_token=lease._token, state=JobState.RUNNING)
    if held.update(state=JobState.QUEUED, lease_token=None, lease_until=None, updated_at=Now()):
        send(job)


def _log(job_id: object, error: Exception) -> None:
    """Name the error's type and place; its text may quote a person's data."""
    frames = "".join(traceback.format_tb(error.__traceback__))
    log.error("job %s failed: %s\n%s", job_id, type(error).__name__, frames)


def _unexpected(job: Job) -> str:
    return _(
        "Something went wrong on our side. Please tell the hotline this number: %(number)s"
    ) % {"number": str(job.pk)[:8]}


def words_of(error: Exception) -> str:
    """Return the words of a refusal or of a list of input errors."""
    return " ".join(error.messages) if isinstance(error, ValidationError) else str(error)


# Ending -------------------------------------------------------------------------------------------


@transaction.atomic
def close(
    job_id: uuid.UUID | str, state: JobState, reason: str = "", *, token: uuid.UUID | None = None
) -> bool:
    """End an open job as failed or cancelled; False when it has ended or moved on already."""
    rows = Job.objects.select_for_update().filter(
        pk=job_id, state__in=[JobState.QUEUED, JobState.RUNNING]
    )
    job = (rows.filter(lease_token=token) if token else rows).first()
    if job is None:
        return False
    _close(job, state, reason)
    return True


def _close(job: Job, state: JobState, reason: str = "") -> None:
    """End a locked job and tell its app, in one transaction."""
    job.state, job.error = state, reason
    Job.objects.filter(pk=job.pk).update(
        state=state, error=reason, finished_at=Now(), lease_until=None, updated_at=Now()
    )
    try:
        kind = kind_of(job)
    except KeyError:
        return
    follow = kind.failed if state == JobState.FAILED else kind.cancelled
    if follow is not None:
        follow(job)


def sweep() -> dict[str, int]:
    """Queue jobs again whose worker vanished, and send those that the broker never got.

    After three attempts a job is given up, with a reason. Safe to run twice at once.
    """
    counts = {"requeued": 0, "failed": 0, "sent": 0}
    with transaction.atomic():
        expired = Job.objects.filter(state=JobState.RUNNING, lease_until__lt=Now())
        for job in expired.select_for_update(skip_locked=True):
            counts[_sweep_one(job)] += 1
    late = Job.objects.filter(state=JobState.QUEUED, updated_at__lt=Now() - SEND_AGAIN_AFTER)
    for job in late:
        Job.objects.filter(pk=job.pk).update(updated_at=Now())
        counts["sent"] += send(job)
    return counts


def _sweep_one(job: Job) -> str:
    if job.attempts >= MAX_ATTEMPTS:
        text = _("The work stopped %(count)d times before it was finished.")
        _close(job, JobState.FAILED, text % {"count": job.attempts})
        return "failed"
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED, lease_token=None, lease_until=None, updated_at=Now()
    )
    transaction.on_commit(lambda: send(job))
    return "requeued"
