"""Records of households and persons that wait for something to be completed."""

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.core.querysets import in_paths, scope_paths
from apps.households.models import Household, Person

NEWBORN_DAYS = 365


def _registered_here(user: Any, region: Any) -> Q:
    """The condition "registered in the user's regions", or in one region of them."""
    inside = in_paths(("registered_region",), scope_paths(user))
    return inside & in_paths(("registered_region",), [region.path]) if region else inside


def _without_number(user: Any, region: Any) -> QuerySet[Person]:
    """The living without an ID number, where they are registered; leans on a partial index."""
    waiting = Person.objects.filter(id_digest__isnull=True, died_on__isnull=True)
    found = waiting.filter(_registered_here(user, region))
    return found.select_related("registered_region").order_by("birth_date", "pk")


def persons_without_number(user: Any, region: Any = None) -> QuerySet[Person]:
    """Return the living older than a year who have no ID number yet, oldest first."""
    day = timezone.localdate() - timedelta(days=NEWBORN_DAYS)
    return _without_number(user, region).filter(birth_date__lte=day)


def newborns_without_number(user: Any, region: Any = None) -> QuerySet[Person]:
    """Return the children of the last 365 days who have no ID number yet, oldest first."""
    day = timezone.localdate() - timedelta(days=NEWBORN_DAYS)
    return _without_number(user, region).filter(birth_date__gt=day)


def households_without_head(user: Any, region: Any = None) -> QuerySet[Household]:
    """Return the households that have no living head, in the order of the register."""
    waiting = Household.objects.visible_to(user).filter(head__isnull=True, valid_to__isnull=True)
    if region is not None:
        waiting = waiting.in_region(region)
    return waiting.select_related("region").order_by("region__sort_key", "number", "pk")
