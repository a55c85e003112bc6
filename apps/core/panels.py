"""Tabs on the page of one record, contributed by the apps that have something to show there.

A record app registers panels in its `panels.py`, found by autodiscover:

    panels.register("households.person", Panel(
        name="services", title=_("Women's services"), permission="women.view", order=60,
        template="women/_person_panel.html", context=panel_context, shown=is_woman,
    ))

`context(user, record)` gives the template what it needs; the template is a fragment.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


def _always(record: Any) -> bool:
    return True


@dataclass(frozen=True)
class Panel:
    """One tab: who may see it, for which records it is shown, and how it is filled."""

    name: str
    title: Any
    permission: str
    template: str
    context: Callable[[Any, Any], dict[str, Any]]
    order: int = 50
    shown: Callable[[Any], bool] = _always


_registered: dict[str, dict[str, Panel]] = {}


def register(page: str, panel: Panel) -> None:
    """Add a tab to the page of a kind of record, named by the model's label in lower case."""
    _registered.setdefault(page, {})[panel.name] = panel


def panels_of(page: str, user: Any, record: Any) -> list[Panel]:
    """Return the tabs of one record that the user may see, in order."""
    found = sorted(_registered.get(page, {}).values(), key=lambda panel: (panel.order, panel.name))
    return [panel for panel in found if user.may(panel.permission) and panel.shown(record)]
