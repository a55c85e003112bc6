"""Totals of abolished figures: list, entry, correction, removal."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.core.views import DeleteView, EditView, ListView
from apps.indicators import selectors, services
from apps.indicators.filters import LegacyFilter
from apps.indicators.forms import LegacyForm, values_of
from apps.indicators.tables import LegacyTable


class LegacyList(ListView):
    """All legacy totals of the user's regions."""

    permission = "indicators.view"
    title = _("Legacy series")
    selector = staticmethod(selectors.legacy_values)
    table_class = LegacyTable
    filter_class = LegacyFilter
    create_url = "indicators:legacy_create"
    create_permission = "indicators.enter_legacy"
    create_text = _("Enter a total")
    empty_text = _("No legacy totals have been entered.")
    empty_hint = _("Figures that are abolished today are kept here as totals with their source.")


class LegacyEdit(EditView):
    """Enter or correct one total."""

    permission = "indicators.enter_legacy"
    selector = staticmethod(selectors.legacy_values)
    template_name = "indicators/legacy_edit.html"
    form_class = LegacyForm
    object_name = "legacy_value"
    done_text = _("%(object)s has been saved.")
    done_url = "indicators:legacy_list"
    cancel_url = "indicators:legacy_list"

    def get_title(self) -> Any:
        return str(self.object) if self.object is not None else _("Enter a legacy total")

    def form_arguments(self) -> dict[str, Any]:
        return {**super().form_arguments(), "user": self.request.user}

    def initial(self) -> dict[str, Any]:
        if self.object is not None:
            return values_of(self.object)
        region = getattr(self.request, "region", None)
        return {"region": region.pk if region else None}

    def save(self, form: Any) -> Any:
        arguments = {"actor": self.request.user, **form.arguments()}
        if self.object is None:
            return services.enter_legacy(**arguments)
        return services.update_legacy(legacy_value=self.object, seen_at=self.seen_at, **arguments)


class LegacyDelete(DeleteView):
    """Remove a total entered by mistake."""

    permission = "indicators.enter_legacy"
    selector = staticmethod(selectors.legacy_values)
    service = staticmethod(services.remove_legacy)
    object_name = "legacy_value"
    done_url = "indicators:legacy_list"
