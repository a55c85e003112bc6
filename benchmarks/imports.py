"""A roster of 50,000 lines from file to written rows, against a peer and against a bare COPY."""

import resource
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import connection, models, transaction

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
from apps.imports.services.writing import staged_rows
from apps.regions.models import Region
from benchmarks import figures, plain, rosters
from benchmarks.regions import load_regions, villages

AS_OF = date(2026, 6, 30)
TABLES: tuple[type[models.Model], ...] = (
    *(Person, Household, Membership, Residence, MaritalPeriod, Marriage, Kinship),
)
SUBSAMPLE = 1_000


def measure(rows: int) -> None:
    """Measure reading, checking and writing of a roster of `rows` lines."""
    load_regions()
    with tempfile.TemporaryDirectory(prefix="fpms-bench-") as folder:
        path = Path(folder) / "roster.xlsx"
        lines = rosters.write_workbook(path, rows, villages())
        batch, seconds = _import(path)
    whole = sum(seconds.values())
    importable = batch.importable
    figures.write("import.read_check_stage", lines / seconds["read"], "rows/s", rows=lines)
    peer = _peer([row for row in _statements(batch) if row.id_number][:SUBSAMPLE])
    copied, copy_seconds, table_rows = _bare_copy()
    per_second = lines / whole
    figures.write(
        "import.file_to_rows",
        per_second,
        "rows/s",
        baseline=peer,
        ratio=per_second / peer,
        rows=lines,
        seconds=round(whole, 2),
        written=importable,
        baseline_is="plain ModelResource, from a tidy file",
        target=10,
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
    _empty_tables()
    figures.write("import.memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, "MB")


def _import(path: Path) -> tuple[Batch, dict[str, float]]:
    """Take the way of the browser's upload, without the waiting of jobs."""
    actor = services.system_user()
    with path.open("rb") as file:
        batch = services.receive_roster(
            actor=actor,
            file=File(file, name=path.name),
            kind="household_roster",
            region=Region.objects.get(parent=None),
            as_of=AS_OF,
            in_background=False,
        ).batch
    with figures.timed() as reading:
        batch = services.read_batch(batch_id=batch.pk, actor=actor)
    if batch.state != BatchState.CHECKED:
        raise AssertionError(f"the roster was not understood: {batch.state}")
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    with figures.timed() as applying:
        batch = services.apply_batch(batch_id=batch.pk, actor=actor)
    return batch, {"read": reading.seconds, "apply": applying.seconds}


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
    connection.close()
    connection.ensure_connection()
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
    with transaction.atomic():
        _fill(kept)
    figures.write("import.peer", count / watch.seconds, "rows/s", rows=count)
    return count / watch.seconds


def _bare_copy() -> tuple[int, float, int]:
    """COPY the rows that the import made into the same tables; people, seconds, rows in all."""
    kept = _contents()
    _empty_tables()
    # A session keeps the plan of a foreign key's check; one made while the tables were tiny reads
    # whole tables for each row. The bound must not suffer from the peer's session.
    connection.close()
    connection.ensure_connection()
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
