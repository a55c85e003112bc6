"""Shape of lists: rows behind a number, legacy totals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from apps.core.tables import (
    BaseTable,
    DateColumn,
    FigureColumn,
    NameColumn,
    TextColumn,
)
from apps.indicators.models import LegacyValue
from apps.indicators.records import Column, Source

# Sorting longer lists by a heading would read them whole for every page.
LONGEST_SORTABLE = 5_000


class LinkedNameColumn(NameColumn):
    """The row's heading; a link only where the record's page is open to the user."""

    def render(self, value: Any, record: Any, **kwargs: Any) -> Any:
        if not self._url or not self._url(record):
            return value or _("no name")
        return super().render(value=value, record=record, **kwargs)


def rows_table(source: Source, link: Callable[[Any], str], *, orderable: bool) -> type[BaseTable]:
    """Make the table of a source's rows from its declared columns."""
    columns = {
        f"column_{at}": _column(column, link, orderable) for at, column in enumerate(source.columns)
    }
    return type("RowsTable", (BaseTable,), {**columns, "Meta": _meta()})


def _meta() -> type:
    class Meta(BaseTable.Meta):
        pass

    return Meta


def _column(column: Column, link: Callable[[Any], str], orderable: bool) -> TextColumn:
    options: dict[str, Any] = {
        "verbose_name": capfirst(column.label),
        "accessor": column.path,
        "orderable": orderable and column.kind != "region",
    }
    if column.kind == "name":
        return LinkedNameColumn(url=link, **options)
    if column.kind == "date":
        return DateColumn(**options)
    if column.kind == "region":
        return TextColumn(**{**options, "accessor": f"{column.path}__name"})
    return TextColumn(**options)


class LegacyTable(BaseTable):
    """Totals of abolished figures with their sources."""

    series = NameColumn(verbose_name=_("Series"))
    region = TextColumn(verbose_name=_("Region"), accessor="region__name")
    period = TextColumn(verbose_name=_("Period"))
    value = FigureColumn(verbose_name=_("Value"))
    unit = TextColumn(verbose_name=_("Unit"), accessor="series__unit")
    source = TextColumn(verbose_name=_("Source"), nowrap=False)
    entered_by = TextColumn(verbose_name=_("Entered by"))
    updated_at = DateColumn(verbose_name=_("Entered on"))

    class Meta(BaseTable.Meta):
        model = LegacyValue
        fields = (
            "series",
            "region",
            "period",
            "value",
            "unit",
            "source",
            "entered_by",
            "updated_at",
        )
