"""Write down what becomes of whom: one line per person and household, and counts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db import connection

from apps.imports.models import Undo, UndoLine
from apps.imports.services.undoing.looking import IS_GOING, IS_STAYING, Look, run
from apps.imports.services.undoing.tables import Reference, Table, tables

LINES = UndoLine._meta.db_table


def note_lines(undo: Undo, look: Look) -> None:
    """Replace the lines of a taking back by what a look found."""
    UndoLine.objects.filter(undo=undo)._raw_delete("default")
    for table in look.tables:
        if table.is_root:
            look.step()
            _note_roots(undo, table)
    for table in look.tables:
        if not table.is_root:
            look.step()
            _note_others(undo, look, table)


def _note_roots(undo: Undo, table: Table) -> None:
    places = ", ".join(f'v."{name}"' for name in table.places)
    run(
        f"""
        INSERT INTO "{LINES}" (undo_id, "table", subject_id, version, fate, village_id)
        SELECT %s, %s, r.id, r.version, r.fate, COALESCE({places})
        FROM "{table.staged}" r JOIN "{table.events}" v ON v.pgh_id = r.version
        WHERE r.fate NOT IN ('same', 'with') ORDER BY r.id
        """,  # noqa: S608
        [undo.pk, table.model._meta.label_lower],
    )


def _note_others(undo: Undo, look: Look, table: Table) -> None:
    """Name whom the row is about, where the act did not write to that record itself."""
    for reference in [table.owner] if table.owner else table.ends[:1]:
        root = _root_of(reference)
        if root is None or not root.is_root:
            continue
        places = ", ".join(f'p."{name}"' for name in root.places)
        known = ""
        if root.name in look.by_name:
            known = f"""AND NOT EXISTS (SELECT 1 FROM "{root.staged}" k
                WHERE k.id = v."{reference.column}")"""  # noqa: S608
        run(
            f"""
            INSERT INTO "{LINES}" (undo_id, "table", subject_id, version, fate, village_id)
            SELECT %s, %s, p.id, NULL, min(CASE WHEN r.fate {IS_GOING} THEN 'set_back'
                ELSE r.fate END), min(COALESCE({places}))
            FROM "{table.staged}" r
            JOIN "{table.events}" v ON v.pgh_id = r.version
            JOIN "{root.name}" p ON p.id = v."{reference.column}"
            WHERE r.fate NOT IN ('same', 'with') {known} GROUP BY p.id ORDER BY p.id
            ON CONFLICT (undo_id, "table", subject_id) DO NOTHING
            """,  # noqa: S608
            [undo.pk, root.model._meta.label_lower],
        )


def _root_of(reference: Reference) -> Table | None:
    return next((table for table in tables() if table.name == reference.target), None)


def counted(undo: Undo, look: Look) -> dict[str, Any]:
    """Count rows by table and fate, and the lines noted by fate and village."""
    lines: dict[str, int] = defaultdict(int)
    kinds: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    villages: dict[int | None, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    with connection.cursor() as cursor:
        cursor.execute(
            f'SELECT "table", village_id, fate, count(*) FROM "{LINES}"'  # noqa: S608
            " WHERE undo_id = %s GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
            [undo.pk],
        )
        for kind, village, fate, count in cursor.fetchall():
            lines[fate] += count
            kinds[kind][fate] += count
            villages[village][fate] += count
    return {
        "rows": {t.model._meta.label_lower: _fates(t) for t in look.tables},
        "records": dict(lines),
        "kinds": {kind: dict(fates) for kind, fates in sorted(kinds.items(), reverse=True)},
        "villages": [{"id": village, **fates} for village, fates in villages.items()],
    }


def _fates(table: Table) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT fate, count(*) FROM "{table.staged}" GROUP BY 1 ORDER BY 1')  # noqa: S608
        return dict(cursor.fetchall())


def is_whole(look: Look) -> bool:
    """Whether every row goes and none of them has moved on in a column kept for lists."""
    for table in look.tables:
        query = f"""SELECT EXISTS (SELECT 1 FROM "{table.staged}"
            WHERE fate {IS_STAYING} OR (drifted AND fate <> 'same'))"""  # noqa: S608
        with connection.cursor() as cursor:
            cursor.execute(query)
            if cursor.fetchone()[0]:
                return False
    return True


def concerned(look: Look) -> dict[Any, str]:
    """By model, a query for the numbers of the rows an act wrote, or points to by what it wrote."""
    queries: dict[Any, list[str]] = defaultdict(list)
    for table in look.tables:
        queries[table.model].append(f'SELECT id FROM "{table.staged}"')  # noqa: S608
        for reference in table.references:
            root = _root_of(reference)
            if root is not None:
                for side in ("expected", "wanted"):
                    queries[root.model].append(
                        f'SELECT v."{reference.column}" FROM "{table.staged}" r'  # noqa: S608
                        f' JOIN "{table.events}" v ON v.pgh_id = r.{side}'
                        f' WHERE v."{reference.column}" IS NOT NULL'
                    )
    return {model: " UNION ".join(parts) for model, parts in queries.items()}
