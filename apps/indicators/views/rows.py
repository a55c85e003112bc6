"""The rows behind a number: the very selector that was counted, as far as the user may see it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404

from apps.core.charts import Tile
from apps.core.context import Crumb
from apps.core.periods import Period
from apps.core.querysets import scope_paths
from apps.core.views import ListView
from apps.indicators import registry, selectors
from apps.indicators.records import Figure, Indicator, Measure, Term
from apps.indicators.tables import LONGEST_SORTABLE, rows_table
from apps.indicators.views import wording
from apps.indicators.views.figures_page import FiguresPage


class RowList(FiguresPage, ListView):
    """People, households or couples that make up a figure."""

    template_name = "indicators/row_list.html"
    empty_text = ""

    @cached_property
    def indicator(self) -> Indicator:
        try:
            found = registry.indicator(self.request.GET.get("measure", ""))
        except ValidationError as error:
            raise Http404 from error
        if self.basis not in registry.bases_of(found):
            raise Http404
        return found

    @cached_property
    def measure(self) -> Measure:
        """The measure whose rows are listed: of a formula the first of its numerator."""
        return registry.measures()[self.indicator.numerator.codes[0]]

    @cached_property
    def period(self) -> Period:
        if self.wanted is not None:
            return self.wanted
        return selectors.this_year(selectors.latest_month(self.region, self.basis))

    @cached_property
    def figure(self) -> Figure:
        """The stored figure; counted now where nothing is stored."""
        return selectors.stored_figure(self.indicator, self.region, self.period, self.basis)

    @cached_property
    def listed(self) -> Figure:
        """The stored number of the rows that are listed."""
        found = registry.indicator(self.measure.code)
        return selectors.stored_figure(found, self.region, self.period, self.basis)

    def get_title(self) -> Any:
        return registry.label(self.indicator)

    def crumbs(self) -> list[Crumb]:
        url = wording.address("dashboard", self.region, self.period, self.basis)
        return [Crumb(self.region.name, url)]

    @cached_property
    def rows(self) -> QuerySet[Any]:
        return selectors.rows_behind(
            self.measure, self.region, self.period, self.basis, self.listed.as_of
        )

    def get_queryset(self) -> QuerySet[Any]:
        source = self.measure.source
        if not self.may(source.permission):
            raise PermissionDenied
        visible = self.rows.visible_to(self.request.user)  # type: ignore[attr-defined]
        order = source.order if self.is_short else ("pk",)
        return visible.select_related(*source.related).order_by(*order)

    @property
    def is_short(self) -> bool:
        """Whether the list is short enough to be put in order for every page."""
        return self.listed.value is None or self.listed.value <= LONGEST_SORTABLE

    @property
    def table_class(self) -> Any:  # type: ignore[override]
        source, paths = self.measure.source, tuple(scope_paths(self.request.user))
        may_open = self.may("households.open_person")

        # A plain function: tables copy their columns, and must not copy the page with them.
        def link(row: Any) -> str:
            record: Any = source.record(row)
            opens = may_open and hasattr(record, "get_absolute_url") and _in_scope(record, paths)
            return record.get_absolute_url() if opens else ""

        return rows_table(source, link, orderable=self.is_short)

    def extra_context(self) -> dict[str, Any]:
        return {
            "indicator": self.indicator,
            "measure": self.measure,
            "definition": registry.definition(self.indicator),
            "period_text": wording.period_text(self.period),
            "basis_text": dict(wording.basis_choices())[self.basis],
            "tiles": self._tiles(),
            "hidden_count": self._hidden_count(),
            "dashboard_url": wording.address("dashboard", self.region, self.period, self.basis),
        }

    def _hidden_count(self) -> int:
        """How many rows lie outside the user's regions today, when list and number differ."""
        if self.listed.value is None or self.count == self.listed.value:
            return 0
        return self.rows.count() - self.count

    def _tiles(self) -> list[Tile]:
        """The figure and, of a formula, the numbers it is made of, each opening its own rows."""
        found, figure = self.indicator, self.figure
        known = figure.is_known and figure.value is None
        value: Any = wording.NO_RATIO if known else figure.rounded
        unit = wording.unit_text(found.unit)
        tiles = [Tile(registry.label(found), value, places=found.places, unit=unit)]
        if found.code == self.measure.code:
            return tiles
        tiles += self._tiles_of(found.numerator)
        return tiles + (self._tiles_of(found.denominator) if found.denominator else [])

    def _tiles_of(self, term: Term) -> list[Tile]:
        spans = [self.period]
        if term.average:
            opening, closing = self.period.opening_month, self.period.last
            spans = [Period(opening, opening), Period(closing, closing)]
        return [self._part(code, span) for code in term.codes for span in spans]

    def _part(self, code: str, span: Period) -> Tile:
        found = registry.indicator(code)
        figure = selectors.stored_figure(found, self.region, span, self.basis)
        url = wording.rows_address(code, self.region, span, self.basis)
        text = wording.period_text(span)
        return Tile(registry.label(found), _plain(figure), url=url, note=text)


def _plain(figure: Figure) -> int | None:
    return None if figure.value is None else int(figure.value)


def _in_scope(record: Model, paths: tuple[str, ...]) -> bool:
    """Tell from loaded rows whether one of a record's regions lies in the user's."""
    for name in getattr(record, "SCOPE", ()):
        region: Any = getattr(record, name) if name else record
        if region is not None and region.path.startswith(paths or ("-",)):
            return True
    return False
