"""Delimited text (csv): which encoding, which delimiter, which cells. Imports nothing of Django."""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain

from apps.core.spreadsheets.gate import (
    LAST_ROW,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    Refused,
    too_many_columns,
    too_many_rows,
)

_DELIMITERS = ",\t;|^，"
_SAMPLE_LINES = 60
_SAMPLE_CHARACTERS = 1 << 16
_LONGEST_CELL = 1 << 20
# Excel's own way to name the delimiter, in a first line that it does not show.
_NAMED = re.compile(r"sep=([,\t;|^])\r?\n", re.IGNORECASE)
# No text holds it, see decode().
_END = "\0"


def read_delimited(data: bytes) -> list[list[str]]:
    """Return the rows of a csv file. Raises Refused when it is not text, no table or too much."""
    text = decode(data)
    if not text.strip():
        raise Refused("empty")
    if named := _NAMED.match(text):
        return _rows(text[named.end() :], named[1])
    return _rows(text, sniff_delimiter(text))


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """Return all rows down to the last with content; stops at the first beyond the limits."""
    rows: list[list[str]] = []
    blank, filled, cells = 0, 0, 0
    for row in _records(text, delimiter):
        if not any(row):
            blank += 1
            continue
        filled += 1
        if filled > MAX_ROWS:
            raise too_many_rows()
        if len(rows) + blank >= LAST_ROW:
            raise Refused("too_far", columns=MAX_COLUMNS, rows=LAST_ROW)
        if len(row) > MAX_COLUMNS and any(row[MAX_COLUMNS:]):
            raise too_many_columns()
        cells += len(row) - row.count("")
        if cells > MAX_CELLS:
            raise Refused("too_many_cells", limit=MAX_CELLS)
        rows.extend([] for _ in range(blank))
        blank = 0
        rows.append(row[:MAX_COLUMNS])
    return rows


def _records(text: str, delimiter: str) -> Iterator[list[str]]:
    """Yield the rows of a text. Raises Refused when a quotation mark never closes."""
    csv.field_size_limit(_LONGEST_CELL)
    # An end of our own after the last line: whatever swallows it was left open.
    reader = csv.reader(chain(io.StringIO(text, newline=""), [_END]), delimiter=delimiter)
    line = 1
    try:
        for row in reader:
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):
                raise Refused("open_quote", line=line)
            yield row
            line = reader.line_num + 1
    except csv.Error:
        several = reader.line_num > line
        raise Refused("open_quote", line=line) if several else Refused("damaged") from None


def decode(data: bytes) -> str:
    """Return the text of UTF-8, GB 18030 or UTF-16 bytes. Raises Refused for anything else."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    if data.startswith(b"\xef\xbb\xbf"):
        return _strict(data, "utf-8-sig")
    if b"\0" in data:
        text = _strict(data, _utf_16_without_mark(data))
        if "\n" not in text and "\r" not in text:
            raise Refused("not_workbook", found="binary")
        return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _strict(data, "gb18030")


def _utf_16_without_mark(data: bytes) -> str:
    """Tell the byte order by where the zero bytes of digits and commas stand."""
    start = data[:4096]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 20 or (even and odd and min(even, odd) * 4 > max(even, odd)):
        raise Refused("not_workbook", found="binary")
    return "utf-16-be" if even > odd else "utf-16-le"


def _strict(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        raise Refused("encoding") from None
    if "\0" in text:
        raise Refused("not_workbook", found="binary")
    return text


def sniff_delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly; a comma if none does."""
    lines = text[:_SAMPLE_CHARACTERS].splitlines()[:_SAMPLE_LINES]
    lines = [line for line in lines if line.strip()]
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [line.count(delimiter) for line in lines]
        usual = max(set(counts), key=counts.count, default=0)
        filled = [count for count in counts if count]
        if not filled:
            continue
        usual = usual or max(set(filled), key=filled.count)
        score = usual * sum(count >= usual for count in counts) / len(counts)
        if score > best_score:
            best, best_score = delimiter, score
    return best
