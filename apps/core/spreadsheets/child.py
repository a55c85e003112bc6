"""The process that opens files from outside: `python -m apps.core.spreadsheets.child FILE`.

Limits its own memory and processor time, then reads and writes to standard output, a line of JSON
for each part: the format; then for each sheet its head and its rows in blocks, each block after
the lengths of its rows; at the end either {"end"} or {"refused"}. Holds no secrets and no
connections and imports nothing of Django, so that a file that breaks the parser breaks nothing
else.
"""

import io
import json
import resource
import sys
from collections.abc import Iterator
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
from apps.core.spreadsheets.packed import BLOCK_ROWS, DATE_MARK

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 60

Part = dict[str, Any] | list[list[Any]]


def main(path: str) -> None:
    """Read one file and print what was found, or why nothing was."""
    limit_resources()
    try:
        for part in read(Path(path)):
            send(part)
        send({"end": True})
    except Refused as refusal:
        send({"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        send({"refused": "bomb", "params": {}})


def send(part: Part) -> None:
    """Print one part as a line."""
    # One dumps() instead of dump(): only the former is done in C.
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair, which old files may hold, is no character.
    sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")


def limit_resources() -> None:
    """Set the limits that the operating system enforces on this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def read(path: Path) -> Iterator[Part]:
    """Yield the parts of a file: its format, then its sheets. Raises Refused."""
    found = gate.file_format(path)
    yield {"format": "xls" if found == "ole" else found}
    if found == "csv":
        yield from _sheet("", read_delimited(path.read_bytes()))
    elif found == "html":
        rows, merges = read_hypertext(path.read_bytes())
        yield from _sheet("", rows, merges=merges)
    elif found == "ole":
        yield from _read_xls(path)
    else:
        gate.inspect_package(path)
        yield from _read_workbook(path, package_details(path))


def _read_xls(path: Path) -> Iterator[Part]:
    data = path.read_bytes()
    names = {name.lower() for name in stream_names(data)}
    if "encryptedpackage" in names:
        raise Refused("encrypted")
    if not names & {"workbook", "book"}:
        raise Refused("not_workbook", found="Word" if "worddocument" in names else "OLE")
    yield from _read_workbook(path, biff_details(data))


def _read_workbook(
    path: Path, details: dict[str, SheetDetails] | list[SheetDetails]
) -> Iterator[Part]:
    # Imported here: a csv file needs no native reader.
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        # From bytes, because from a path the reader would go by the name's ending.
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
        if isinstance(details, list):
            details = dict(zip(workbook.sheet_names, details, strict=False))
        for index, sheet in enumerate(workbook.sheets_metadata):
            known = details.get(sheet.name) or SheetDetails()
            yield from _read_sheet(workbook, index, sheet, known)
    except PasswordError:
        raise Refused("encrypted") from None
    except (CalamineError, OSError, ValueError, IndexError, KeyError):
        raise Refused("damaged") from None


def _read_sheet(workbook: Any, index: int, sheet: Any, details: SheetDetails) -> Iterator[Part]:
    hidden = "Hidden" in str(sheet.visible)
    if hidden or "WorkSheet" not in str(sheet.typ):
        yield from _sheet(sheet.name, [], hidden=hidden)
        return
    values = workbook.get_sheet_by_index(index)
    rows = values.to_python(skip_empty_area=False)
    for (row, column), error in details.errors.items():
        if row < len(rows) + 1000 and column < MAX_COLUMNS:
            _put(rows, row, column, error)
    merges = [(top, left, bottom, right) for (top, left), (bottom, right) in _merges(values)]
    yield from _sheet(
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
) -> Iterator[Part]:
    """Yield the head of a sheet, then its rows in blocks."""
    end = len(rows)
    while end and not _line(rows[end - 1]):
        end -= 1
    yield {
        "sheet": name.replace(DATE_MARK, ""),
        "hidden": hidden,
        "merges": [span for span in merges if span[0] < end],
        "hidden_rows": [row for row in sorted(hidden_rows) if row < end],
        "hidden_columns": sorted(hidden_columns),
    }
    filled = 0
    for start in range(0, end, BLOCK_ROWS):
        block = [_line(row) for row in rows[start : min(start + BLOCK_ROWS, end)]]
        lengths = [len(line) for line in block]
        filled += sum(map(bool, lengths))
        if filled > MAX_ROWS:
            raise Refused("too_many_rows", limit=50_000)
        if max(lengths) > MAX_COLUMNS:
            raise Refused("too_many_columns", limit=MAX_COLUMNS)
        yield {"lengths": lengths}
        yield block


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
