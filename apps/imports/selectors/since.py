"""What was changed in a record after an import wrote it: before, by the import, and now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from apps.imports.models import Fate, Undo, UndoLine
from apps.imports.selectors.touched import Table, Version, named_of

Named = dict[Any, dict[int, Any]]


@dataclass(frozen=True)
class Since:
    """One record that others changed after an import.

    `before` is its version before the import, None if that created it; `left` is how the import
    left it; `now` is the record. `named` holds by model {number: record} of what these point to
    and the user may see.
    """

    table: Table
    before: Any
    left: Any
    now: Any
    named: Named

    def differing(self, *, is_back: bool) -> list[Any]:
        """The columns that do not say any more what they said when the import (or its taking
        back) was done."""
        done = self.left if is_back else self.before
        return [
            column
            for column in self.table.fields
            if done is not None and _value(done, column) != _value(self.now, column)
        ]


def changed_since(undo: Undo, lines: Sequence[UndoLine], *, user: Any) -> dict[int, Since]:
    """Return what was changed since, by the number of the line; only of records the user sees."""
    by_table: dict[str, list[UndoLine]] = defaultdict(list)
    for line in lines:
        if line.fate == Fate.CHANGED and line.version is not None:
            by_table[line.table].append(line)
    found: dict[int, Since] = {}
    for label, group in by_table.items():
        found |= _of_table(undo, Table(apps.get_model(label)), group, user)
    return found


def _of_table(undo: Undo, table: Table, lines: Sequence[UndoLine], user: Any) -> dict[int, Since]:
    now = table.model._default_manager.visible_to(user).in_bulk([n.subject_id for n in lines])
    left = table.events._default_manager.in_bulk([line.version for line in lines])
    before = _before(undo, table, lines)
    shown = [line for line in lines if line.subject_id in now and line.version in left]
    rows = [
        Version(line.subject_id, row, before.get(line.subject_id), None)
        for line in shown
        for row in (left[line.version], now[line.subject_id])
    ]
    named = named_of(table, rows, user)
    return {
        line.pk: Since(
            table, before.get(line.subject_id), left[line.version], now[line.subject_id], named
        )
        for line in shown
    }


def _before(undo: Undo, table: Table, lines: Sequence[UndoLine]) -> Mapping[int, Any]:
    """Return the last version of each record that is older than the import."""
    versions = {line.subject_id: line.version or 0 for line in lines}
    found = table.events._default_manager.filter(pgh_obj_id__in=versions)
    found = found.exclude(pgh_context_id=undo.batch.history_context).order_by("pgh_id")
    return {row.pgh_obj_id: row for row in found if row.pgh_id < versions[row.pgh_obj_id]}


def _value(row: Any, column: Any) -> Any:
    """A column of a record or of a version; empty texts and none are the same."""
    return getattr(row, column.attname) or None
