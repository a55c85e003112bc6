"""Celery's entry points for background jobs."""

from celery import shared_task
from django.core.management import call_command

from apps.core import jobs


@shared_task(name=jobs.RUNNER)
def run_job(job_id: str) -> None:
    """Work on one job; does nothing when somebody else holds it or it has ended."""
    jobs.run(job_id)


@shared_task
def sweep_jobs() -> None:
    """Look after jobs whose worker vanished; started by the clock."""
    jobs.sweep()


@shared_task
def clear_sessions() -> None:
    """Remove sessions that have run out; started by the clock at night."""
    call_command("clearsessions")
