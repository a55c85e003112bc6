"""What a workbook holds after reading: sheets of plain cell values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

# An empty cell is "", so that rows come over from the reader unchanged.
Cell = str | float | bool | date | datetime
Span = tuple[int, int, int, int]

CELL_ERRORS = frozenset(
    (
        "#N/A",
        "#VALUE!",
        "#REF!",
        "#DIV/0!",
        "#NUM!",
        "#NAME?",
        "#NULL!",
        "#GETTING_DATA",
        "#SPILL!",
        "#CALC!",
    )
)


@dataclass(frozen=True)
class Grid:
    """One sheet. Rows and columns count from 0 here and from 1 (or A) for people.

    `rows` are as long as their last filled cell; `merges` are (top, left, bottom, right),
    inclusive; the value of a merged range stands in its first cell only.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    hidden: bool = False
    merges: tuple[Span, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()

    @property
    def width(self) -> int:
        return self.width_from(0)

    def width_from(self, row: int) -> int:
        """Return the length of the longest row from this one on."""
        lengths = getattr(self.rows, "lengths", None) or [len(cells) for cells in self.rows]
        return max(lengths[row:], default=0)

    def head(self, rows: int) -> "Grid":
        """Return the sheet as if it ended after so many rows."""
        return replace(self, rows=self.rows[:rows])

    def cell(self, row: int, column: int) -> Cell:
        """Return one cell; outside of the filled area an empty one."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return ""


@dataclass(frozen=True)
class Workbook:
    """A file that was read. `format` is xlsx, xls, csv or html, by content and not by name."""

    filename: str
    format: str
    sheets: tuple[Grid, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def visible_sheets(self) -> tuple[Grid, ...]:
        return tuple(sheet for sheet in self.sheets if not sheet.hidden)


# Spreadsheet programs allow no brackets and colons in the name of a sheet, so none is called so.
_RANGE = re.compile(r" \[[A-Z]{1,3}\d*:[A-Z]{1,3}\d*\]$")
_NO_TITLE = re.compile(r"[\[\]:*?/\\]")
TITLE_LENGTH = 31


def part_name(sheet: str, span: str) -> str:
    """Return what one of several tables on a sheet is called: Sheet1 [G:K], Sheet1 [A46:F47]."""
    return f"{sheet_of(sheet)} [{span}]"


def sheet_of(name: str) -> str:
    """Return the name of the sheet in the file, given that of the sheet or of a part of it."""
    return _RANGE.sub("", name)


def title_of(name: str) -> str:
    """Return the name as a workbook can have it: a text file's sheet is named after the file.

    A name that comes from a workbook stays as it is, that of a part of a sheet keeps its range.
    """
    whole = sheet_of(name)
    return _NO_TITLE.sub("_", whole)[:TITLE_LENGTH] + name[len(whole) :]


def column_letter(index: int) -> str:
    """Return the letters of a column: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, place = divmod(index - 1, 26)
        letters = chr(65 + place) + letters
    return letters


def column_index(letters: str) -> int:
    """Return the number of a column: A → 0, AA → 26. Raises ValueError for other text."""
    number = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(letters)
        number = number * 26 + ord(letter) - 64
    if not number:
        raise ValueError(letters)
    return number - 1


def cell_text(cell: Cell | None) -> str:
    """Return a cell as a person sees it: whole numbers without point, dates as 2026-05-01.

    Numbers beyond 15 digits stand as 9.99901E+17, since the rest of their digits is lost.
    """
    if cell.__class__ is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, (int, float)):
        return _number_text(cell)
    if isinstance(cell, datetime):
        whole = not (cell.hour or cell.minute or cell.second)
        return cell.date().isoformat() if whole else cell.isoformat(" ", "seconds")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _number_text(number: float) -> str:
    if number != number or number in (float("inf"), float("-inf")):
        return str(number)
    if abs(number) >= 1e15:
        return f"{number:.5E}"
    return str(int(number)) if number == int(number) else repr(number)
