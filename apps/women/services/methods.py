"""Note which method a woman or couple chose, and what a woman states about her children.

Using or not using a method is a free choice (Population Law Art. 20); nothing falls due here.
"""

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
from apps.core.errors import NotAllowedNow
from apps.households.models import Person
from apps.households.services.identity import constraints_as_words, ensure_fresh, ensure_visible
from apps.households.services.intervals import lock_people
from apps.women.models import CaseFile, ContraceptiveUse
from apps.women.records import MethodRecord, StatedChildren

STATED = ("stated_boys", "stated_girls", "stated_last_birth_on", "stated_on", "remark")
UNIQUE_FIELDS = {"women_contraceptiveuse_one_at_a_time": "valid_from"}


@transaction.atomic
def record_method(*, actor: User, person: Person, record: MethodRecord) -> ContraceptiveUse:
    """Note the method used since a day; the one before ends on that day.

    Opens the service file if there is none. A day nobody knows is allowed only for the first
    method, since nothing could end before it.
    """
    _check_woman(actor, person)
    lock_people(person)
    before = ContraceptiveUse.objects.filter(person=person, valid_to__isnull=True).first()
    _check_begin(person, record, before)
    open_case_file(person)
    if before is not None:
        before.valid_to = record.valid_from
        before.save(update_fields=["valid_to"])
    use = ContraceptiveUse(
        person=person,
        method=record.method,
        valid_from=record.valid_from,
        from_precision=record.from_precision,
        facility=record.facility,
    )
    with constraints_as_words(UNIQUE_FIELDS):
        use.save(force_insert=True)
    said = {"method": use.method, "valid_from": use.valid_from, "facility": use.facility}
    _note("contraceptive_use.recorded", actor, person, after=said)
    return use


def _check_woman(actor: User, person: Person) -> None:
    ensure_visible(actor, person)
    if person.sex != Sex.FEMALE:
        raise NotAllowedNow(_("Service files are kept for women."))


def _check_begin(person: Person, record: MethodRecord, before: ContraceptiveUse | None) -> None:
    begin = record.valid_from
    if begin is None:
        if before is not None:
            raise ValidationError({"valid_from": _("Please say since when.")})
        return
    if begin > timezone.localdate():
        raise ValidationError({"valid_from": _("This day has not come yet.")})
    if begin < person.birth_date or (person.died_on and begin > person.died_on):
        raise ValidationError({"valid_from": _("This lies outside the person's life.")})
    if before is not None and before.valid_from is not None and begin < before.valid_from:
        message = _("A method since %(day)s is entered. Please give a later day.")
        raise ValidationError({"valid_from": message % {"day": before.valid_from}})


@transaction.atomic
def end_method(*, actor: User, use: ContraceptiveUse, on: date) -> ContraceptiveUse:
    """Note that a method is no longer used from a day on; no reason is asked."""
    ensure_visible(actor, use.person)
    lock_people(use.person)
    use = ContraceptiveUse.objects.select_related("person").get(pk=use.pk)
    if use.valid_to is not None:
        raise NotAllowedNow(_("This has already ended."))
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if use.valid_from is not None and on < use.valid_from:
        raise ValidationError({"on": _("The end lies before the beginning.")})
    use.valid_to = on
    use.save(update_fields=["valid_to"])
    said = {"method": use.method, "valid_to": on}
    _note("contraceptive_use.ended", actor, use.person, {"method": use.method}, said)
    return use


@transaction.atomic
def remove_method(*, actor: User, use: ContraceptiveUse, reason: str) -> None:
    """Remove a method that was entered by mistake; the audit log keeps what it said."""
    ensure_visible(actor, use.person)
    if not reason.strip():
        raise ValidationError({"reason": _("Please say why.")})
    said = audit.values_of(use, ("method", "valid_from", "valid_to", "facility"))
    _note("contraceptive_use.removed", actor, use.person, before=said, reason=reason)
    use.delete()


@transaction.atomic
def state_children(
    *, actor: User, person: Person, record: StatedChildren, seen_at: Any = None
) -> CaseFile:
    """Keep what a woman states about her children; the parity is computed from links instead."""
    _check_woman(actor, person)
    lock_people(person)
    if record.stated_on > timezone.localdate():
        raise ValidationError({"stated_on": _("This day has not come yet.")})
    file = open_case_file(person)
    ensure_fresh(file, seen_at)
    before = audit.values_of(file, STATED)
    for name in STATED:
        setattr(file, name, getattr(record, name))
    file.save()
    _note("casefile.updated", actor, person, before, audit.values_of(file, STATED))
    return file


def open_case_file(person: Person) -> CaseFile:
    """Return the woman's service file, opened now if there was none."""
    return CaseFile.objects.get_or_create(person=person)[0]


def _note(
    act: str,
    actor: User,
    person: Person,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        f"women.{act}", actor=actor, target=person, before=before, after=after, reason=reason
    )
