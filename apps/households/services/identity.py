"""Identity of people: search keys, sealed and temporary numbers, and in whose scope they lie."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import Max
from django.db.models.functions import Cast, Substr

from apps.core.errors import OutOfScope, StaleRecord
from apps.core.names import normal_name, search_keys
from apps.households.digests import id_digest, id_tail, phone_digest
from apps.households.models import Person
from apps.regions.models import Region

VILLAGE_DIGITS = 12


def set_name(person: Person, name: str) -> None:
    """Give a person a name and the keys by which it is found."""
    person.name = normal_name(name)
    keys = search_keys(person.name)
    person.pinyin, person.initials, person.pinyin_other, person.initials_other = keys


def set_document(person: Person, id_type: str, number: str) -> None:
    """Give a person an identity document; "" takes the number away, not a temporary one."""
    person.id_type = id_type
    person.id_number = number or None
    person.id_digest = id_digest(number) if number else None
    person.id_tail = id_tail(number) if number else None


def set_phone(person: Person, phone: str) -> None:
    """Give a person a phone number; "" takes it away."""
    person.phone = phone or None
    person.phone_digest = phone_digest(phone) if phone else None


def temporary_numbers(region: Region, count: int) -> list[str]:
    """Return the next free temporary numbers of a village: T, its 12 digits, running number.

    Holds the village's row, so that two clerks do not get the same number.
    """
    Region.objects.select_for_update(no_key=True).get(pk=region.pk)
    stem = f"T{region.code[:VILLAGE_DIGITS]:0<12}-"
    running = Cast(Substr("temporary_number", len(stem) + 1), models.IntegerField())
    given = Person.objects.exclude(temporary_number="").filter(temporary_number__startswith=stem)
    last = given.aggregate(last=Max(running))["last"] or 0
    return [f"{stem}{last + step}" for step in range(1, count + 1)]


def ensure_visible(actor: Any, *rows: models.Model | None) -> None:
    """Raise OutOfScope unless all these rows lie in the actor's regions."""
    for row in rows:
        if row is None:
            continue
        mine: Any = type(row)._default_manager
        if not mine.visible_to(actor).filter(pk=row.pk).exists():
            raise OutOfScope


def ensure_fresh(row: Any, seen_at: Any) -> None:
    """Raise StaleRecord when somebody saved the row after the actor had opened it."""
    if seen_at is not None and row.updated_at > seen_at:
        raise StaleRecord


@contextmanager
def constraints_as_words(fields: dict[str, str] | None = None) -> Iterator[None]:
    """Turn a broken constraint into the words that its model gives, beside the field it names."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
        message = _words_of(name)
        if not message:
            raise
        field = (fields or {}).get(name)
        raise ValidationError({field: message} if field else message, code=name) from error


def _words_of(name: str) -> Any:
    models_known = Person._meta.apps.get_models()
    known = (constraint for model in models_known for constraint in model._meta.constraints)
    found = next((constraint for constraint in known if constraint.name == name), None)
    return found.violation_error_message if found is not None else ""
