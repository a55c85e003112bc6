"""The Celery application: background jobs (`celery -A fpms worker`) and the clock (`… beat`)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")

app = Celery("fpms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# At the end of a connection kombu (5.7.0) hands back what is not acknowledged, by that connection:
# a worker with a running task then ends when its broker does. The sweeper sends what is missing.
Channel.do_restore = False


@worker_ready.connect
def look_after_jobs(sender: Any, **_kwargs: Any) -> None:
    """Take up at once what this worker held when it was killed, without waiting for the clock."""
    sender.app.send_task("apps.core.tasks.sweep_jobs", expires=30)
