"""What one act did to each row, and what becomes of the row when the act is taken back.

Everything is decided by joins over temporary tables, one for each table that the act wrote to.
A row is put back when it still says what the act left (`expected`); it becomes what it was before
(`wanted`). Bringing in again is the same with the two exchanged. A row stays as it is when

- changed: somebody changed it since, or removed or entered it;
- elsewhere: it lies outside the actor's regions now;
- taken: its former place is taken, for example by a later interval or the same number;
- missing: what it belonged to is gone;
- needed: a row that stays, or one that the act did not write, points to it;
- unknown: its history does not reach back before the act;
- with: a person who stays keeps the rows that are the person's own, and the links among those
  who stay.

A person of whom some row stays, stays as a whole. `same` marks rows that are as wanted already.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection

from apps.imports.services.undoing.tables import (
    Obstacle,
    Reference,
    Table,
    obstacles,
    same,
    tables,
)

IS_GOING = "IN ('removed', 'set_back', 'brought')"
RETURNS = f"fate {IS_GOING} AND wanted IS NOT NULL"
IS_STAYING = "NOT IN ('removed', 'set_back', 'brought', 'same')"
IS_NOT_STAYING = "IN ('removed', 'set_back', 'brought', 'same')"

Step = Callable[[], None]


class Look:
    """The rows of one act with their fates, in temporary tables that end with the transaction.

    `context` is the act in the row history, `again` exchanges the two sides, `regions` are the
    numbers of the regions the actor works for, `step` is called between statements.
    """

    def __init__(
        self, context: str, *, again: bool, regions: Sequence[int], step: Step = lambda: None
    ) -> None:
        self.context = context
        self.again = again
        self.step = step
        self._find()
        self._keep_elsewhere(list(regions))
        self._settle()

    # Finding --------------------------------------------------------------------------------------

    def _find(self) -> None:
        """Stage the rows of every table that the act wrote to."""
        found = [table for table in tables() if self._stage(table)]
        self.tables = found
        self.by_name = {table.name: table for table in found}
        self.obstacles: dict[str, list[Obstacle]] = {
            table.name: obstacles(table) for table in found
        }
        # Rows only ever stop going, so that what a table has none of need not be asked again.
        self.removing = {table.name for table in found if _has(table, "fate = 'removed'")}
        self.returning = {table.name for table in found if _has(table, RETURNS)}

    def _stage(self, table: Table) -> bool:
        self.step()
        expected, wanted = ("before", "after") if self.again else ("after", "before")
        part_of = table.owner
        owner = f'x."{part_of.column}", w."{part_of.column}"' if part_of else "NULL::bigint"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP TABLE IF EXISTS pg_temp."{table.staged}"')
            cursor.execute(
                f"""
                CREATE TEMPORARY TABLE "{table.staged}" ON COMMIT DROP AS
                WITH act AS (
                    SELECT pgh_obj_id AS id, min(pgh_id) AS first, max(pgh_id) AS last
                    FROM "{table.events}" WHERE pgh_context_id = %s GROUP BY pgh_obj_id
                ), sides AS (
                    SELECT act.id, f.pgh_label AS began,
                        CASE f.pgh_label
                            WHEN 'delete' THEN f.pgh_id
                            WHEN 'update' THEN (
                                SELECT max(e.pgh_id) FROM "{table.events}" e
                                WHERE e.pgh_obj_id = act.id AND e.pgh_id < act.first)
                        END AS before,
                        CASE WHEN l.pgh_label <> 'delete' THEN l.pgh_id END AS after
                    FROM act
                    JOIN "{table.events}" f ON f.pgh_id = act.first
                    JOIN "{table.events}" l ON l.pgh_id = act.last
                )
                SELECT s.id, s.{expected} AS expected, s.{wanted} AS wanted,
                    COALESCE(s.after, s.before) AS version,
                    COALESCE({owner}) AS owner,
                    CASE
                        WHEN s.began = 'update' AND s.before IS NULL THEN 'unknown'
                        WHEN (n.id IS NULL) = (x.pgh_id IS NULL) AND {same(table.told, "n", "x")}
                        THEN CASE WHEN w.pgh_id IS NULL THEN 'removed'
                            WHEN x.pgh_id IS NULL THEN 'brought' ELSE 'set_back' END
                        WHEN (n.id IS NULL) = (w.pgh_id IS NULL) AND {same(table.told, "n", "w")}
                        THEN 'same' ELSE 'changed'
                    END AS fate,
                    NOT {same(table.now, "n", "x")} AS drifted,
                    false AS clashes, false AS written
                FROM sides s
                LEFT JOIN "{table.name}" n ON n.id = s.id
                LEFT JOIN "{table.events}" x ON x.pgh_id = s.{expected}
                LEFT JOIN "{table.events}" w ON w.pgh_id = s.{wanted}
                WHERE s.before IS NOT NULL OR s.after IS NOT NULL OR s.began = 'update'
                """,  # noqa: S608
                [self.context],
            )
            if not cursor.rowcount:
                cursor.execute(f'DROP TABLE pg_temp."{table.staged}"')
                return False
            cursor.execute(f'CREATE INDEX ON "{table.staged}" (id)')
            cursor.execute(f'ANALYZE "{table.staged}"')
            return True

    # Staying --------------------------------------------------------------------------------------

    def _keep(
        self, table: Table, fate: str, ids: str, params: Sequence[Any] = (), which: str = IS_GOING
    ) -> int:
        """Let the going rows among those that a query yields stay; returns how many these are."""
        self.step()
        return run(
            f'UPDATE "{table.staged}" r SET fate = {fate} FROM ({ids}) AS q'  # noqa: S608
            f" WHERE r.id = q.id AND r.fate {which}",
            params,
        )

    def _keep_elsewhere(self, regions: list[int]) -> None:
        for table in self.tables:
            if not table.is_root:
                continue
            inside = " OR ".join(f'p."{name}" = ANY(%s)' for name in table.places)
            query = f"""
                SELECT r.id FROM "{table.staged}" r
                LEFT JOIN "{table.name}" n ON n.id = r.id
                LEFT JOIN "{table.events}" w ON w.pgh_id = r.wanted AND n.id IS NULL
                CROSS JOIN LATERAL (SELECT {self._places(table)}) AS p
                WHERE r.fate {IS_GOING} AND ({inside}) IS NOT TRUE
            """  # noqa: S608
            self._keep(table, "'elsewhere'", query, [regions] * len(table.places))

    @staticmethod
    def _places(table: Table) -> str:
        pairs = (f'COALESCE(n."{name}", w."{name}") AS "{name}"' for name in table.places)
        return ", ".join(pairs)

    def _settle(self) -> None:
        """Let rows stay because of each other until nothing changes any more."""
        rules = (
            self._taken,
            self._missing,
            self._needed,
            self._owners,
            self._own_rows,
            self._links,
        )
        while sum(rule(table) for table in self.tables for rule in rules):
            pass

    def _taken(self, table: Table) -> int:
        if table.name not in self.returning:
            return 0
        beside = f"""
            LEFT JOIN "{table.staged}" o ON o.id = t.id AND o.fate {IS_GOING} WHERE o.id IS NULL"""
        return sum(
            self._keep(table, "'taken'", clashing(table, obstacle, beside))
            for obstacle in self.obstacles[table.name]
        )

    def _missing(self, table: Table) -> int:
        if table.name not in self.returning:
            return 0
        return sum(
            self._keep(table, "'missing'", self._without(table, reference))
            for reference in table.references
        )

    def _without(self, table: Table, reference: Reference) -> str:
        """Rows whose wanted version points to a row that will not be there."""
        there, join = "t.found", ""
        if reference.target in self.by_name:
            staged = self.by_name[reference.target].staged
            join = f'LEFT JOIN "{staged}" g ON g.id = w."{reference.column}" AND g.fate {IS_GOING}'
            there = "CASE WHEN g.id IS NULL THEN t.found ELSE g.wanted IS NOT NULL END"
        return f"""
            SELECT r.id FROM "{table.staged}" r
            JOIN "{table.events}" w ON w.pgh_id = r.wanted
            LEFT JOIN (SELECT "{reference.target_column}" AS id, true AS found
                FROM "{reference.target}") t ON t.id = w."{reference.column}"
            {join}
            WHERE r.fate {IS_GOING} AND w."{reference.column}" IS NOT NULL
                AND ({there}) IS NOT TRUE
        """  # noqa: S608

    def _needed(self, table: Table) -> int:
        if table.name not in self.removing:
            return 0
        return sum(
            self._keep(table, "'needed'", self._pointed_at(table, user)) for user in table.users
        )

    def _pointed_at(self, table: Table, user: Reference) -> str:
        """Rows to be removed that a row points to which stays or is not of this act."""
        join, stays = "", "true"
        if user.source in self.by_name:
            staged = self.by_name[user.source].staged
            join = f'LEFT JOIN "{staged}" g ON g.id = u.id AND g.fate {IS_GOING}'
            stays = "g.id IS NULL"
        return f"""
            SELECT DISTINCT r.id FROM "{table.staged}" r
            JOIN "{user.source}" u ON u."{user.column}" = r.id {join}
            WHERE r.fate = 'removed' AND {stays}
        """  # noqa: S608

    def _owners(self, table: Table) -> int:
        """Whoever has a row that stays, stays."""
        owner = self.by_name.get(table.owner.target) if table.owner else None
        if owner is None:
            return 0
        query = f"""SELECT owner AS id, min(fate) AS fate FROM "{table.staged}"
            WHERE fate {IS_STAYING} AND fate <> 'with' GROUP BY owner"""  # noqa: S608
        return self._keep(owner, "q.fate", query, which=IS_NOT_STAYING)

    def _own_rows(self, table: Table) -> int:
        """Whoever stays keeps the rows that are his or her own."""
        owner = self.by_name.get(table.owner.target) if table.owner else None
        if owner is None:
            return 0
        query = f"""SELECT r.id FROM "{table.staged}" r JOIN "{owner.staged}" o ON o.id = r.owner
            WHERE o.fate {IS_STAYING}"""  # noqa: S608
        return self._keep(table, "'with'", query)

    def _links(self, table: Table) -> int:
        """A link that the act made stays among those who stay; it goes with one who goes."""
        ends = [end for end in table.ends if end.target in self.by_name]
        if not ends or table.name not in self.removing:
            return 0
        joins, stay, go = "", [], []
        for number, end in enumerate(ends):
            staged = self.by_name[end.target].staged
            joins += f' LEFT JOIN "{staged}" e{number} ON e{number}.id = n."{end.column}"'
            stay.append(f"e{number}.fate {IS_STAYING}")
            go.append(f"e{number}.fate {IS_GOING}")
        query = f"""
            SELECT r.id FROM "{table.staged}" r JOIN "{table.name}" n ON n.id = r.id {joins}
            WHERE r.fate = 'removed' AND ({" OR ".join(stay)}) AND ({" OR ".join(go)}) IS NOT TRUE
        """  # noqa: S608
        return self._keep(table, "'with'", query)


def _has(table: Table, condition: str) -> bool:
    query = f'SELECT EXISTS (SELECT 1 FROM "{table.staged}" WHERE {condition})'  # noqa: S608
    return bool(value(query))


def clashing(table: Table, obstacle: Obstacle, beside: str = "") -> str:
    """Return a query for the rows to come back that cannot stand beside a row that is there.

    `beside` joins to `t`, the other row, and narrows it.
    """
    keys = ", ".join(f"({key}) AS k{number}" for number, (key, _) in enumerate(obstacle.keys))
    alike = " AND ".join(
        f"w.k{number} {operator} t.k{number}" for number, (_, operator) in enumerate(obstacle.keys)
    )
    return f"""
        SELECT DISTINCT w.id FROM (
            SELECT id, {keys} FROM (
                SELECT e.* FROM "{table.events}" e
                JOIN "{table.staged}" r ON r.wanted = e.pgh_id
                WHERE r.fate {IS_GOING} AND NOT r.written
            ) AS versions WHERE {obstacle.condition}
        ) AS w JOIN (
            SELECT id, {keys} FROM "{table.name}" WHERE {obstacle.condition}
        ) AS t ON t.id <> w.id AND {alike} {beside}
    """  # noqa: S608


def run(sql: str, params: Sequence[Any] = ()) -> int:
    """Run one statement and return how many rows it was about."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.rowcount


def value(sql: str, params: Sequence[Any] = ()) -> Any:
    """Run one query and return its one value."""
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        return cursor.fetchone()[0]
