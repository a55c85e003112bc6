"""The Celery application: background jobs (`celery -A fpms worker`) and the clock (`… beat`)."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_ready
from kombu.transport.redis import Channel, QoS

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")

app = Celery("fpms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

# At the end of a connection kombu (5.7.0) hands back what is not acknowledged, by that connection:
# a worker with a running task then ends when its broker does. The sweeper sends what is missing.
Channel.do_restore = False


class LenientQoS(QoS):
    """Says nothing about a message whose connection is gone.

    kombu (5.7.0) raises an error then that ends the worker, and now and then leaves it standing
    without ending. Such a message comes again after the visibility timeout; the job it is about
    has ended by then and does nothing, or the sweeper has sent it long before.
    """

    def ack(self, delivery_tag: str) -> None:
        """Take a message as done."""
        if self.channel.connection is not None:
            super().ack(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Hand a message back."""
        if self.channel.connection is not None:
            super().reject(delivery_tag, requeue)


Channel.QoS = LenientQoS


@worker_ready.connect
def look_after_jobs(sender: Any, **_kwargs: Any) -> None:
    """Take up at once what this worker held when it was killed, without waiting for the clock."""
    sender.app.send_task("apps.core.tasks.sweep_jobs", expires=30)
