"""Every record that the writing of one import created, changed or removed, from the row history.

Knows no record by name: the tables with a history, whose row a row is and which columns are kept
for lists only are told by core.history. Only what people enter counts as a change.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.cache import cache
from django.core.exceptions import EmptyResultSet
from django.db import connection

from apps.core.fields import DigestField
from apps.core.history import event_table, tracked_models
from apps.core.querysets import scope_paths, within
from apps.imports.models import Batch

CREATED, CHANGED, REMOVED = "created", "changed", "removed"
ACTS = (CREATED, CHANGED, REMOVED)
KEPT_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Table:
    """One table with a history."""

    model: Any

    @property
    def key(self) -> str:
        """How an address names the table, such as households.person."""
        return str(self.model._meta.label_lower)

    @property
    def title(self) -> Any:
        """What its rows are called, in the reader's language."""
        return self.model._meta.verbose_name_plural

    @property
    def events(self) -> Any:
        return self.model.pgh_event_model

    @cached_property
    def fields(self) -> list[Any]:
        """The columns that people enter, in their order."""
        kept = set(getattr(self.model, "NOW", ()))
        return [
            column
            for column in self.model._meta.concrete_fields
            if column.editable
            and not column.primary_key
            and column.name not in kept
            and not isinstance(column, DigestField)
        ]

    @cached_property
    def ties(self) -> list[Any]:
        """The columns that lead to other records with a history, whose row it is first."""
        found = [column for column in self.fields if column.related_model in tracked_models()]
        part_of = getattr(self.model, "PART_OF", "")
        return sorted(found, key=lambda column: column.name != part_of)

    @property
    def is_root(self) -> bool:
        """Whether people speak of its rows by a name or number of their own."""
        return not self.ties


@dataclass(frozen=True)
class TouchedTable:
    """How many rows of one table an import created, changed and removed."""

    table: Table
    created: int
    changed: int
    removed: int

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(CREATED, self.created), (CHANGED, self.changed), (REMOVED, self.removed)]


@dataclass(frozen=True)
class Version:
    """One touched row: its number, the row as the import left it (or found it, when it removed
    it), as it was before when it changed it, and the row of today if the user may see it."""

    number: int
    row: Any
    before: Any
    today: Any


@dataclass(frozen=True)
class Page:
    """Some touched rows in the order of their numbers; `after` leads on, None at the end.

    `named` holds by model {number: record} of what the rows point to and the user may see.
    """

    rows: list[Version]
    after: int | None
    named: dict[Any, dict[int, Any]] = field(default_factory=dict)


# Counting -----------------------------------------------------------------------------------------


def touched_tables(batch: Batch) -> list[TouchedTable]:
    """Count by table what writing a batch did; tables it did nothing to are left out.

    What is history does not change, so it is counted once a day.
    """
    if batch.history_context is None:
        return []
    key = f"imports.touched:{batch.history_context}"
    counts = cache.get(key)
    if counts is None:
        counts = {table.key: _count(table, batch) for table in map(Table, tracked_models())}
        cache.set(key, counts, KEPT_SECONDS)
    lines = [TouchedTable(t, *counts.get(t.key, (0, 0, 0))) for t in map(Table, tracked_models())]
    found = [line for line in lines if any(number for _act, number in line.cells)]
    # People and households come first, then what is theirs.
    return sorted(found, key=lambda line: not line.table.is_root)


def _count(table: Table, batch: Batch) -> tuple[int, ...]:
    query = f"SELECT act, count(*) FROM ({_touched(table)}) AS t GROUP BY act"  # noqa: S608
    counted = dict(_rows(query, [batch.history_context]))
    return tuple(counted.get(act, 0) for act in ACTS)


def _touched(table: Table) -> str:
    """A query for id, act (NULL for nothing), last version of the act and the one before it.

    Its one parameter is the act in the row history. The version before is looked up only for rows
    that were there before, by the index on their numbers.
    """
    events = event_table(table.model)
    columns = [f'"{column.column}"' for column in table.fields]
    after, before = (", ".join(f"{name}.{column}" for column in columns) for name in ("l", "b"))
    return f"""
        SELECT a.id, a.last, b.pgh_id AS before, CASE
            WHEN a.made AND NOT a.gone THEN '{CREATED}'
            WHEN a.gone AND NOT a.made THEN '{REMOVED}'
            WHEN NOT a.made AND ({after}) IS DISTINCT FROM ({before}) THEN '{CHANGED}'
        END AS act
        FROM (
            SELECT pgh_obj_id AS id, min(pgh_id) AS first, max(pgh_id) AS last,
                bool_or(pgh_label = 'insert') AS made, bool_or(pgh_label = 'delete') AS gone
            FROM "{events}" WHERE pgh_context_id = %s GROUP BY pgh_obj_id
        ) AS a
        JOIN "{events}" l ON l.pgh_id = a.last
        LEFT JOIN LATERAL (
            SELECT e.* FROM "{events}" e
            WHERE NOT a.made AND e.pgh_obj_id = a.id AND e.pgh_id < a.first
            ORDER BY e.pgh_id DESC LIMIT 1
        ) AS b ON true
    """  # noqa: S608


# Listing ------------------------------------------------------------------------------------------


def touched_rows(
    batch: Batch, table: Table, act: str, *, user: Any, after: int = 0, limit: int = 50
) -> Page:
    """Return rows that an import created, changed or removed and that the user may see now.

    `after` is the number of the last row of the page before. A row that is not in the register
    any more is judged by where it was.
    """
    paths = scope_paths(user)
    if batch.history_context is None or not paths:
        return Page([], None)
    seen, values = _seen(table, paths, user)
    query = f"""
        SELECT t.id, t.last, t.before FROM ({_touched(table)}) AS t
        WHERE t.act = %s AND t.id > %s AND ({seen}) ORDER BY t.id LIMIT %s
    """  # noqa: S608
    found = _rows(query, [batch.history_context, act, after, *values, limit + 1])
    shown = found[:limit]
    rows = _versions(table, shown, user)
    more = shown[-1][0] if len(found) > limit else None
    return Page(rows, more, named_of(table, rows, user))


def _seen(table: Table, paths: list[str], user: Any) -> tuple[str, list[Any]]:
    """The condition that a row of `t` is within the user's regions, now or when it was last."""
    model: Any = table.model
    here, here_values = _sql(model._default_manager.visible_to(user).values("pk"))
    # The versions have the columns of their record, so that its paths to the regions hold there.
    was = table.events._default_manager.filter(within(model, paths, keep_on=user))
    then, then_values = _sql(was.values("pk"))
    condition = f"""t.id IN ({here}) OR (t.last IN ({then})
        AND NOT EXISTS (SELECT 1 FROM "{model._meta.db_table}" n WHERE n.id = t.id))"""  # noqa: S608
    return condition, [*here_values, *then_values]


def _sql(rows: Any) -> tuple[str, tuple[Any, ...]]:
    try:
        sql, values = rows.order_by().query.sql_with_params()
    except EmptyResultSet:
        return "SELECT NULL::bigint", ()
    return sql, values


def _versions(table: Table, found: Sequence[tuple[int, int, int | None]], user: Any) -> list[Any]:
    numbers = [number for _id, *pair in found for number in pair if number is not None]
    versions = table.events._default_manager.in_bulk(numbers)
    today = table.model._default_manager.visible_to(user).in_bulk([line[0] for line in found])
    return [
        Version(number, versions[last], versions.get(before), today.get(number))
        for number, last, before in found
    ]


def named_of(table: Table, rows: Iterable[Version], user: Any) -> dict[Any, dict[int, Any]]:
    """Return what the rows point to: one query per model. People out of sight have no name."""
    wanted: dict[Any, set[int]] = {}
    for column in table.fields:
        if column.is_relation:
            numbers = wanted.setdefault(column.related_model, set())
            for version in rows:
                for row in filter(None, (version.row, version.before)):
                    numbers.add(getattr(row, column.attname))
    return {model: _of_numbers(model, numbers - {None}, user) for model, numbers in wanted.items()}


def _of_numbers(model: Any, numbers: set[int], user: Any) -> dict[int, Any]:
    is_case = model in tracked_models()
    rows = model._default_manager.visible_to(user) if is_case else model._default_manager
    found: dict[int, Any] = rows.in_bulk(numbers) if numbers else {}
    return found


def _rows(query: str, params: Sequence[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(params))
        return cursor.fetchall()
