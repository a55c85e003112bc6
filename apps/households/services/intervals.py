"""Dated rows: open, close and alter them, and take all of it back again.

Intervals are half-open. A `ChangeBook` notes what one act did; LifeEvent.changes keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from apps.core.errors import NotAllowedNow
from apps.households.choices import EventKind, Presence, ResidenceKind
from apps.households.models import (
    Household,
    LifeEvent,
    MaritalPeriod,
    Membership,
    Person,
    Residence,
)
from apps.households.selectors import holds_on

Row = TypeVar("Row", bound=models.Model)
INTERVAL = ("valid_from", "valid_to")


class ChangeBook:
    """What one act opens, closes and alters, in order, with the former values.

    Never hand it sealed columns: the book is kept in clear.
    """

    def __init__(self) -> None:
        self.steps: list[dict[str, Any]] = []

    def open(self, row: Row) -> Row:
        """Save a new row."""
        row.save(force_insert=True)
        self.steps.append({"row": _key(row), "opened": _values(row, _interval_fields(row))})
        return row

    def alter(self, row: Row, **values: Any) -> Row:
        """Change columns of a row; nothing happens to those that are so already."""
        changed = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not changed:
            return row
        before = _values(row, changed)
        for name, value in changed.items():
            setattr(row, name, value)
        stamp = ["updated_at"] if hasattr(row, "updated_at") else []
        row.save(update_fields=[*changed, *stamp])
        self.steps.append({"row": _key(row), "before": before, "after": _values(row, changed)})
        return row

    def close(self, row: Row, on: date, **also: Any) -> Row:
        """End an interval on a day. Refuses a day before it began."""
        begun = getattr(row, "valid_from", None)
        if begun is not None and begun > on:
            raise ValidationError(
                _("%(what)s began on %(begun)s, which is after %(on)s.")
                % {"what": _what(row), "begun": begun, "on": on}
            )
        return self.alter(row, valid_to=on, **also)

    def as_json(self) -> dict[str, Any]:
        """What LifeEvent.changes keeps."""
        return {"steps": self.steps}


def take_back(event: LifeEvent) -> None:
    """Undo what an event did, last step first. Refuses when a later fact rests on it."""
    steps = event.changes.get("steps", [])
    _refuse_if_used(event, steps)
    for step in reversed(steps):
        row = _fetch(step["row"])
        if row is None:
            continue
        if "opened" in step:
            row.delete()
            continue
        for name, value in step["before"].items():
            setattr(row, name, _field(row, name).to_python(value))
        stamp = ["updated_at"] if hasattr(row, "updated_at") else []
        row.save(update_fields=[*step["before"], *stamp])


def _refuse_if_used(event: LifeEvent, steps: list[dict[str, Any]]) -> None:
    """Name the later events that rest on these rows, or the rows changed by something else."""
    keys = {tuple(step["row"]) for step in steps if step["row"][0] != Household._meta.label_lower}
    people = {event.person_id, event.other_person_id} - {None}
    people |= {pk for label, pk in keys if label == Person._meta.label_lower}
    later = LifeEvent.objects.filter(
        models.Q(person__in=people) | models.Q(other_person__in=people), pk__gt=event.pk
    ).select_related("person")
    blocking = [found for found in later if keys & _keys_of(found)]
    if blocking:
        names = ", ".join(
            f"{found.person.name} {found.get_kind_display()} {found.occurred_on}"
            for found in blocking
        )
        raise NotAllowedNow(
            _("Later events rest on this one. Please remove them first: %(names)s.")
            % {"names": names}
        )
    last_values: dict[tuple[Any, ...], dict[str, Any]] = {}
    for step in steps:
        known = last_values.setdefault(tuple(step["row"]), {})
        known.update(step.get("after") or step.get("opened") or {})
    for key, values in last_values.items():
        if key[0] == Household._meta.label_lower:
            continue
        row = _fetch(key)
        if row is not None and _values(row, values) != values:
            raise NotAllowedNow(
                _("%(what)s has been changed since. Please put it right by hand.")
                % {"what": _what(row)}
            )


def _keys_of(event: LifeEvent) -> set[tuple[Any, ...]]:
    return {tuple(step["row"]) for step in event.changes.get("steps", [])}


def _key(row: models.Model) -> list[Any]:
    return [row._meta.label_lower, row.pk]


def _fetch(key: Iterable[Any]) -> Any:
    label, pk = key
    return apps.get_model(label)._base_manager.select_for_update(no_key=True).filter(pk=pk).first()


def _field(row: models.Model, name: str) -> models.Field:
    return next(f for f in row._meta.concrete_fields if name in (f.name, f.attname))


def _values(row: models.Model, names: Iterable[str]) -> dict[str, Any]:
    found = {}
    for name in names:
        value = getattr(row, _field(row, name).attname)
        found[_field(row, name).attname] = value.isoformat() if isinstance(value, date) else value
    return found


def _interval_fields(row: models.Model) -> list[str]:
    return [name for name in INTERVAL if hasattr(row, name)]


def _what(row: models.Model) -> str:
    person = getattr(row, "person", None)
    name = row._meta.verbose_name
    return f"{name} ({person})" if person is not None else f"{name} ({row})"


# The rows in force --------------------------------------------------------------------------------


def lock_people(*people: Person | None) -> None:
    """Hold these people's rows till the end of the transaction, always in the same order."""
    ids = sorted({person.pk for person in people if person is not None})
    rows = Person.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    fresh = {row.pk: row for row in rows}
    for person in people:
        if person is not None:
            _take_over(person, fresh[person.pk])


def lock_household(household: Household) -> None:
    """Hold one household's row till the end of the transaction and read it again."""
    fresh = Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    _take_over(household, fresh)


def _take_over(row: models.Model, fresh: models.Model) -> None:
    for field in row._meta.concrete_fields:
        setattr(row, field.attname, getattr(fresh, field.attname))


def membership_on(person: Person, day: date) -> Membership | None:
    """Return the household membership that holds on a day."""
    found = person.memberships.filter(holds_on(day)).select_related("household__region")
    return found.order_by("pk").first()


def open_membership(person: Person) -> Membership | None:
    """Return the membership that lasts till further notice."""
    found = person.memberships.filter(valid_to__isnull=True).select_related("household__region")
    return found.order_by("pk").first()


def open_residence(person: Person, kind: str) -> Residence | None:
    """Return the place of that kind that lasts till further notice."""
    found = person.residences.filter(kind=kind, valid_to__isnull=True).select_related("region")
    return found.order_by("pk").first()


def open_marital_period(person: Person) -> MaritalPeriod | None:
    """Return the marital status that lasts till further notice; none means never married."""
    return person.marital_periods.filter(valid_to__isnull=True).order_by("pk").first()


def change_marital_status(book: ChangeBook, person: Person, status: str, on: date) -> None:
    """Let a marital status begin on a day and the one before end."""
    before = open_marital_period(person)
    if before is not None:
        book.close(before, on)
    book.open(MaritalPeriod(person=person, status=status, valid_from=on))
    book.alter(person, marital_status=status)


def change_residence(
    book: ChangeBook, person: Person, kind: str, on: date | None, *, reason: str, **place: Any
) -> Residence:
    """Let a place of one kind begin on a day and the one before end; `place`: region, place."""
    before = open_residence(person, kind)
    if before is not None and on is not None:
        book.close(before, on, end_reason=reason)
    return book.open(
        Residence(person=person, kind=kind, valid_from=on, begin_reason=reason, **place)
    )


# Columns that say how things are now --------------------------------------------------------------


def refresh_person(book: ChangeBook, person: Person) -> None:
    """Bring the person's two regions up to date with the places in force.

    Somebody who has left the county keeps the last registered region, so that the office which
    wrote it down still finds the file; `left_on` then says since when nothing here is theirs.
    """
    registered = open_residence(person, ResidenceKind.REGISTERED)
    current = open_residence(person, ResidenceKind.CURRENT)
    here = [row for row in (registered, current) if row is not None and row.region_id]
    known = [row for row in (registered, current) if row is not None]
    left_on = None
    if known and not here:
        left_on = max((row.valid_from for row in known if row.valid_from), default=None)
    region = registered.region if registered is not None and registered.region_id else None
    if region is None and left_on is not None:
        region = person.registered_region
    book.alter(
        person,
        registered_region=region,
        current_region=current.region if current is not None else None,
        residence_status=_residence_status(registered, current),
        left_on=left_on,
    )


def _residence_status(registered: Residence | None, current: Residence | None) -> str:
    """Code of residence_status: 1 both here, 2 lives elsewhere, 3 registered elsewhere."""
    home = registered.region_id if registered is not None else None
    if home is None:
        return "3" if current is not None and current.region_id else "9"
    if current is None:
        return "9"
    return "1" if current.region_id == home else "2"


def refresh_household(book: ChangeBook, household: Household) -> None:
    """Bring head, number of members and presence up to date with the memberships in force."""
    rows = list(
        household.memberships.filter(valid_to__isnull=True)
        .select_related("person")
        .order_by("-is_head", "pk")
    )
    head = rows[0].person if rows and rows[0].is_head else None
    at_home = any(row.person.current_region_id == household.region_id for row in rows)
    presence = Presence.PRESENT if at_home else Presence.REGISTERED_ONLY
    book.alter(
        household,
        head=head,
        member_count=len(rows),
        presence=presence if rows else Presence.EMPTY,
    )


def write_event(
    book: ChangeBook, kind: EventKind, *, actor: Any, person: Person, record: Any, **links: Any
) -> LifeEvent:
    """Add the dated fact with what it changed."""
    event = LifeEvent(
        kind=kind,
        person=person,
        occurred_on=record.on,
        precision=record.precision,
        learnt_on=record.learnt_on,
        note=record.note,
        source=record.source,
        entered_by=actor,
        changes=book.as_json(),
        **links,
    )
    event.save(force_insert=True)
    return event
