"""Pages of the import wizard: file, columns, errors, preview, writing, result; and the history."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_htmx.http import HttpResponseClientRedirect

from apps.core import menu
from apps.core.context import Crumb
from apps.core.errors import NotAllowedNow
from apps.core.forms import ConfirmForm
from apps.core.views import ActView, EditView, ListView, RecordScreen
from apps.imports import choices, registry, selectors, services
from apps.imports.filters import BatchFilter
from apps.imports.forms import ColumnsForm, UploadForm
from apps.imports.models import Batch, BatchState, Take
from apps.imports.tables import (
    COLUMN_LABELS,
    COLUMN_STATES,
    STATE_KINDS,
    BatchTable,
    failure_words,
    finding_line,
    hide_numbers,
    remedy_of,
    row_line,
)

ROWS_PER_PAGE = 50
CHECKED_STATES = {
    BatchState.CHECKED,
    BatchState.CONFIRMED,
    BatchState.APPLYING,
    BatchState.DONE,
    BatchState.FAILED,
    BatchState.CANCELLED,
}


class BatchList(ListView):
    """The import history of the user's regions."""

    permission = "imports.view"
    title = _("Import history")
    selector = staticmethod(selectors.batches)
    table_class = BatchTable
    filter_class = BatchFilter
    create_url = "imports:batch_create"
    create_permission = "imports.run"
    create_text = _("Import a roster")
    empty_text = _("No roster has been imported yet.")
    empty_hint = _("Each import stays listed here with its file, its errors and what came in.")


class BatchCreate(EditView):
    """Step 1: choose file, kind, region and date."""

    permission = "imports.run"
    title = _("Import a roster")
    template_name = "imports/batch_create.html"
    selector = staticmethod(selectors.batches)
    form_class = UploadForm
    save_text = _("Upload and check")
    cancel_url = "imports:batch_list"

    def form_arguments(self) -> dict[str, Any]:
        return {"user": self.request.user, "initial": self.initial()}

    def initial(self) -> dict[str, Any]:
        """Kind, region and date of another import, when its file is replaced by a better one."""
        number = self.request.GET.get("like", "")
        before = self.get_queryset().filter(pk=number).first() if number.isdecimal() else None
        if before is None:
            return {}
        return {"kind": before.kind, "region": before.region_id, "as_of": before.as_of}

    def save(self, form: Any) -> Batch:
        received = services.receive_roster(actor=self.request.user, **form.arguments())  # type: ignore[arg-type]
        if not received.is_new:
            messages.info(self.request, _("This file is already being imported. Here it is."))
        return received.batch

    def extra_context(self) -> dict[str, Any]:
        return {"steps": steps_of(None), "step": 1}


@dataclass(frozen=True)
class Step:
    """One step of the wizard as the bar above the page shows it."""

    title: Any
    note: str = ""
    url: str = ""


def steps_of(batch: Batch | None) -> list[Step]:
    """The five steps with what is known of each, those behind with their address."""
    titles = [_("Choose file"), _("Columns"), _("Check"), _("Preview"), _("Write and result")]
    if batch is None:
        return [Step(title) for title in titles]
    counts = batch.counts
    notes = ["", "", "", "", ""]
    urls = ["", "", "", "", ""]
    if "all" in counts:
        notes[0] = ngettext("%(n)s row", "%(n)s rows", counts["all"]) % {"n": counts["all"]}
        urls[1] = reverse("imports:batch_columns", args=[batch.pk])
    if "importable" in counts:
        blocked = counts["blocked"]
        notes[2] = ngettext("%(n)s row with errors", "%(n)s rows with errors", blocked) % {
            "n": blocked
        }
        outcomes = counts["outcomes"]
        notes[3] = _("new %(new)s, changed %(changed)s") % {
            "new": outcomes.get("new", 0),
            "changed": outcomes.get("changed", 0),
        }
        urls[2] = reverse("imports:batch_errors", args=[batch.pk])
        urls[3] = reverse("imports:batch_preview", args=[batch.pk])
    return [Step(*parts) for parts in zip(titles, notes, urls, strict=True)]


class BatchScreen(RecordScreen):
    """A page of the wizard about one import."""

    permission = "imports.view"
    selector = staticmethod(selectors.batches)
    object_name = "batch"
    step = 1

    def load(self) -> Batch:
        self.object = self.get_object()
        return self.object

    def get_title(self) -> Any:
        return _("Import: %(kind)s") % {"kind": self.kind.label}

    @property
    def kind(self) -> Any:
        return registry.get(self.object.kind)

    def crumbs(self) -> list[Crumb]:
        return [Crumb(self.object.filename, "")] if not self.is_fragment else []

    @cached_property
    def sheet_names(self) -> dict[int, str]:
        return {sheet.number: sheet.name for sheet in selectors.sheets(self.object)}

    @property
    def may_run(self) -> bool:
        return self.may("imports.run")

    def context(self, **kwargs: Any) -> dict[str, Any]:
        usual = {
            "steps": steps_of(self.object),
            "step": self.step,
            "may_run": self.may_run,
            "kind": self.kind,
        }
        return super().context(**{**usual, **kwargs})

    def page(self, rows: QuerySet[Any]) -> Page[Any]:
        """One page of rows; a number out of range becomes the nearest page."""
        return Paginator(rows, ROWS_PER_PAGE).get_page(self.request.GET.get("page"))

    def paging(self, page: Page[Any] | None) -> dict[str, Any]:
        """What the foot of a list needs: the page, the page numbers, the rest of the address."""
        if page is None:
            return {"page": None}
        kept = self.request.GET.copy()
        kept.pop("page", None)
        return {
            "page": page,
            "page_numbers": list(page.paginator.get_elided_page_range(page.number, on_ends=1)),
            "ellipsis": Paginator.ELLIPSIS,
            "keep": kept.urlencode(),
        }


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
        return self.show("imports/batch_running.html", **running_context(batch))

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
            sheets=selectors.sheets(batch),
            people_url=self.people_url(),
            came_in=services.came_in(batch),
        )

    def people_url(self) -> str:
        """The list of people narrowed to this import, where the kind names one."""
        address = menu.address(getattr(self.kind, "list_url_name", ""))
        return f"{address}?batch={self.object.pk}" if address else ""


@dataclass(frozen=True)
class Stage:
    """One part of the background work: done, now, or still to come ("")."""

    title: Any
    state: str


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


def running_context(batch: Batch) -> dict[str, Any]:
    """How far the work is, as a whole and stage by stage."""
    running = selectors.running(batch)
    known = WRITE_STAGES if batch.is_writing else READ_STAGES
    names = [name for name, _title in known]
    now = names.index(running.stage) if running.stage in names else 0
    marks = [""] * len(known)
    if not running.is_waiting:
        marks = ["done"] * now + ["now"] + [""] * (len(known) - now - 1)
    stages = [Stage(title, mark) for (_name, title), mark in zip(known, marks, strict=True)]
    return {"running": running, "stages": stages}


class BatchProgress(BatchScreen):
    """The part of the page that shows how far the work is; leads on when it is over."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not (batch.is_reading or batch.is_writing):
            url = batch.get_absolute_url()
            return HttpResponseClientRedirect(url) if self.is_fragment else redirect(url)
        if not self.is_fragment:
            return redirect(batch)
        return self.show("imports/_running.html", **running_context(batch))


class BatchColumns(BatchScreen):
    """Step 2: what each column means."""

    template_name = "imports/batch_columns.html"
    step = 2

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        sheets = selectors.sheets(batch)
        if batch.is_reading or batch.is_writing or not sheets:
            return redirect(batch)
        return self.show_columns(ColumnsForm(sheets, self.fields))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not self.may_run:
            raise PermissionDenied
        form = ColumnsForm(selectors.sheets(batch), self.fields, request.POST)
        try:
            services.confirm_columns(
                actor=request.user,  # type: ignore[arg-type]
                batch=batch,
                columns=form.chosen(),
                remember="remember" in request.POST,
            )
        except (ValidationError, NotAllowedNow) as refusal:
            words = refusal.messages if isinstance(refusal, ValidationError) else [str(refusal)]
            return self.show_columns(form, errors=words, status=422)
        return redirect(batch)

    @property
    def fields(self) -> dict[str, Any]:
        """The meanings a column of this kind can have, with their names."""
        return {column.field: self.kind.field_label(column.field) for column in self.kind.columns}

    def show_columns(
        self, form: ColumnsForm, errors: list[str] | None = None, status: int = 200
    ) -> HttpResponse:
        wanted = self.request.GET.get("sheet", "")
        current = next((sheet for sheet in form.sheets if str(sheet.number) == wanted), None)
        current = current or next(iter(form.sheets), None)
        return self.show(
            sheets=selectors.sheets(self.object),
            current=current,
            lines=column_lines(form, current) if current else [],
            others=[sheet for sheet in form.sheets if sheet is not current],
            carried=[
                (form.name(sheet, column["letter"]), form.value(sheet, column))
                for sheet in form.sheets
                if sheet is not current
                for column in sheet.columns
            ],
            errors=errors or [],
            fields=self.fields,
            is_open=self.may_run and self.object.state in services.COLUMNS_OPEN,
            status=status,
        )


@dataclass(frozen=True)
class ColumnLine:
    """One column of a sheet: where it is, what stands in it, what it is taken for and why."""

    letter: str
    header: str
    samples: str
    name: str
    value: str
    label: Any
    how: Any
    kind: str
    state: Any


HOW = {
    "header": _("by its heading"),
    "content": _("by its content"),
    "position": _("by its place"),
    "chosen": _("chosen"),
    "ignored": _("known, not kept"),
    "unknown": _("not recognised"),
}


def column_lines(form: ColumnsForm, sheet: Any) -> list[ColumnLine]:
    """The columns of one sheet, those to look at first."""
    samples = sheet.sample_values
    lines = [_column_line(form, sheet, column, samples) for column in sheet.columns]
    return sorted(lines, key=lambda line: line.kind != "warn")


def _column_line(
    form: ColumnsForm, sheet: Any, column: dict[str, Any], samples: dict[str, list[str]]
) -> ColumnLine:
    value = form.value(sheet, column)
    if not column["certain"]:
        kind, state = "warn", _("please confirm")
    elif value:
        kind, state = "ok", _("matched")
    else:
        kind, state = "off", _("not imported")
    return ColumnLine(
        letter=column["letter"],
        header=column["header"],
        samples=hide_numbers("、".join(filter(None, samples.get(column["letter"], [])))),
        name=form.name(sheet, column["letter"]),
        value=value,
        label=form.known.get(value, ""),
        how=HOW.get(column["how"], column["how"]),
        kind=kind,
        state=state,
    )


class CheckedScreen(BatchScreen):
    """A page that needs the results of the check; before them it leads to where the batch is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if "importable" not in batch.counts or batch.state not in CHECKED_STATES:
            return redirect(batch)
        return self.show()


class BatchErrors(CheckedScreen):
    """Step 3: all findings, grouped and counted by kind, with their rows; what to do with them."""

    template_name = "imports/batch_errors.html"
    step = 3

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        if not self.may_run:
            raise PermissionDenied
        try:
            services.choose_take(
                actor=request.user,  # type: ignore[arg-type]
                batch=batch,
                take=request.POST.get("take", Take.ALL),
            )
        except (ValidationError, NotAllowedNow) as refusal:
            messages.error(request, " ".join(getattr(refusal, "messages", [str(refusal)])))
            return redirect(batch)
        return redirect("imports:batch_preview", pk=batch.pk)

    def extra_context(self) -> dict[str, Any]:
        groups = selectors.kind_counts(self.object)
        every = [count for counts in groups.values() for count in counts]
        asked = (self.request.GET.get("severity", ""), self.request.GET.get("kind", ""))
        found = {(count.severity, count.kind): count for count in every}
        current = found.get(asked) or next(iter(every), None)
        page = self.findings_page(current) if current else None
        issues = list(page) if page else []
        return {
            "groups": [
                (severity, [(count, choices.kind_title(count.kind)) for count in counts])
                for severity, counts in groups.items()
                if counts
            ],
            "current": current,
            "current_title": choices.kind_title(current.kind) if current else "",
            **self.paging(page),
            "lines": [
                finding_line(issue, self.sheet_names[issue.sheet_number], self.kind)
                for issue in issues
            ],
            "remedy": remedy_of(issues[0], self.sheet_names[issues[0].sheet_number])
            if issues
            else "",
            "is_open": self.may_run and self.object.state == BatchState.CHECKED,
        }

    def findings_page(self, current: selectors.KindCount) -> Page[Any]:
        return self.page(selectors.findings(self.object, current.kind, current.severity))


class BatchPreview(CheckedScreen):
    """Step 4: what writing would do, by village, with old and new values."""

    template_name = "imports/batch_preview.html"
    step = 4

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
            "village": village,
            "cells": village.cells if village else totals,
            "column": column,
            **self.paging(page),
            "rows": [
                row_line(row, self.sheet_names[row.sheet_number], self.kind, self.person_url)
                for row in page
            ],
            "is_open": self.may_run and batch.state == BatchState.CHECKED,
            "must_decide": bool(batch.blocked) and batch.take == Take.ALL,
        }

    def _village(self, lines: list[Any]) -> Any:
        wanted = self.request.GET.get("village", "")
        found = next((line for line in lines if line.key == wanted), None)
        if wanted and found is None:
            raise Http404
        return found

    def _column(self, cells: list[tuple[str, int]]) -> str:
        """The column asked for, else the first that has rows; changes come before new ones."""
        wanted = self.request.GET.get("rows", "")
        if wanted in {str(name) for name in COLUMN_LABELS}:
            return wanted
        filled = [name for name, number in cells if number]
        order = ["changed", *filled]
        return next((name for name in order if name in filled), "new")

    def person_url(self, number: int) -> str:
        """The page of a person, where this kind of roster names one and the user may open it."""
        return menu.address(getattr(self.kind, "subject_url_name", ""), number)


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
