"""A workbook with errors comes back: take its repaired lines, leave out those that came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.spreadsheets.grid import Workbook, column_index, column_letter, sheet_of
from apps.imports.models import IMPORTABLE, Batch, BatchState, Row, RowIssue
from apps.imports.records import NO_PARAMS, SKIP, SKIPPED, CheckedRow, Issue, ShapeColumn
from apps.imports.rules.repairs import Content, Marked, content, says_more, split_marks

ALREADY_WRITTEN = "already_written"
BLOCK = 2_000
Place = tuple[str, int]


@dataclass(frozen=True)
class Repair:
    """What is known of a workbook that was handed out before; of another one nothing.

    `of` is the import it repairs; `sheets` are those with a first column of marks, `lines` maps
    sheet → row → the row in that import's file; `written` holds the contents of the lines of
    that import that came in already.
    """

    of: Batch | None = None
    sheets: frozenset[str] = frozenset()
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    written: Mapping[Place, Content] = field(default_factory=dict, repr=False)

    def settle(self, row: CheckedRow) -> CheckedRow:
        """Leave out a line that came in before and says the same; others stay as checked."""
        origin = self.lines.get(sheet_of(row.sheet), {}).get(row.row)
        before = self.written.get((row.sheet, origin)) if origin is not None else None
        if before is None or says_more(before, content(row.raw[1:])):
            return row
        issue = Issue(row.sheet, row.row, "", "", ALREADY_WRITTEN, SKIP, "", NO_PARAMS)
        return replace(row, status=SKIPPED, issues=(issue,))


def recognise(batch: Batch, workbook: Workbook, *, actor: User) -> tuple[Workbook, Repair]:
    """Blank the marks of a workbook that was handed out with errors and say what it repairs.

    The import it names must be of the same kind and within the actor's reach; else the workbook
    is an ordinary one.
    """
    cleared, marked, sheets = split_marks(workbook)
    first = _named(batch, marked, actor) if marked is not None else None
    if marked is None or first is None:
        return cleared, Repair(sheets=sheets)
    return cleared, Repair(first, sheets, marked.lines, _written(first))


def _named(batch: Batch, marked: Marked, actor: User) -> Batch | None:
    found = Batch.objects.visible_to(actor).filter(pk=marked.batch, kind=batch.kind)
    return found.exclude(pk=batch.pk).first()


def _written(first: Batch) -> dict[Place, Content]:
    """Return sheet and row → content of the lines of an import that are in the register by now."""
    names = dict(first.sheets.values_list("number", "name"))
    came_before = RowIssue.objects.filter(batch=first, kind=ALREADY_WRITTEN).values("row")
    rows = Row.objects.filter(batch=first)
    wanted = rows.filter(pk__in=came_before)
    if first.state == BatchState.DONE:
        wanted = wanted | rows.filter(status__in=IMPORTABLE)
    shift = {sheet.number: int(sheet.has_marks) for sheet in first.sheets.all()}
    return {
        (names[row.sheet_number], row.row_number): content(row.raw[shift[row.sheet_number] :])
        for row in wanted.iterator(chunk_size=BLOCK)
    }


def columns_of(
    repair: Repair, suggested: Mapping[str, tuple[ShapeColumn, ...]]
) -> dict[str, dict[str, str | None]]:
    """Return what the columns meant in the first import, for sheets whose headings are the same."""
    found: dict[str, dict[str, str | None]] = {}
    for sheet in repair.of.sheets.all() if repair.of else ():
        now = suggested.get(sheet.name)
        if not sheet.is_data or now is None:
            continue
        shift = int(not sheet.has_marks)
        before = {
            column_letter(column_index(column["letter"]) + shift): column
            for column in sheet.columns
        }
        headers = {column.letter: " / ".join(column.header) for column in now}
        if headers == {letter: column["header"] for letter, column in before.items()}:
            found[sheet.name] = {letter: column["field"] for letter, column in before.items()}
    return found


def replace_first(batch: Batch, repair: Repair) -> None:
    """Link a checked batch to the import it repairs; an unwritten one is given up for it.

    Called in the transaction of the check's result; a workbook without people replaces nothing.
    """
    if repair.of is None or batch.state != BatchState.CHECKED:
        return
    batch.repairs = repair.of
    batch.save(update_fields=["repairs", "updated_at"])
    first = Batch.objects.select_for_update().get(pk=repair.of.pk)
    if first.state in (BatchState.CHECKED, BatchState.MAPPED):
        first.state = BatchState.CANCELLED
        first.failure = {"code": "repaired", "params": {"number": batch.number}}
        first.finished_at = batch.checked_at
        first.save(update_fields=["state", "failure", "finished_at", "updated_at"])
        audit.record(
            "imports.batch.replaced", actor=batch.created_by, target=first,
            after={"by": batch.pk}, batch=first.pk,
        )  # fmt: skip
