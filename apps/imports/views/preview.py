"""Step 4 of the wizard: what writing would do; confirm or give up."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from apps.core import menu
from apps.core.errors import NotAllowedNow
from apps.core.forms import ConfirmForm
from apps.core.views import ActView
from apps.imports import selectors, services
from apps.imports.models import BatchState, Outcome, QuestionKind, Row, Take
from apps.imports.tables import (
    COLUMN_LABELS,
    MORE_LABELS,
    row_line,
)
from apps.imports.views.base import BatchScreen, CheckedScreen


class BatchPreview(CheckedScreen):
    """Step 4: what writing would do, by village, with old and new values."""

    template_name = "imports/batch_preview.html"
    step = 4
    needs_latest = True

    def extra_context(self) -> dict[str, Any]:
        batch = self.object
        lines = selectors.village_lines(batch)
        totals = selectors.totals(lines)
        village = self._village(lines)
        column = self._column(village.cells if village else totals)
        page = self.page(selectors.rows_by_outcome(batch, column, village.key if village else ""))
        return {
            "villages": lines,
            "totals": totals,
            "labels": COLUMN_LABELS,
            "names": {**COLUMN_LABELS, **MORE_LABELS},
            "village": village,
            "cells": village.cells if village else totals,
            "column": column,
            **self.paging(page),
            "rows": [
                row_line(row, self.sheet_names[row.sheet_number], self.kind, self.url_of(row))
                for row in page
            ],
            "is_open": self.may_run and batch.state == BatchState.CHECKED,
            "must_decide": bool(batch.faulty) and batch.take == Take.ALL,
            "questions": [
                (count, QuestionKind(count.kind).label)
                for count in selectors.question_counts(batch)
            ],
            "more": self._more(),
            "stays": [
                (self.kind.field_label(name), number)
                for name, number in sorted(batch.counts.get("stays", {}).items())
            ],
        }

    def _more(self) -> list[tuple[str, Any]]:
        """Lists beside those that add up: what is held back, what stays as it is."""
        counts = self.object.counts
        found = [("held", counts.get("held")), ("stays", counts.get("stays"))]
        return [(name, MORE_LABELS[name]) for name, number in found if number]

    def _village(self, lines: list[Any]) -> Any:
        wanted = self.request.GET.get("village", "")
        found = next((line for line in lines if line.key == wanted), None)
        if wanted and found is None:
            raise Http404
        return found

    def _column(self, cells: list[tuple[str, int]]) -> str:
        """The column asked for, else the first that has rows; changes come before new ones."""
        wanted = self.request.GET.get("rows", "")
        if wanted in {str(name) for name in COLUMN_LABELS} | set(MORE_LABELS):
            return wanted
        filled = [name for name, number in cells if number]
        order = ["changed", *filled]
        return next((name for name in order if name in filled), "new")

    def url_of(self, row: Row) -> Callable[[int], str]:
        """Addresses of people; none for whom an import brought in that was taken back since."""
        is_gone = self.object.state == BatchState.UNDONE and row.outcome == Outcome.NEW
        return no_address if is_gone else self.person_url

    def person_url(self, number: int) -> str:
        """The page of a person, where this kind of roster names one and the user may open it."""
        return menu.address(getattr(self.kind, "subject_url_name", ""), number)


def no_address(number: int) -> str:
    """Whoever is not in the register has no page."""
    return ""


class BatchConfirm(BatchScreen):
    """Confirm that the importable rows shall be written."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        try:
            services.confirm_batch(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            if not batch.is_writing and batch.state != BatchState.DONE:
                messages.error(request, str(refusal))
            return redirect(batch)
        return redirect(batch)


class BatchCancel(ActView):
    """Give up an import that is not written yet."""

    permission = "imports.run"
    selector = staticmethod(selectors.batches)
    service = staticmethod(services.cancel_batch)
    object_name = "batch"
    form_class = ConfirmForm
    verb = _("Stop this import")
    is_danger = True
    consequence = _(
        "Nothing of this file comes into the register. The import stays listed as cancelled."
    )
    done_text = _("The import has been stopped. Nothing was written.")
