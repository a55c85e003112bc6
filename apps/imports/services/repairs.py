"""A workbook with errors comes back: take its repaired lines, leave out those that came in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import jobs
from apps.core.spreadsheets.grid import Workbook, column_index, column_letter, sheet_of, title_of
from apps.imports.models import IMPORTABLE, Batch, BatchState, Row, RowIssue
from apps.imports.records import NO_PARAMS, SKIP, SKIPPED, CheckedRow, Issue, ShapeColumn
from apps.imports.rules.repairs import Content, Marked, content, says_more, split_marks
from apps.imports.selectors import READ_JOB

ALREADY_WRITTEN = "already_written"
BLOCK = 2_000
Place = tuple[str, int]
# An import in one of these has left lines out because they came in before.
TAKEN_FOR_WRITTEN = (BatchState.CHECKED, BatchState.CONFIRMED, BatchState.APPLYING)


class TakenBackMeanwhile(Exception):
    """An import whose lines count as come in was taken back while its workbook was being read."""


@dataclass(frozen=True)
class Repair:
    """What is known of a workbook that was handed out before; of another one nothing.

    `of` is the import it repairs; `sheets` are those with a first column of marks, `lines` maps
    sheet → row → the row in that import's file; `written` holds the contents of the lines of
    that import that came in already, `relies_on` the numbers of the imports that brought them.
    """

    of: Batch | None = None
    sheets: frozenset[str] = frozenset()
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)
    written: Mapping[Place, Content] = field(default_factory=dict, repr=False)
    relies_on: frozenset[int] = frozenset()

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
    relies_on = frozenset(each.pk for each in _line_of(first) if each.state == BatchState.DONE)
    return cleared, Repair(first, sheets, marked.lines, _written(first), relies_on)


def _named(batch: Batch, marked: Marked, actor: User) -> Batch | None:
    found = Batch.objects.visible_to(actor).filter(pk=marked.batch, kind=batch.kind)
    return found.exclude(pk=batch.pk).first()


def _line_of(first: Batch) -> list[Batch]:
    """Return an import, the one it repairs, the one that repairs, and so on."""
    line = [first]
    while (before := line[-1].repairs) is not None and before not in line:
        line.append(before)
    return line


def _written(first: Batch) -> dict[Place, Content]:
    """Return sheet and row → content of the lines of an import that are in the register by now.

    Once an import further back was taken back, nobody knows of a line that came in before whether
    it is there; it is compared with the register like any other.
    """
    names = {sheet.number: title_of(sheet.name) for sheet in first.sheets.all()}
    came_before = RowIssue.objects.filter(batch=first, kind=ALREADY_WRITTEN).values("row")
    rows = Row.objects.filter(batch=first)
    wanted = rows.none()
    if all(each.state != BatchState.UNDONE for each in _line_of(first)):
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
        name = title_of(sheet.name)
        now = suggested.get(name)
        if not sheet.is_data or now is None:
            continue
        shift = int(not sheet.has_marks)
        before = {
            column_letter(column_index(column["letter"]) + shift): column
            for column in sheet.columns
        }
        headers = {column.letter: " / ".join(column.header) for column in now}
        if headers == {letter: column["header"] for letter, column in before.items()}:
            found[name] = {letter: column["field"] for letter, column in before.items()}
    return found


def replace_first(batch: Batch, repair: Repair) -> None:
    """Link a checked batch to the import it repairs; an unwritten one is given up for it.

    Called in the transaction of the check's result; a workbook without people replaces nothing.
    Raises TakenBackMeanwhile when lines were left out that are not in the register any more.
    """
    if repair.of is None or batch.state != BatchState.CHECKED:
        return
    found = Batch.objects.select_for_update().filter(pk__in=repair.relies_on).order_by("-pk")
    if any(each.state != BatchState.DONE for each in found):
        raise TakenBackMeanwhile
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


def lock_repairing(first: Batch) -> list[Batch]:
    """Lock the open imports that leave out lines because an import, or one it led to, wrote them.

    The latest comes first: whoever checks such an import locks it before the one it repairs.
    """
    known, numbers = {first.pk}, {first.pk}
    while numbers := set(
        Batch.objects.filter(repairs__in=numbers).exclude(pk__in=known).values_list("pk", flat=True)
    ):
        known |= numbers
    rows = Batch.objects.select_for_update(of=("self",)).select_related("created_by")
    found = rows.filter(pk__in=known - {first.pk}, state__in=TAKEN_FOR_WRITTEN)
    return list(found.order_by("-pk"))


def read_anew(first: Batch, *, actor: User) -> None:
    """Have the open imports read again that counted on the lines of one that is taken back.

    Called in the transaction of the taking back. One that was confirmed must be confirmed again,
    because it brings more now; one that is being written notices and leaves no trace.
    """
    for batch in lock_repairing(first):
        batch.state = BatchState.UPLOADED
        batch.confirmed_at = batch.confirmed_by = None
        batch.save(update_fields=["state", "confirmed_at", "confirmed_by", "updated_at"])
        audit.record(
            "imports.batch.read_anew", actor=actor, target=batch,
            after={"because": first.pk}, batch=batch.pk,
        )  # fmt: skip
        jobs.enqueue(READ_JOB, batch.pk, actor=batch.created_by)
