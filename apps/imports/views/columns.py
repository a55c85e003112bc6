"""Step 2 of the wizard: what each column means."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from apps.core.errors import NotAllowedNow
from apps.imports import selectors, services
from apps.imports.forms import ColumnsForm
from apps.imports.tables import hide_numbers
from apps.imports.views.base import BatchScreen


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

    def lacking(self, form: ColumnsForm, sheet: Any) -> list[str]:
        """What a sheet needs and no column of it is said to hold: a / b where either will do."""
        fed = {form.value(sheet, column) for column in sheet.columns}
        return [
            " / ".join(map(self.kind.field_label, group)) for group in self.kind.lacking_groups(fed)
        ]

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
            memory=selectors.memory_of(self.request.user, current) if current else None,
            alike=[sheet.name for sheet in _alike(form, current)],
            errors=errors or [],
            fields=self.fields,
            lacking=self.lacking(form, current) if current else [],
            is_open=self.may_run and self.object.state in services.COLUMNS_OPEN,
            status=status,
        )


def _alike(form: ColumnsForm, current: Any) -> list[Any]:
    """The other sheets of the same headings; what is changed in one holds for all."""
    return [
        sheet
        for sheet in form.sheets
        if sheet is not current and current and sheet.fingerprint == current.fingerprint
    ]


class BatchForget(BatchScreen):
    """Forget what an office once said about the columns of a sheet, and read the file again."""

    permission = "imports.run"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        batch = self.load()
        sheets = {str(sheet.number): sheet for sheet in selectors.sheets(batch)}
        sheet = sheets.get(request.POST.get("sheet", ""))
        memory = selectors.memory_of(request.user, sheet) if sheet else None
        if memory is None or not memory.may_forget:
            return redirect("imports:batch_columns", pk=batch.pk)
        try:
            services.forget_columns(
                actor=request.user,  # type: ignore[arg-type]
                batch=batch,
                memory=memory.mapping,
            )
        except NotAllowedNow as refusal:
            messages.error(request, str(refusal))
        return redirect(batch)


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
    "remembered": _("as confirmed earlier"),
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
