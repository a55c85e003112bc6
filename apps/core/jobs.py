"""Background work whose truth is a row in the database (models.Job); Celery only runs it.

An app says once, in its tasks.py, what a kind of job does:

    jobs.register("imports.read", run=read_batch, failed=note_failure, stages={"check": 1})

    def read_batch(lease: jobs.Lease) -> None:      # lease.target_id says which record
        for number, row in enumerate(rows):
            lease.progress(number, total, "check")  # seen at once, outside the transaction
        with transaction.atomic():
            ...                                      # the result
            lease.finish()                           # done together with the result, or not at all

and a service starts it in its own transaction with `jobs.enqueue("imports.read", batch.pk,
actor=user)`. One worker at a time holds a job's lease and renews it while it works. `sweep` queues
a job again whose worker was killed: at once where it can see that the process is gone, else when
the lease has run out. A job may therefore begin twice; it ends once.

How long a job can stand still: the lease (60 s) after the last sign of life, the next sweep (10 s),
and if the broker loses the message just then, SEND_AGAIN_AFTER and one more sweep (30 s): 100 s.
"""

import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from types import TracebackType
from typing import Any, Self

from celery import current_app
from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerError

from apps.core import holders
from apps.core.choices import JobState
from apps.core.errors import Refusal
from apps.core.models import Job

log = logging.getLogger("fpms.jobs")

LEASE = timedelta(seconds=60)
RENEW_SECONDS = 10.0
PROGRESS_SECONDS = 0.3
SEND_AGAIN_AFTER = timedelta(seconds=20)
# Starts that failed by themselves, and starts that were lost with the worker or the database. The
# latter are mostly not the job's fault; a job that kills each of its workers ends nevertheless.
MAX_ATTEMPTS = 3
MAX_LOSSES = 10
# How long a worker waits for a database that vanished, to say what became of its job.
PAUSES = (0, 1, *[2] * 15)  # seconds
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
    stages: Mapping[str, int] = field(default_factory=dict)

    def reached(self, done: int, total: int, stage: str) -> int:
        """How much of the whole is done, in thousandths; stages weigh what was said of them."""
        share = min(1.0, done / total) if total else 0.0
        weights = self.stages if stage in self.stages else {stage: 1}
        names = list(weights)
        before = sum(weights[name] for name in names[: names.index(stage)])
        return int(1000 * (before + weights[stage] * share) / sum(weights.values()))


_kinds: dict[str, Kind] = {}


def register(
    kind: str,
    *,
    run: Callable[["Lease"], Any],
    failed: Callable[[Job], Any] | None = None,
    cancelled: Callable[[Job], Any] | None = None,
    stages: Mapping[str, int] | None = None,
) -> None:
    """Say what jobs of a kind do. `failed` and `cancelled` get the job in the same transaction.

    `stages` names the parts of the work in their order with the share of time each takes, in any
    unit; what `Lease.progress` is told is summed up by it.
    """
    _kinds[kind] = Kind(run, failed, cancelled, stages or {})


def kind_named(name: str) -> Kind:
    """Return what jobs of a kind do. Raises KeyError for a kind nobody registered."""
    if name not in _kinds:
        autodiscover_modules("tasks")
    return _kinds[name]


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
        self.token = token
        self._side = connection.copy()
        self._side.inc_thread_sharing()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"lease-{job.pk}", daemon=True)
        self._lost = self._cancelled = False
        self._noted_at = 0.0
        self._stage = ""
        self._reached = job.reached
        self._caught_up = not job.reached

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
        writes at most about three times a second. A later attempt shows nothing new until it has
        come as far as the one before.
        """
        self.check()
        now = time.monotonic()
        if stage == self._stage and now - self._noted_at < PROGRESS_SECONDS and done < total:
            return
        self._noted_at, self._stage = now, stage
        reached = kind_named(self.kind).reached(done, total, stage)
        values = {"done_count": done, "total_count": total, "stage": stage, "reached": reached}
        ahead = reached > self._reached or (self._caught_up and reached == self._reached)
        self._caught_up = self._caught_up or ahead
        self._renew(values if ahead else {})
        self._reached = max(self._reached, reached)
        self.check()

    def check(self) -> None:
        """Raise Cancelled or LeaseLost when the work must stop."""
        if self._lost:
            raise LeaseLost
        if self._cancelled:
            raise Cancelled

    def finish(self) -> None:
        """Mark the job done, in the transaction of its result. Raises LeaseLost."""
        held = Job.objects.filter(pk=self.job_id, lease_token=self.token, state=JobState.RUNNING)
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
        row = self._ask(query, [LEASE, *values.values(), self.job_id, self.token])
        if row is not None:
            self._cancelled = self._cancelled or bool(row[0])
            return
        other = "SELECT 1 FROM core_job WHERE id = %s AND lease_token IS DISTINCT FROM %s"
        self._lost = self._lost or self._ask(other, [self.job_id, self.token]) is not None

    def _ask(self, query: str, values: list[Any]) -> Any:
        """Run one statement on the side connection; a failing one is no reason to stop working.

        It waits for no lock: while the work commits, the row may be held by the work itself.
        """
        try:
            with self._lock, self._side.cursor() as cursor:
                cursor.execute("SET lock_timeout = '1s'")
                cursor.execute(query, values)
                return cursor.fetchone()
        except (DatabaseError, InterfaceError):
            log.warning("lease of job %s could not be renewed now", self.job_id)
            with self._lock:
                self._side.close()  # a connection that broke does not come back by itself
            return None


def claim(job_id: uuid.UUID | str) -> Lease | None:
    """Take a waiting job, or one whose worker is gone. None when there is nothing to take.

    Use the lease as a context manager; it is renewed until the block ends.
    """
    token = uuid.uuid4()
    with transaction.atomic():
        job = _open_rows().filter(pk=job_id).first()
        if job is None or not (job.state == JobState.QUEUED or _is_lost(job)):
            return None
        if job.state == JobState.RUNNING and not _note_loss(job):
            return None
        if job.cancel_requested:
            _close(job, JobState.CANCELLED)
            return None
        Job.objects.filter(pk=job.pk).update(
            state=JobState.RUNNING,
            held_by=holders.me(),
            lease_token=token,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", Now()),
            updated_at=Now(),
        )
    job.attempts += 1
    return Lease(job, token)


def _open_rows(*, wait: bool = False) -> QuerySet[Job]:
    """Jobs that have not ended, locked; without `wait` those that nobody else decides upon now."""
    expired = ExpressionWrapper(Q(lease_until__lt=Now()), BooleanField())
    rows = Job.objects.filter(state__in=[JobState.QUEUED, JobState.RUNNING])
    return rows.annotate(expired=expired).select_for_update(skip_locked=not wait, of=("self",))


def _is_lost(job: Any) -> bool:
    """Tell whether the worker of a running job is gone."""
    return job.state == JobState.RUNNING and (job.expired or holders.is_gone(job.held_by))


def _note_loss(job: Job) -> bool:
    """Count one interruption of a locked job; False when it was one too many and the job ended."""
    job.losses += 1
    Job.objects.filter(pk=job.pk).update(losses=job.losses, lease_token=None, lease_until=None)
    if job.losses < MAX_LOSSES:
        return True
    text = _("The work stopped %(count)d times before it was finished.")
    _close(job, JobState.FAILED, text % {"count": job.losses})
    return False


def _queue_again(job: Job) -> None:
    """Let a locked job wait for the next worker; it is sent when the caller commits."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.QUEUED, lease_token=None, lease_until=None, updated_at=Now()
    )
    transaction.on_commit(lambda: send(job))


def run(job_id: uuid.UUID | str) -> None:
    """Do one job from claim to end. Errors become the job's state.

    What went wrong is told to the user in words where it is a refusal; else by the job's number,
    under which the log names the place in the code, without values. When the database vanished,
    the job is handed back and begun again.
    """
    lease = claim(job_id)
    if lease is None:
        return
    session = connection.connection
    try:
        with lease:
            _notice_a_lost_client()
            kind_named(lease.kind).run(lease)
            _finish_if_open(lease)
    except LeaseLost:
        log.warning("job %s was taken over by another worker", job_id)
    except Exception as error:  # the last place that can still tell the user
        _patiently(partial(_end, lease, error, was_lost=_is_over(session)))


def _notice_a_lost_client() -> None:
    """Have the database stop a statement when this process is killed, or it would keep its locks.

    Without it the next attempt could wait for the rest of a statement that nobody needs.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET client_connection_check_interval = '2s'")


def _is_over(session: Any) -> bool:
    """Tell whether the session that the work began with broke.

    The error itself may be of any kind then, and Django may hold a new session already.
    """
    return connection.connection is not session or not connection.is_usable()


def _patiently(act: Callable[[], Any]) -> None:
    """Do what needs the database, also when that comes back only now; else the sweeper does it."""
    for pause in PAUSES:
        time.sleep(pause)
        try:
            act()
            return
        except (DatabaseError, InterfaceError):
            log.warning("database not reachable, waiting for it")
            connection.close()


@transaction.atomic
def _end(lease: Lease, error: Exception, *, was_lost: bool) -> None:
    """Note what became of a job whose work ended by an error; nothing when it is held no more."""
    job = _open_rows(wait=True).filter(pk=lease.job_id, lease_token=lease.token).first()
    if job is None:
        return
    if isinstance(error, Cancelled):
        _close(job, JobState.CANCELLED)
    elif isinstance(error, Refusal | ValidationError):
        _close(job, JobState.FAILED, words_of(error))
    elif was_lost:
        _log(job.pk, error)
        if _note_loss(job):
            _queue_again(job)
    elif isinstance(error, OperationalError) and job.attempts - job.losses < MAX_ATTEMPTS:
        # The database did not play along (a deadlock, a full disk): once more, but not for ever.
        _log(job.pk, error)
        _queue_again(job)
    else:
        _log(job.pk, error)
        _close(job, JobState.FAILED, _unexpected(job))


def _finish_if_open(lease: Lease) -> None:
    if Job.objects.filter(pk=lease.job_id, state=JobState.RUNNING).exists():
        lease.finish()


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


def _close(job: Job, state: JobState, reason: str = "") -> None:
    """End a locked job and tell its app, in one transaction."""
    job.state, job.error = state, reason
    Job.objects.filter(pk=job.pk).update(
        state=state, error=reason, finished_at=Now(), lease_until=None, updated_at=Now()
    )
    try:
        kind = kind_named(job.kind)
    except KeyError:
        return
    follow = kind.failed if state == JobState.FAILED else kind.cancelled
    if follow is not None:
        follow(job)


def sweep() -> dict[str, int]:
    """Queue jobs again whose worker vanished, and send those that the broker never got.

    After ten interruptions a job is given up, with a reason. Safe to run twice at once.
    """
    counts = {"requeued": 0, "failed": 0, "sent": 0}
    with transaction.atomic():
        for job in _open_rows().filter(state=JobState.RUNNING):
            if _is_lost(job):
                counts[_sweep_one(job)] += 1
    late = Job.objects.filter(state=JobState.QUEUED, updated_at__lt=Now() - SEND_AGAIN_AFTER)
    for job in late:
        Job.objects.filter(pk=job.pk).update(updated_at=Now())
        counts["sent"] += send(job)
    return counts


def _sweep_one(job: Job) -> str:
    if not _note_loss(job):
        return "failed"
    _queue_again(job)
    return "requeued"
