"""A roster of 50,000 lines from file to written rows, against a peer and against a bare COPY."""

import tempfile
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import connection, models, transaction

from apps.accounts.choices import Role
from apps.accounts.services import provide_demo_user
from apps.core.bulk import copy_rows
from apps.households.models import (
    Household,
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.households.roster_rows import RosterRow, roster_row
from apps.households.services.roster import register_roster
from apps.imports import services
from apps.imports.models import Batch, BatchState, Take
from apps.imports.selectors import first_findings
from apps.imports.services.writing import staged_rows
from apps.indicators.services import refresh, roll_up
from apps.regions.models import Region
from benchmarks import figures, fresh, plain, rosters, web_memory
from benchmarks.regions import load_regions, villages

AS_OF = date(2026, 6, 30)
TABLES: tuple[type[models.Model], ...] = (
    *(Person, Household, Membership, Residence, MaritalPeriod, Marriage, Kinship),
)
SUBSAMPLE = 1_000
MANY = 20_000
SIZES = (5_000, MANY, 50_000)


def measure(rows: int) -> None:
    """Measure a roster of `rows` lines from the upload to new figures, and each part by itself."""
    load_regions()
    # The figures of the empty register; the import makes them old.
    roll_up()
    with tempfile.TemporaryDirectory(prefix="fpms-bench-") as folder:
        path = Path(folder) / "roster.xlsx"
        lines = rosters.write_workbook(path, rows, villages())
        batch, seconds = _import(path)
    importable = batch.importable
    figures.write("import.read_check_stage", lines / seconds["read"], "rows/s", rows=lines)
    figures.write(
        "import.first_findings",
        seconds["receive"] + seconds["first"],
        "s",
        rows=lines,
        target_at_most=3,
    )
    peer = _peer([row for row in _statements(batch) if row.id_number][:SUBSAMPLE])
    copied, copy_seconds, table_rows = _bare_copy()
    for name, parts, target in (
        ("import.file_to_rows", ("read", "apply"), 10),
        ("import.upload_to_rollup", ("receive", "read", "apply", "rollup"), 20),
    ):
        whole = sum(seconds[part] for part in parts)
        figures.write(
            name,
            lines / whole,
            "rows/s",
            baseline=peer,
            ratio=lines / whole / peer,
            rows=lines,
            seconds={part: round(seconds[part], 2) for part in parts},
            written=importable,
            baseline_is="plain ModelResource, from a tidy file",
            target=target,
        )
    bound = copied / copy_seconds
    for name, taken in (
        ("import.apply", seconds["apply"]),
        ("import.register", _register_again(batch)),
    ):
        figures.write(
            name,
            copied / taken,
            "rows/s",
            baseline=bound,
            ratio=copied / taken / bound,
            rows=copied,
            seconds=round(taken, 2),
            table_rows=table_rows,
            baseline_is="bare COPY into the same tables: indexes, constraints, history on",
            target=0.25,
        )
    again, result = figures.best_of(1, lambda: _register(batch))
    figures.write("import.same_again", copied / again, "rows/s", rows=copied)
    if result.rows_written:
        raise AssertionError("the same roster changed something the second time")
    _measure_memory([min(size, rows) for size in SIZES])
    _empty_tables()


def _measure_memory(sizes: Sequence[int]) -> None:
    for size in sizes:
        _measure_workers(size)
    web_memory.measure(sizes, AS_OF)


def _import(path: Path) -> tuple[Batch, dict[str, float]]:
    """Take the way of the browser's upload, without the waiting of jobs; seconds of each part.

    "first" are the seconds of reading after which the first errors could be seen.
    """
    actor = services.system_user()
    with figures.timed() as receiving:
        batch = _receive(path, actor)
    first: list[float] = []
    begun = time.perf_counter()

    def watch(stage: str, done: int, total: int) -> None:
        if not first and stage == "check" and first_findings(Batch.objects.get(pk=batch.pk)):
            first.append(time.perf_counter() - begun)

    with figures.timed() as reading:
        batch = services.read_batch(batch_id=batch.pk, actor=actor, progress=watch)
    if batch.state != BatchState.CHECKED:
        raise AssertionError(f"the roster was not understood: {batch.state}")
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    with figures.timed() as applying:
        batch = services.apply_batch(batch_id=batch.pk, actor=actor)
    with figures.timed() as counting:
        refresh()
    return batch, {
        "receive": receiving.seconds,
        "first": first[0] if first else reading.seconds,
        "read": reading.seconds,
        "apply": applying.seconds,
        "rollup": counting.seconds,
    }


def _receive(path: Path, actor: Any, *, in_background: bool = False) -> Batch:
    with path.open("rb") as file:
        return services.receive_roster(
            actor=actor,
            file=File(file, name=path.name),
            kind="household_roster",
            region=Region.objects.get(parent=None),
            as_of=AS_OF,
            in_background=in_background,
        ).batch


def _measure_workers(rows: int) -> None:
    """Run both jobs of a roster in fresh processes; the most memory that each held."""
    _empty_tables()
    county = Region.objects.get(parent=None).code
    clerk, _password = provide_demo_user(
        username="bench", role=Role.COUNTY_OFFICER, region_code=county
    )
    with tempfile.TemporaryDirectory(prefix="fpms-bench-") as folder:
        path = Path(folder) / f"roster-{rows}.xlsx"
        rosters.write_workbook(path, rows, villages(), seed=rows)
        batch = _receive(path, clerk, in_background=True)
    reading = fresh.measure("read", batch.pk)
    services.choose_take(actor=clerk, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=clerk, batch=batch)
    writing = fresh.measure("write", batch.pk)
    if rows == MANY:
        figures.write("import.check_20000", reading.seconds, "s", rows=rows, target_at_most=20)
    for name, found in (("import.memory_read", reading), ("import.memory_apply", writing)):
        figures.write(
            name, found.peak, "MB", rows=rows, before=round(found.before), target_at_most=400
        )


def _statements(batch: Batch) -> list[RosterRow]:
    return [
        roster_row(line, row.region_code or "", row.values)
        for line, row in enumerate(staged_rows(batch))
    ]


def _register(batch: Batch) -> Any:
    return register_roster(
        actor=services.system_user(), rows=_statements(batch), as_of=AS_OF, batch="bench"
    )


def _register_again(batch: Batch) -> float:
    """Write the same lines once more into empty tables: the bulk service by itself."""
    statements = _statements(batch)
    _empty_tables()
    _begin_session()
    actor = services.system_user()
    with figures.timed() as watch:
        register_roster(actor=actor, rows=statements, as_of=AS_OF, batch="bench")
    return watch.seconds


def _peer(rows: Sequence[RosterRow]) -> float:
    """Import a part of the same people by the peer, then take them out; rows per second."""
    kept = _contents()
    _empty_tables()
    workbook = plain.workbook_of(rows)
    with figures.timed() as watch:
        count = plain.import_plainly(workbook)
    _empty_tables()
    _begin_session()
    with transaction.atomic():
        _fill(kept)
    figures.write("import.peer", count / watch.seconds, "rows/s", rows=count)
    return count / watch.seconds


def _begin_session() -> None:
    """Connect anew: a session keeps the plan of a foreign key's check.

    One made while the tables were tiny reads whole tables for each row of a large COPY.
    """
    connection.close()
    connection.ensure_connection()


def _bare_copy() -> tuple[int, float, int]:
    """COPY the rows that the import made into the same tables; people, seconds, rows in all."""
    kept = _contents()
    _empty_tables()
    _begin_session()
    with figures.timed() as watch, transaction.atomic():
        _fill(kept)
    return len(kept[0][1]), watch.seconds, sum(len(rows) for _columns, rows in kept)


Contents = list[tuple[list[str], list[tuple[Any, ...]]]]


def _contents() -> Contents:
    found: Contents = []
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY id')  # noqa: S608
            columns = [column[0] for column in cursor.description]
            rows = [
                tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
                for row in cursor.fetchall()
            ]
            found.append((columns, rows))
    return found


def _fill(contents: Contents) -> None:
    for model, (columns, rows) in zip(TABLES, contents, strict=True):
        copy_rows(model._meta.db_table, columns, rows)


def _empty_tables() -> None:
    """Empty the register with its history; `TRUNCATE` leaves no dead rows behind."""
    with connection.cursor() as cursor:
        names = [model._meta.db_table for model in TABLES]
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tablename ~ '^(households|women)_.*event$'"
        )
        names += [name for (name,) in cursor.fetchall()]
        cursor.execute("TRUNCATE {} CASCADE".format(", ".join(f'"{name}"' for name in names)))
