"""Write many rows in few statements: COPY, staging tables, row numbers taken in advance.

The columns of a Table are encoded one after the other, not the rows: that halves the time Python
spends. Text format, because it is the one that tells a bad value by line and column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from itertools import islice
from typing import IO, TYPE_CHECKING, Any

from django.db import OperationalError, connection, models, transaction
from django.db.utils import IntegrityError
from psycopg2 import errorcodes

if TYPE_CHECKING:
    from collections.abc import Iterator

NULL = "\\N"
ESCAPES = str.maketrans(
    {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\b": "\\b", "\f": "\\f", "\v": "\\v"}
)
CHUNK_ROWS = 5000
# Two acts met at the same person or the same village: the later one looks again and goes on. A
# foreign key is missed when the record that a row was to point to was taken away meanwhile.
MEETINGS = (
    errorcodes.UNIQUE_VIOLATION,
    errorcodes.FOREIGN_KEY_VIOLATION,
    errorcodes.EXCLUSION_VIOLATION,
    errorcodes.DEADLOCK_DETECTED,
    errorcodes.SERIALIZATION_FAILURE,
)


# Encoding -----------------------------------------------------------------------------------------


def _text(values: Iterable[str | None]) -> list[str]:
    return [
        NULL if value is None else value if value.isalnum() else value.translate(ESCAPES)
        for value in values
    ]


def _number(values: Iterable[int | None]) -> list[str]:
    return [NULL if value is None else str(value) for value in values]


def _flag(values: Iterable[bool | None]) -> list[str]:
    return [NULL if value is None else "t" if value else "f" for value in values]


def _binary(values: Iterable[bytes | None]) -> list[str]:
    return [NULL if value is None else f"\\\\x{value.hex()}" for value in values]


def _day(values: Iterable[date | datetime | None]) -> list[str]:
    # Days repeat: half of all columns of dates are one day or none.
    seen: dict[Any, str] = {None: NULL}
    encoded = []
    for value in values:
        text = seen.get(value)
        if text is None:
            text = seen[value] = value.isoformat()  # type: ignore[union-attr]
        encoded.append(text)
    return encoded


def _json(values: Iterable[Any]) -> list[str]:
    return [
        NULL if value is None else json.dumps(value, ensure_ascii=False).translate(ESCAPES)
        for value in values
    ]


Encoder = Callable[[Iterable[Any]], list[str]]
# From the type of a value, or of a model's column, to the encoder of the whole column.
_BY_TYPE: dict[type, Encoder] = {
    str: _text,
    int: _number,
    float: _number,
    bool: _flag,
    bytes: _binary,
    memoryview: _binary,
    date: _day,
    datetime: _day,
    dict: _json,
    list: _json,
}


def _encoder_for(values: Sequence[Any]) -> Encoder:
    """Choose the encoder by the first value that is there; a column holds one type."""
    for value in values:
        if value is not None:
            for kind in type(value).__mro__:
                if kind in _BY_TYPE:
                    return _BY_TYPE[kind]
            return lambda column: _text(None if item is None else str(item) for item in column)
    return lambda column: [NULL for _item in column]


def encode(rows: Sequence[Sequence[Any]]) -> str:
    """Return rows in COPY's text format. All rows have the same columns."""
    columns = [_encoder_for(column)(column) for column in zip(*rows, strict=True)]
    lines = map("\t".join, zip(*columns, strict=True))
    return "\n".join(lines) + "\n"


class _Stream:
    """A file that COPY reads from: encodes the next rows only when they are asked for."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self._left = b""
        self.count = 0

    def read(self, size: int = -1) -> bytes:
        if not self._left and (chunk := list(islice(self._rows, CHUNK_ROWS))):
            self.count += len(chunk)
            self._left = encode(chunk).encode()
        if size < 0:
            size = len(self._left)
        given, self._left = self._left[:size], self._left[size:]
        return given


# Writing ------------------------------------------------------------------------------------------


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """COPY rows into a table and return how many there were. Triggers and constraints hold.

    Of a generator only the next few thousand rows are in memory at a time.
    """
    if not rows:
        return 0
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        source: Any = _Stream(rows)
        copy_from(cursor, f'COPY "{table}" ({names}) FROM STDIN', source)
    return int(source.count)


def copy_from(cursor: Any, sql: str, source: IO[bytes]) -> None:
    """Run COPY … FROM STDIN; database errors come as Django's, like those of every statement."""
    with connection.wrap_database_errors:
        cursor.cursor.copy_expert(sql, source, 1 << 18)


def columns_of(model: type[models.Model], *, without: Iterable[str] = ()) -> list[str]:
    """Return the names of a model's columns in their order."""
    left_out = set(without)
    return [
        field.column
        for field in model._meta.concrete_fields
        if field.column and field.column not in left_out
    ]


def copy_models(
    model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    """COPY rows into a model's table; `columns` are column names, with the row number."""
    return copy_rows(model._meta.db_table, columns, rows)


def staging_table(name: str, columns: dict[str, str], rows: Sequence[Sequence[Any]]) -> str:
    """Make a temporary table (column → SQL type) that ends with the transaction, and fill it.

    It is analysed, because the planner would otherwise take every staging table for a small one.
    Returns its name. Must run inside a transaction.
    """
    declared = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
    with connection.cursor() as cursor:
        cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{name}"')
        cursor.execute(f'CREATE TEMPORARY TABLE "{name}" ({declared}) ON COMMIT DROP')
        copy_rows(name, list(columns), rows)
        cursor.execute(f'ANALYZE "{name}"')
    return name


def update_rows(
    model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> int:
    """Set columns of many rows to different values each; the first of `columns` is "id".

    Rows that already hold those values are left alone, so that they get no new history row.
    Raises Overtaken when one of them was removed meanwhile: its values would go nowhere.
    """
    if not rows:
        return 0
    table = model._meta.db_table
    kinds = _kinds_of(model)
    staging_table(f"new_{table}", {name: kinds[name] for name in columns}, rows)
    pairs = ", ".join(f'"{name}" = n."{name}"' for name in columns[1:])
    old = ", ".join(f't."{name}"' for name in columns[1:])
    new = ", ".join(f'n."{name}"' for name in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{table}" t SET {pairs} FROM "new_{table}" n'  # noqa: S608
            f" WHERE t.id = n.id AND ({old}) IS DISTINCT FROM ({new})"
        )
        changed = cursor.rowcount
        cursor.execute(
            f'SELECT EXISTS (SELECT 1 FROM "new_{table}" n'  # noqa: S608
            f' WHERE NOT EXISTS (SELECT 1 FROM "{table}" t WHERE t.id = n.id))'
        )
        if cursor.fetchone()[0]:
            raise Overtaken
        return changed


def _kinds_of(model: type[models.Model]) -> dict[str, str]:
    kinds = {"id": "bigint"}
    for field in model._meta.concrete_fields:
        if not field.primary_key:
            # A foreign key's column type is that of the row number it points to.
            kinds[str(field.column)] = str(field.db_type(connection))
    return kinds


def take_numbers(model: type[models.Model], count: int) -> list[int]:
    """Take `count` row numbers from a model's sequence, so that rows can refer to each other."""
    if not count:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [f'"{table}"', count],
        )
        return [number for (number,) in cursor.fetchall()]


def refresh_statistics(written: dict[str, int], *, growth: float = 0.1) -> list[str]:
    """Let the planner know of many new rows at once, so that what follows is planned well.

    `written` is table → rows added. Only tables that grew by a tenth (or another share, `growth`)
    are looked at; the others can wait for autovacuum. It also drops plans of foreign key checks
    that the session made while a table was tiny: with those a commit of 50,000 rows took minutes
    instead of seconds. Call it as late in a transaction as can be: it holds a lock till its end.
    Returns the tables looked at.
    """
    tables = sorted(table for table, count in written.items() if count)
    if not tables:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, reltuples FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace AND relname = ANY(%s)",
            [tables],
        )
        known = dict(cursor.fetchall())
        grown = [table for table in tables if written[table] >= known.get(table, 0) * growth]
        for table in grown:
            cursor.execute(f'ANALYZE "{table}"')
    return grown


# Meeting others -----------------------------------------------------------------------------------


@contextmanager
def history(**metadata: Any) -> Iterator[str]:
    """Name the act for the row history of everything written in the block, COPY included.

    The block must lie inside a transaction; what follows it there is not of the act. Yields the
    number of the context.
    """
    import pghistory

    from apps.core.history import attach_context

    with pghistory.context(**metadata) as context:
        metadata_json = json.dumps(context.metadata, default=str)
        former = attach_context(str(context.id), metadata_json)
        yield str(context.id)
        attach_context(*former)


class Overtaken(OperationalError):
    """A row was changed by somebody else between the look at it and the writing."""


def met_somebody(error: Exception) -> bool:
    """Tell whether a statement failed only because another transaction was quicker."""
    return isinstance(error, Overtaken) or getattr(error.__cause__, "pgcode", None) in MEETINGS


def retrying(work: Callable[[], Any], *, times: int = 4) -> Any:
    """Run `work` in a transaction of its own and again if another one came in between.

    `work` must read what it decides upon; after the last try the database's error goes through.
    """
    for attempt in range(1, times + 1):
        try:
            with transaction.atomic():
                return work()
        except (IntegrityError, OperationalError) as error:
            if attempt == times or not met_somebody(error):
                raise
    raise AssertionError("unreachable")
