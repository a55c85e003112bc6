"""Where an import stands: the work going on, or the result."""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from apps.core import menu
from apps.core.errors import NotAllowedNow
from apps.imports import selectors, services
from apps.imports.models import Batch, BatchState
from apps.imports.tables import (
    COLUMN_LABELS,
    COLUMN_STATES,
    STATE_KINDS,
    failure_words,
    finding_line,
)
from apps.imports.views.base import BatchScreen
from apps.imports.views.undo import undo_context


class BatchDetail(BatchScreen):
    """Where an import stands: leads to the open step, shows the work going on, or the result."""

    step = 5

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if batch.is_reading or batch.is_writing:
            return self.show_running(batch)
        if batch.state == BatchState.MAPPED:
            return redirect("imports:batch_columns", pk=batch.pk)
        if batch.state == BatchState.CHECKED:
            findings = batch.blocked or batch.counts.get("warned") or not batch.importable
            name = "imports:batch_errors" if findings else "imports:batch_preview"
            return redirect(name, pk=batch.pk)
        return self.show_result(batch)

    def show_running(self, batch: Batch) -> HttpResponse:
        self.step = 5 if batch.is_writing else 2
        return self.show("imports/batch_running.html", **running_context(batch, self.kind))

    def show_result(self, batch: Batch) -> HttpResponse:
        lines = selectors.village_lines(batch)
        failure = failure_words(batch) if batch.state == BatchState.FAILED else ("", "")
        if "importable" not in batch.counts:
            self.step = 1
        return self.show(
            "imports/batch_result.html",
            villages=lines,
            totals=selectors.totals(lines),
            labels=COLUMN_LABELS,
            states=COLUMN_STATES,
            state_kind=STATE_KINDS[BatchState(batch.state)],
            failure=failure,
            may_retry=self.may_run and services.may_retry(batch),
            sheets=selectors.sheets(batch),
            people_url=self.people_url(),
            came_in=services.came_in(batch),
            repaired_by=self.get_queryset().filter(repairs=batch),
            **undo_context(batch),
            follow_up=services.open_follow_up(batch) if batch.undecided else None,
        )

    def people_url(self) -> str:
        """The list of people narrowed to this import, where the kind names one."""
        address = menu.address(getattr(self.kind, "list_url_name", ""))
        return f"{address}?batch={self.object.pk}" if address else ""


@dataclass(frozen=True)
class Stage:
    """One part of the background work: done, now, or still to come (""); its rows if counted."""

    title: Any
    state: str
    done: int = 0
    total: int = 0


READ_STAGES = (
    ("read", _("Open the file safely")),
    ("check", _("Find the table, check every row")),
    ("compare", _("Compare with the register")),
    ("stage", _("Keep the results")),
)
WRITE_STAGES = (
    ("begin", _("Lock what was confirmed")),
    ("write", _("Write people and households")),
    ("link", _("Note which rows came in")),
)


def running_context(batch: Batch, kind: Any) -> dict[str, Any]:
    """How far the work is, as a whole and stage by stage, and what was found so far."""
    running = selectors.running(batch)
    known = WRITE_STAGES if batch.is_writing else READ_STAGES
    names = [name for name, _title in known]
    now = names.index(running.stage) if running.stage in names else 0
    marks = [""] * len(known)
    if not running.is_waiting or running.was_interrupted:
        marks = ["done"] * now + ["now"] + [""] * (len(known) - now - 1)
    stages = [Stage(title, mark) for (_name, title), mark in zip(known, marks, strict=True)]
    if "now" in marks and running.done:
        stages[now] = replace(stages[now], done=running.done, total=running.total)
    return {"running": running, "stages": stages, **findings_context(batch, kind)}


def findings_context(batch: Batch, kind: Any) -> dict[str, Any]:
    """The first findings of a check that goes on, masked as on the page of errors."""
    found = selectors.first_findings(batch)
    lines = [finding_line(issue, sheet, kind) for issue, sheet in found.first] if found else []
    return {"found": found, "found_lines": lines}


class BatchProgress(BatchScreen):
    """The part of the page that shows how far the work is; leads on when it is over."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not (batch.is_reading or batch.is_writing):
            url = batch.get_absolute_url()
            return HttpResponseClientRedirect(url) if self.is_fragment else redirect(url)
        if not self.is_fragment:
            return redirect(batch)
        return self.show("imports/_running.html", **running_context(batch, self.kind))


class BatchRetry(BatchScreen):
    """Take an import up again whose work broke off on our side."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        try:
            services.retry_batch(actor=request.user, batch=batch)  # type: ignore[arg-type]
        except NotAllowedNow as refusal:
            # The second of two presses finds the work begun and is shown it.
            if not (batch.is_reading or batch.is_writing):
                messages.error(request, str(refusal))
        return redirect(batch)
