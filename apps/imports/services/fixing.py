"""Fix findings in the page: correct cells, take proposals, leave rows out, take a step back.

Each step is data on top of the file (models.Fix) and is taken in by checking the file again: at
once where that takes well below a second, else when the user asks for it. Nothing can be
written while a check is outstanding.
"""

from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import jobs
from apps.imports import choices, registry, selectors
from apps.imports.models import Batch, BatchState, Correction, Fix, FixAct, RowIssue, Severity
from apps.imports.records import Column, Issue, Spot
from apps.imports.rules.proposals import fault_of, proposal, wanted_field
from apps.imports.rules.sheets import surroundings
from apps.imports.selectors import READ_JOB
from apps.imports.selectors.fixing import FindingPlace, finding_places
from apps.imports.selectors.listed import findings_in
from apps.imports.services.decisions import lock_batch
from apps.imports.services.directory import directory_of
from apps.imports.services.reading import read_batch
from apps.imports.services.staging import stage_corrections

AT_ONCE_ROWS = 1_000
MAX_CHARS = 1_000
WRITE_BLOCK = 2_000
ONE, SAME, BELOW, ALL = "one", "same", "below", "all"
ACTS = {ONE: FixAct.EDIT, SAME: FixAct.REPLACE, BELOW: FixAct.FILL, ALL: FixAct.FILL}
FIXABLE = {Severity.ERROR, Severity.SKIP, Severity.WARNING}


@dataclass(frozen=True)
class Target:
    """A cell to correct; `column` is "" where the sheet has none for the field, both for a row."""

    sheet: str
    row: int
    column: str
    field: str

    @property
    def key(self) -> tuple[str, int, str]:
        return self.sheet, self.row, self.column or self.field


class CellText(NamedTuple):
    """What a cell shall say: sheet by name, row, letter of the column ("" where it has none)."""

    sheet: str
    row: int
    column: str
    value: str


class Desk:
    """What the steps on one batch need to know: its kind of roster, its sheets, its columns."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.kind = registry.get(batch.kind)
        self.declared = {column.key: column for column in self.kind.columns}
        self.sheets = {sheet.number: sheet for sheet in selectors.sheets(batch)}
        self._letters = {
            number: {column["field"]: column["letter"] for column in sheet.columns}
            for number, sheet in self.sheets.items()
        }

    def target(self, issue: RowIssue | FindingPlace) -> Target:
        """Return the cell whose value settles a finding."""
        field = wanted_field(issue.kind, issue.field)
        if field not in self.declared:
            field = issue.field
        letter = self._letters[issue.sheet_number].get(field, "")
        return Target(self.sheets[issue.sheet_number].name, issue.row_number, letter, field)

    def column(self, issue: RowIssue) -> Column | None:
        """Return the declaration of that cell's column; None when there is no such cell."""
        return self.declared.get(self.target(issue).field)

    def heading(self, issue: RowIssue) -> str:
        """Return the heading above that cell."""
        letter = self.target(issue).column
        columns = self.sheets[issue.sheet_number].columns
        return next((str(c["header"]) for c in columns if c["letter"] == letter), "")

    def proposal(self, issue: RowIssue) -> str:
        """Return what would very probably be right there, or ""."""
        if issue.facts["suggestion"]:
            # Without a look at the row, which need not be there.
            return str(issue.facts["suggestion"])
        return proposal(self.column(issue), "", issue.row.values if issue.row else {})


# The steps ----------------------------------------------------------------------------------------


@transaction.atomic
def correct(*, actor: User, batch: Batch, spot: Spot, value: str, reach: str = ONE) -> Fix | None:
    """Put a value where a finding stands, and with a wider `reach` where others of its kind do.

    `reach` is one (this cell), same (all cells of this kind with the same content), below (this
    and those further down the sheet) or all. None when the finding is settled already, as after a
    second press. Raises ValidationError, with nothing changed, for a value that cannot be right.
    """
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    desk, issue = Desk(batch), selectors.finding_at(batch, spot)
    if issue is None:
        return None
    text = value.strip()
    if _is_waiting(desk, issue, text):
        return None
    check_value(desk, issue, text)
    values = [(desk.target(each), text) for each in _reached(desk, issue, spot, reach)]
    return _settle(actor, desk, ACTS[reach], spot.kind, values)


@transaction.atomic
def correct_cells(*, actor: User, batch: Batch, cells: Sequence[CellText]) -> Fix | None:
    """Put values into several cells where findings stand, in one step.

    All or nothing: raises ValidationError for `corrections` that names every cell that has no
    finding or whose value cannot be right. None when all of them were put there already.
    """
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    desk = Desk(batch)
    values: list[tuple[Target, str]] = []
    kinds: set[str] = set()
    faults = []
    found = _findings_by_cell(desk, cells)
    for cell in cells:
        issue, text = found.get(cell[:3]), cell.value.strip()
        try:
            if issue is None:
                raise _refusal(_("There is no finding at this cell."))
            if _is_waiting(desk, issue, text):
                continue
            check_value(desk, issue, text)
        except ValidationError as refusal:
            faults.append(f"{cell.sheet} {cell.column}{cell.row}: {' '.join(refusal.messages)}")
        else:
            values.append((desk.target(issue), text))
            kinds.add(issue.kind)
    if faults:
        raise ValidationError({"corrections": faults})
    kind = kinds.pop() if len(kinds) == 1 else ""
    return _settle(actor, desk, FixAct.EDIT, kind, values)


def _findings_by_cell(
    desk: Desk, cells: Sequence[CellText]
) -> dict[tuple[str, int, str], RowIssue]:
    """The gravest finding of each cell that can be corrected."""
    found: dict[tuple[str, int, str], RowIssue] = {}
    for issue in findings_in(desk.batch, {cell.row for cell in cells}):
        if issue.severity in FIXABLE:
            place = (desk.sheets[issue.sheet_number].name, issue.row_number, issue.column)
            found.setdefault(place, issue)
    return found


@transaction.atomic
def accept(
    *, actor: User, batch: Batch, kind: str, severity: str, spot: Spot | None = None
) -> Fix | None:
    """Take the proposals of a kind of finding, or of one finding; None when there are none."""
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    desk = Desk(batch)
    found = _one(desk, severity, spot) if spot else _proposed(desk, kind, severity)
    values = [(desk.target(each), text) for each in found if (text := desk.proposal(each))]
    return _settle(actor, desk, FixAct.ACCEPT, kind, values)


@transaction.atomic
def leave_out(
    *, actor: User, batch: Batch, kind: str, severity: str, spot: Spot | None = None
) -> Fix | None:
    """Leave out the row of one finding, or all rows of a kind; None when there are none."""
    return _whole_rows(actor, batch, FixAct.LEAVE_OUT, kind, severity, spot)


@transaction.atomic
def take_in(*, actor: User, batch: Batch, spot: Spot | None = None) -> Fix | None:
    """Take in again one row that was left out, or all of them; None when there are none."""
    return _whole_rows(actor, batch, FixAct.TAKE_IN, "left_out", Severity.SKIP, spot)


@transaction.atomic
def take_back(*, actor: User, batch: Batch, fix_id: int) -> bool:
    """Undo one step: what was corrected before it counts again. False when it is gone already."""
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    fix = Fix.objects.filter(batch=batch, pk=fix_id).first()
    if fix is None:
        return False
    before = {"act": fix.act, "kind": fix.kind, "count": fix.count}
    fix.delete()
    audit.record(
        "imports.batch.fix_undone", actor=actor, target=batch, before=before, batch=batch.pk
    )
    check_again(batch)
    return True


@transaction.atomic
def recheck(*, actor: User, batch: Batch) -> Batch:
    """Have the file read again with the corrections made since; does nothing when none were."""
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    if batch.recheck_due:
        batch.state = BatchState.UPLOADED
        batch.save(update_fields=["state", "updated_at"])
        jobs.enqueue(READ_JOB, batch.pk, actor=actor)
    return batch


@transaction.atomic
def show_value(*, actor: User, batch: Batch, issue: RowIssue) -> None:
    """Write down that somebody had a number shown in clear, to correct it."""
    lock_batch(actor, batch, {BatchState.CHECKED})
    place = f"{issue.sheet_number}/{issue.row_number}"
    audit.record(
        "imports.row.shown", actor=actor, target=batch, after={"row": place}, batch=batch.pk
    )


# Checking what was typed --------------------------------------------------------------------------


def check_value(desk: Desk, issue: RowIssue, text: str) -> None:
    """Refuse a text that cannot settle a finding. Raises ValidationError for `value`."""
    column = desk.column(issue)
    if column is None:
        raise _refusal(_("This row cannot be corrected here. Please leave it out instead."))
    if len(text) > MAX_CHARS:
        raise _refusal(_("At most %(limit)s characters.") % {"limit": MAX_CHARS})
    if not text and issue.kind.endswith("_missing"):
        raise _refusal(_("Please enter a value, or leave the row out."))
    if text == (issue.facts["raw"] or "") and desk.target(issue).field == issue.field:
        raise _refusal(_("The value is still the same. Please change it, or leave the row out."))
    fault = fault_of(
        column, text, kind=issue.kind, as_of=desk.batch.as_of, heading=desk.heading(issue)
    )
    if fault is not None:
        raise _refusal(" ".join(_words(fault.kind, text, dict(fault.params))))
    if column.kind == "village" and text:
        _check_village(desk.batch, text)


def _check_village(batch: Batch, text: str) -> None:
    """Refuse a name that no village of the county has, or one outside the chosen area."""
    directory = directory_of(batch.region, on=batch.as_of)
    within = surroundings(directory.default())
    found = directory.resolve(text, within) or directory.resolve(text)
    if not found:
        raise _refusal(" ".join(_words("village_unknown", text, {})))
    if not any(directory.in_scope(village.code) for village in found):
        raise _refusal(" ".join(_words("out_of_scope", text, {"village": found[0].name})))


def _words(kind: str, text: str, params: dict[str, Any]) -> tuple[str, str]:
    """Reason and remedy for a typed text, as they would stand in the list."""
    _title, reason, remedy = choices.describe(Issue("", 0, "", "", kind, "", text, params))
    return reason, remedy


def _refusal(words: str) -> ValidationError:
    return ValidationError({"value": words})


# Which findings -----------------------------------------------------------------------------------


def open_findings(desk: Desk, kind: str, severity: str) -> list[FindingPlace]:
    """All findings of a kind that no correction waits for, in file order."""
    if severity not in FIXABLE:
        return []
    pending = pending_keys(desk.batch)
    found = finding_places(selectors.findings(desk.batch, kind, severity))
    return [place for place in found if not is_pending(desk, place, pending)]


def _proposed(desk: Desk, kind: str, severity: str) -> list[RowIssue]:
    """All findings of a kind with a suggestion that no correction waits for."""
    if severity not in FIXABLE:
        return []
    pending = pending_keys(desk.batch)
    found = selectors.findings(desk.batch, kind, severity).filter(is_proposed=True)
    # Their rows need not be opened: a suggestion stands with its finding.
    lines = found.select_related(None).iterator(chunk_size=WRITE_BLOCK)
    return [issue for issue in lines if not is_pending(desk, issue, pending)]


def pending_keys(batch: Batch) -> set[tuple[str, int, str]]:
    """The cells and ("" for the letter) rows that were corrected since the last check."""
    if not batch.recheck_due:
        return set()
    rows = Correction.objects.filter(fix__batch=batch, fix__is_pending=True)
    return {
        (sheet, row, column or field)
        for sheet, row, column, field in rows.values_list(
            "sheet_name", "row_number", "column", "field"
        )
    }


def is_pending(
    desk: Desk, issue: RowIssue | FindingPlace, pending: set[tuple[str, int, str]]
) -> bool:
    """Whether a finding's cell or row was corrected since the last check."""
    if not pending:
        return False
    target = desk.target(issue)
    return target.key in pending or (target.sheet, target.row, "") in pending


def _is_waiting(desk: Desk, issue: RowIssue, text: str) -> bool:
    """Whether this very text was put into the cell since the last check."""
    target = desk.target(issue)
    latest = (
        Correction.objects.filter(
            fix__batch=desk.batch,
            fix__is_pending=True,
            sheet_name=target.sheet,
            row_number=target.row,
            column=target.column,
            field=target.field,
        )
        .order_by("fix_id")
        .last()
    )
    return latest is not None and (latest.value or "") == text


def _reached(
    desk: Desk, issue: RowIssue, spot: Spot, reach: str
) -> Sequence[RowIssue | FindingPlace]:
    """The findings at the same field that a reach takes in, the given one always among them."""
    if reach not in ACTS:
        raise ValidationError({"reach": _("Please choose one of the values offered.")})
    if reach == ONE:
        return [issue]
    return reached(issue, open_findings(desk, spot.kind, spot.severity))[reach]


def reached(
    issue: RowIssue, found: Iterable[RowIssue | FindingPlace]
) -> dict[str, list[RowIssue | FindingPlace]]:
    """The findings at the same field that each wider reach takes in."""
    alike = [each for each in found if each.field == issue.field]
    sheet, row, digest = issue.sheet_number, issue.row_number, bytes(issue.raw_digest or b"")
    return {
        ALL: alike,
        BELOW: [each for each in alike if each.sheet_number == sheet and each.row_number >= row],
        SAME: [each for each in alike if digest and bytes(each.raw_digest or b"") == digest],
    }


def _one(desk: Desk, severity: str, spot: Spot) -> list[RowIssue]:
    """The finding at a place, unless a correction waits for it."""
    issue = selectors.finding_at(desk.batch, spot) if severity in FIXABLE else None
    if issue is None or is_pending(desk, issue, pending_keys(desk.batch)):
        return []
    return [issue]


# Writing a step -----------------------------------------------------------------------------------


def _whole_rows(
    actor: User, batch: Batch, act: FixAct, kind: str, severity: str, spot: Spot | None
) -> Fix | None:
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    desk = Desk(batch)
    names = {number: sheet.name for number, sheet in desk.sheets.items()}
    rows = dict.fromkeys(
        Target(names[issue.sheet_number], issue.row_number, "", "")
        for issue in (_one(desk, severity, spot) if spot else open_findings(desk, kind, severity))
    )
    return _settle(actor, desk, act, kind, [(row, "") for row in rows])


def _settle(
    actor: User,
    desk: Desk,
    act: FixAct,
    kind: str,
    values: Iterable[tuple[Target, str]],
) -> Fix | None:
    """Keep one step, write the audit entry, and check again; None when it is about nothing."""
    batch, lines = desk.batch, dict(values)
    if not lines:
        return None
    fix = Fix.objects.create(batch=batch, act=act, kind=kind, count=len(lines), made_by=actor)
    stage_corrections(fix, ((*astuple(target), text) for target, text in lines.items()))
    audit.record(
        "imports.batch.fixed",
        actor=actor,
        target=batch,
        after={"act": str(act), "kind": kind, "count": len(lines)},
        batch=batch.pk,
    )
    check_again(batch)
    return fix


def check_again(batch: Batch) -> None:
    """Check a small file in this very transaction; note that a large one is to be checked.

    Nobody sees the states in between, and a step that is interrupted has not happened.
    """
    batch.recheck_due = True
    if batch.counts["all"] > AT_ONCE_ROWS:
        batch.save(update_fields=["recheck_due", "updated_at"])
        return
    batch.state = BatchState.UPLOADED
    batch.save(update_fields=["recheck_due", "state", "updated_at"])
    read_batch(batch_id=batch.pk)
