"""Name the people and households of a page of lines: who, where, and why they stay. Reads only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, models

from apps.core.fields import EncryptedTextField
from apps.core.identifiers import mask
from apps.imports.models import Fate, Undo, UndoLine
from apps.imports.services.undoing.tables import Table, quoted, tables


@dataclass(frozen=True)
class NamedLine:
    """One person or household as a page shows it. `url` is empty for what is not there now.

    `later` says when it was changed since and by whom, `theirs` which kinds of entries that are
    its own were; `users` counts by kind of entry what relies on it.
    """

    name: str
    kind: str
    number: str
    url: str
    village: str
    later: tuple[datetime, str] | None = None
    theirs: Sequence[str] = ()
    users: list[tuple[str, int]] = field(default_factory=list)


def named_lines(undo: Undo, lines: Sequence[UndoLine], *, user: Any) -> list[NamedLine]:
    """Name lines in their order. What the user may not see now is named, not linked."""
    by_table: dict[str, list[UndoLine]] = defaultdict(list)
    for line in lines:
        by_table[line.table].append(line)
    named: dict[int, NamedLine] = {}
    for label, group in by_table.items():
        named.update(_named(undo, Table(apps.get_model(label)), group, user))
    return [named[line.pk] for line in lines]


def _named(
    undo: Undo, table: Table, lines: Sequence[UndoLine], user: Any
) -> Iterable[tuple[int, NamedLine]]:
    model: Any = table.model
    ids = [line.subject_id for line in lines]
    shown = model._default_manager.visible_to(user).in_bulk(ids)
    versions = _versions(table, [line.version for line in lines if line.version])
    later, theirs = _later(undo, table, [n.subject_id for n in lines if n.fate == Fate.CHANGED])
    users = _users(undo, table, [n.subject_id for n in lines if n.fate == Fate.NEEDED])
    for line in lines:
        record = shown.get(line.subject_id)
        known = record or versions.get(line.version or 0)
        yield (
            line.pk,
            NamedLine(
                name=str(known) if known is not None else "",
                kind=str(model._meta.verbose_name),
                number=_number(known),
                url=record.get_absolute_url() if record is not None else "",
                village=str(line.village) if line.village else "",
                later=later.get(line.subject_id),
                theirs=theirs.get(line.subject_id, ()),
                users=sorted(users.get(line.subject_id, Counter()).items()),
            ),
        )


def _versions(table: Table, numbers: Sequence[int]) -> dict[int, Any]:
    """Return records as their history has them, by number of the version."""
    events: Any = table.model.pgh_event_model  # type: ignore[attr-defined]
    names = [f.attname for f in table.model._meta.concrete_fields]
    found = events.objects.filter(pk__in=numbers)
    return {row.pk: table.model(**{name: getattr(row, name) for name in names}) for row in found}


def _number(record: Any) -> str:
    """The first sealed column of a record, masked: a person's ID number."""
    fields = record._meta.concrete_fields if record is not None else ()
    sealed = next((f for f in fields if isinstance(f, EncryptedTextField)), None)
    text = getattr(record, sealed.attname) if sealed else None
    return mask(str(text)) if text else ""


def _later(
    undo: Undo, root: Table, ids: Sequence[int]
) -> tuple[Mapping[int, tuple[datetime, str]], Mapping[int, Sequence[str]]]:
    """Return when records, or rows of theirs, were last changed by another act, and by whom; and
    the kinds of those rows."""
    newest: dict[int, tuple[datetime, Any]] = {}
    theirs: dict[int, list[str]] = defaultdict(list)
    if ids:
        for table in tables():
            owner = table.owner
            column = "id" if table.name == root.name else owner.column if owner else ""
            if column and (table.name == root.name or (owner and owner.target == root.name)):
                for number, at, who in _last_acts(undo, table, column, ids):
                    if table.name != root.name:
                        theirs[number].append(str(table.model._meta.verbose_name))
                    if number not in newest or newest[number][0] < at:
                        newest[number] = (at, who)
    people = get_user_model().objects.in_bulk({who for _at, who in newest.values() if who})
    named = {number: (at, str(people.get(who, ""))) for number, (at, who) in newest.items()}
    return named, theirs


def _last_acts(undo: Undo, table: Table, column: str, ids: Sequence[int]) -> list[Any]:
    query = f"""
        SELECT DISTINCT ON (e."{column}") e."{column}", e.pgh_created_at,
            (c.metadata ->> 'user')::integer
        FROM "{table.events}" e
        LEFT JOIN pghistory_context c ON c.id = e.pgh_context_id
        WHERE e."{column}" = ANY(%s) AND e.pgh_context_id IS DISTINCT FROM %s
            AND e.pgh_created_at > (SELECT created_at FROM pghistory_context WHERE id = %s)
        ORDER BY e."{column}", e.pgh_id DESC
    """  # noqa: S608
    return _rows(query, [list(ids), *[str(undo.batch.history_context)] * 2])


def _users(undo: Undo, root: Table, ids: Sequence[int]) -> Mapping[int, Counter[str]]:
    """Count by kind the entries that the import did not make and that point to these records."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    if not ids:
        return found
    known = {table.name: table for table in tables()}
    for user in root.users:
        model = _model_of(user.source)
        own = ""
        if user.source in known:
            own = f"""AND NOT EXISTS (SELECT 1 FROM "{known[user.source].events}" e
                WHERE e.pgh_obj_id = u.id AND e.pgh_context_id = %s)"""  # noqa: S608
        query = f"""SELECT {quoted([user.column], "u")}, count(*) FROM "{user.source}" u
            WHERE u."{user.column}" = ANY(%s) {own} GROUP BY 1"""  # noqa: S608
        context = [str(undo.batch.history_context)] if own else []
        for number, count in _rows(query, [list(ids), *context]):
            found[number][str(model._meta.verbose_name)] += count
    return found


def _model_of(table: str) -> type[models.Model]:
    return next(model for model in apps.get_models() if model._meta.db_table == table)


def _rows(query: str, params: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, params)
        return cursor.fetchall()
