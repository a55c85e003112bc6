"""Reads: rows of measures, stored values, figures."""

from apps.indicators.selectors.dashboard import board, this_year
from apps.indicators.selectors.figures import (
    figure,
    figures,
    freshness,
    is_settled,
    latest_month,
    parse_basis,
    stored_figure,
)
from apps.indicators.selectors.legacy import legacy_lines, legacy_values
from apps.indicators.selectors.rows import (
    count_cells,
    count_rows,
    measure_rows,
    month_counts,
    rows_behind,
)

__all__ = [
    "board",
    "count_cells",
    "count_rows",
    "figure",
    "figures",
    "freshness",
    "is_settled",
    "latest_month",
    "legacy_lines",
    "legacy_values",
    "measure_rows",
    "month_counts",
    "parse_basis",
    "rows_behind",
    "stored_figure",
    "this_year",
]
