"""What a line says differently from the register about a person whom the register knows."""

from __future__ import annotations

from typing import Any

from apps.core import crypto
from apps.households.digests import ID_COLUMN, PHONE_COLUMN, phone_digest
from apps.households.roster_rows import PersonStatement
from apps.households.services.roster.known import PLAIN_FIELDS, Facts, Known
from apps.households.services.roster.subjects import Subject

# Fields that a line may leave empty while the register knows them: statement → column.
LASTING = {name: name for name in (*PLAIN_FIELDS, "marital_status", "first_marriage_on")} | {
    "phone": "phone_digest",
    "id_number": "id_digest",
    "residence_status": "residence_status",
}


def compare(subject: Subject, known: Known) -> None:
    """Note which columns of a known person the roster fills or replaces."""
    facts, said = known.facts, subject.said
    subject.outcome.older = known.later_roster is not None
    if subject.is_dead:
        subject.warn("person_died", "name", on=facts.died_on)
        return
    if subject.is_keyed:
        _compare_who(subject, facts, said)
    for name in PLAIN_FIELDS:
        _compare_value(subject, name, getattr(facts, name), getattr(said, name))
    _compare_number(subject, facts, said)
    _compare_birth(subject, facts, said)
    _compare_phone(subject, facts, said)
    subject.outcome.stays = tuple(
        name
        for name, column in LASTING.items()
        if not getattr(said, name) and getattr(facts, column)
    )
    if facts.birth_order is None and said.birth_order:
        _take(subject, "birth_order", None, said.birth_order)
    if facts.first_marriage_on is None and said.first_marriage_on:
        _take(subject, "first_marriage_on", None, said.first_marriage_on)


def _take(subject: Subject, name: str, old: Any, new: Any) -> None:
    subject.columns[name] = new
    subject.say(name, old, new)


def _compare_value(subject: Subject, name: str, old: Any, new: Any) -> None:
    if not new or new == old:
        return
    if old and (why := subject.newer(name)):
        subject.hold_back(name, old, new, why)
    else:
        _take(subject, name, old, new)


def _compare_who(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """A line that names its person by key may correct name, sex and birth date."""
    for name in ("name", "sex"):
        _compare_value(subject, name, getattr(facts, name), getattr(said, name))
    if said.birth_precision == facts.birth_precision and said.birth_date != facts.birth_date:
        _take(subject, "birth_date", facts.birth_date, said.birth_date)


def _compare_number(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """A person known without a number gets it; the temporary one stays searchable."""
    if said.id_number and facts.id_digest is None:
        subject.columns["id_number"] = said.id_number
        subject.say("id_number", "", said.id_number)
    elif said.id_number and subject.digest != facts.id_digest and facts.id_number:
        old = crypto.decrypt(ID_COLUMN, facts.id_number)
        if subject.is_keyed:
            _take(subject, "id_number", old, said.id_number)
        else:
            subject.hold_back("id_number", old, said.id_number)


def _compare_birth(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    """Only a better known date replaces one: the number or a form decided the other."""
    rank = {"year": 0, "month": 1, "day": 2}
    if rank[said.birth_precision] > rank[facts.birth_precision]:
        subject.columns["birth_date"] = said.birth_date
        subject.columns["birth_precision"] = said.birth_precision
        subject.say("birth_date", facts.birth_date, said.birth_date)


def _compare_phone(subject: Subject, facts: Facts, said: PersonStatement) -> None:
    if not said.phone or phone_digest(said.phone) == facts.phone_digest:
        return
    old = crypto.decrypt(PHONE_COLUMN, facts.phone) if facts.phone else ""
    if old and (why := subject.newer("phone")):
        subject.hold_back("phone", old, said.phone, why)
        return
    subject.columns["phone"] = said.phone
    subject.say("phone", old, said.phone)
