"""The process that opens files from outside: `python -m apps.core.spreadsheets.child FILE`.

Limits its own memory and processor time, then reads and writes one JSON object to standard
output. Holds no secrets and no connections and imports nothing of Django, so that a file that
breaks the parser breaks nothing else. Text that begins with a zero byte stands for a date.
"""

import io
import json
import resource
import sys
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from apps.core.spreadsheets import gate
from apps.core.spreadsheets.biff import SheetDetails, stream_names
from apps.core.spreadsheets.biff import sheet_details as biff_details
from apps.core.spreadsheets.delimited import read_delimited
from apps.core.spreadsheets.gate import MAX_COLUMNS, MAX_ROWS, Refused
from apps.core.spreadsheets.hypertext import read_hypertext
from apps.core.spreadsheets.package import sheet_details as package_details

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 60
DATE_MARK = "\0"


def main(path: str) -> None:
    """Read one file and print what was found, or why nothing was."""
    limit_resources()
    try:
        answer = read(Path(path))
    except Refused as refusal:
        answer = {"refused": refusal.code, "params": refusal.params}
    except MemoryError:
        answer = {"refused": "bomb", "params": {}}
    # One dumps() instead of dump(): only the former is done in C.
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair, which old files may hold, is no character.
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def limit_resources() -> None:
    """Set the limits that the operating system enforces on this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(path: Path) -> dict[str, Any]:
    """Return {"format", "sheets"} of a file. Raises Refused."""
    found = gate.file_format(path)
    if found == "csv":
        return {"format": "csv", "sheets": [_sheet("", read_delimited(path.read_bytes()))]}
    if found == "html":
        rows, merges = read_hypertext(path.read_bytes())
        return {"format": "html", "sheets": [_sheet("", rows, merges=merges)]}
    if found == "ole":
        return {"format": "xls", "sheets": _read_xls(path)}
    gate.inspect_package(path)
    return {"format": "xlsx", "sheets": _read_workbook(path, package_details(path))}


def _read_xls(path: Path) -> list[dict[str, Any]]:
    data = path.read_bytes()
    names = {name.lower() for name in stream_names(data)}
    if "encryptedpackage" in names:
        raise Refused("encrypted")
    if not names & {"workbook", "book"}:
        raise Refused("not_workbook", found="Word" if "worddocument" in names else "OLE")
    return _read_workbook(path, biff_details(data))


def _read_workbook(
    path: Path, details: dict[str, SheetDetails] | list[SheetDetails]
) -> list[dict[str, Any]]:
    # Imported here: a csv file needs no native reader.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        # From bytes, because from a path the reader would go by the name's ending.
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        if isinstance(details, list):
            details = dict(zip(workbook.sheet_names, details, strict=False))
        sheets = [
            _read_sheet(workbook, index, sheet, details.get(sheet.name) or SheetDetails())
            for index, sheet in enumerate(workbook.sheets_metadata)
        ]
    except PasswordError:
        raise Refused("encrypted") from None
    except (CalamineError, OSError, ValueError, IndexError, KeyError):
        raise Refused("damaged") from None
    return sheets


def _read_sheet(workbook: Any, index: int, sheet: Any, details: SheetDetails) -> dict[str, Any]:
    hidden = "Hidden" in str(sheet.visible)
    if hidden or "WorkSheet" not in str(sheet.typ):
        return _sheet(sheet.name, [], hidden=hidden)
    values = workbook.get_sheet_by_index(index)
    rows = values.to_python(skip_empty_area=False)
    for (row, column), error in details.errors.items():
        if row < len(rows) + 1000 and column < MAX_COLUMNS:
            _put(rows, row, column, error)
    merges = [(top, left, bottom, right) for (top, left), (bottom, right) in _merges(values)]
    return _sheet(
        sheet.name, rows, merges=merges, hidden_rows=details.hidden_rows,
        hidden_columns=details.hidden_columns,
    )  # fmt: skip


def _merges(values: Any) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return values.merged_cell_ranges or []


def _put(rows: list[list[Any]], row: int, column: int, value: str) -> None:
    """Write one cell, beyond the filled area if need be."""
    while len(rows) <= row:
        rows.append([])
    line = rows[row]
    line.extend([""] * (column + 1 - len(line)))
    line[column] = value


def _sheet(
    name: str,
    rows: list[list[Any]],
    *,
    hidden: bool = False,
    merges: Any = (),
    hidden_rows: Any = (),
    hidden_columns: Any = (),
) -> dict[str, Any]:
    lines = [_line(row) for row in rows]
    while lines and not lines[-1]:
        lines.pop()
    if sum(map(bool, lines)) > MAX_ROWS:
        raise Refused("too_many_rows", limit=50_000)
    if max(map(len, lines), default=0) > MAX_COLUMNS:
        raise Refused("too_many_columns", limit=MAX_COLUMNS)
    return {
        "name": name.replace(DATE_MARK, ""),
        "hidden": hidden,
        "rows": lines,
        "merges": [span for span in merges if span[0] < len(lines)],
        "hidden_rows": [row for row in sorted(hidden_rows) if row < len(lines)],
        "hidden_columns": sorted(hidden_columns),
    }


def _line(row: list[Any]) -> list[Any]:
    """Return a row without empty cells at its end; dates as marked text."""
    end = len(row)
    while end and row[end - 1] in ("", None):
        end -= 1
    return [
        cell
        if cell.__class__ in (float, int, bool) or (cell.__class__ is str and "\0" not in cell)
        else _plain(cell)
        for cell in row[:end]
    ]


def _plain(cell: Any) -> Any:
    """Return a cell that JSON can carry; no text may look like a marked date."""
    if cell is None:
        return ""
    if isinstance(cell, (date, datetime)):
        return DATE_MARK + cell.isoformat()
    if isinstance(cell, time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return cell.total_seconds() / 86400
    return str(cell).replace(DATE_MARK, "")


if __name__ == "__main__":
    main(sys.argv[1])
