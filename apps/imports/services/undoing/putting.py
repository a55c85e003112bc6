"""Put the going rows of a Look back: delete, update, insert, each in one statement per table."""

from __future__ import annotations

from apps.core.bulk import Overtaken, refresh_statistics
from apps.imports.services.undoing.looking import IS_GOING, Look, clashing, run, value
from apps.imports.services.undoing.tables import Table, quoted, same


def put_back(look: Look) -> None:
    """Write what was decided.

    Removals come first and entries last, so that nothing stands in the way of anything. Every
    statement asks once more whether a row still is as it was seen. Raises Overtaken.
    """
    for table in reversed(look.tables):
        look.step()
        _remove(table)
    for table in look.tables:
        _update(look, table)
    for table in look.tables:
        look.step()
        # At once, because the triggers of the next table may read this one: planned for a small
        # table, marking 16,000 marriages took minutes.
        refresh_statistics({table.name: _insert(table)})


def _remove(table: Table) -> None:
    found = run(
        f"""
        DELETE FROM "{table.name}" n USING "{table.staged}" r, "{table.events}" x
        WHERE n.id = r.id AND r.fate = 'removed' AND x.pgh_id = r.expected
            AND {same(table.told, "n", "x")}
        """  # noqa: S608
    )
    _expect(table, found, "fate = 'removed'")


def _update(look: Look, table: Table) -> None:
    """Set rows back, those first whose place is free already (an interval that was shortened can
    only be lengthened when the one after it has given way). Rows that wait for each other in a
    ring are taken out and put in again."""
    while _waiting(table):
        look.step()
        _mark_clashes(look, table)
        if not _waiting(table, "NOT clashes"):
            _replace(table)
            return
        found = run(_set_back(table))
        _expect(table, found, "fate = 'set_back' AND NOT written AND NOT clashes")
        run(f"UPDATE \"{table.staged}\" SET written = true WHERE fate = 'set_back' AND NOT clashes")  # noqa: S608


def _waiting(table: Table, condition: str = "true") -> bool:
    return bool(
        value(
            f"""SELECT EXISTS (SELECT 1 FROM "{table.staged}"
            WHERE fate = 'set_back' AND NOT written AND {condition})"""  # noqa: S608
        )
    )


def _mark_clashes(look: Look, table: Table) -> None:
    run(f'UPDATE "{table.staged}" SET clashes = false WHERE clashes')  # noqa: S608
    for obstacle in look.obstacles[table.name]:
        run(
            f"""UPDATE "{table.staged}" r SET clashes = true
            FROM ({clashing(table, obstacle)}) AS q
            WHERE r.id = q.id AND r.fate = 'set_back' AND NOT r.clashes"""  # noqa: S608
        )


def _set_back(table: Table) -> str:
    """Columns kept for lists come back too, unless later acts have moved them on."""
    kept = set(table.now)
    pairs = ", ".join(
        f'"{name}" = CASE WHEN r.drifted THEN n."{name}" ELSE w."{name}" END'
        if name in kept
        else f'"{name}" = w."{name}"'
        for name in table.columns
        if name != "id"
    )
    return f"""
        UPDATE "{table.name}" n SET {pairs}
        FROM "{table.staged}" r
        JOIN "{table.events}" x ON x.pgh_id = r.expected
        JOIN "{table.events}" w ON w.pgh_id = r.wanted
        WHERE n.id = r.id AND r.fate = 'set_back' AND NOT r.written AND NOT r.clashes
            AND {same(table.told, "n", "x")} AND {same(table.now, "n", "x")} = NOT r.drifted
    """  # noqa: S608


def _replace(table: Table) -> None:
    """Exchange rows that stand in each other's way, such as two numbers that were swapped."""
    waiting = "r.fate = 'set_back' AND NOT r.written"
    found = run(
        f"""
        DELETE FROM "{table.name}" n USING "{table.staged}" r, "{table.events}" x
        WHERE n.id = r.id AND {waiting} AND x.pgh_id = r.expected
            AND {same(table.told, "n", "x")}
        """  # noqa: S608
    )
    _expect(table, found, "fate = 'set_back' AND NOT written")
    run(_entering(table, waiting))


def _insert(table: Table) -> int:
    return run(_entering(table, f"r.fate {IS_GOING} AND r.expected IS NULL"))


def _entering(table: Table, condition: str) -> str:
    return f"""
        INSERT INTO "{table.name}" ({quoted(table.columns)})
        SELECT {quoted(table.columns, "w")} FROM "{table.staged}" r
        JOIN "{table.events}" w ON w.pgh_id = r.wanted WHERE {condition} ORDER BY w.id
    """  # noqa: S608


def _expect(table: Table, found: int, condition: str) -> None:
    if found != value(f'SELECT count(*) FROM "{table.staged}" WHERE {condition}'):  # noqa: S608
        raise Overtaken
