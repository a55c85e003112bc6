"""What the tables of dated rows share."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

# Where the figures of a person's rows count: every place the person has or had.
PLACES_OF = "JOIN households_residence place ON place.person_id = "


def in_order(name: str) -> models.CheckConstraint:
    """An interval that has both ends must not be empty or backwards."""
    return models.CheckConstraint(
        name=name,
        condition=Q(valid_from__isnull=True)
        | Q(valid_to__isnull=True)
        | Q(valid_to__gte=F("valid_from")),
        violation_error_message=_("The end lies before the beginning."),
    )
