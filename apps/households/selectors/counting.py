"""Who is where on which day, who was born, died, moved, married: the rows that are counted.

They know no user and come in no order: indicators count them, drill-down lists narrow the very
same rows by `visible_to`. Intervals are half-open; an open left end means "since before anybody
knows".
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.functions import Coalesce

from apps.households.choices import MARRIED, MOVES, MarriageEnd
from apps.households.models import (
    Household,
    Marriage,
    Person,
    Residence,
)

IN, OUT = "in", "out"


# Days and intervals -------------------------------------------------------------------------------


def holds_on(day: Any, prefix: str = "") -> Q:
    """Return the condition "the interval contains that day"; `day` may be an F expression."""
    begun = Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})
    lasts = Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    return begun & lasts


def alive_on(day: date, prefix: str = "") -> Q:
    """Return the condition "born by the end of that day and not dead by then"."""
    living = Q(**{f"{prefix}died_on__isnull": True}) | Q(**{f"{prefix}died_on__gt": day})
    return Q(**{f"{prefix}birth_date__lte": day}) & living


def years_before(day: date, years: int) -> date:
    """Return the same calendar day that many years earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def aged_between(low: int | None, high: int | None, day: date, prefix: str = "") -> Q:
    """Return the condition "completed years of age on that day lie in low..high", both included."""
    condition = Q()
    if low is not None:
        condition &= Q(**{f"{prefix}birth_date__lte": _last_birth_for(low, day)})
    if high is not None:
        condition &= Q(**{f"{prefix}birth_date__gt": _last_birth_for(high + 1, day)})
    return condition


def _last_birth_for(age: int, day: date) -> date:
    """The latest birth date of somebody who has reached `age` on `day`.

    Born on 29 February one comes of age on 1 March of other years.
    """
    return years_before(day, age)


# Rows that are counted ----------------------------------------------------------------------------


def of_kind(basis: str | None) -> Q:
    """Return the condition "a place of that kind"; None means both, told apart by `kind`."""
    return Q() if basis is None else Q(kind=basis)


def residents(on: date, basis: str | None) -> QuerySet[Residence]:
    """Return one row for each person who has a place of that kind on the day (常住或户籍人口).

    `basis` is a ResidenceKind, or None for both. People born later or dead by then are left out,
    and so are places outside the county (no region).
    """
    return Residence.objects.filter(
        holds_on(on), alive_on(on, "person__"), of_kind(basis), region__isnull=False
    ).order_by()


def people_present(basis: str, on: date) -> QuerySet[Person]:
    """Return the persons behind `residents`."""
    return Person.objects.filter(pk__in=residents(on, basis).values("person"))


def births_between(first: date, last: date, basis: str | None) -> QuerySet[Residence]:
    """Return one row for each birth from `first` to `last`, at the child's place on that day.

    Counts the birth date a person carries, whether or not a birth was entered as an event.
    """
    return Residence.objects.filter(
        holds_on(F("person__birth_date")),
        of_kind(basis),
        region__isnull=False,
        person__birth_date__range=(first, last),
    ).order_by()


def deaths_between(first: date, last: date, basis: str | None) -> QuerySet[Residence]:
    """Return one row for each death from `first` to `last`, at the person's place on that day."""
    return Residence.objects.filter(
        holds_on(F("person__died_on")),
        of_kind(basis),
        region__isnull=False,
        person__died_on__range=(first, last),
    ).order_by()


def moves_between(
    direction: str, first: date, last: date, basis: str | None
) -> QuerySet[Residence]:
    """Return one row for each move into ("in") or out of ("out") a region.

    The day of a move is the day the place begins or ends. Inside a larger region a move is both
    an "in" and an "out", so the two balance in its sums.
    """
    if direction not in (IN, OUT):
        raise ValueError(direction)
    rows = Residence.objects.filter(of_kind(basis), region__isnull=False).order_by()
    if direction == IN:
        return rows.filter(valid_from__range=(first, last), begin_reason__in=MOVES)
    return rows.filter(valid_to__range=(first, last), end_reason__in=MOVES)


def marriages_between(first: date, last: date, basis: str) -> QuerySet[Marriage]:
    """Return the marriages from `first` to `last`, each with `region_id`.

    That is the wife's place of the kind on the day of marriage; the husband's when the register
    does not know the wife.
    """
    return _at_a_place(
        Marriage.objects.filter(valid_from__range=(first, last)), basis, "valid_from"
    )


def divorces_between(first: date, last: date, basis: str) -> QuerySet[Marriage]:
    """Return the marriages that a divorce ended from `first` to `last`, each with `region_id`."""
    ended = Marriage.objects.filter(valid_to__range=(first, last), end_kind=MarriageEnd.DIVORCE)
    return _at_a_place(ended, basis, "valid_to")


def _at_a_place(marriages: QuerySet[Marriage], basis: str, day_field: str) -> QuerySet[Marriage]:
    def place_of(spouse: str) -> Subquery:
        places = Residence.objects.filter(
            holds_on(OuterRef(day_field)), person=OuterRef(spouse), kind=basis
        )
        return Subquery(places.order_by().values("region")[:1])

    placed = marriages.annotate(region_id=Coalesce(place_of("wife"), place_of("husband")))
    return placed.filter(region_id__isnull=False)


def households_on(day: date) -> QuerySet[Household]:
    """Return the households registered on a day, with their `region`."""
    return Household.objects.filter(holds_on(day)).order_by()


def with_marital_status(
    residences: QuerySet[Residence], on: date, only: Q | None = None
) -> QuerySet[Residence]:
    """Join each person's marital status on a day as `marital` (no row means never married).

    `only` says of the residences to which something is joined; without it, to all.
    """
    return residences.annotate(
        marital=FilteredRelation(
            "person__marital_periods",
            condition=holds_on(on, "person__marital_periods__") & (only or Q()),
        )
    )


def currently_married(residences: QuerySet[Residence], on: date) -> QuerySet[Residence]:
    """Keep the rows of those who are married on the day, in whichever marriage."""
    rows: Any = with_marital_status(residences, on)  # the join has no place in the model's types
    return rows.filter(marital__status__in=MARRIED)
