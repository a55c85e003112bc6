"""Roles a user can have."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What a user is in the office; accounts.roles says what each may do."""

    VILLAGE_WORKER = "village_worker", _("village worker")
    TOWNSHIP_CLERK = "township_clerk", _("township clerk")
    TOWNSHIP_LEADER = "township_leader", _("township leader")
    COUNTY_OFFICER = "county_officer", _("county officer")
    CLINIC = "clinic", _("clinic")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")
