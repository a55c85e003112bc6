"""Reads of women's service files: who is of childbearing age, who uses which method on a day."""

from __future__ import annotations

from datetime import date

from django.db.models import FilteredRelation, QuerySet

from apps.core.choices import Sex
from apps.households.models import Residence
from apps.households.selectors import aged_between, holds_on, residents

FIRST_AGE = 15
LAST_AGE = 49
# Codes of contraceptive_method that are a method; 00 is none, 99 not stated.
METHODS = ("01", "02", "03", "04", "05", "06", "07", "08")


def women_of_childbearing_age(on: date, basis: str | None) -> QuerySet[Residence]:
    """Return one row for each woman of 15 to 49 completed years with a place on the day (育龄妇女).

    `basis` is a ResidenceKind, or None for both; the row's region is where she is counted.
    """
    return residents(on, basis).filter(
        aged_between(FIRST_AGE, LAST_AGE, on, "person__"), person__sex=Sex.FEMALE
    )


def with_contraception(
    residences: QuerySet[Residence], on: date
) -> QuerySet[Residence]:
    """Join the method each woman uses on a day as `use`; no row means nothing is entered."""
    return residences.annotate(
        use=FilteredRelation(
            "person__contraceptive_uses",
            condition=holds_on(on, "person__contraceptive_uses__"),
        )
    )


def users_of_contraception(on: date, basis: str) -> QuerySet[Residence]:
    """Return the women of 15 to 49 who use a method on the day, with it as `use.method`.

    "No method" (00) and "not stated" (99) do not count as using one.
    """
    women = with_contraception(women_of_childbearing_age(on, basis), on)
    return women.filter(use__method__in=METHODS)
