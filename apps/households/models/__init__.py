"""Households, persons and their dated relations. State follows from events (LifeEvent)."""

from apps.households.models.events import LifeEvent
from apps.households.models.homes import Category, Household
from apps.households.models.people import Person
from apps.households.models.relations import (
    Kinship,
    MaritalPeriod,
    Marriage,
    Membership,
    Residence,
)

__all__ = [
    "Category",
    "Household",
    "Kinship",
    "LifeEvent",
    "MaritalPeriod",
    "Marriage",
    "Membership",
    "Person",
    "Residence",
]
