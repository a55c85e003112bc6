"""Writing the audit log. Services call it in the transaction of what they write."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models.fields import NOT_PROVIDED

from apps.audit.models import Entry
from apps.core import requests
from apps.core.fields import DigestField, EncryptedTextField
from apps.core.identifiers import mask, mask_phone

# A last net under careless callers: numbers of people must not stand in the log in clear.
ID_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
MOBILE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")


def record(
    code: str,
    *,
    actor: Any,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    batch: object = "",
    region: Any = None,
) -> Entry:
    """Write down one act: `code` is "<app>.<model>.<past participle>".

    `before` and `after` hold field values; only those that differ are kept, sealed ones masked.
    `region` names the place of an act that has no record, or whose record has none. Call it
    inside the transaction of the write.
    """
    entry = entry_for(
        code,
        actor=actor,
        target=target,
        before=before,
        after=after,
        reason=reason,
        batch=batch,
        region=region,
    )
    entry.save(force_insert=True)
    return entry


def record_many(entries: Iterable[Entry]) -> int:
    """Write many acts (made by `entry_for`) in few statements; returns how many."""
    return len(Entry.objects.bulk_create(entries, batch_size=2000))


def record_open(actor: Any, target: models.Model) -> Entry:
    """Write down that somebody opened a record, before its page leaves the house."""
    return record(f"{target._meta.label_lower}.opened", actor=actor, target=target)


def entry_for(
    code: str,
    *,
    actor: Any,
    target: models.Model | None = None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    batch: object = "",
    region: Any = None,
) -> Entry:
    """Make the entry of one act without saving it; arguments as for `record`."""
    known = actor is not None and actor.pk is not None
    place = region or _place(target) or (_place_of_user(actor) if known else None)
    context = requests.current()
    return Entry(
        code=code,
        actor=actor if known else None,
        actor_name=str(actor)[:150] if known else "",
        target_type=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        target_label=_clean(str(target))[:200] if target is not None else "",
        region_path=place.path if place else "",
        region_name=place.full_name if place else "",
        changes=changes(
            before or {}, after or {}, target._meta.model if target is not None else None
        ),
        reason=_clean(reason)[:500],
        request_id=context.request_id,
        address=context.address,
        batch=str(batch or "")[:60],
    )


def changes(
    before: Mapping[str, Any], after: Mapping[str, Any], model: type[models.Model] | None = None
) -> dict[str, list[Any]]:
    """Return field → [before, after] for the fields that differ, in plain JSON values.

    A field that only one side names counts as empty on the other. Sealed columns are masked,
    also in what makes them differ: the masks may look alike.
    """
    sealed = _sealed_fields(model)
    found = {}
    for name in dict.fromkeys([*before, *after]):
        old, new = before.get(name), after.get(name)
        if old != new and name not in sealed["digests"]:
            hide = name in sealed["texts"]
            found[name] = [_plain(old, hide), _plain(new, hide)]
    return found


def values_of(obj: models.Model, fields: Iterable[str] | None = None) -> dict[str, Any]:
    """Return field values of one record for `before` and `after`; all columns by default."""
    names = fields or [field.attname for field in obj._meta.concrete_fields]
    return {name: getattr(obj, name) for name in names}


def _sealed_fields(model: type[models.Model] | None) -> dict[str, set[str]]:
    fields = model._meta.concrete_fields if model is not None else ()
    return {
        "texts": {field.name for field in fields if isinstance(field, EncryptedTextField)},
        "digests": {field.name for field in fields if isinstance(field, DigestField)},
    }


def _plain(value: Any, hide: bool = False) -> Any:
    """Turn a value into JSON, without the numbers of people."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if hide:
        return mask_any(str(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes | memoryview) or value is NOT_PROVIDED:
        return "…"
    return str(value) if isinstance(value, Decimal) else _clean(str(value))


def mask_any(text: str) -> str:
    """Mask a sealed value whatever it is: an ID number, a phone number, something else."""
    if not text:
        return ""
    return mask_phone(text) if MOBILE.fullmatch(text) else mask(text)


def _clean(text: str) -> str:
    """Mask ID and mobile numbers that stand in a text."""
    text = ID_NUMBER.sub(lambda found: mask(found[0]), text)
    return MOBILE.sub(lambda found: mask_phone(found[0]), text)


def _place(target: models.Model | None) -> Any:
    """Return the first region that the record's SCOPE leads to; None when it leads nowhere."""
    for path in getattr(target, "SCOPE", ()):
        found: Any = target
        for name in filter(None, path.split("__")):
            found = getattr(found, name, None)
        if found is not None and hasattr(found, "path"):
            return found
    return None


def _place_of_user(actor: Any) -> Any:
    """An act without a place happened where the user works."""
    regions = getattr(actor, "regions", None)
    return regions.order_by("path").first() if regions is not None else None
