"""Reads of women's service files: who is of childbearing age, who uses which method on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, FilteredRelation, Q, QuerySet

from apps.core.choices import Sex
from apps.households.choices import KinshipNature, ResidenceKind
from apps.households.models import Kinship, Person, Residence
from apps.households.selectors import (
    aged_between,
    children_of,
    currently_married,
    holds_on,
    not_in,
    residents,
    with_marital_status,
)
from apps.imports.registry import Coverage
from apps.regions.models import Region
from apps.women.models import CaseFile, ContraceptiveUse
from apps.women.rules import FIRST_AGE, LAST_AGE

# Codes of contraceptive_method that are a method; 00 is none, 99 not stated.
METHODS = ("01", "02", "03", "04", "05", "06", "07", "08")


def women_of_childbearing_age(on: date, basis: str | None) -> QuerySet[Residence]:
    """Return one row for each woman of 15 to 49 completed years with a place on the day (育龄妇女).

    `basis` is a ResidenceKind, or None for both; the row's region is where she is counted.
    """
    return residents(on, basis).filter(is_woman_of_childbearing_age(on))


def is_woman_of_childbearing_age(on: date) -> Q:
    """Return the condition that the person of a residence is a woman of 15 to 49 on the day."""
    return aged_between(FIRST_AGE, LAST_AGE, on, "person__") & Q(person__sex=Sex.FEMALE)


def with_contraception(
    residences: QuerySet[Residence], on: date, only: Q | None = None
) -> QuerySet[Residence]:
    """Join the method each woman uses on a day as `use`; no row means nothing is entered.

    `only` says of the residences to which something is joined; without it, to all.
    """
    return residences.annotate(
        use=FilteredRelation(
            "person__contraceptive_uses",
            condition=holds_on(on, "person__contraceptive_uses__") & (only or Q()),
        )
    )


def users_of_contraception(on: date, basis: str) -> QuerySet[Residence]:
    """Return the women of 15 to 49 who use a method on the day, with it as `use.method`.

    "No method" (00) and "not stated" (99) do not count as using one.
    """
    women: Any = with_contraception(women_of_childbearing_age(on, basis), on)
    return women.filter(use__method__in=METHODS)


def married_but_missing(
    roster: Coverage, *, user: Any, as_of: date, name: str = ""
) -> QuerySet[Any, dict[str, Any]]:
    """Return the married women of childbearing age registered in a roster's villages on its day
    whom it does not name."""
    women = women_of_childbearing_age(as_of, ResidenceKind.REGISTERED)
    return not_in(roster, currently_married(women, as_of), user, as_of, name)


# What pages show ----------------------------------------------------------------------------------


def women(user: Any, *, on: date, basis: str, region: Region | None = None) -> QuerySet[Residence]:
    """Return the women of 15 to 49 a user may see on a day, with status and method on that day.

    `status`, `method` and `method_since` are None when nothing is entered.
    """
    rows: Any = women_of_childbearing_age(on, basis)
    rows = rows.visible_to(user)
    if region is not None:
        rows = rows.in_region(region)
    rows = with_contraception(with_marital_status(rows, on), on)
    return rows.select_related("person", "region").annotate(
        status=F("marital__status"), method=F("use__method"), method_since=F("use__valid_from")
    )


def women_to_open(user: Any) -> QuerySet[Person]:
    """Return the women whose service file a user may open, whatever their age now."""
    found = Person.objects.visible_to(user).filter(sex=Sex.FEMALE)
    return found.select_related("registered_region", "current_region", "case_file")


def uses(user: Any) -> QuerySet[ContraceptiveUse]:
    """Return the methods entered for women a user may see."""
    return ContraceptiveUse.objects.visible_to(user).select_related("person")


def uses_of(person: Person) -> QuerySet[ContraceptiveUse]:
    """Return one woman's methods, the present one first."""
    return ContraceptiveUse.objects.filter(person=person).order_by(
        F("valid_to").desc(nulls_first=True), F("valid_from").desc(nulls_last=True), "-pk"
    )


def case_file_of(person: Person) -> CaseFile | None:
    """Return a woman's service file, if one was opened."""
    return CaseFile.objects.filter(person=person).first()


@dataclass(frozen=True)
class Births:
    """A woman's children: those by birth whom the register links to her, and what was stated."""

    links: tuple[Kinship, ...]
    boys: int
    girls: int
    stated_boys: int | None
    stated_girls: int | None

    @property
    def parity(self) -> int:
        """Number of live births computed from the links (产次)."""
        return self.boys + self.girls

    @property
    def differs(self) -> bool:
        """Whether the numbers stated are not those that the links give."""
        stated = (self.stated_boys, self.stated_girls)
        return stated != (None, None) and stated != (self.boys, self.girls)


def births_of(person: Person) -> Births:
    """Count a woman's children by birth and set what was stated beside it."""
    found = tuple(children_of(person))
    own = [link.child.sex for link in found if link.nature == KinshipNature.BIRTH]
    stated = case_file_of(person)
    return Births(
        links=found,
        boys=own.count(Sex.MALE),
        girls=own.count(Sex.FEMALE),
        stated_boys=stated.stated_boys if stated else None,
        stated_girls=stated.stated_girls if stated else None,
    )
