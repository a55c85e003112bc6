"""What falls due for whom, contributed by the apps whose records have it, shown on the work list.

An app registers duties in its `duties.py`, found by autodiscover:

    duties.register(Duty(
        name="persons-without-number", title=_("People without an ID number"),
        business=_("Households"), permission="households.edit",
        selector=selectors.without_number, since="birth_date",
    ))

The work list counts the selector's rows and its list shows the very same rows, so the two always
agree.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

Selector = Callable[[Any, Any], "QuerySet[Any]"]


@dataclass(frozen=True)
class Duty:
    """One kind of thing to do.

    `selector(user, region)` returns the open ones that the user may see, in a region or (None) in
    all of the user's. `since` names the date field by which the oldest is told. `days` is the
    usual number of days to do it in; None where it has no hurry. `hint` says how it is done.
    """

    name: str
    title: Any
    business: Any
    permission: str
    selector: Selector
    since: str = ""
    hint: Any = ""
    days: int | None = None
    order: int = 50


_registered: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    """Put a duty on the work list of those whose role has its permission."""
    _registered[duty.name] = duty


def duties_of(user: Any) -> list[Duty]:
    """Return the duties a user may have, in order."""
    found = sorted(_registered.values(), key=lambda duty: (duty.order, duty.name))
    return [duty for duty in found if user.may(duty.permission)]


def duty_named(user: Any, name: str) -> Duty | None:
    """Return one of the user's duties; None for an unknown one or one of other roles."""
    duty = _registered.get(name)
    return duty if duty is not None and user.may(duty.permission) else None
