"""Lists of divisions."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.core.tables import BaseTable, CodeColumn, DateColumn, NameColumn, TextColumn
from apps.regions.models import Region


def _page(region: Region) -> str:
    return reverse("regions:region_detail", args=[region.pk])


class RegionTable(BaseTable):
    """Divisions in the order of the register."""

    name = NameColumn(verbose_name=_("Name"), url=_page)
    code = CodeColumn()
    kind = TextColumn(verbose_name=_("Kind"))
    parent_name = TextColumn(verbose_name=_("Part of"))
    aliases = TextColumn(orderable=False, nowrap=False)
    valid_from = DateColumn()
    valid_to = DateColumn()

    class Meta(BaseTable.Meta):
        model = Region
        fields = ("name", "code", "kind", "parent_name", "aliases", "valid_from", "valid_to")

    def render_aliases(self, value: list[str]) -> str:
        return "、".join(value)
