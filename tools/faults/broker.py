"""Many jobs while the broker is killed again and again: each is done once, none is lost."""

import random
import threading
import time

from django.db import connection

from apps.core import jobs
from apps.core.choices import JobState
from apps.core.models import Job
from tools.faults.counting import KIND, TABLE
from tools.faults.processes import Processes
from tools.faults.runs import LONGEST_STANDSTILL, Wrong

EVERY_FIFTH = 5


def run(count: int, restarts: int, processes: Processes, dice: random.Random) -> dict[str, float]:
    """Start `count` jobs while the broker is killed `restarts` times. Raises Wrong."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {TABLE} (number text)")
        cursor.execute(f"TRUNCATE {TABLE}")
    chaos = threading.Thread(target=_restart, args=(restarts, processes, dice))
    chaos.start()
    for number in range(count):
        jobs.enqueue(KIND, number)
        time.sleep(restarts / count)
    chaos.join()
    began = time.monotonic()
    slowest = _wait(count, processes)
    done, distinct = _done()
    if (done, distinct) != (count, count):
        raise Wrong(f"{count} jobs left {done} lines of {distinct} jobs")
    return {
        "jobs": count,
        "restarts": restarts,
        "lost": count - distinct,
        "done twice": done - distinct,
        "seconds until the last was done": round(time.monotonic() - began, 1),
        "longest standstill": round(slowest, 1),
    }


def _restart(restarts: int, processes: Processes, dice: random.Random) -> None:
    for number in range(restarts):
        time.sleep(dice.uniform(0, 1))
        loses_data = number % EVERY_FIFTH == EVERY_FIFTH - 1
        processes.kill("broker-with-data" if loses_data else "broker", None, dice)


def _wait(count: int, processes: Processes) -> float:
    """Wait until all are done and return the longest time in which none was."""
    before, since, slowest = -1, time.monotonic(), 0.0
    while before < count:
        processes.revive()
        done = Job.objects.filter(kind=KIND, state=JobState.DONE).count()
        slowest = max(slowest, time.monotonic() - since)
        if done != before:
            before, since = done, time.monotonic()
        if time.monotonic() - since > LONGEST_STANDSTILL:
            raise Wrong(f"{count - done} jobs stand still")
        time.sleep(0.2)
    return slowest


def _done() -> tuple[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*), count(DISTINCT number) FROM {TABLE}")  # noqa: S608
        return cursor.fetchone()
