"""The clerk's own workbook back, with what is wrong beside each line and at each cell."""

import json
import subprocess
import sys
import tempfile
import uuid
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import jobs
from apps.core.errors import NotAllowedNow
from apps.core.sealed_files import open_sealed, seal_to
from apps.core.spreadsheets.grid import column_index, sheet_of, title_of
from apps.core.spreadsheets.reader import PROJECT
from apps.imports import choices, registry
from apps.imports.models import Batch, BatchState, Row, RowIssue, RowStatus, Severity, Sheet
from apps.imports.records import Issue
from apps.imports.rules import repairs
from apps.imports.services.corrections import corrections_of
from apps.imports.services.running import Finish, not_a_job
from apps.imports.services.uploads import FOLDER, check_actor, clear_file, path_of

ERRORS_JOB = "imports.errors"
AT_ONCE_ROWS = 2_000
SECONDS = 300
BLOCK = 2_000
WITH_CONTENT = (BatchState.CHECKED, BatchState.DONE, BatchState.FAILED, BatchState.CANCELLED)
# Typed into a cell of the usual format, such a number would lose its last digits again.
LONG_NUMBERS = ("id_", "account_")
SHOWN = (Severity.ERROR, Severity.SKIP)


def request_error_workbook(*, actor: User, batch: Batch) -> Batch:
    """Have the workbook with errors made: at once if it is small, else in the background.

    Raises NotAllowedNow when there is nothing to show, or when it cannot be made.
    """
    check_actor(actor, batch.region)
    if batch.state not in WITH_CONTENT or not batch.blocked:
        raise NotAllowedNow(_("This import has no errors to hand out."))
    if batch.has_error_workbook:
        return batch
    if not path_of(batch.stored_as).is_file():
        raise NotAllowedNow(_("The stored copy of this file is not there any more."))
    if batch.counts["all"] > AT_ONCE_ROWS:
        jobs.enqueue(ERRORS_JOB, batch.pk, actor=actor)
        return batch
    return make_error_workbook(batch_id=batch.pk)


def make_error_workbook(*, batch_id: int, finish: Finish = not_a_job) -> Batch:
    """Make the batch's workbook with its errors marked and keep it sealed.

    Sheets, formats and formulas are the clerk's own; each sheet with a table gets a first column
    that says of every line what is wrong with it or that it came in, each bad cell is coloured and
    has a comment. Uploaded again it is known by that column (see services.repairs). Raises
    NotAllowedNow when the workbook is built in a way that cannot be written again.
    """
    batch = Batch.objects.select_related("region").get(pk=batch_id)
    made_at = timezone.now()
    stored_as = f"{FOLDER}/{uuid.uuid4().hex}"
    seal_to(path_of(stored_as), [_annotated(batch, _spec(batch))], stored_as)
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch_id)
        before, batch.errors_as, batch.errors_made_at = batch.errors_as, stored_as, made_at
        batch.save(update_fields=["errors_as", "errors_made_at", "updated_at"])
        if before:
            transaction.on_commit(lambda: path_of(before).unlink(missing_ok=True))
        finish()
    return batch


def open_error_workbook(*, actor: User, batch: Batch) -> Iterator[bytes]:
    """Return the bytes of the workbook with errors. It holds clear numbers: audited.

    Raises NotAllowedNow when it is not there.
    """
    check_actor(actor, batch.region)
    if not batch.has_error_workbook:
        raise NotAllowedNow(_("The workbook with the errors is not ready yet."))
    audit.record(
        "imports.batch.errors_downloaded",
        actor=actor,
        target=batch,
        after={"rows": batch.blocked},
        batch=batch.pk,
    )
    return open_sealed(path_of(batch.errors_as), batch.errors_as)


def workbook_name(batch: Batch) -> str:
    """Name the file after the clerk's own."""
    return f"{PurePath(batch.filename).stem}_{_('errors')}_{batch.number}.xlsx"


def _annotated(batch: Batch, spec: dict[str, Any]) -> bytes:
    """Have a process with limits mark the cells; the file comes from outside."""
    with clear_file(batch) as source, tempfile.TemporaryDirectory(prefix="fpms-errors-") as folder:
        target = Path(folder) / "errors.xlsx"
        command = [
            sys.executable, "-m", "apps.core.spreadsheets.annotate", str(source), str(target)
        ]  # fmt: skip
        try:
            done = subprocess.run(  # noqa: S603 - our own module, no shell
                command, cwd=PROJECT, env={"PYTHONDONTWRITEBYTECODE": "1"},
                input=json.dumps(spec).encode(), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            done = None
        if done is None or done.returncode:
            raise NotAllowedNow(
                _(
                    "The workbook cannot be written with its errors: it is too large or built in "
                    "an unusual way. Please correct the errors on this page."
                )
            )
        return target.read_bytes()


# What is to be marked -----------------------------------------------------------------------------


def _spec(batch: Batch) -> dict[str, Any]:
    """Say what the marking process has to write (see core.spreadsheets.annotate)."""
    sheets = {sheet.number: sheet for sheet in batch.sheets.all() if sheet.is_data}
    lines, cells = _findings(batch, sheets)
    heading = repairs.heading_text(_("Errors (keep this column)"), batch.number)
    written = batch.state == BatchState.DONE
    corrected = corrections_of(batch)
    spec: dict[str, dict[str, Any]] = {}
    for number, sheet in sheets.items():
        marks = spec.setdefault(_title(sheet), _no_marks(sheet, heading))
        marks["cells"] += cells[number]
        marks["values"] += [
            [row, column + 1, text]
            for row, line in corrected.of(sheet.name).items()
            for column, text in line.cells.items()
        ]
    rows = Row.objects.filter(batch=batch).values_list("sheet_number", "row_number", "status")
    for number, row, status in rows.iterator(chunk_size=BLOCK):
        said = _said(status, lines.get((number, row)), written=written)
        of_sheet = spec[_title(sheets[number])]["lines"]
        before = of_sheet.get(str(row))
        of_sheet[str(row)] = _joined(before, said) if before else said
    for marks in spec.values():
        marks["lines"] = {
            row: [repairs.line_text(int(row), text), style]
            for row, (text, style) in marks["lines"].items()
        }
    return {"unnamed": title_of(PurePath(batch.filename).stem), "sheets": spec}


def _title(sheet: Sheet) -> str:
    """Return the name that the sheet of a table has in the workbook that is made."""
    return title_of(sheet_of(sheet.name))


def _no_marks(sheet: Sheet, heading: str) -> dict[str, Any]:
    return {
        "marked": sheet.has_marks,
        "heading": [max(sheet.header_rows or [1]), heading],
        "lines": {},
        "values": [],
        "cells": [],
    }


def _said(status: str, findings: list[str] | None, *, written: bool) -> tuple[str, str]:
    """Return what the first column says of a line, and its style."""
    if status == RowStatus.BLOCKED:
        return "; ".join(findings or [_("has an error")]), "bad"
    if status == RowStatus.SKIPPED:
        return "; ".join(findings or [_("left out")]), "done"
    return (_("came in"), "done") if written else ("", "")


def _joined(first: tuple[str, str], second: tuple[str, str]) -> tuple[str, str]:
    """Put together what is said of two tables that stand side by side."""
    style = "bad" if "bad" in (first[1], second[1]) else first[1]
    return "; ".join(filter(None, (first[0], second[0]))), style


def _findings(
    batch: Batch, sheets: dict[int, Sheet]
) -> tuple[dict[tuple[int, int], list[str]], dict[int, list[list[Any]]]]:
    """Return what to say of each line, and the cells to colour with their comments."""
    kind = registry.get(batch.kind)
    lines: dict[tuple[int, int], list[str]] = defaultdict(list)
    cells: dict[int, list[list[Any]]] = defaultdict(list)
    found = RowIssue.objects.filter(batch=batch, severity__in=SHOWN)
    for issue in found.order_by("pk").iterator(chunk_size=BLOCK):
        title, reason, remedy = choices.describe(_as_issue(issue, sheets[issue.sheet_number].name))
        label = kind.field_label(issue.field) if issue.field else ""
        said = f"{label}: {reason}" if label else reason
        lines[issue.sheet_number, issue.row_number].append(said)
        if issue.severity == Severity.ERROR and issue.column:
            comment = "\n".join(filter(None, [title, reason, remedy, *_example(issue)]))
            column = column_index(issue.column) + 1
            as_text = issue.kind.startswith(LONG_NUMBERS)
            cells[issue.sheet_number].append([issue.row_number, column, comment, as_text])
    return lines, cells


def _as_issue(issue: RowIssue, sheet: str) -> Issue:
    facts = issue.facts
    return Issue(
        sheet, issue.row_number, issue.column, issue.field, issue.kind, issue.severity,
        facts["raw"] or "", facts["params"], facts["suggestion"] or "",
    )  # fmt: skip


def _example(issue: RowIssue) -> Iterator[str]:
    if suggestion := issue.facts["suggestion"]:
        yield _("Right would be: %(value)s") % {"value": suggestion}
