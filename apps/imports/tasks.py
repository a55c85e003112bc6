"""Background work of imports: reading and writing as jobs (core.jobs)."""

from collections.abc import Callable
from typing import Any

from celery import shared_task

from apps.core import jobs
from apps.core.models import Job
from apps.imports import services
from apps.imports.models import READ_STATES, WRITE_STATES
from apps.imports.selectors import READ_JOB, UNDO_JOB, UNDO_LOOK_JOB, WRITE_JOB


@shared_task
def remove_old_files() -> dict[str, int]:
    """Remove stored files whose time is over; started by the clock at night."""
    return services.remove_old_files()


def read_batch(lease: jobs.Lease) -> None:
    """Read, check and compare the file of one batch."""
    _work(services.read_batch, lease)


def write_batch(lease: jobs.Lease) -> None:
    """Write the rows of one batch that a person confirmed."""
    _work(services.apply_batch, lease)


def make_error_workbook(lease: jobs.Lease) -> None:
    """Make the workbook with the errors of one batch."""
    lease.progress(0, 0, "mark")
    services.make_error_workbook(batch_id=int(lease.target_id), finish=lease.finish)


def look_through(lease: jobs.Lease) -> None:
    """Find out what taking a batch back would do."""
    _work(services.look_through, lease, "undo_id")


def carry_out_undo(lease: jobs.Lease) -> None:
    """Take a batch back, or bring it in again, as a person confirmed."""
    _work(services.carry_out_undo, lease, "undo_id")


def _work(service: Callable[..., Any], lease: jobs.Lease, target: str = "batch_id") -> None:
    """Call a service with the lease's progress; a batch that was cancelled cancels its job."""
    try:
        service(
            **{target: int(lease.target_id)},
            progress=lambda stage, done, total: lease.progress(done, total, stage),
            finish=lease.finish,
        )
    except services.Stopped as stopped:
        raise jobs.Cancelled from stopped


def note_failure(job: Job) -> None:
    """Give up the batch of a job that was given up."""
    services.fail_batch(batch_id=int(job.target_id), code="gave_up", params={})


def note_cancelled(job: Job) -> None:
    """Close the batch of a job that was cancelled, unless it has left the writing to be read."""
    states = WRITE_STATES if job.kind == WRITE_JOB else READ_STATES
    services.close_cancelled(batch_id=int(job.target_id), states=states)


def note_undo_ended(job: Job) -> None:
    """Give up the taking back whose job was given up or cancelled."""
    services.fail_undo(undo_id=int(job.target_id), code="gave_up")


# Shares of the time, as measured with a roster of 20,000 rows.
READ_STAGES = {"read": 17, "check": 27, "compare": 52, "stage": 4}
WRITE_STAGES = {"begin": 10, "write": 70, "link": 20}
UNDO_STAGES = {"look": 35, "write": 65}

jobs.register(
    READ_JOB, run=read_batch, failed=note_failure, cancelled=note_cancelled, stages=READ_STAGES
)
jobs.register(
    WRITE_JOB, run=write_batch, failed=note_failure, cancelled=note_cancelled, stages=WRITE_STAGES
)

jobs.register(UNDO_LOOK_JOB, run=look_through, failed=note_undo_ended, cancelled=note_undo_ended)
jobs.register(
    UNDO_JOB,
    run=carry_out_undo,
    failed=note_undo_ended,
    cancelled=note_undo_ended,
    stages=UNDO_STAGES,
)
jobs.register(services.ERRORS_JOB, run=make_error_workbook)
