"""One import under kills: what a clerk does, what is killed meanwhile, what may never happen.

Taking it back and bringing it in again are run in the same way (undos.py).
"""

import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from django.core.files import File
from django.db import DatabaseError, InterfaceError, connection

from apps.accounts.models import User
from apps.core.errors import NotAllowedNow
from apps.imports import services
from apps.imports.models import Batch, BatchState, Take
from apps.imports.selectors import READ_JOB, WRITE_JOB
from apps.regions.models import Region
from tools.faults.processes import Processes

ACTOR = "kill-test"
AS_OF = date(2026, 6, 30)
LONGEST_STANDSTILL = 120.0
LONGEST_IMPORT = 1_800.0
LOOK_SECONDS = 0.03
# How much of the time each kind of kill gets.
VICTIMS = {
    "worker": 5,
    "child": 5,
    "reader": 3,
    "postgres": 4,
    "backend": 4,
    "broker": 3,
    "broker-with-data": 1,
    "beat": 1,
}
# How often the next kill does not wait until the last one is overcome.
AT_ONCE = 0.4
# Where an import can be, in order: job and what it is about.
PLACES = (
    *("read queued", "read begun", "read read", "read check", "read compare", "read stage"),
    *("write queued", "write begun", "write begin", "write write", "write link"),
)


class Wrong(AssertionError):
    """Something happened that may never happen."""


@dataclass(frozen=True)
class Sight:
    """What the database says of the import at one moment."""

    state: str
    job: str = ""
    place: str = ""
    reached: int = 0
    done: int = 0
    total: int = 0
    attempts: int = 0
    holder: int | None = None
    lease: str = ""  # its renewal is a sign of life


@dataclass
class Report:
    """What came out of one import, or of one taking back."""

    rows: int
    work: str = "import"
    kills: list[tuple[str, str]] = field(default_factory=list)
    seconds: float = 0.0
    standstill: float = 0.0
    attempts: int = 0


@dataclass
class Work:
    """Something a clerk has done in the background while things are killed."""

    rows: int
    kills: int
    dice: random.Random
    processes: Processes
    report: Report = field(init=False)
    foreign: float = 0.0  # share of kills after which nobody can see that the worker is gone
    batch: Batch | None = None

    NAME: ClassVar[str] = "import"
    PLACES: ClassVar[tuple[str, ...]] = PLACES
    VICTIMS: ClassVar[Mapping[str, int]] = VICTIMS
    ENDS: ClassVar[Collection[str]] = (BatchState.FAILED, BatchState.CANCELLED, BatchState.EMPTY)

    def go(self) -> Report:
        """Do it. Raises Wrong."""
        self.report = Report(self.rows, self.NAME)
        self._began = self._alive_at = time.monotonic()
        self._seen: dict[str, Sight] = {}
        self._last = Sight("")
        self._plan_next()
        while self._last.state != "done":
            self.processes.revive()
            self._act()
            self._look()
            self._perhaps_kill()
            time.sleep(LOOK_SECONDS)
        self.report.seconds = time.monotonic() - self._began
        self.report.attempts = sum(sight.attempts for sight in self._seen.values())
        return self.report

    # The clerk -----------------------------------------------------------------------------------

    def _act(self) -> None:
        """Press what is to be pressed; again when the page said that something went wrong."""
        raise NotImplementedError

    # What is seen --------------------------------------------------------------------------------

    def _sight(self) -> Sight:
        """Read where the work stands."""
        raise NotImplementedError

    def _look(self) -> None:
        if self.batch is None:
            return
        sight = tried(self._sight)
        if sight is None:
            return
        if sight.state in self.ENDS:
            raise Wrong(f"{self.NAME} ended as {sight.state}: {sight} {self.report.kills}")
        before = self._seen.get(sight.job)
        if before and (sight.reached < before.reached):
            raise Wrong(f"progress went backwards: {before} → {sight}")
        now = time.monotonic()
        if now - self._began > LONGEST_IMPORT:
            raise Wrong(f"does not come to an end: {sight}")
        if sight != self._last:
            self._alive_at = now
        self.report.standstill = max(self.report.standstill, now - self._alive_at)
        if now - self._alive_at > LONGEST_STANDSTILL:
            raise Wrong(f"stands still for {now - self._alive_at:.0f} s: {sight}")
        self._seen[sight.job] = self._last = sight

    # What is killed ------------------------------------------------------------------------------

    def _plan_next(self) -> None:
        """Choose what is killed next, where the import must be by then, and how long after."""
        names = list(self.VICTIMS)
        self._victim = self.dice.choices(names, [self.VICTIMS[name] for name in names])[0]
        places = self.PLACES
        at = places.index(self._last.place) if self._last.place in places else 0
        if self._victim == "reader":
            self._from = 1
        else:
            self._from = self.dice.choice((at, self.dice.randrange(at, len(places))))
        self._wait = self.dice.choice((0.0, self.dice.uniform(0, 0.2), self.dice.uniform(0, 2)))
        if self.report.kills and self.dice.random() < AT_ONCE:
            self._from, self._wait = at, 0.0
        self._due: float | None = None

    def _perhaps_kill(self) -> None:
        if len(self.report.kills) >= self.kills or self._last.place not in self.PLACES:
            return
        if self.PLACES.index(self._last.place) < self._from:
            return
        now = time.monotonic()
        if self._victim == "reader" and self.processes.reader() is None:
            if not self._last.place.startswith("read "):
                self._plan_next()
            return
        self._due = self._due or now + self._wait * (self._victim != "reader")
        if now < self._due:
            return
        place = self._last.place
        if self.processes.kill(self._victim, self._last.holder, self.dice):
            self.report.kills.append((self._victim, place))
            self._alive_at = time.monotonic()
            if self.dice.random() < self.foreign:
                tried(forget_holders)
        self._plan_next()


@dataclass
class Import(Work):
    """One roster from upload to written rows."""

    path: Path = Path()

    def _act(self) -> None:
        if self.batch is None:
            self.batch = tried(lambda: upload(self.path))
        elif self._last.state == BatchState.CHECKED:
            batch = self.batch
            tried(lambda: confirm(batch))

    def _sight(self) -> Sight:
        number = self.batch.pk if self.batch else 0
        return look("imports_batch", number, (READ_JOB, WRITE_JOB))


def look(table: str, number: int, kinds: Sequence[str]) -> Sight:
    """Read where a record stands that is worked on by jobs of these kinds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.state, j.id::text, j.kind, j.state, j.stage, j.reached, j.done_count,"  # noqa: S608
            " j.total_count, j.attempts, j.held_by, j.lease_until::text"
            f" FROM {table} r LEFT JOIN core_job j"
            " ON j.target_id = r.id::text AND j.kind = ANY(%s)"
            " WHERE r.id = %s ORDER BY j.created_at DESC LIMIT 1",
            [list(kinds), number],
        )
        found = cursor.fetchone()
    if found is None:
        return Sight("")
    state, job, kind, job_state, stage, reached, done, total, attempts, holder, lease = found
    name = (kind or "").removeprefix("imports.")
    at = {"queued": "queued", "running": stage or "begun"}.get(job_state, job_state)
    pid = int(holder.split()[1]) if holder and job_state == "running" else None
    where = f"{name} {at}"
    return Sight(state, job or "", where, reached, done, total, attempts, pid, lease or "")


def forget_holders() -> None:
    """Act as if the workers ran on other machines: then only the lease tells that one is gone."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_job SET held_by = '' WHERE state = 'running'")


def upload(path: Path) -> Batch:
    """Hand in the roster, as the page of the wizard does."""
    with path.open("rb") as file:
        return services.receive_roster(
            actor=User.objects.get(username=ACTOR),
            kind="household_roster",
            region=Region.objects.get(parent=None),
            as_of=AS_OF,
            file=File(file, name=path.name),
        ).batch


def confirm(batch: Batch) -> None:
    """Have the right rows written."""
    actor = User.objects.get(username=ACTOR)
    # When it was written at the first press, the page says so at the second.
    with suppress(NotAllowedNow):
        services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
        services.confirm_batch(actor=actor, batch=batch)


def tried(act: Callable[[], Any]) -> Any:
    """Do what needs the database; None when it is away now."""
    try:
        return act()
    except (DatabaseError, InterfaceError):
        connection.close()
        return None
