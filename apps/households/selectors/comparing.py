"""What the pages of an import ask the register: who somebody is, and who is not in a roster."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.households.choices import ResidenceKind
from apps.households.digests import id_digest
from apps.households.models import Membership, Person, Residence
from apps.households.selectors.counting import holds_on, residents
from apps.imports.records import Candidate
from apps.imports.registry import Coverage


def candidates(ids: Sequence[int], *, user: Any, on: date) -> list[Candidate]:
    """Return the persons among these whom the user may see, with what tells people apart."""
    found = (
        Person.objects.visible_to(user)
        .filter(pk__in=ids)
        .select_related("registered_region", "current_region")
        .annotate(household=_household("pk", on))
        .order_by("pk")
    )
    return [
        Candidate(
            id=person.pk,
            village=str(person.registered_region or person.current_region or ""),
            household=person.household,
            values={
                "name": person.name,
                "sex": person.sex,
                "birth_date": person.birth_date,
                "id_number": str(person.id_number or ""),
            },
        )
        for person in found
    ]


def registered_but_missing(
    roster: Coverage, *, user: Any, as_of: date, name: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """Return the people registered in the roster's villages on its day whom it does not name."""
    return not_in(roster, residents(as_of, ResidenceKind.REGISTERED), user, as_of, name)


def not_in(roster: Coverage, rows: QuerySet[Residence], user: Any, as_of: date, name: str) -> Any:
    """Take those whom a roster names out of rows of residents; see SheetKind.missing."""
    rows = rows.filter(region__in=roster.villages).visible_to(user)  # type: ignore[attr-defined]
    rows = rows.exclude(person__in=roster.found).exclude(_named(roster.others))
    rows = rows.exclude(person__in=roster.asked)
    if name:
        rows = rows.filter(Q(person__name__contains=name) | Q(person__pinyin__startswith=name))
    return (
        rows.annotate(
            village=F("region"),
            name=F("person__name"),
            sex=F("person__sex"),
            birth_date=F("person__birth_date"),
            household=_household("person", as_of),
        )
        .values("person", "name", "sex", "birth_date", "village", "household")
        .order_by("region__sort_key", "household", "person")
    )


def _named(others: Sequence[Any]) -> Q:
    """Return the condition "a row with an error names this person by number, or name and birth"."""
    digests = [id_digest(number) for values in others if (number := values.get("id_number"))]
    condition = Q(person__id_digest__in=digests)
    for values in others:
        if values.get("name") and values.get("birth_date"):
            condition |= Q(person__name=values["name"], person__birth_date=values["birth_date"])
    return condition


def _household(person: str, on: date) -> Any:
    rows = Membership.objects.filter(holds_on(on), person=OuterRef(person)).order_by("-pk")
    number = Subquery(rows.values("household__number")[:1])
    return Coalesce(number, Value(""))
