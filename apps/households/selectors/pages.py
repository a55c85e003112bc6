"""What pages show of households and persons, and how both are found."""

from __future__ import annotations

from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import StartsWith

from apps.core.choices import Sex
from apps.core.codes import code_set
from apps.core.identifiers import extend, is_landline, is_mobile, normalise_id
from apps.core.names import normal_name
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

OLD_ID_LENGTH, TAIL_LENGTH = 15, 6

# What pages show ----------------------------------------------------------------------------------


def people(user: Any, region: Any = None) -> QuerySet[Person]:
    """Return the persons a user may see, with their two places."""
    found = Person.objects.visible_to(user).select_related("registered_region", "current_region")
    return found.in_region(region) if region is not None else found


def these_people(found: list[Person]) -> QuerySet[Person]:
    """Return persons that were found already as a queryset, for a form's choice among them."""
    return Person.objects.filter(pk__in=[person.pk for person in found])


def people_to_open(user: Any) -> QuerySet[Person]:
    """Return the persons whose file a user may open: a clinic opens those of women only."""
    found = people(user)
    return found if user.may("households.view") else found.filter(sex=Sex.FEMALE)


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


def places_of_people(people_ids: list[int]) -> QuerySet[Residence]:
    """Return these persons' places, the present ones first."""
    return (
        Residence.objects.filter(person__in=people_ids)
        .select_related("person", "region")
        .order_by(F("valid_to").desc(nulls_first=True), "person", "-kind", "-pk")
    )


def places_of_household(household: Household) -> QuerySet[Residence]:
    """Return the places of all who belong to a household now."""
    ids = household.memberships.filter(valid_to__isnull=True).values_list("person", flat=True)
    return places_of_people(list(ids))


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


def households_with_people(condition: Q) -> Any:
    """Return the numbers of households that a person meeting the condition belongs to now."""
    people_found = Person.objects.filter(condition).order_by().values("pk")
    found = Membership.objects.filter(valid_to__isnull=True, person__in=people_found)
    return found.order_by().values("household")
