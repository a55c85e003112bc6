"""Tables in HTML: many office systems hand out web pages under the name of .xls files.

Reads tags by plain searches, in time that grows with the length of the page only, whatever stands
in it. Imports nothing of Django.
"""

import re
from collections.abc import Iterator
from html import unescape

from apps.core.spreadsheets.delimited import decode
from apps.core.spreadsheets.gate import (
    MAX_COLUMNS,
    MAX_ROWS,
    STATED_ROWS,
    Refused,
    too_many_columns,
    too_many_rows,
)
from apps.core.spreadsheets.grid import Span
from apps.core.spreadsheets.people import People, check_people

_CHARSET = re.compile(rb"charset=[\"']?\s*([\w-]{3,20})", re.IGNORECASE)
# Any other < is a sign in a text.
_TAG = re.compile(r"<(?:(/?[a-zA-Z][a-zA-Z0-9]*)|[!?])")
_SPAN = re.compile(r"\b(row|col)span\s*=\s*[\"']?\s*(\d{1,6})", re.IGNORECASE)
_TABLE = re.compile(r"<table\b", re.IGNORECASE)
_ROW = re.compile(r"<tr\b", re.IGNORECASE)
_CELL = re.compile(r"<t[dh]\b", re.IGNORECASE)
# A text that is a cell's only one, at its place among the others of the row.
_CELL_TEXT = re.compile(r"<t[dh]\b[^<>]{0,4096}>([^<]{0,40})", re.IGNORECASE)
_BLANKS = re.compile(r"[ \t\r\n]+")
# Where what is never shown ends, by its tag.
_SILENT = {
    tag: re.compile(f"<(/{tag})\\b", re.IGNORECASE) for tag in ("style", "script", "title", "xml")
}
_LONGEST_TAG = 4096
# Fewer than of a workbook, since pages are read more slowly.
_MAX_CELLS = 1_000_000


class TableReader:
    """Collects the cells of all tables of a page into one list of rows, spans included."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self.merges: list[Span] = []
        self.tables = 0
        self._cells = 0
        # For each column the first row that no cell from above reaches into.
        self._free = [0] * MAX_COLUMNS
        self._text: list[str] | None = None
        self._span = (1, 1)

    def read(self, page: str) -> None:
        """Take a whole page. Raises Refused for more rows, columns or cells than are read."""
        for tag, rest, text in _pieces(page):
            if tag in ("td", "th"):
                self._close_cell()
                self._open_cell(rest)
            elif tag in ("/td", "/th", "/tr", "/table"):
                self._close_cell()
            elif tag == "tr":
                self._close_cell()
                self._open_row()
            elif tag == "br" and self._text is not None:
                self._text.append("\n")
            elif tag == "table":
                self.tables += 1
            if text and self._text is not None:
                self._text.append(_shown(text))
        self._close_cell()

    def _open_row(self) -> None:
        self.rows.append([])
        if len(self.rows) > MAX_ROWS:
            raise too_many_rows()

    def _open_cell(self, attributes: str) -> None:
        self._text = []
        self._span = (1, 1)
        if attributes:
            spans = {name.lower(): int(number) for name, number in _SPAN.findall(attributes)}
            self._span = (max(spans.get("row", 1), 1), max(spans.get("col", 1), 1))
        self._cells += 1
        if self._cells > _MAX_CELLS:
            raise Refused("too_many_cells", limit=_MAX_CELLS)

    def _close_cell(self) -> None:
        if self._text is None or not self.rows:
            return
        text = "".join(self._text).strip()
        if "\n" in text:
            text = "\n".join(line.strip() for line in text.split("\n"))
        self._text = None
        row, cells = len(self.rows) - 1, self.rows[-1]
        while len(cells) < MAX_COLUMNS and self._free[len(cells)] > row:
            cells.append("")
        left, (height, width) = len(cells), self._span
        if left >= MAX_COLUMNS:
            if text:
                raise too_many_columns()
            return
        cells.append(text)
        if height > 1 or width > 1:
            right = min(left + width, MAX_COLUMNS)
            cells.extend([""] * (right - left - 1))
            self.merges.append((row, left, row + height - 1, right - 1))
            self._free[left:right] = [row + height] * (right - left)


def _shown(text: str) -> str:
    """Return a text as a page shows it: line ends are blanks, entities are characters."""
    if "\n" in text or "\t" in text or "  " in text:
        text = _BLANKS.sub(" ", text)
    return unescape(text) if "&" in text else text


def _pieces(page: str) -> Iterator[tuple[str, str, str]]:
    """Yield (name of a tag in small letters, its attributes, the text after it)."""
    found = _TAG.search(page)
    while found:
        end = _end_of_tag(page, found.start())
        if end < 0:
            return
        name = found[1] or ""
        tag, rest = name.lower(), page[found.end() : end] if name else ""
        if tag in _SILENT:
            found = _SILENT[tag].search(page, end)
            continue
        found = _TAG.search(page, end + 1)
        yield tag, rest, page[end + 1 : found.start() if found else len(page)]


def _end_of_tag(page: str, start: int) -> int:
    """Return where the > of a tag or comment stands, -1 if it has none.

    It may also stand inside of a quoted attribute, where it ends nothing.
    """
    if page.startswith("<!--", start) and not page.startswith("<!--[if", start):
        end = page.find("-->", start)
        return end + 2 if end >= 0 else -1
    end, counted, quotes = page.find(">", start), start, 0
    while end >= 0:
        quotes += page.count('"', counted, end)
        counted = end
        closing = page.find('"', end, start + _LONGEST_TAG) if quotes % 2 else -1
        if closing < 0:
            return end
        end = page.find(">", closing)
    return end


def check_hypertext(data: bytes) -> None:
    """Refuse a page without a table or with more rows than are ever read, without reading it."""
    page = _decode(data)
    if not _TABLE.search(page):
        raise Refused("not_workbook", found="HTML")
    rows = _ROW.split(page)[1:]
    if len(rows) > MAX_ROWS:
        raise too_many_rows()
    if len(rows) > STATED_ROWS:
        check_people([_CELL_TEXT.findall(row) for row in rows], People())
    if any(len(_CELL.findall(row)) > MAX_COLUMNS for row in rows if len(row) > 4 * MAX_COLUMNS):
        # Only those with content count, which a reading tells; it ends at the first of them.
        TableReader().read(page)


def read_hypertext(data: bytes) -> tuple[list[list[str]], list[Span]]:
    """Return rows and merged ranges of the tables of a page. Raises Refused if it has none."""
    reader = TableReader()
    reader.read(_decode(data))
    if not reader.tables or not any(map(any, reader.rows)):
        raise Refused("not_workbook", found="HTML")
    return reader.rows, reader.merges


def _decode(data: bytes) -> str:
    match = _CHARSET.search(data[:2048])
    name = match[1].decode("ascii").lower() if match else ""
    if name in ("gb2312", "gbk", "gb18030"):
        return data.decode("gb18030", "replace")
    return decode(data)
