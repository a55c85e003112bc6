"""What the promises about interrupted work lean on, as Celery itself has understood it."""

from datetime import timedelta
from types import SimpleNamespace

from kombu.transport.redis import Channel

from apps.core import jobs
from fpms.celery import app

ALLOWED_SECONDS = 120


def test_a_message_lives_until_its_task_has_ended():
    conf = app.conf

    assert conf.task_acks_late is True
    assert conf.task_reject_on_worker_lost is True
    assert conf.worker_prefetch_multiplier == 1
    assert conf.worker_max_tasks_per_child == 200
    assert conf.task_ignore_result is True
    assert conf.broker_connection_max_retries is None


def test_no_task_outlives_the_time_after_which_its_message_comes_again():
    conf = app.conf
    places = [
        conf.visibility_timeout,
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
    ]

    assert places == [3600, 3600, 3600]
    assert conf.task_soft_time_limit < conf.task_time_limit < 3600


def test_nothing_can_stand_still_for_longer_than_promised():
    """The lease ends, a sweep sends the job, the broker loses it, the next sweep sends it again."""
    sweep = timedelta(seconds=app.conf.beat_schedule["sweep jobs"]["schedule"])

    assert jobs.LEASE.total_seconds() >= jobs.RENEW_SECONDS * 3
    worst = jobs.LEASE + sweep + jobs.SEND_AGAIN_AFTER + sweep
    assert worst == timedelta(seconds=100)
    assert worst.total_seconds() < ALLOWED_SECONDS


def test_message_whose_connection_is_gone_does_not_end_the_worker():
    """A task that outlives the connection to the broker has nobody to tell that it has ended."""
    gone = Channel.QoS(SimpleNamespace(connection=None, do_restore=False))

    gone.ack("1")
    gone.reject("2", requeue=True)
