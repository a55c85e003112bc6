"""What the service file shows; also a tab on the page of a woman."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.choices import Sex
from apps.core.panels import Panel, register
from apps.households.models import Person
from apps.households.panels import marriage_lines
from apps.women import selectors
from apps.women.rules import file_state

STATES = {
    "open": ("ok", _("under service")),
    "early": ("wait", _("under 15")),
    "past": ("off", _("kept, over 49")),
    "left": ("off", _("kept, moved away")),
    "dead": ("off", _("kept, dead")),
}


def service_file(user: Any, person: Person) -> dict[str, Any]:
    """Marriages, births and methods of one woman."""
    uses = list(selectors.uses_of(person))
    return {
        "woman": person,
        "case_file": selectors.case_file_of(person),
        "marriages": marriage_lines(person),
        "births": selectors.births_of(person),
        "current_use": next((use for use in uses if use.valid_to is None), None),
        "uses": uses,
        "may_view_people": user.may("households.view"),
        "may_edit_women": user.may("women.edit"),
        "may_remove_women": user.may("women.edit") and user.may("households.remove"),
    }


def state_of(person: Person) -> tuple[str, Any]:
    """Return how a woman's file stands, as kind of status and word."""
    state = file_state(
        person.birth_date,
        died_on=person.died_on,
        left_on=person.left_on,
        on=timezone.localdate(),
    )
    return STATES[state]


register(
    "households.person",
    Panel(
        name="women",
        title=_("Women's services"),
        permission="women.view",
        order=60,
        template="women/_service_file.html",
        context=service_file,
        shown=lambda person: person.sex == Sex.FEMALE,
    ),
)
