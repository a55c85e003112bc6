"""The Celery application: background jobs (`celery -A fpms worker`) and the clock (`… beat`)."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")

app = Celery("fpms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
