"""Pages of the audit log."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from apps.audit import selectors
from apps.audit.choices import act_label
from apps.audit.filters import EntryFilter
from apps.audit.models import Entry
from apps.audit.tables import EntryTable
from apps.core.views import DetailView, ListView


class EntryList(ListView):
    """Who did what, in one's regions. "Who looked at this person" is its list for one record."""

    permission = "audit.view"
    title = _("Audit log")
    selector = staticmethod(selectors.entries)
    table_class = EntryTable
    filter_class = EntryFilter


class EntryDetail(DetailView):
    """One act with the values before and after it."""

    permission = "audit.view"
    selector = staticmethod(selectors.entries)
    template_name = "audit/entry_detail.html"
    object_name = "entry"

    def get_title(self) -> Any:
        return act_label(self.object.code)

    def extra_context(self) -> dict[str, Any]:
        entry: Entry = self.object
        changes = [
            {"field": name, "before": pair[0], "after": pair[1]}
            for name, pair in entry.changes.items()
        ]
        return {"changes": changes, "act": act_label(entry.code)}
