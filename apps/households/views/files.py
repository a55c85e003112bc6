"""What the files of a household and of a person share: a band, and tabs fetched by htmx."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from apps.core.panels import Panel, panels_of
from apps.core.views import DetailView, EditView, RecordScreen
from apps.households import selectors


@dataclass(frozen=True)
class Tab:
    """One tab as components/tabs.html shows it."""

    title: Any
    url: str
    fragment: str
    is_current: bool


class Tabbed(RecordScreen):
    """A record whose apps contribute tabs (core.panels)."""

    page: ClassVar[str]
    tab_url: ClassVar[str]

    @cached_property
    def panels(self) -> list[Panel]:
        return panels_of(self.page, self.request.user, self.object)

    def panel_named(self, name: str) -> Panel:
        """Return the tab of that name; the first one for "", 404 when it is not this user's."""
        for panel in self.panels:
            if not name or panel.name == name:
                return panel
        raise Http404

    def panel_context(self, panel: Panel) -> dict[str, Any]:
        """What the template of a tab gets."""
        filled = panel.context(self.request.user, self.object)
        return {"panel": panel, **filled}

    def tabs(self, current: Panel) -> list[Tab]:
        """The tabs of this record, each an address of its own."""
        base = self.object.get_absolute_url()
        return [
            Tab(
                panel.title,
                f"{base}?tab={panel.name}",
                reverse(self.tab_url, args=[self.object.pk, panel.name]),
                panel.name == current.name,
            )
            for panel in self.panels
        ]


class FileView(Tabbed, DetailView):
    """One record on one page, one tab open."""

    def extra_context(self) -> dict[str, Any]:
        panel = self.panel_named(self.request.GET.get("tab", ""))
        return {"tabs": self.tabs(panel), **self.panel_context(panel)}


class TabView(Tabbed):
    """One tab for htmx."""

    template_name = "households/_tab.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.object = self.get_object()
        panel = self.panel_named(self.kwargs["name"])
        return self.show(**self.panel_context(panel))


class PersonFormView(EditView):
    """A form about a person; a number that belongs to somebody else leads to that file."""

    template_name = "households/person_form.html"

    def context(self, **kwargs: Any) -> dict[str, Any]:
        found = super().context(**kwargs)
        existing = getattr(kwargs.get("form"), "existing", None)
        if existing is None:
            return found
        mine = selectors.people(self.request.user).filter(pk=existing.pk).exists()
        url = existing.get_absolute_url() if mine else ""
        return {**found, "existing_url": url}
