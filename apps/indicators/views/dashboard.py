"""The dashboard of a region: stored values only, every number opens its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core import charts
from apps.core.charts import Chart, Series, Tile
from apps.core.periods import month
from apps.indicators import registry, selectors
from apps.indicators.choices import Unit
from apps.indicators.models import LegacySeries, LegacyValue
from apps.indicators.records import STATUS, Figure, Indicator
from apps.indicators.selectors.dashboard import Board, Part
from apps.indicators.views import wording
from apps.indicators.views.figures_page import FiguresPage

# With fewer births the ratio of boys to girls says nothing, so the two counts are shown.
FEWEST_BIRTHS_FOR_RATIO = 30
TILES = (
    "population",
    "births",
    "deaths",
    "natural_increase_rate",
    "households",
    "women_15_49",
    "currently_married_women_15_49",
    "contraceptive_prevalence",
    "birth_rate",
    "death_rate",
    "sex_ratio_at_birth",
    "net_moves",
)
AGES = [*((age, age + 4) for age in range(0, 85, 5)), (85, None)]


@dataclass(frozen=True)
class CellLink:
    """One number of the table of parts."""

    number: int | None
    url: str
    starts_group: bool


class Dashboard(FiguresPage):
    """Tiles, births by month, pyramid, parts in the order of the register, legacy series."""

    template_name = "indicators/dashboard.html"

    def get_title(self) -> Any:
        return _("Dashboard: %(region)s") % {"region": self.region.name}

    @cached_property
    def board(self) -> Board:
        return selectors.board(self.request.user, self.region, self.wanted, self.basis)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def extra_context(self) -> dict[str, Any]:
        board = self.board
        common = {
            "board": board,
            "period_text": wording.period_text(board.period),
            "periods": wording.period_choices(board.latest or board.period.last, board.period),
            "bases": wording.basis_choices(),
            "start_unknown": self._start_unknown(),
            "legacy_charts": [
                legacy_chart(self.region.name, series, points) for series, points in board.legacy
            ],
        }
        if board.is_empty:
            return common
        return {
            **common,
            "tiles": [self._tile(code) for code in self._tile_codes()],
            "births_chart": self._births_chart(),
            "pyramid": self._pyramid(),
            "part_rows": [(part, self._cells(part)) for part in board.parts],
            "total_cells": self._total_cells(),
            "has_households": "households" in self._tile_codes(),
        }

    def _tile_codes(self) -> list[str]:
        return [code for code in TILES if self.basis in registry.bases_of(registry.indicator(code))]

    def _url(self, code: str, figure: Figure) -> str:
        return wording.rows_address(code, self.region, figure.period, self.basis)

    def _start_unknown(self) -> Figure | None:
        """How many people are counted as present since ever, because nobody knows since when."""
        figure = self.board.figure("population_start_unknown")
        return figure if figure.value else None

    # Tiles

    def _tile(self, code: str) -> Tile:
        found, board = registry.indicator(code), self.board
        figure, before = board.figure(code), board.figure(code, board.period.year_before())
        value: Any = figure.rounded
        if figure.is_known and value is None:
            value = wording.NO_RATIO
        title, note = registry.label(found), self._note(code)
        if code == "sex_ratio_at_birth" and self._too_few_births():
            value, before = self._boys_and_girls(), figure
        return Tile(
            title=title,
            value=value,
            places=found.places,
            unit=self._unit(found) if isinstance(value, Decimal) else "",
            url=self._url(code, figure) if figure.is_known else "",
            note=note,
            change=_difference(figure, before) if before is not figure else None,
            change_places=found.places,
            change_unit=wording.change_unit(found.unit),
            change_text=_("A year before") if before is not figure and before.is_known else "",
            spark=charts.sparkline(board.course(code)) if found.denominator is None else None,
        )

    def _unit(self, found: Indicator) -> Any:
        return "" if found.unit == Unit.BOYS_PER_100_GIRLS else wording.unit_text(found.unit)

    def _note(self, code: str) -> Any:
        if code == "sex_ratio_at_birth":
            few = self._too_few_births()
            return _("too few births for a ratio") if few else Unit.BOYS_PER_100_GIRLS.label
        kind = registry.kind_of(registry.indicator(code))
        if kind == STATUS and self.board.as_of:
            return _("on %(day)s") % {"day": self.board.as_of.isoformat()}
        return ""

    def _too_few_births(self) -> bool:
        births = self.board.figure("births").value
        return births is not None and births < FEWEST_BIRTHS_FOR_RATIO

    def _boys_and_girls(self) -> str:
        boys, girls = self.board.figure("births_male"), self.board.figure("births_female")
        return f"{boys.rounded} : {girls.rounded}"

    # Charts

    def _births_chart(self) -> Chart:
        board, year = self.board, self.board.period.last.year
        runs = []
        for of_year in (year, year - 1):
            values = board.by_month("births", of_year)
            total = sum(value for value in values if value is not None)
            name = _("%(year)s: %(total)s births") % {"year": of_year, "total": total}
            runs.append(Series(name, values, self._month_urls("births", of_year)))
        return charts.bar_chart(
            "births",
            _("Births by month"),
            _("%(now)s; %(before)s. The months stand in the data table.")
            % {"now": runs[0].name, "before": runs[1].name},
            [capfirst(str(MONTHS_3[number])) for number in range(1, 13)],
            runs[0],
            runs[1],
        )

    def _month_urls(self, code: str, year: int) -> list[str]:
        months = [month(date(year, number, 1)) for number in range(1, 13)]
        return [wording.rows_address(code, self.region, found, self.basis) for found in months]

    def _pyramid(self) -> Chart:
        men, women = self._ages_of("male"), self._ages_of("female")
        texts = [f"{low}–{high}" if high else f"{low}+" for low, high in AGES]
        day = self.board.as_of.isoformat() if self.board.as_of else ""
        return charts.pyramid(
            "pyramid",
            _("Population by age and sex"),
            _("Five-year age groups on %(day)s; the figures stand in the data table.")
            % {"day": day},
            texts,
            Series(_("Men"), *men),
            Series(_("Women"), *women),
            note=_("on %(day)s, people") % {"day": day},
        )

    def _ages_of(self, sex: str) -> tuple[list[int | None], list[str]]:
        number = self.board.ledger.number(self.region.pk)
        codes = [f"population_{sex}_{low}_{high or 'up'}" for low, high in AGES]
        at = month(self.board.period.last)
        values = [number(code, at.last) for code in codes]
        return values, [wording.rows_address(code, self.region, at, self.basis) for code in codes]

    # Parts

    def _cells(self, part: Part) -> list[CellLink]:
        return [
            CellLink(
                number,
                wording.rows_address(code, part.region, self.board.period, self.basis),
                code == "births",
            )
            for code, number in part.numbers.items()
        ]

    def _total_cells(self) -> list[CellLink]:
        cells = []
        for code in self.board.parts[0].numbers if self.board.parts else ():
            figure = self.board.figure(code)
            number = None if figure.value is None else int(figure.value)
            cells.append(CellLink(number, self._url(code, figure), code == "births"))
        return cells


def _difference(figure: Figure, before: Figure) -> Any:
    """Return the change against a year before, of the values as shown."""
    if figure.rounded is None or before.rounded is None:
        return None
    return figure.rounded - before.rounded


def legacy_chart(place: str, series: LegacySeries, points: list[LegacyValue]) -> Chart:
    """Draw a legacy series: dashed, with its sources, leading to no rows."""
    sources = list(dict.fromkeys(point.source for point in points))
    span = f"{points[0].period}–{points[-1].period}" if len(points) > 1 else points[0].period
    return charts.line_chart(
        f"legacy-{series.pk}",
        f"{series.name}, {span}",
        _("Totals of %(place)s as they were published; %(span)s.") % {"place": place, "span": span},
        [point.period for point in points],
        Series(series.unit, [float(point.value) for point in points]),
        places=_places(points),
        note=_("totals only, no people behind them, no target, no ranking"),
        is_legacy=True,
        source=_("Unit: %(unit)s. Source: %(sources)s. Entered by hand on %(day)s.")
        % {
            "unit": series.unit,
            "sources": "; ".join(sources),
            "day": timezone.localdate(max(point.updated_at for point in points)).isoformat(),
        },
    )


def _places(points: list[LegacyValue]) -> int:
    """Return the most decimals that any of the totals has."""
    exponents = [point.value.normalize().as_tuple().exponent for point in points]
    return max((max(0, -item) for item in exponents if isinstance(item, int)), default=0)
