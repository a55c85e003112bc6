"""Code lists of the indicators engine."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Basis(TextChoices):
    """Which place of a person a figure counts; every figure names it."""

    REGISTERED = "registered", _("Registered population")
    CURRENT = "current", _("Resident population")


class Kind(TextChoices):
    """How a measure relates to time: facts within months, or how things stood on a day."""

    EVENT = "event", _("facts dated in the period")
    STATUS = "status", _("as things stood at the end of the period")


class Unit(TextChoices):
    """What a number counts."""

    PERSONS = "persons", _("people")
    HOUSEHOLDS = "households", _("households")
    COUPLES = "couples", _("couples")
    VILLAGES = "villages", _("villages")
    MOVES = "moves", _("moves")
    PERCENT = "percent", "%"
    PER_MILLE = "per_mille", "‰"
    BOYS_PER_100_GIRLS = "boys_per_100_girls", _("boys per 100 girls")


class RunKind(TextChoices):
    """What a run computes: everything that is kept, or what changed."""

    FULL = "full", _("all stored months")
    REFRESH = "refresh", _("what changed")


class RunState(TextChoices):
    """State of a run."""

    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("broken off")
