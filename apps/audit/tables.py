"""Lists of acts."""

from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from apps.audit.choices import act_label
from apps.audit.models import Entry
from apps.core.tables import BaseTable, NameColumn, TextColumn
from apps.core.templatetags.fp import moment


def _page(entry: Entry) -> str:
    return reverse("audit:entry_detail", args=[entry.pk])


class MomentColumn(NameColumn):
    """The instant of an act, leading to its page."""

    def render(self, *, value: Any, record: Any, **more: Any) -> SafeString:
        return super().render(value=moment(value), record=record, **more)


class EntryTable(BaseTable):
    """Acts, newest first."""

    at = MomentColumn(url=_page, order_by=("id",))
    actor_name = TextColumn(orderable=False)
    code = TextColumn(verbose_name=_("Act"), orderable=False)
    target_label = TextColumn(verbose_name=_("Record"), orderable=False)
    region_name = TextColumn(orderable=False)
    reason = TextColumn(orderable=False, nowrap=False)

    class Meta(BaseTable.Meta):
        model = Entry
        fields = ("at", "actor_name", "code", "target_label", "region_name", "reason")

    def render_code(self, value: str) -> str:
        return act_label(value)
