"""Tables in HTML: many office systems hand out web pages under the name of .xls files.

Imports nothing of Django.
"""

import re
from html.parser import HTMLParser

from apps.core.spreadsheets.delimited import decode
from apps.core.spreadsheets.gate import MAX_COLUMNS, MAX_ROWS, Refused
from apps.core.spreadsheets.grid import Span

_CHARSET = re.compile(rb"charset=[\"']?\s*([\w-]{3,20})", re.IGNORECASE)


class TableParser(HTMLParser):
    """Collects the cells of all outermost tables into one list of rows, spans included."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[list[str]] = []
        self.merges: list[Span] = []
        self.tables = 0
        self._covered: set[tuple[int, int]] = set()
        self._text: list[str] | None = None
        self._span = (1, 1)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables += 1
        elif tag == "tr":
            self._close_cell()
            self.rows.append([])
            if len(self.rows) > MAX_ROWS:
                raise Refused("too_many_rows", limit=50_000)
        elif tag in ("td", "th"):
            self._close_cell()
            values = dict(attrs)
            self._span = (_number(values.get("rowspan")), _number(values.get("colspan")))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close_cell()

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def _close_cell(self) -> None:
        if self._text is None or not self.rows:
            return
        text, self._text = "".join(self._text).strip(), None
        row, cells = len(self.rows) - 1, self.rows[-1]
        while (row, len(cells)) in self._covered:
            cells.append("")
        left, (height, width) = len(cells), self._span
        cells.append(text)
        cells.extend([""] * (width - 1))
        if len(cells) > MAX_COLUMNS:
            raise Refused("too_many_columns", limit=MAX_COLUMNS)
        if height > 1 or width > 1:
            self.merges.append((row, left, row + height - 1, left + width - 1))
        for down in range(1, height):
            self._covered.update((row + down, left + right) for right in range(width))


def _number(value: str | None) -> int:
    return min(int(value), MAX_COLUMNS) if value and value.isascii() and value.isdigit() else 1


def read_hypertext(data: bytes) -> tuple[list[list[str]], list[Span]]:
    """Return rows and merged ranges of the tables of a page. Raises Refused if it has none."""
    parser = TableParser()
    parser.feed(_decode(data))
    parser.close()
    if not parser.tables or not any(map(any, parser.rows)):
        raise Refused("not_workbook", found="HTML")
    return parser.rows, parser.merges


def _decode(data: bytes) -> str:
    match = _CHARSET.search(data[:2048])
    name = match[1].decode("ascii").lower() if match else ""
    if name in ("gb2312", "gbk", "gb18030"):
        return data.decode("gb18030", "replace")
    return decode(data)
