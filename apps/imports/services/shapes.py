"""Keep the sheets of a workbook as they were understood, with a few values of each column."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from apps.core.frozen import freeze
from apps.core.spreadsheets.grid import column_letter
from apps.imports.models import Batch, Sheet
from apps.imports.records import CheckedFile, CheckedRow, SheetShape
from apps.imports.services import remembered, repairs

SAMPLES = 3
SAMPLE_LENGTH = 40


def store_sheets(batch: Batch, checked: CheckedFile, repair: repairs.Repair) -> dict[str, int]:
    """Write the sheets as understood and return their numbers by name."""
    samples = _samples(checked.rows)
    Sheet.objects.filter(batch=batch).delete()
    sheets = [
        _sheet(batch, number, shape, samples.get(shape.name, {}), shape.name in repair.sheets)
        for number, shape in enumerate(checked.sheets, start=1)
    ]
    Sheet.objects.bulk_create(sheets)
    return {sheet.name: sheet.number for sheet in sheets}


def _sheet(
    batch: Batch, number: int, shape: SheetShape, samples: dict[str, list[str]], has_marks: bool
) -> Sheet:
    return Sheet(
        batch=batch,
        number=number,
        name=shape.name,
        role=shape.role,
        is_hidden=shape.hidden,
        reason=shape.reason[:40],
        title=shape.title[:255],
        has_marks=has_marks,
        header_rows=list(shape.header_rows),
        first_data_row=shape.first_data_row,
        data_rows=shape.data_rows,
        village_code=shape.village,
        fingerprint=remembered.fingerprint(shape.columns) if shape.role == "data" else "",
        columns=[
            {
                "letter": column.letter,
                "header": " / ".join(column.header),
                "field": column.field,
                "how": column.how,
                "certain": column.certain,
                **({"memory": shape.memory} if column.how == "remembered" else {}),
            }
            for column in shape.columns
        ],
        samples=freeze(samples),
    )


def _samples(rows: Sequence[CheckedRow]) -> dict[str, dict[str, list[str]]]:
    """The first values of each column: {sheet: {letter: [text, …]}}."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    seen: Counter[str] = Counter()
    for row in rows:
        if seen[row.sheet] >= SAMPLES:
            continue
        seen[row.sheet] += 1
        for index, text in enumerate(row.raw):
            found[row.sheet][column_letter(index)].append(str(text or "")[:SAMPLE_LENGTH])
    return {sheet: dict(columns) for sheet, columns in found.items()}
