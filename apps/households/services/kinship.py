"""Who is whose child."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.households.choices import KinshipNature
from apps.households.models import Kinship, Person
from apps.households.services import identity, intervals

UNIQUE_FIELDS = {
    "households_kinship_one_birth_mother_and_father": "parent",
    "households_kinship_once": "parent",
}


@transaction.atomic
def link_parent(*, actor: User, child: Person, parent: Person, nature: str) -> Kinship:
    """Say that somebody is a child's mother or father, and how."""
    identity.ensure_visible(actor, child, parent)
    kinship = open_link(intervals.ChangeBook(), child, parent, nature)
    _note("added", actor, kinship, after={"parent": parent.name, "nature": nature})
    return kinship


def open_link(book: intervals.ChangeBook, child: Person, parent: Person, nature: str) -> Kinship:
    """Save one link between child and parent."""
    if nature not in KinshipNature.values:
        raise ValidationError({"nature": _("Please choose one.")})
    if parent.birth_date >= child.birth_date:
        raise ValidationError({"parent": _("The parent is not older than the child.")})
    link = Kinship(child=child, parent=parent, parent_sex=parent.sex, nature=nature)
    with identity.constraints_as_words(UNIQUE_FIELDS):
        return book.open(link)


@transaction.atomic
def unlink_parent(*, actor: User, kinship: Kinship, reason: str) -> None:
    """Remove a link that was entered by mistake."""
    identity.ensure_visible(actor, kinship.child)
    before = {"parent": kinship.parent.name, "nature": kinship.nature}
    _note("removed", actor, kinship, before=before, reason=reason)
    kinship.delete()


def _note(act: str, actor: User, kinship: Kinship, **said: Any) -> None:
    audit.record(f"households.kinship.{act}", actor=actor, target=kinship.child, **said)
