"""The rollup: count rows by village and month, sum up the tree, keep the result.

Work goes in steps of a few months, newest first. A step reads, counts and writes in one transaction
under one lock, so two runs at once cannot overwrite newer counts with older ones, and a run that
breaks off loses at most one step.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from celery import current_app
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.indicators import registry, rules
from apps.indicators.choices import RunKind, RunState
from apps.indicators.models import DirtyKey, Run, Snapshot
from apps.indicators.records import BASES
from apps.indicators.services.storing import store
from apps.indicators.services.tree import Tree, load_tree

LOCK_NUMBER = 7_310_001
LOCK_PATIENCE = "20s"
JOIN_MEMORY = "64MB"
MONTHS_PER_STEP = 6
# Heartbeats come with each step, a few seconds apart even in a large county.
SILENT_AFTER = timedelta(seconds=60)
RUNS_KEPT_DAYS = 30
REQUEST_PAUSE_SECONDS = 2
REFRESH_TASK = "apps.indicators.tasks.refresh_changed"

Progress = Callable[[Run], None]


@dataclass(frozen=True)
class Outcome:
    """What a run did: `state` is done, nothing (to do) or busy (another run is at work)."""

    kind: str
    state: str
    months: int = 0
    regions: int = 0
    rows_written: int = 0
    seconds: float = 0.0
    run: int | None = None


# One step -----------------------------------------------------------------------------------------


def _step(months: list[date], changed: Collection[int] | None, run: Run | None) -> int:
    """Count and store some months, of the changed regions and those above them or of all.

    Returns how many rows were written.
    """
    with transaction.atomic():
        _wait_for_turn()
        tree = load_tree()
        if changed is not None and not _is_complete(months, tree):
            changed = None
        regions = set(tree.deepest_first) if changed is None else tree.upwards(changed)
        written = store(months, regions, tree, run)
        if run is not None:
            _beat(run, months=len(months), regions=len(regions), rows=written)
    return written


def _wait_for_turn() -> None:
    """Take the one lock of all rollups until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_PATIENCE}'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_NUMBER])
        cursor.execute("SET LOCAL lock_timeout = DEFAULT")
        # Joins of whole registers stay in memory; compiling these queries costs more than it saves.
        cursor.execute(f"SET LOCAL work_mem = '{JOIN_MEMORY}'")
        cursor.execute("SET LOCAL jit = off")


def _is_complete(months: list[date], tree: Tree) -> bool:
    """Tell whether every region has values in these months, so that sums can build on them.

    Values of other measures than today's do not count.
    """
    expected = len(tree.deepest_first) * len(months) * len(BASES)
    return _of_today().filter(month__in=months).count() == expected


def _of_today() -> QuerySet[Snapshot]:
    """Return the values that were counted with the measures there are now."""
    return Snapshot.objects.filter(fingerprint=registry.fingerprint())


# Runs ---------------------------------------------------------------------------------------------


def _claim(kind: str, months: int) -> Run | None:
    """Begin a run, or take over a full one that fell silent; None while another is at work."""
    now, mark = timezone.now(), registry.fingerprint()
    try:
        with transaction.atomic():
            running = Run.objects.select_for_update().filter(kind=kind, state=RunState.RUNNING)
            found = running.first()
            if found is not None and now - found.heartbeat_at < SILENT_AFTER:
                return None
            if found is not None and _may_go_on(found, mark, months, now):
                found.heartbeat_at = now
                found.save(update_fields=["heartbeat_at"])
                return found
            running.update(state=RunState.FAILED, finished_at=now)
            return Run.objects.create(
                kind=kind, fingerprint=mark, months_total=months, started_at=now, heartbeat_at=now
            )
    except IntegrityError:
        return None


def _may_go_on(run: Run, mark: str, months: int, now: datetime) -> bool:
    """A broken full run of today goes on where it stopped; changes since then left their marks."""
    same_day = timezone.localdate(run.started_at) == timezone.localdate(now)
    return (
        run.kind == RunKind.FULL
        and same_day
        and run.fingerprint == mark
        and run.months_total == months
    )


def _beat(run: Run, *, months: int, regions: int, rows: int) -> None:
    run.months_done += months
    run.regions_count = max(run.regions_count, regions)
    run.rows_written += rows
    run.heartbeat_at = timezone.now()
    run.save(update_fields=["months_done", "regions_count", "rows_written", "heartbeat_at"])


def _finish(run: Run, state: str) -> None:
    run.state, run.finished_at = state, timezone.now()
    run.save(update_fields=["state", "finished_at"])


def _outcome(run: Run, started: float) -> Outcome:
    return Outcome(
        kind=run.kind,
        state="done",
        months=run.months_done,
        regions=run.regions_count,
        rows_written=run.rows_written,
        seconds=round(time.monotonic() - started, 3),
        run=run.pk,
    )


def _steps(months: list[date]) -> list[list[date]]:
    """Split months, newest first: the running month alone, because people look at it."""
    rest = range(1, len(months), MONTHS_PER_STEP)
    return [months[:1], *(months[at : at + MONTHS_PER_STEP] for at in rest)]


# What others call ---------------------------------------------------------------------------------


def roll_up(progress: Progress | None = None) -> Outcome:
    """Count all stored months of all regions; a run that broke off today goes on."""
    started = time.monotonic()
    months = rules.stored_months(timezone.localdate())
    run = _claim(RunKind.FULL, len(months))
    if run is None:
        return Outcome(RunKind.FULL, "busy")
    resumed = run.months_done > 0
    marks = [] if resumed else list(DirtyKey.objects.values_list("pk", flat=True))
    for step in _steps(months[run.months_done :]):
        if step:
            _step(step, None, run)
            if progress is not None:
                progress(run)
    _forget(months, marks)
    _finish(run, RunState.DONE)
    return _outcome(run, started)


def _forget(months: list[date], marks: list[int]) -> None:
    """Drop marks that a full run covered, months that are no longer kept, and old runs."""
    DirtyKey.objects.filter(pk__in=marks).delete()
    Snapshot.objects.filter(month__lt=months[-1]).delete()
    ended = timezone.now() - timedelta(days=RUNS_KEPT_DAYS)
    Run.objects.filter(finished_at__lt=ended).delete()


def roll_up_month(month: date, regions: Collection[int] | None = None) -> int:
    """Count one month, of all regions or of some and those above them; returns rows written."""
    return _step([month], regions, None)


def refresh(progress: Progress | None = None) -> Outcome:
    """Count again what changed since it was last counted: newest month first, all regions together.

    Fills everything first when nothing is stored yet, or only with other measures than today's.
    """
    if not _of_today().exists():
        return roll_up(progress)
    started = time.monotonic()
    marks = list(DirtyKey.objects.values_list("pk", "region_id", "from_month"))
    if not marks:
        return Outcome(RunKind.REFRESH, "nothing")
    since: dict[int, date] = {}
    for _pk, region, month in marks:
        since[region] = min(month, since.get(region, month))
    oldest = min(since.values())
    months = [m for m in rules.stored_months(timezone.localdate()) if m >= oldest]
    run = _claim(RunKind.REFRESH, len(months))
    if run is None:
        return Outcome(RunKind.REFRESH, "busy")
    for step in _steps(months):
        if step:
            _step(step, [r for r, month in since.items() if month <= step[0]], run)
            if progress is not None:
                progress(run)
    # Only the marks that were read: what changed meanwhile has left newer ones.
    DirtyKey.objects.filter(pk__in=[pk for pk, _region, _month in marks]).delete()
    _finish(run, RunState.DONE)
    return _outcome(run, started)


def request_refresh() -> None:
    """Ask for changed regions to be counted once this transaction is committed.

    Record services may call it; without it the clock asks every few seconds. Requests close
    together become one, and a broker that is down does not harm the caller.
    """
    transaction.on_commit(_send_request, robust=True)


def _send_request() -> None:
    if cache.add("indicators:refresh-requested", 1, REQUEST_PAUSE_SECONDS):
        current_app.send_task(REFRESH_TASK, retry=False)
