"""The process that opens files from outside: `python -m apps.core.spreadsheets.child FILE`.

Limits its own memory and processor time, then reads and writes to standard output, a line of JSON
for each part: the format; then for each sheet its head and its rows in blocks, each block after
the lengths of its rows; at the end either {"end"} or {"refused"}. Holds no secrets and no
connections and imports nothing of Django, so that a file that breaks the parser breaks nothing
else.

With `inspect` as second argument it only says whether the file may be read at all: what it is,
whether it is safe and keeps the limits, as far as that can be told soon.
"""

import io
import json
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from apps.core.spreadsheets import gate
from apps.core.spreadsheets.biff import SheetDetails, stream_names
from apps.core.spreadsheets.biff import sheet_details as biff_details
from apps.core.spreadsheets.delimited import read_delimited
from apps.core.spreadsheets.gate import (
    LAST_ROW,
    MAX_COLUMNS,
    MAX_ROWS,
    MAX_SHEETS,
    STATED_ROWS,
    Refused,
    too_many_columns,
    too_many_rows,
)
from apps.core.spreadsheets.hypertext import check_hypertext, read_hypertext
from apps.core.spreadsheets.package import sheet_details as package_details
from apps.core.spreadsheets.package_gate import inspect_package
from apps.core.spreadsheets.packed import BLOCK_ROWS, DATE_MARK
from apps.core.spreadsheets.people import People, check_people

MEMORY_BYTES = 1 << 30
CPU_SECONDS = 60
# What the caller takes over at most: one long text may stand in very many cells.
MAX_ANSWER_BYTES = 128 << 20
# Cells of all sheets together, empty ones between the filled ones included.
MAX_AREA = 20_000_000
# Rows of all merged ranges of a sheet together.
MAX_MERGED_ROWS = 1_000_000
# Bytes of a row of an .xls file that holds one cell.
_LEAST_ROW = 14

Part = dict[str, Any] | list[list[Any]]


def main(path: str, task: str = "read") -> None:
    """Read or inspect one file and print what was found, or why nothing was."""
    limit_resources()
    left = MAX_ANSWER_BYTES
    try:
        for part in inspect(Path(path)) if task == "inspect" else read(Path(path)):
            left -= send(part)
            if left < 0:
                raise Refused("bomb")
        send({"end": True})
    except Refused as refusal:
        send({"refused": refusal.code, "params": refusal.params})
    except MemoryError:
        send({"refused": "bomb", "params": {}})


def send(part: Part) -> int:
    """Print one part as a line and return how many bytes it has."""
    # One dumps() instead of dump(): only the former is done in C.
    text = json.dumps(part, ensure_ascii=False, separators=(",", ":"))
    # Half of a surrogate pair, which old files may hold, is no character.
    return sys.stdout.buffer.write(text.encode("utf-8", "replace") + b"\n")


def limit_resources() -> None:
    """Set the limits that the operating system enforces on this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # Two numbers, so that this limit ends in SIGXCPU and never looks like a kill from outside.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def inspect(path: Path) -> Iterator[Part]:
    """Yield the format of a file that may be read. Raises Refused; takes below a second."""
    found = gate.file_format(path)
    if found == "csv":
        _check_rows([read_delimited(path.read_bytes())])
    elif found == "html":
        check_hypertext(path.read_bytes())
    elif found == "ole":
        _inspect_xls(path)
    else:
        inspect_package(path)
    yield {"format": found}


def _inspect_xls(path: Path) -> None:
    """Look at the names of the streams; at the rows only where they may be too many."""
    _check_streams(stream_names(path.read_bytes()))
    if path.stat().st_size > STATED_ROWS * _LEAST_ROW:
        parts = list(_read_workbook(path, []))
        _check_rows([part for part in parts if isinstance(part, list)])


def _check_rows(sheets: list[list[list[Any]]]) -> None:
    """Refuse rows of more people than may come in."""
    if sum(sum(map(any, rows)) for rows in sheets) > STATED_ROWS:
        people = People()
        for rows in sheets:
            check_people(rows, people)


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
        inspect_package(path)
        yield from _read_workbook(path, package_details(path))


def _read_xls(path: Path) -> Iterator[Part]:
    data = path.read_bytes()
    _check_streams(stream_names(data))
    yield from _read_workbook(path, biff_details(data))


def _check_streams(streams: list[str]) -> None:
    """Refuse compound files that are no workbooks, or whose workbook cannot be seen."""
    names = {name.lower() for name in streams}
    if "encryptedpackage" in names:
        raise Refused("encrypted")
    if not names & {"workbook", "book"}:
        raise Refused("not_workbook", found="Word" if "worddocument" in names else "OLE")
    if "_vba_project_cur" in names:
        raise Refused("macros")


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
        if len(workbook.sheet_names) > MAX_SHEETS:
            raise Refused("unsafe", found="sheets")
        room = _Room()
        for index, sheet in enumerate(workbook.sheets_metadata):
            known = details.get(sheet.name) or SheetDetails()
            yield from _read_sheet(workbook, index, sheet, known, room)
    except PasswordError:
        raise Refused("encrypted") from None
    except (CalamineError, OSError, ValueError, IndexError, KeyError):
        raise Refused("damaged") from None


class _Room:
    """How much of what all sheets of a workbook may have together is left."""

    def __init__(self) -> None:
        self._area = MAX_AREA
        self._rows = MAX_ROWS

    def take(self, rows: list[list[Any]]) -> None:
        """Take what a sheet needs. Raises Refused when there is not enough."""
        self._area -= len(rows) * max(map(len, rows), default=0)
        if self._area < 0:
            raise Refused("too_far", columns=MAX_COLUMNS, rows=LAST_ROW)
        self._rows -= sum(map(any, rows))
        if self._rows < 0:
            raise too_many_rows()


def _read_sheet(
    workbook: Any, index: int, sheet: Any, details: SheetDetails, room: _Room
) -> Iterator[Part]:
    hidden = "Hidden" in str(sheet.visible)
    if hidden or "WorkSheet" not in str(sheet.typ):
        yield from _sheet(sheet.name, [], hidden=hidden)
        return
    values = workbook.get_sheet_by_index(index)
    rows = values.to_python(skip_empty_area=False)
    room.take(rows)
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
        "merges": _clipped(merges, end),
        "hidden_rows": [row for row in sorted(hidden_rows) if row < end],
        "hidden_columns": sorted(hidden_columns),
    }
    filled = 0
    for start in range(0, end, BLOCK_ROWS):
        block = [_line(row) for row in rows[start : min(start + BLOCK_ROWS, end)]]
        lengths = [len(line) for line in block]
        filled += sum(map(bool, lengths))
        if filled > MAX_ROWS:
            raise too_many_rows()
        if max(lengths) > MAX_COLUMNS:
            raise too_many_columns()
        yield {"lengths": lengths}
        yield block


def _clipped(merges: Any, height: int) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges as far as there are rows and columns. Raises Refused."""
    spans = [
        (top, left, min(bottom, height - 1), min(right, MAX_COLUMNS - 1))
        for top, left, bottom, right in merges
        if top < height and left < MAX_COLUMNS
    ]
    # Ranges that begin in one row and do not overlap are no more than its columns.
    most = max(Counter(span[0] for span in spans).values(), default=0)
    rows = sum(bottom - top + 1 for top, _left, bottom, _right in spans)
    if most > MAX_COLUMNS or rows > MAX_MERGED_ROWS:
        raise Refused("unsafe", found="merged cells")
    return spans


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
    main(*sys.argv[1:])
