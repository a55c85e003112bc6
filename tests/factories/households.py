"""Fictional households and persons, saved with places, roles and search keys as services would."""

from datetime import date
from typing import Any

import factory

from apps.core.names import search_keys
from apps.households.choices import HEAD, ResidenceKind
from apps.households.digests import id_digest, id_tail
from apps.households.models import (
    Household,
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Person,
    Residence,
)


class HouseholdFactory(factory.django.DjangoModelFactory):
    """A household; give `region`."""

    class Meta:
        model = Household

    number = factory.Sequence(lambda n: f"0300-{n:04d}")
    group = "1组"
    address = "1组27号"


class PersonFactory(factory.django.DjangoModelFactory):
    """A person without places; `living` adds them."""

    class Meta:
        model = Person
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"周{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{'山水田土木'[n % 5]}")
    sex = "1"
    birth_date = date(1984, 3, 7)
    temporary_number = factory.Sequence(lambda n: f"T999901100201-{n + 1000}")

    @factory.post_generation
    def keys(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        keys = search_keys(self.name)
        self.pinyin, self.initials, self.pinyin_other, self.initials_other = keys
        if self.id_number:
            self.id_digest, self.id_tail = id_digest(self.id_number), id_tail(self.id_number)
            self.temporary_number = ""
        self.save()


def living(person: Person, region: Any, **interval: Any) -> Person:
    """Register the person in a village and let it live there."""
    for kind in ResidenceKind:
        Residence.objects.create(person=person, kind=kind, region=region, **interval)
    person.registered_region = person.current_region = region
    person.residence_status = "1"
    person.save()
    return person


def member(household: Household, relationship: str = HEAD, **values: Any) -> Person:
    """Add a person who is registered and lives where the household is."""
    person = living(PersonFactory(**values), household.region)
    Membership.objects.create(
        person=person,
        household=household,
        relationship_to_head=relationship,
        is_head=relationship == HEAD,
    )
    household.member_count += 1
    if relationship == HEAD:
        household.head = person
    household.save()
    return person


def marry(wife: Person, husband: Person, on: date | None = None, order: str = "21") -> Marriage:
    """Let two persons be married since a day, or since nobody knows when."""
    for person in (wife, husband):
        MaritalPeriod.objects.create(person=person, status=order, valid_from=on)
        person.marital_status = order
        person.first_marriage_on = on
        person.save()
    return Marriage.objects.create(wife=wife, husband=husband, order=order, valid_from=on)


def child_of(child: Person, *parents: Person, nature: str = "birth") -> None:
    """Link a child to its parents."""
    for parent in parents:
        Kinship.objects.create(child=child, parent=parent, parent_sex=parent.sex, nature=nature)
