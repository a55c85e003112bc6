"""Enter a person, change what is known of one, and keep the numbers that identify people."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.choices import Sex
from apps.core.errors import NotPermitted
from apps.core.names import masked_name
from apps.households import rules
from apps.households.choices import HEAD, EventKind, ResidenceKind, ResidenceReason
from apps.households.models import Household, MaritalPeriod, Membership, Person, Residence
from apps.households.records import Happening, PersonRecord, PlaceRecord
from apps.households.selectors import person_by_document
from apps.households.services import identity, intervals

PLAIN_FIELDS = (
    "former_name",
    "sex",
    "birth_date",
    "birth_precision",
    "ethnic_group",
    "education",
    "hukou_type",
    "birth_order",
    "remark",
)
AUDITED = ("name", "id_type", "id_number", "phone", *PLAIN_FIELDS)
NEVER_MARRIED = "10"
UNIQUE_FIELDS = {"households_person_document_unique": "id_number"}


@transaction.atomic
def add_member(
    *, actor: User, household: Household, record: PersonRecord, place: PlaceRecord
) -> Person:
    """Enter a person who belongs to a household.

    The registered place is the household's. With `place.moved_in` the person came on
    `place.since`, which is written as an event; else the places are open at the left unless
    `since` is known.
    """
    identity.ensure_visible(actor, household)
    intervals.lock_household(household)
    _check_place(household, place)
    book = intervals.ChangeBook()
    person = new_person(book, record=record, region=household.region)
    since = place.since
    reason = ResidenceReason.MOVE if place.moved_in else ResidenceReason.UNKNOWN
    for kind in ResidenceKind:
        registered = kind == ResidenceKind.REGISTERED
        region = household.region if registered else place.current_region
        book.open(
            Residence(
                person=person,
                kind=kind,
                region=region,
                place="" if registered else place.current_place,
                valid_from=since,
                begin_reason=reason,
            )
        )
    join_household(book, person, household, place.relationship, since)
    intervals.refresh_person(book, person)
    intervals.refresh_household(book, household)
    if place.moved_in and since is not None:
        _write_move_in(book, actor, person, household, since, place.learnt_on)
    identity.ensure_visible(actor, person)
    audit.record(
        "households.person.created",
        actor=actor,
        target=person,
        after=audit.values_of(person, AUDITED),
        reason=record.differs_reason,
    )
    return person


def _check_place(household: Household, place: PlaceRecord) -> None:
    today = timezone.localdate()
    if place.since and place.since > today:
        raise ValidationError({"since": _("This day has not come yet.")})
    if place.moved_in and place.since is None:
        raise ValidationError({"since": _("Please say when the person moved in.")})
    if place.relationship == HEAD and household.head_id:
        message = _("This household already has a head. Please change the head first.")
        raise ValidationError({"relationship": message})


def _write_move_in(
    book: intervals.ChangeBook,
    actor: User,
    person: Person,
    household: Household,
    on: date,
    learnt_on: date | None,
) -> None:
    intervals.write_event(
        book,
        EventKind.MOVE_IN,
        actor=actor,
        person=person,
        record=Happening(on=on, learnt_on=learnt_on or timezone.localdate()),
        household=household,
        region=household.region,
    )


def new_person(book: intervals.ChangeBook, *, record: PersonRecord, region: Any) -> Person:
    """Save a new person's own data; `region` lends its code to a temporary number."""
    check_document(record)
    person = Person(marital_status=record.marital_status)
    _apply(person, record)
    if not person.id_digest:
        person.temporary_number = identity.temporary_numbers(region, 1)[0]
    person.first_marriage_on = record.first_marriage_on
    with identity.constraints_as_words(UNIQUE_FIELDS):
        book.open(person)
    if record.marital_status and record.marital_status != NEVER_MARRIED:
        since = record.first_marriage_on if record.marital_status == "21" else None
        book.open(MaritalPeriod(person=person, status=record.marital_status, valid_from=since))
    return person


def join_household(
    book: intervals.ChangeBook,
    person: Person,
    household: Household,
    relationship: str,
    since: Any,
) -> Membership:
    """Open a membership; a household without a head takes whoever joins as "head"."""
    membership = Membership(
        person=person,
        household=household,
        relationship_to_head=relationship,
        is_head=relationship == HEAD,
        valid_from=since,
    )
    with identity.constraints_as_words():
        return book.open(membership)


@transaction.atomic
def update_person(
    *, actor: User, person: Person, record: PersonRecord, seen_at: Any = None
) -> Person:
    """Change what is known of a person. A real number beside a temporary one leaves the latter.

    Marital status and places are not changed here: they follow from events. Raises StaleRecord
    when somebody else saved the person after `seen_at`.
    """
    identity.ensure_visible(actor, person)
    intervals.lock_people(person)
    identity.ensure_fresh(person, seen_at)
    check_document(record, person=person)
    before = audit.values_of(person, AUDITED)
    _apply(person, record)
    if not person.id_digest and not person.temporary_number:
        place = person.registered_region or person.current_region
        if place is not None:
            person.temporary_number = identity.temporary_numbers(place, 1)[0]
    if not person.marital_status and record.marital_status:
        _state_marital_status(person, record.marital_status)
    with identity.constraints_as_words(UNIQUE_FIELDS):
        person.save()
    audit.record(
        "households.person.updated",
        actor=actor,
        target=person,
        before=before,
        after=audit.values_of(person, AUDITED),
        reason=record.differs_reason,
    )
    return person


def _state_marital_status(person: Person, status: str) -> None:
    """Keep a marital status of which nobody knows since when it holds."""
    person.marital_status = status
    if status != NEVER_MARRIED:
        MaritalPeriod.objects.create(person=person, status=status)


def _apply(person: Person, record: PersonRecord) -> None:
    identity.set_name(person, record.name)
    identity.set_document(person, record.id_type, record.id_number)
    identity.set_phone(person, record.phone)
    for name in PLAIN_FIELDS:
        setattr(person, name, getattr(record, name))


def check_document(record: PersonRecord, *, person: Person | None = None) -> None:
    """Refuse a number that cannot be right, contradicts the facts, or belongs to somebody."""
    today = timezone.localdate()
    if record.birth_date > today:
        raise ValidationError({"birth_date": _("This day has not come yet.")})
    if record.sex not in Sex.values:
        raise ValidationError({"sex": _("Please choose one.")})
    problems = rules.document_problems(record.id_type, record.id_number, on=today)
    if problems:
        raise ValidationError({"id_number": [str(problem) for problem in problems]})
    if not record.differs_reason:
        _refuse_disagreements(record)
    found = person_by_document(record.id_type, record.id_number)
    if found is not None and found != person:
        raise AlreadyEntered(found)


def _refuse_disagreements(record: PersonRecord) -> None:
    text = _("The ID number says otherwise. Please check, or say below why they differ.")
    found = rules.document_disagreements(
        record.id_type,
        record.id_number,
        sex=record.sex,
        birth_date=record.birth_date,
        precision=record.birth_precision,
    )
    if found:
        raise ValidationError(dict.fromkeys(found, text))


class AlreadyEntered(ValidationError):
    """The document belongs to `person`, whose name is told masked and whose village in full."""

    def __init__(self, person: Person) -> None:
        self.person = person
        place = person.registered_region or person.current_region
        text = _("Already entered: %(name)s, %(place)s.") % {
            "name": masked_name(person.name),
            "place": place.name if place else _("place unknown"),
        }
        super().__init__({"id_number": ValidationError(text, code="already_entered")})


@transaction.atomic
def note_opening(*, actor: User, obj: Person) -> None:
    """Write down that somebody opened a person's file."""
    audit.record_open(actor, obj)


@transaction.atomic
def unmask(*, actor: User, person: Person, reason: str) -> dict[str, str]:
    """Return a person's ID number and phone in clear and write down who saw them and why."""
    if not actor.may("households.unmask"):
        raise NotPermitted
    identity.ensure_visible(actor, person)
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    audit.record("households.person.unmasked", actor=actor, target=person, reason=reason)
    return {"id_number": str(person.id_number or ""), "phone": str(person.phone or "")}


@transaction.atomic
def delete_person(*, actor: User, person: Person, reason: str) -> None:
    """Remove a person entered by mistake; the audit log keeps what was known."""
    identity.ensure_visible(actor, person)
    intervals.lock_people(person)
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    households = {m.household for m in person.memberships.select_related("household")}
    audit.record(
        "households.person.deleted",
        actor=actor,
        target=person,
        before=audit.values_of(person, AUDITED),
        reason=reason,
    )
    person.delete()
    book = intervals.ChangeBook()
    for household in households:
        household.refresh_from_db()
        intervals.refresh_household(book, household)
