"""Register a household, change it, choose its head, end it, say what it counts as."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import NotAllowedNow
from apps.households import rules
from apps.households.choices import HEAD, CategoryKind
from apps.households.models import Category, Household, Membership, Person
from apps.households.records import HouseholdRecord, MemberFacts
from apps.households.services import identity, intervals

FIELDS = ("region_id", "number", "group", "address", "valid_from", "valid_to", "remark")
UNIQUE_FIELDS = {
    "households_household_number_unique_in_village": "number",
    "households_category_once_at_a_time": "kind",
}


@transaction.atomic
def register_household(*, actor: User, record: HouseholdRecord) -> Household:
    """Enter a household; its members are added one by one or come by roster."""
    if record.valid_from and record.valid_from > timezone.localdate():
        raise ValidationError({"valid_from": _("This day has not come yet.")})
    household = Household(presence="empty")
    _apply(household, record)
    with identity.constraints_as_words(UNIQUE_FIELDS):
        household.save(force_insert=True)
    identity.ensure_visible(actor, household)
    _note("created", actor, household, after=audit.values_of(household, FIELDS))
    return household


@transaction.atomic
def update_household(
    *, actor: User, household: Household, record: HouseholdRecord, seen_at: Any = None
) -> Household:
    """Change what is known of a household. Raises StaleRecord when it was saved after `seen_at`."""
    identity.ensure_visible(actor, household)
    intervals.lock_household(household)
    identity.ensure_fresh(household, seen_at)
    if record.region != household.region and household.member_count:
        message = _("People live in this household. Please record their move instead.")
        raise ValidationError({"region": message})
    before = audit.values_of(household, FIELDS)
    _apply(household, record)
    with identity.constraints_as_words(UNIQUE_FIELDS):
        household.save()
    identity.ensure_visible(actor, household)
    _note("updated", actor, household, before, audit.values_of(household, FIELDS))
    return household


def _apply(household: Household, record: HouseholdRecord) -> None:
    household.region = record.region
    for name in ("number", "group", "address", "valid_from", "remark"):
        setattr(household, name, getattr(record, name))


def _note(
    act: str,
    actor: User,
    household: Household,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    audit.record(
        f"households.household.{act}",
        actor=actor,
        target=household,
        before=before,
        after=after,
        reason=reason,
    )


@transaction.atomic
def end_household(*, actor: User, household: Household, on: date, reason: str) -> Household:
    """Close a household that has no members left; it stays in the register."""
    identity.ensure_visible(actor, household)
    intervals.lock_household(household)
    if household.valid_to is not None:
        raise NotAllowedNow(_("This household has already ended."))
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    if household.memberships.filter(valid_to__isnull=True).exists():
        raise NotAllowedNow(_("People still belong to this household. Please record their move."))
    book = intervals.ChangeBook()
    for category in household.categories.filter(valid_to__isnull=True):
        book.close(category, on)
    book.close(household, on)
    _note("ended", actor, household, {"valid_to": None}, {"valid_to": on}, reason)
    return household


@transaction.atomic
def delete_household(*, actor: User, household: Household, reason: str) -> None:
    """Remove a household entered by mistake, which never had members."""
    identity.ensure_visible(actor, household)
    intervals.lock_household(household)
    if household.memberships.exists():
        raise NotAllowedNow(_("This household has or had members, so it stays in the register."))
    _note("deleted", actor, household, audit.values_of(household, FIELDS), reason=reason)
    household.delete()


# Head ---------------------------------------------------------------------------------------------


def member_facts(memberships: Iterable[Membership]) -> list[MemberFacts]:
    """Return what the choice of a head needs to know; `person` must be loaded."""
    return [
        MemberFacts(
            person_id=row.person_id,
            relationship=HEAD if row.is_head else row.relationship_to_head,
            sex=row.person.sex,
            birth_date=row.person.birth_date,
        )
        for row in memberships
    ]


def candidates(household: Household, *, on: date, leaving: Person | None = None) -> list[Person]:
    """Return who could head the household, the one proposed first; without `leaving`."""
    rows = household.memberships.filter(valid_to__isnull=True, person__died_on__isnull=True)
    rows = rows.exclude(person=leaving) if leaving is not None else rows.filter(is_head=False)
    found = list(rows.select_related("person"))
    people = {row.person_id: row.person for row in found}
    return [people[facts.person_id] for facts in rules.propose_heads(member_facts(found), on=on)]


@transaction.atomic
def change_head(
    *, actor: User, household: Household, new_head: Person, on: date, reason: str = ""
) -> Household:
    """Let a member head the household from a day on; everybody's relationship follows."""
    identity.ensure_visible(actor, household)
    intervals.lock_household(household)
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    before = household.head
    book = intervals.ChangeBook()
    appoint_head(book, household, new_head, on)
    intervals.refresh_household(book, household)
    _note(
        "head_changed",
        actor,
        household,
        {"head": before.name if before else ""},
        {"head": new_head.name},
        reason,
    )
    return household


def appoint_head(
    book: intervals.ChangeBook,
    household: Household,
    new_head: Person,
    on: date,
    *,
    old: Membership | None = None,
) -> None:
    """Close everybody's role on a day and open the one that follows from the new head.

    `old` is the former head's membership when it has already been closed (death, moving out).
    """
    rows = list(
        household.memberships.filter(valid_to__isnull=True).select_related("person").order_by("pk")
    )
    chosen = next((row for row in rows if row.person_id == new_head.pk), None)
    if chosen is None or new_head.died_on is not None:
        raise ValidationError({"new_head": _("Please choose a living member of this household.")})
    former = old or next((row for row in rows if row.is_head), None)
    if former is not None and former.person_id == new_head.pk:
        raise ValidationError({"new_head": _("This person already is the head.")})
    facts = {fact.person_id: fact for fact in member_facts(rows)}
    old_facts = member_facts([former])[0] if former is not None else None
    for row in sorted(rows, key=lambda row: not row.is_head):
        relation = HEAD
        if row is not chosen:
            relation = (
                rules.relation_to_new_head(
                    facts[row.person_id], old_head=old_facts, new_head=facts[chosen.person_id]
                )
                if old_facts is not None
                else ""
            )
        _give_role(book, row, relation, on)


def _give_role(book: intervals.ChangeBook, row: Membership, relation: str, on: date) -> None:
    """Go on in another role from a day on; a role that began that very day is only altered."""
    if row.valid_from == on:
        book.alter(row, relationship_to_head=relation, is_head=relation == HEAD)
        return
    book.close(row, on)
    book.open(
        Membership(
            person=row.person,
            household=row.household,
            relationship_to_head=relation,
            is_head=relation == HEAD,
            valid_from=on,
        )
    )


def replace_leaving_head(
    book: intervals.ChangeBook,
    household: Household,
    leaving: Membership,
    new_head: Person | None,
    on: date,
) -> None:
    """Appoint the head that a clerk confirmed, after the former head's membership was closed.

    Raises ValidationError while members are left and nobody was chosen; a household without
    members stays without head.
    """
    if not leaving.is_head:
        return
    choices = candidates(household, on=on, leaving=leaving.person)
    if not choices:
        return
    if new_head is None:
        message = _("Please choose the new head. Proposed: %(name)s.") % {"name": choices[0].name}
        raise ValidationError({"new_head": message})
    appoint_head(book, household, new_head, on, old=leaving)


@transaction.atomic
def set_relationship(*, actor: User, membership: Membership, relationship: str) -> Membership:
    """Correct what a member is to the head."""
    identity.ensure_visible(actor, membership.household)
    if membership.is_head or relationship == HEAD:
        message = _("To change the head, please use “Change head”.")
        raise ValidationError({"relationship": message})
    before = membership.relationship_to_head
    membership.relationship_to_head = relationship
    membership.save(update_fields=["relationship_to_head"])
    _note(
        "relationship_changed",
        actor,
        membership.household,
        {"relationship_to_head": before},
        {"relationship_to_head": relationship},
    )
    return membership


# Categories ---------------------------------------------------------------------------------------


@transaction.atomic
def confirm_category(
    *, actor: User, household: Household, kind: str, basis: str, valid_from: date
) -> Category:
    """Let a household count as something from a day on, on a basis the actor confirms."""
    identity.ensure_visible(actor, household)
    if kind not in CategoryKind.values:
        raise ValidationError({"kind": _("Please choose one.")})
    if valid_from > timezone.localdate():
        raise ValidationError({"valid_from": _("This day has not come yet.")})
    category = Category(
        household=household, kind=kind, basis=basis, valid_from=valid_from, confirmed_by=actor
    )
    with identity.constraints_as_words(UNIQUE_FIELDS):
        category.save(force_insert=True)
    _note("category_confirmed", actor, household, after={"kind": kind, "valid_from": valid_from})
    return category


@transaction.atomic
def end_category(*, actor: User, category: Category, on: date, reason: str) -> Category:
    """Let a household no longer count as something from a day on."""
    identity.ensure_visible(actor, category.household)
    if category.valid_to is not None:
        raise NotAllowedNow(_("This has already ended."))
    if on > timezone.localdate():
        raise ValidationError({"on": _("This day has not come yet.")})
    intervals.ChangeBook().close(category, on)
    _note(
        "category_ended",
        actor,
        category.household,
        {"kind": category.kind, "valid_to": None},
        {"kind": category.kind, "valid_to": on},
        reason,
    )
    return category
