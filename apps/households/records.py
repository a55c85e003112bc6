"""What forms, API bodies and rules say about people and households. No database access."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apps.households.models import Household, Person
    from apps.regions.models import Region


@dataclass(frozen=True, kw_only=True)
class PersonRecord:
    """One person as a form states it (全员人口个案, items of rules 4.1 A).

    `id_number` is normalised or "" when there is none; codes are of fixtures/reference/codelists.
    `differs_reason` says why the number's sex or birth date is not the one stated.
    """

    name: str
    sex: str
    birth_date: date
    birth_precision: str = "day"
    former_name: str = ""
    id_type: str = "01"
    id_number: str = ""
    differs_reason: str = ""
    ethnic_group: str = ""
    education: str = ""
    hukou_type: str = ""
    marital_status: str = ""
    first_marriage_on: date | None = None
    phone: str = ""
    birth_order: int | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class HouseholdRecord:
    """One household as a form states it (户, rules 4.1 B)."""

    region: Region
    number: str = ""
    group: str = ""
    address: str = ""
    valid_from: date | None = None
    remark: str = ""


@dataclass(frozen=True, kw_only=True)
class PlaceRecord:
    """How somebody comes to belong to a household.

    `since` is None when nobody knows since when. `current_region` None means outside the county,
    then `current_place` says where. `moved_in` makes it a move, dated `since`.
    """

    relationship: str = ""
    since: date | None = None
    current_region: Region | None = None
    current_place: str = ""
    moved_in: bool = False
    learnt_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Happening:
    """When something happened, when the office learnt of it, and what else is to be kept."""

    on: date
    precision: str = "day"
    learnt_on: date
    note: str = ""
    source: str = "form"


@dataclass(frozen=True, kw_only=True)
class BirthRecord(Happening):
    """One live birth (出生, rules 4.1 F). Without a name the child is named after its mother."""

    sex: str
    name: str = ""
    id_number: str = ""
    birth_order: int | None = None
    relationship: str = ""


@dataclass(frozen=True, kw_only=True)
class MarriageRecord(Happening):
    """One marriage; `order` is a MarriageOrder, `spouse_name` somebody outside the register."""

    order: str = ""
    spouse_name: str = ""


@dataclass(frozen=True, kw_only=True)
class MoveRecord(Happening):
    """One move of one person.

    `kinds` are the ResidenceKinds that change; `region` None means outside the county, then
    `place` says where. `household` is the one joined, `new_head` who heads the one left.
    """

    kinds: tuple[str, ...]
    region: Region | None = None
    place: str = ""
    reason: str = "move"
    household: Household | None = None
    relationship: str = ""
    new_head: Person | None = None


@dataclass(frozen=True)
class MemberFacts:
    """What the choice of a new head needs to know of one living member."""

    person_id: int
    relationship: str
    sex: str
    birth_date: date


@dataclass(frozen=True)
class CompletenessFacts:
    """What is known of one person, for the list of what is missing."""

    age: int
    is_alive: bool
    has_id_number: bool
    has_phone: bool
    birth_precision: str
    marital_status: str
    has_relationship: bool
    has_current_place: bool
    has_spouse_link: bool
    has_parent_link: bool
