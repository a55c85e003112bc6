"""The list of women of childbearing age: the least that is needed to find a service file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.codes import code_label
from apps.core.dates import age_on
from apps.core.tables import BaseTable, DateColumn, FigureColumn, NameColumn, TextColumn
from apps.households.models import Residence


class WomenTable(BaseTable):
    """Women with age, status and method on the day asked for."""

    name = NameColumn(
        accessor="person__name",
        url=lambda row: reverse("women:casefile_detail", args=[row.person_id]),
        verbose_name=_("Full name"),
    )
    birth_date = DateColumn(
        accessor="person__birth_date",
        precision="person.birth_precision",
        verbose_name=_("Date of birth"),
    )
    age = FigureColumn(accessor="person__birth_date", orderable=False, verbose_name=_("Age"))
    region = TextColumn(
        accessor="region__name", order_by=("region__sort_key",), verbose_name=_("Village")
    )
    status = TextColumn(verbose_name=_("Marital status"))
    method = TextColumn(verbose_name=_("Method"))
    method_since = DateColumn(verbose_name=_("Since"))

    class Meta(BaseTable.Meta):
        model = Residence
        fields = ("name", "birth_date", "age", "region", "status", "method", "method_since")
        order_by = ("name",)

    on = None

    @property
    def caption(self) -> Any:
        return _("Women of childbearing age")

    def order_name(self, rows: Any, descending: bool) -> tuple[Any, bool]:
        sign = "-" if descending else ""
        return rows.order_by(f"{sign}person__pinyin", f"{sign}pk"), True

    def render_age(self, value: Any) -> int:
        return age_on(value, self.on or timezone.localdate())

    def render_status(self, value: str | None) -> Any:
        return code_label("marital_status", value) if value else code_label("marital_status", "10")

    def render_method(self, value: str | None) -> Any:
        return code_label("contraceptive_method", value) if value else _("nothing entered")
