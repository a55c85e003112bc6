"""Writes: stored values, runs, legacy totals. `value` reads one figure (see selectors.figures)."""

from apps.indicators.selectors.figures import figure as value
from apps.indicators.services.legacy import enter_legacy, remove_legacy, update_legacy
from apps.indicators.services.rollup import (
    Outcome,
    refresh,
    request_refresh,
    roll_up,
    roll_up_month,
)

__all__ = [
    "Outcome",
    "enter_legacy",
    "refresh",
    "remove_legacy",
    "request_refresh",
    "roll_up",
    "roll_up_month",
    "update_legacy",
    "value",
]
