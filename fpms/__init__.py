"""The project: settings, addresses, Celery application."""

from fpms.celery import app as celery_app

__all__ = ["celery_app"]
