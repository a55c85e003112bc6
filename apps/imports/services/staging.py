"""Stage checked rows and findings by COPY: 50,000 rows in a second or two, memory flat."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import Model

from apps.core import bulk, crypto
from apps.core.frozen import freeze
from apps.imports.models import Batch, Correction, Fix, Row, RowIssue
from apps.imports.records import CheckedRow, Issue, RowOutcome
from apps.imports.services.comparing import number_digest

BLOCK = 2_000
ROW_COLUMNS = (
    "id",
    "batch_id",
    "sheet_number",
    "row_number",
    "status",
    "outcome",
    "is_older",
    "village_id",
    "subject_id",
    "payload",
    "diff",
    "held",
    "stays",
    "number_digest",
)
ISSUE_COLUMNS = (
    "batch_id",
    "row_id",
    "sheet_number",
    "row_number",
    "column",
    "field",
    "kind",
    "severity",
    "detail",
    "raw_digest",
    "is_proposed",
)
CORRECTION_COLUMNS = ("fix_id", "sheet_name", "row_number", "column", "field", "value")
Place = tuple[str, int]


def clear_staging(batch: Batch) -> None:
    """Remove what an earlier check left."""
    clear_findings(batch)
    Row.objects.filter(batch=batch)._raw_delete("default")


def clear_findings(batch: Batch) -> None:
    """Remove the findings of an earlier check, or those noted while this one goes on."""
    RowIssue.objects.filter(batch=batch)._raw_delete("default")


def stage_rows(
    batch: Batch,
    rows: Sequence[CheckedRow],
    *,
    numbers: Mapping[str, int],
    statuses: Mapping[Place, str],
    outcomes: Mapping[Place, RowOutcome],
    villages: Mapping[str, int],
) -> dict[Place, int]:
    """Write the rows sealed and return their ids by (sheet name, row number).

    `numbers` maps sheet name to number, `villages` region code to region id; `statuses` are those
    after the comparison with the register.
    """
    places = [(row.sheet, row.row) for row in rows]
    ids = dict(zip(places, bulk.take_numbers(Row, len(rows)), strict=True))
    payload, diff, held = (_column(Row, name) for name in ("payload", "diff", "held"))

    def line(row: CheckedRow) -> Sequence[Any]:
        place = (row.sheet, row.row)
        outcome = outcomes.get(place)
        changes = {name: list(pair) for name, pair in outcome.changes.items()} if outcome else {}
        return (
            ids[place],
            batch.pk,
            numbers[row.sheet],
            row.row,
            statuses[place],
            outcome.outcome if outcome else "",
            bool(outcome and outcome.older),
            villages.get(row.region_code or ""),
            outcome.subject_id if outcome else None,
            crypto.encrypt(payload, freeze({"values": dict(row.values), "raw": list(row.raw)})),
            crypto.encrypt(diff, freeze(changes)) if changes else None,
            crypto.encrypt(held, freeze(_held(outcome))) if outcome and outcome.held else None,
            list(outcome.stays) if outcome and outcome.stays else None,
            number_digest(number) if (number := row.values.get("id_number")) else None,
        )

    _copy(Row, ROW_COLUMNS, map(line, rows))
    return ids


def _held(outcome: RowOutcome) -> dict[str, Any]:
    fields = {name: list(values) for name, values in outcome.held.items()}
    return {"fields": fields, "since": outcome.held_since}


def stage_issues(
    batch: Batch,
    issues: Iterable[Issue],
    *,
    numbers: Mapping[str, int],
    row_ids: Mapping[Place, int],
) -> None:
    """Write the findings; value and parameters sealed, for they may name people."""
    detail = _column(RowIssue, "detail")

    def line(issue: Issue) -> Sequence[Any]:
        facts = {
            "raw": issue.raw,
            "params": dict(issue.params),
            "suggestion": issue.suggestion,
        }
        return (
            batch.pk,
            row_ids.get((issue.sheet, issue.row)),
            numbers[issue.sheet],
            issue.row,
            issue.column_letter,
            issue.field,
            issue.kind,
            issue.severity,
            crypto.encrypt(detail, freeze(facts)),
            raw_digest(issue.raw),
            bool(issue.suggestion),
        )

    _copy(RowIssue, ISSUE_COLUMNS, map(line, issues))


def stage_corrections(fix: Fix, lines: Iterable[tuple[str, int, str, str, str]]) -> None:
    """Write the cells of one step: sheet, row, letter, field and the text that shall count."""
    sealing = _column(Correction, "value")

    def line(cell: tuple[str, int, str, str, str]) -> Sequence[Any]:
        *place, text = cell
        return (fix.pk, *place, crypto.encrypt(sealing, text))

    _copy(Correction, CORRECTION_COLUMNS, map(line, lines))


def raw_digest(raw: str) -> bytes:
    """Return the digest by which findings with the same content of their cells are found."""
    return crypto.digest("imports.raw", raw)


def _column(model: type[Row | RowIssue | Correction], name: str) -> str:
    return model._meta.get_field(name).sealing_column()  # type: ignore[union-attr]


def _copy(model: type[Model], columns: Sequence[str], lines: Iterable[Sequence[Any]]) -> None:
    """COPY lines in blocks, so that only one block is held in memory."""
    remaining = iter(lines)
    while block := list(islice(remaining, BLOCK)):
        bulk.copy_models(model, columns, block)
