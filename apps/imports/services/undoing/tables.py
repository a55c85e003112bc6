"""The tables whose rows have a history, found by looking at the models: columns, references and
what keeps two rows from standing beside each other. Knows no record by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.db import connection, models

from apps.core.history import event_table, tracked_models


@dataclass(frozen=True)
class Reference:
    """A column of one table that points to the rows of another (both by name)."""

    source: str
    column: str
    target: str
    target_column: str = "id"


@dataclass(frozen=True)
class Obstacle:
    """A unique index or exclusion constraint: two rows that answer all `keys` alike, as the
    operators say, cannot both be there. `condition` narrows the rows it is about."""

    keys: tuple[tuple[str, str], ...]
    condition: str


@dataclass(frozen=True)
class Table:
    """One table with a history."""

    model: type[models.Model]

    @property
    def name(self) -> str:
        return self.model._meta.db_table

    @property
    def events(self) -> str:
        return event_table(self.model)

    @property
    def staged(self) -> str:
        """The temporary table that holds what one act did to this one."""
        return f"undo_{self.name}"

    @cached_property
    def columns(self) -> list[str]:
        return [str(field.column) for field in self.model._meta.concrete_fields]

    @cached_property
    def now(self) -> list[str]:
        """Columns that services keep for lists (see core.history)."""
        names = getattr(self.model, "NOW", ())
        return [str(self.model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]

    @cached_property
    def told(self) -> list[str]:
        """Columns that say something: without those kept for lists and the time of change."""
        stamps = {
            field.column
            for field in self.model._meta.concrete_fields
            if getattr(field, "auto_now", False)
        }
        return [name for name in self.columns if name not in self.now and name not in stamps]

    @cached_property
    def references(self) -> list[Reference]:
        """References of the columns that say something."""
        return [
            _reference(field)
            for field in _foreign_keys(self.model)
            if str(field.column) not in self.now
        ]

    @cached_property
    def owner(self) -> Reference | None:
        """Whose row it is."""
        name = getattr(self.model, "PART_OF", "")
        return _reference(self.model._meta.get_field(name)) if name else None

    @cached_property
    def ends(self) -> list[Reference]:
        """Of a row that is nobody's own, such as a marriage: the rows it cannot be without."""
        if self.owner is not None:
            return []
        return [
            _reference(field)
            for field in _foreign_keys(self.model)
            if field.remote_field.on_delete is models.CASCADE and is_tracked(field.related_model)
        ]

    @cached_property
    def places(self) -> list[str]:
        """Own columns that hold the row's region; empty when the row lies where its owner does."""
        scope = getattr(self.model, "SCOPE", ())
        names = [name for name in scope if name and "__" not in name]
        return [str(self.model._meta.get_field(name).column) for name in names]  # type: ignore[union-attr]

    @property
    def is_root(self) -> bool:
        """Whether people speak of its rows: a person, a household."""
        return self.owner is None and not self.ends and bool(self.places)

    @cached_property
    def users(self) -> list[Reference]:
        """References of all tables, tracked or not, to this one."""
        fields = self.model._meta.get_fields(include_hidden=True)
        found = []
        for field in fields:
            relation: Any = getattr(field, "field", None)
            if field.auto_created and not field.concrete and getattr(relation, "column", None):
                user = Table(relation.model)
                if relation.db_constraint and str(relation.column) not in user.now:
                    found.append(_reference(relation))
        return found


def tables() -> list[Table]:
    """Return all tables with a history."""
    return [Table(model) for model in tracked_models()]


def is_tracked(model: Any) -> bool:
    """Tell whether the rows of a model have a history."""
    return model in tracked_models()


def _foreign_keys(model: type[models.Model]) -> Iterator[Any]:
    field: Any
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and getattr(field, "db_constraint", True):
            yield field


def _reference(field: Any) -> Reference:
    target = field.target_field
    return Reference(
        source=field.model._meta.db_table,
        column=str(field.column),
        target=target.model._meta.db_table,
        target_column=str(target.column),
    )


@cache
def obstacles(table: Table) -> list[Obstacle]:
    """Read from the database what keeps two rows of a table from standing beside each other."""
    with connection.cursor() as cursor:
        cursor.execute(OBSTACLES, [f'"{table.name}"'])
        return [
            Obstacle(tuple(zip(keys, operators, strict=True)), condition)
            for keys, operators, condition in cursor.fetchall()
        ]


OBSTACLES = """
    SELECT array_agg(pg_get_indexdef(i.indexrelid, k, true) ORDER BY k),
        array_agg(COALESCE(o.oprname::text, '=') ORDER BY k),
        COALESCE(pg_get_expr(i.indpred, i.indrelid), 'true')
    FROM pg_index i
    CROSS JOIN LATERAL generate_series(1, i.indnkeyatts) AS k
    LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.contype = 'x'
    LEFT JOIN pg_operator o ON o.oid = c.conexclop[k]
    WHERE i.indrelid = %s::regclass AND NOT i.indisprimary
        AND (i.indisunique OR i.indisexclusion)
    GROUP BY i.indexrelid, i.indpred, i.indrelid
    ORDER BY i.indexrelid
"""


def quoted(names: Iterable[str], prefix: str = "") -> str:
    """Return column names for a statement."""
    start = f"{prefix}." if prefix else ""
    return ", ".join(f'{start}"{name}"' for name in names)


def same(names: list[str], left: str, right: str) -> str:
    """Return the condition that two rows say the same in these columns."""
    if not names:
        return "true"
    return f"(({quoted(names, left)}) IS NOT DISTINCT FROM ({quoted(names, right)}))"
