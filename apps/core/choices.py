"""Code lists that several apps share."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Sex(TextChoices):
    """GB/T 2261.1."""

    UNKNOWN = "0", _("unknown sex")
    MALE = "1", _("male")
    FEMALE = "2", _("female")
    NOT_STATED = "9", _("sex not stated")


# What a form offers: a person's document says one of the two.
SEXES = [(Sex.MALE.value, Sex.MALE.label), (Sex.FEMALE.value, Sex.FEMALE.label)]


class DatePrecision(TextChoices):
    """How much of a date is known; the date itself is then the first day of the month or year."""

    DAY = "day", _("day known")
    MONTH = "month", _("month known")
    YEAR = "year", _("year known")


class JobState(TextChoices):
    """State of a background job."""

    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
