"""What the background work of imports has in common: it reports, can be stopped, and ends once."""

from collections.abc import Callable
from typing import Protocol

from django.db import connection

from apps.imports.models import Batch

LOCK_CLASS = 0x494D50  # "IMP": the first half of the advisory lock's key


class Progress(Protocol):
    """Told how far the work is; raises Stopped when it shall not go on."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


class Stopped(Exception):
    """The work was cancelled, or another worker has taken it over."""


Finish = Callable[[], None]


def not_a_job() -> None:
    """For callers that are no background job and have nothing to mark as done."""


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers whom nobody watches."""


def wait_for_turn(batch: Batch) -> None:
    """Let one worker at a time stage a batch, write it or take it back; the row itself stays free
    for "cancel".

    The server may take a moment to notice that the worker of an earlier attempt was killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, batch.pk % 2**31])
