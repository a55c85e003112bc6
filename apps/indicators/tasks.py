"""Celery entry points of the rollup; the clock calls them (see the beat schedule in settings)."""

from celery import shared_task

from apps.indicators import services


@shared_task(name="apps.indicators.tasks.refresh_changed", expires=30)
def refresh_changed() -> str:
    """Count again what changed; every few seconds. Returns the state of the run."""
    return services.refresh().state


@shared_task(name="apps.indicators.tasks.roll_up_everything", expires=6 * 60 * 60)
def roll_up_everything() -> str:
    """Count all stored months anew; every night."""
    return services.roll_up().state
