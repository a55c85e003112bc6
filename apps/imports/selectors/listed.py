"""Findings and rows of one import as a list asks for them: all of them, or narrowed."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from apps.imports.models import Batch, Row, RowIssue, Undo
from apps.imports.selectors import rows_by_outcome, undos


def findings_like(batch: Batch, *, kind: str = "", severity: str = "") -> QuerySet[RowIssue]:
    """The findings in file order with their rows; narrowed by what is not empty."""
    wanted = {"kind": kind, "severity": severity}
    found = RowIssue.objects.filter(batch=batch, **{k: v for k, v in wanted.items() if v})
    return found.select_related("row").order_by("sheet_number", "row_number", "pk")


def findings_in(batch: Batch, rows: Iterable[int]) -> list[RowIssue]:
    """The findings in rows of these numbers, of any sheet; errors come first."""
    found = RowIssue.objects.filter(batch=batch, row_number__in=list(rows)).select_related("row")
    return list(found.order_by("severity", "pk"))


def rows_like(batch: Batch, *, outcome: str = "", village: str = "") -> QuerySet[Row]:
    """The rows in file order; `outcome` as in rows_by_outcome, `village` by its code."""
    if outcome:
        found = rows_by_outcome(batch, outcome)
    else:
        found = Row.objects.filter(batch=batch).select_related("village")
        found = found.order_by("sheet_number", "row_number")
    return found.filter(village__code=village) if village else found


def latest_undo(user: Any, batch: Batch) -> Undo | None:
    """The last taking back or bringing in again of an import, at whatever state it is."""
    return undos(user).filter(batch=batch).order_by("-pk").first()
