"""Triggers that note which (region, month) values a write may have changed.

They run once per statement and read the rows it touched, so COPY and bulk SQL are noticed like a
click and stay fast. A record table states in SQL where its rows count and from which day:

    class Residence(models.Model):
        class Meta:
            triggers = mark_dirty(
                    region="row.region_id",
                since="row.valid_from",
                until="row.valid_to",
                watched=("region_id", "kind", "valid_from", "valid_to"),
            )
"""

import pgtrigger

# Earlier than every stored month: "since nobody knows when".
EVER = "DATE '1900-01-01'"


def mark_dirty(
    *,
    region: str,
    since: str,
    watched: tuple[str, ...],
    until: str = "",
    ending: tuple[str, ...] = (),
    joins: str = "",
) -> list[pgtrigger.Trigger]:
    """Return the three triggers (insert, update, delete) of one table.

    `region` and `since` are SQL over `row` and what `joins` brings in; an empty `since` means since
    ever. `until` is the day an interval ends: an update that only moves the end, or what else the
    `ending` columns say of it, leaves the months before it alone. Updates that touch none of the
    `watched` columns mark nothing.
    """
    lasting = [name for name in watched if f"row.{name}" != until and name not in ending]
    first = _first_day(since, until, lasting)
    return [
        _trigger("mark_insert", pgtrigger.Insert, _marks("new_rows", region, since, joins)),
        _trigger("mark_delete", pgtrigger.Delete, _marks("old_rows", region, since, joins)),
        _trigger("mark_update", pgtrigger.Update, _update(region, joins, watched, first)),
    ]


def _trigger(name: str, operation: pgtrigger.Operation, body: str) -> pgtrigger.Trigger:
    old = "old_rows" if operation in (pgtrigger.Update, pgtrigger.Delete) else None
    new = "new_rows" if operation in (pgtrigger.Update, pgtrigger.Insert) else None
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        func=f"{body} RETURN NULL;",
    )


def _marks(rows: str, region: str, since: str, joins: str) -> str:
    """Note the distinct regions of some rows with the earliest month among them."""
    # Built from the names and expressions of our own models, never from input.
    return f"""
        INSERT INTO indicators_dirtykey (region_id, from_month, marked_at)
        SELECT {region}, date_trunc('month', min(COALESCE({since}, {EVER})))::date,
               clock_timestamp()
        FROM {rows} AS row {joins}
        WHERE {region} IS NOT NULL
        GROUP BY {region};"""  # noqa: S608


def _update(region: str, joins: str, watched: tuple[str, ...], first: str) -> str:
    """Note both the old and the new place of each row that changed in a watched column."""
    changed = " OR ".join(f'o."{name}" IS DISTINCT FROM n."{name}"' for name in watched)
    pairs = f"""
        SELECT o.id AS pair_id, {first} AS changed_from
        FROM old_rows o JOIN new_rows n ON n.id = o.id WHERE {changed}"""  # noqa: S608
    sides = "(SELECT * FROM old_rows UNION ALL SELECT * FROM new_rows)"
    # Built from the names and expressions of our own models, never from input.
    return f"""
        INSERT INTO indicators_dirtykey (region_id, from_month, marked_at)
        SELECT {region}, date_trunc('month', min(COALESCE(pairs.changed_from, {EVER})))::date,
               clock_timestamp()
        FROM ({pairs}) AS pairs JOIN {sides} AS row ON row.id = pairs.pair_id {joins}
        WHERE {region} IS NOT NULL
        GROUP BY {region};"""  # noqa: S608


def _first_day(since: str, until: str, lasting: list[str]) -> str:
    """The first day on which old and new row can differ in what they mean."""
    old, new = (f"COALESCE({since.replace('row.', side)}, {EVER})" for side in ("o.", "n."))
    earliest = f"LEAST({old}, {new})"
    if not until:
        return earliest
    ends = f"LEAST({until.replace('row.', 'o.')}, {until.replace('row.', 'n.')})"
    same = " AND ".join(f'o."{name}" IS NOT DISTINCT FROM n."{name}"' for name in lasting)
    return f"CASE WHEN {same} THEN {ends} ELSE {earliest} END"
