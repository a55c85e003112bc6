"""Reads of households and persons: who is where on which day, and what a user may see.

Counting selectors (`residents`, `births_between`, …) know no user: indicators count their rows,
and drill-down lists narrow the very same rows by `visible_to`; they come in no order. Selectors
for pages take the user first. Intervals are half-open; an open left end means "since before
anybody knows".
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import StartsWith

from apps.core.codes import code_set
from apps.core.identifiers import extend, is_landline, is_mobile, normalise_id
from apps.core.names import normal_name
from apps.households.choices import MARRIED, ResidenceReason
from apps.households.digests import id_digest, id_tail, phone_digest
from apps.households.models import (
    Category,
    Household,
    Kinship,
    LifeEvent,
    Marriage,
    Membership,
    Person,
    Residence,
)

# Reasons by which a residence counts as a move. A birth, a roster, a correction or a change of
# divisions is none.
MOVES = (
    ResidenceReason.MARRIAGE,
    ResidenceReason.MOVE,
    ResidenceReason.WORK,
    ResidenceReason.STUDY,
    ResidenceReason.RETURN,
    ResidenceReason.OTHER,
)
IN, OUT = "in", "out"
OLD_ID_LENGTH, TAIL_LENGTH = 15, 6


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


def residents(on: date, basis: str) -> QuerySet[Residence]:
    """Return one row for each person who has a place of that kind on the day (常住或户籍人口).

    `basis` is a ResidenceKind. People born later or dead by then are left out, and so are places
    outside the county (no region).
    """
    return Residence.objects.filter(
        holds_on(on), alive_on(on, "person__"), kind=basis, region__isnull=False
    ).order_by()


def people_present(basis: str, on: date) -> QuerySet[Person]:
    """Return the persons behind `residents`."""
    return Person.objects.filter(pk__in=residents(on, basis).values("person"))


def births_between(first: date, last: date, basis: str) -> QuerySet[Residence]:
    """Return one row for each birth from `first` to `last`, at the child's place on that day.

    Counts the birth date a person carries, whether or not a birth was entered as an event.
    """
    return Residence.objects.filter(
        holds_on(F("person__birth_date")),
        kind=basis,
        region__isnull=False,
        person__birth_date__range=(first, last),
    ).order_by()


def deaths_between(first: date, last: date, basis: str) -> QuerySet[Residence]:
    """Return one row for each death from `first` to `last`, at the person's place on that day."""
    return Residence.objects.filter(
        holds_on(F("person__died_on")),
        kind=basis,
        region__isnull=False,
        person__died_on__range=(first, last),
    ).order_by()


def moves_between(direction: str, first: date, last: date, basis: str) -> QuerySet[Residence]:
    """Return one row for each move into ("in") or out of ("out") a region.

    The day of a move is the day the place begins or ends. Inside a larger region a move is both
    an "in" and an "out", so the two balance in its sums.
    """
    if direction not in (IN, OUT):
        raise ValueError(direction)
    rows = Residence.objects.filter(kind=basis, region__isnull=False).order_by()
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
    ended = Marriage.objects.filter(valid_to__range=(first, last), end_kind="divorce")
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


def with_marital_status(residences: QuerySet[Residence], on: date) -> QuerySet[Residence]:
    """Join each person's marital status on a day as `marital` (no row means never married)."""
    return residences.annotate(
        marital=FilteredRelation(
            "person__marital_periods",
            condition=holds_on(on, "person__marital_periods__"),
        )
    )


def currently_married(residences: QuerySet[Residence], on: date) -> QuerySet[Residence]:
    """Keep the rows of those who are married on the day, in whichever marriage."""
    return with_marital_status(residences, on).filter(marital__status__in=MARRIED)


# What pages show ----------------------------------------------------------------------------------


def people(user: Any, region: Any = None) -> QuerySet[Person]:
    """Return the persons a user may see, with their two places."""
    found = Person.objects.visible_to(user).select_related("registered_region", "current_region")
    return found.in_region(region) if region is not None else found


def households(user: Any, region: Any = None) -> QuerySet[Household]:
    """Return the households a user may see, with village, head and how many live at home."""
    found = Household.objects.visible_to(user).select_related("region", "head")
    if region is not None:
        found = found.in_region(region)
    at_home = (
        Membership.objects.filter(
            household=OuterRef("pk"),
            valid_to__isnull=True,
            person__current_region=OuterRef("region"),
        )
        .order_by()
        .values("household")
        .annotate(count=Count("pk"))
        .values("count")
    )
    return found.annotate(at_home_count=Coalesce(Subquery(at_home), 0))


def events(user: Any, region: Any = None) -> QuerySet[LifeEvent]:
    """Return the life events a user may see, with the people and places they name."""
    found = LifeEvent.objects.visible_to(user).select_related(
        "person", "other_person", "region", "other_region", "household", "entered_by"
    )
    return found.in_region(region) if region is not None else found


def categories(user: Any) -> QuerySet[Category]:
    """Return the categories of households a user may see."""
    return Category.objects.visible_to(user).select_related("household__region")


def memberships(user: Any) -> QuerySet[Membership]:
    """Return the memberships of households a user may see."""
    return Membership.objects.visible_to(user).select_related("household__region", "person")


def kinships(user: Any) -> QuerySet[Kinship]:
    """Return the links between children and parents a user may see."""
    return Kinship.objects.visible_to(user).select_related("child", "parent")


def person_by_document(id_type: str, number: str) -> Person | None:
    """Return the person a document belongs to, wherever; None for "" or an unknown number."""
    if not number:
        return None
    found = Person.objects.filter(id_type=id_type, id_digest=id_digest(number))
    return found.select_related("registered_region", "current_region").first()


def members_of(household: Household) -> QuerySet[Membership]:
    """Return a household's memberships, those in force first, the head at their head."""
    return (
        household.memberships.select_related("person__current_region", "person__registered_region")
        .annotate(has_ended=Case(When(valid_to__isnull=True, then=0), default=1))
        .order_by("has_ended", "-is_head", "relationship_to_head", "person__birth_date", "pk")
    )


def marriages_of(person: Person) -> QuerySet[Marriage]:
    """Return a person's marriages, the latest first."""
    found = Marriage.objects.filter(Q(wife=person) | Q(husband=person))
    return found.select_related("wife", "husband").order_by(
        F("valid_from").desc(nulls_last=True), "-pk"
    )


def spouses_of(people_ids: list[int]) -> dict[int, Person]:
    """Return each of these persons' husband or wife now, as far as the register knows one."""
    rows = Marriage.objects.filter(
        Q(wife__in=people_ids) | Q(husband__in=people_ids), valid_to__isnull=True
    ).select_related("wife", "husband")
    found: dict[int, Person] = {}
    for row in rows:
        if row.wife is not None and row.husband is not None:
            found[row.wife.pk] = row.husband
            found[row.husband.pk] = row.wife
    return found


def parents_of(people_ids: list[int]) -> dict[int, list[Kinship]]:
    """Return each of these persons' links to parents, the mother first."""
    rows = Kinship.objects.filter(child__in=people_ids).select_related("parent")
    found: dict[int, list[Kinship]] = {}
    for row in rows.order_by("child", "-parent_sex", "pk"):
        found.setdefault(row.child_id, []).append(row)
    return found


def children_of(person: Person) -> QuerySet[Kinship]:
    """Return a person's links to children, the eldest first."""
    found = Kinship.objects.filter(parent=person).select_related("child")
    return found.order_by("child__birth_date", "child__birth_order", "pk")


def events_of_people(people_ids: list[int]) -> QuerySet[LifeEvent]:
    """Return the events that name any of these people, newest first."""
    return (
        LifeEvent.objects.filter(Q(person__in=people_ids) | Q(other_person__in=people_ids))
        .select_related("person", "other_person", "region", "other_region", "entered_by")
        .order_by("-occurred_on", "-pk")
    )


def events_of_household(household: Household) -> QuerySet[LifeEvent]:
    """Return the events of a household and of all who ever belonged to it, newest first."""
    ids = list(household.memberships.values_list("person", flat=True))
    return (
        LifeEvent.objects.filter(
            Q(household=household) | Q(person__in=ids) | Q(other_person__in=ids)
        )
        .select_related("person", "other_person", "region", "other_region", "entered_by")
        .order_by("-occurred_on", "-pk")
    )


# Search -------------------------------------------------------------------------------------------


def named_like(text: str, prefix: str = "") -> Q:
    """Return the condition "is called so": characters, pinyin or initials, from the beginning.

    Characters also find a given name (惠卿 finds 张惠卿) and an exact former name. Each part has
    an index; those of second readings are partial, so their condition is repeated.
    """
    name = normal_name(text)
    if not name.isascii():
        given = StartsWith(Substr(f"{prefix}name", 2), name)
        former = Q(**{f"{prefix}former_name": name}) & ~Q(**{f"{prefix}former_name": ""})
        return Q(**{f"{prefix}name__startswith": name}) | Q(given) | former
    keys = "".join(char for char in name.lower() if char.isalnum())
    if not keys:
        return Q(pk__in=[])
    condition = Q(**{f"{prefix}pinyin__startswith": keys})
    condition |= Q(**{f"{prefix}initials__startswith": keys})
    for column in (f"{prefix}pinyin_other", f"{prefix}initials_other"):
        condition |= Q(**{f"{column}__startswith": keys}) & ~Q(**{column: ""})
    return condition


def numbered(text: str) -> Q:
    """Return the condition "has this number": ID (whole or last six), phone, temporary number."""
    number = normalise_id(text)
    if len(number) == OLD_ID_LENGTH and number.isdigit():
        number = extend(number)
    if number.startswith("T") and number[1:2].isdigit():
        return Q(temporary_number__startswith=number) & ~Q(temporary_number="")
    condition = Q(id_type__in=list(code_set("id_document_type")), id_digest=id_digest(number))
    if len(number) == TAIL_LENGTH:
        condition |= Q(id_tail=id_tail(number))
    if is_mobile(number) or is_landline(number):
        condition |= Q(phone_digest=phone_digest(number))
    return condition


def looks_like_number(text: str) -> bool:
    """Tell whether somebody searches for a number rather than for a name."""
    plain = normalise_id(text)
    return sum(char.isdigit() for char in plain) >= max(5, len(plain) - 2)


def search_people(user: Any, text: str) -> QuerySet[Person]:
    """Return the persons a user may see who have that name or number, by pinyin."""
    condition = numbered(text) if looks_like_number(text) else named_like(text)
    return people(user).filter(condition).order_by("pinyin", "pk")


def search_households(user: Any, text: str) -> QuerySet[Household]:
    """Return the households a user may see whose number begins so."""
    return households(user).filter(number__startswith=text.strip()).order_by("number", "pk")


def households_with_people(condition: Q) -> QuerySet[Membership]:
    """Return the numbers of households that a person meeting the condition belongs to now."""
    people_found = Person.objects.filter(condition).order_by().values("pk")
    found = Membership.objects.filter(valid_to__isnull=True, person__in=people_found)
    return found.order_by().values("household")
