"""Reads: rows of measures, stored values, figures."""

from apps.indicators.selectors.figures import figure, figures, freshness, is_settled, latest_month
from apps.indicators.selectors.legacy import legacy_lines, legacy_values
from apps.indicators.selectors.rows import (
    count_cells,
    count_rows,
    measure_rows,
    month_counts,
    rows_behind,
)

__all__ = [
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
    "rows_behind",
]
