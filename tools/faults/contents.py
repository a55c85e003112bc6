"""What stands in the register, as one digest per table that does not depend on row numbers.

Each row is known by its own values and by the rows it points to, not by their numbers: those
differ after an attempt that was rolled back. Moments and random names are left out. A row that is
gone, because the import was taken back, is known by what its history says.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models

from apps.audit.models import Entry
from apps.core.history import tracked_models
from apps.households.models import Person
from apps.imports.models import Row, UndoLine

APPS = ("households", "women", "imports")
# An entry's record number and name quote the batch's number.
ENTRY_FIELDS = {"code", "actor", "actor_name", "region_path", "changes", "reason"}
LEFT_OUT = {"id", "stored_as"}
NUMBERS_OF_A_LINE = {"subject_id", "version"}
ROUNDS = 3
Contents = dict[str, tuple[int, str]]
Links = dict[str, tuple[type[models.Model], Any]]
Tables = dict[type[models.Model], dict[Any, tuple[list[str], Links]]]


def contents() -> Contents:
    """Return {table: (rows, digest)} of the register, its history, the staged rows and the log."""
    tables: Tables = {model: _rows(model) for model in _models()}
    digests = _of_gone_rows(tables) | {
        (model, pk): _digest(own)
        for model, rows in tables.items()
        for pk, (own, _links) in rows.items()
    }
    for _round in range(ROUNDS):
        digests |= {
            (model, pk): _digest([digests[model, pk], *_of_links(links, digests)])
            for model, rows in tables.items()
            for pk, (_own, links) in rows.items()
        }
    return {
        model._meta.db_table: (len(rows), _digest(sorted(digests[model, pk] for pk in rows)))
        for model, rows in tables.items()
    }


def register_of(found: Contents) -> Contents:
    """Return the part that is the register itself: without history, imports and log."""
    names = {model._meta.db_table for model in tracked_models()}
    return {table: digest for table, digest in found.items() if table in names}


def _models() -> list[type[models.Model]]:
    return [Entry, *(model for name in APPS for model in apps.get_app_config(name).get_models())]


def _of_gone_rows(tables: Tables) -> dict[tuple[type[models.Model], Any], str]:
    """A digest of each row that is known by its history only, made of what all of it says."""
    said: dict[tuple[type[models.Model], Any], list[str]] = defaultdict(list)
    for model in tracked_models():
        events = tables.get(model.pgh_event_model, {})  # type: ignore[attr-defined]
        for own, links in events.values():
            said[model, links["pgh_obj"][1]] += own
    return {place: _digest(sorted(texts)) for place, texts in said.items()}


def _rows(model: type[models.Model]) -> dict[Any, tuple[list[str], Links]]:
    """Each row's own values, and what it points to by field."""
    fields = [field for field in model._meta.concrete_fields if _counts(model, field)]
    links: dict[Any, Any] = {f: f.related_model for f in fields if f.is_relation}
    if model is Row:
        links[model._meta.get_field("subject_id")] = Person
    plain = [field for field in fields if field not in links]
    return {
        row.pk: (
            [f"{field.name}={_text(getattr(row, field.attname))}" for field in plain],
            {field.name: (target, getattr(row, field.attname)) for field, target in links.items()}
            | (_subject(row) if isinstance(row, UndoLine) else {}),
        )
        for row in model._default_manager.iterator(chunk_size=2_000)
    }


def _subject(line: UndoLine) -> Links:
    """Whom a line of a taking back is about."""
    return {"subject": (apps.get_model(line.table), line.subject_id)}


def _counts(model: type[models.Model], field: Any) -> bool:
    if model is Entry:
        return field.name in ENTRY_FIELDS
    if field.primary_key or field.name in LEFT_OUT or field.name == "pgh_context":
        return False
    if model is UndoLine and field.name in NUMBERS_OF_A_LINE:
        return False
    return not isinstance(field, models.DateTimeField | models.UUIDField)


def _text(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else repr(value)


def _of_links(links: Links, digests: dict[Any, str]) -> Iterable[str]:
    """Rows of other tables (regions, users) are the same in each run: their numbers will do."""
    for name, (model, pk) in links.items():
        yield f"{name}={digests.get((model, pk), pk)}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
