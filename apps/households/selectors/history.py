"""Who changed what: row history of a person's or a household's tables, told as changes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from apps.core.fields import DigestField, EncryptedTextField
from apps.core.identifiers import mask, mask_phone
from apps.households.models import (
    Category,
    Household,
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)
from apps.regions.models import Region

HIDDEN = {
    "id",
    "created_at",
    "updated_at",
    "pinyin",
    "initials",
    "pinyin_other",
    "initials_other",
    "parent_sex",
    "source",
    "member_count",
}
MOST = 200
# The column that names a record of another table.
NAMED_BY: dict[type[models.Model], str] = {Region: "name", Person: "name", Household: "number"}


@dataclass(frozen=True)
class Change:
    """One version of one row: when, by whom, in which act, and what it changed.

    `kind` is insert, update or delete; `fields` hold (label, before, after) in words.
    """

    at: datetime
    by: str
    act: str
    what: str
    kind: str
    fields: tuple[tuple[str, str, str], ...]


def changes_of_person(person: Person) -> list[Change]:
    """Return the latest changes of a person and of the rows that hang on the person."""
    own = Q(pgh_obj_id=person.pk)
    mine = Q(person_id=person.pk)
    couple = Q(wife_id=person.pk) | Q(husband_id=person.pk)
    family = Q(child_id=person.pk) | Q(parent_id=person.pk)
    return _changes(
        (Person, own),
        (Membership, mine),
        (Residence, mine),
        (MaritalPeriod, mine),
        (Marriage, couple),
        (Kinship, family),
    )


def changes_of_household(household: Household) -> list[Change]:
    """Return the latest changes of a household, its memberships and its categories."""
    here = Q(household_id=household.pk)
    return _changes((Household, Q(pgh_obj_id=household.pk)), (Membership, here), (Category, here))


def _changes(*sources: tuple[type[models.Model], Q]) -> list[Change]:
    versions = [(model, list(_versions(model, condition))) for model, condition in sources]
    names = _Names(row for _model, rows in versions for row in rows)
    found = [change for model, rows in versions for change in _told(model, rows, names)]
    return sorted(found, key=lambda change: change.at, reverse=True)[:MOST]


def _versions(model: Any, condition: Q) -> QuerySet[Any]:
    rows = model.pgh_event_model.objects.filter(condition)
    return rows.select_related("pgh_context").order_by("-pgh_id")[: MOST * 2]


def _told(model: type[models.Model], rows: list[Any], names: _Names) -> Iterable[Change]:
    """Compare each version with the one before it of the same row; rows come newest first."""
    fields = [
        field
        for field in model._meta.concrete_fields
        if field.name not in HIDDEN and not isinstance(field, DigestField)
    ]
    before: dict[int, Any] = {}
    for row in reversed(rows):
        former = before.get(row.pgh_obj_id)
        kind = row.pgh_label
        before[row.pgh_obj_id] = None if kind == "delete" else row
        told = tuple(_differences(fields, former, row, kind, names))
        if told or kind != "update":
            by, act = names.of_context(row.pgh_context)
            what = str(model._meta.verbose_name)
            yield Change(row.pgh_created_at, by, act, what, kind, told)


def _differences(
    fields: list[Any], former: Any, row: Any, kind: str, names: _Names
) -> Iterable[tuple[str, str, str]]:
    for field in fields:
        old = getattr(former, field.attname, None) if former is not None else None
        new = None if kind == "delete" else getattr(row, field.attname)
        if old != new and not (old in (None, "") and new in (None, "")):
            label = str(field.verbose_name)
            yield label, names.words(field, old, former), names.words(field, new, row)


class _Names:
    """Words for users, regions and people that history rows name by number: one query each."""

    def __init__(self, rows: Iterable[Any]) -> None:
        numbers: dict[type[models.Model], set[int]] = {name: set() for name in NAMED_BY}
        users: set[int] = set()
        for row in rows:
            for field in row.pgh_tracked_model._meta.concrete_fields:
                wanted = numbers.get(field.related_model) if field.is_relation else None
                value = getattr(row, field.attname) if wanted is not None else None
                if wanted is not None and value is not None:
                    wanted.add(value)
            metadata = row.pgh_context.metadata if row.pgh_context else {}
            if isinstance(metadata.get("user"), int):
                users.add(metadata["user"])
        self.users = get_user_model().objects.in_bulk(users) if users else {}
        self.found = {
            model: dict(
                model._default_manager.filter(pk__in=pks).values_list("pk", NAMED_BY[model])
            )
            for model, pks in numbers.items()
            if pks
        }

    def of_context(self, context: Any) -> tuple[str, str]:
        """Name the user and the act of a version."""
        metadata = context.metadata if context is not None else {}
        user = self.users.get(metadata.get("user"))
        return str(user) if user is not None else "", str(metadata.get("act", ""))

    def words(self, field: Any, value: Any, row: Any) -> str:
        """Say a value as a page does: masked, with the names of codes and places."""
        if value is None or value == "" or row is None:
            return ""
        if isinstance(field, EncryptedTextField):
            return mask_phone(str(value)) if field.name == "phone" else mask(str(value))
        if field.is_relation:
            return str(self.found.get(field.related_model, {}).get(value) or f"#{value}")
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if field.choices:
            labels = dict(field.flatchoices)
            return str(labels.get(value, value))
        return str(value)
