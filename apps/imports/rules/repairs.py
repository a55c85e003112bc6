"""The workbook with errors and its way back: how its first column names import and lines.

A sheet that was handed out has a first column whose heading names the import, and whose cells
begin with the number that the line had then (#12). The numbers travel with their lines when
somebody sorts, copies or deletes lines; a new line has none.
"""

import re
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any, overload

from apps.core.spreadsheets.grid import Cell, Grid, Workbook

HEADING_WITHIN = 60
_HEADING = re.compile(r"FPMS (\d{8})-(\d+)")
_LINE = re.compile(r"#(\d+)(?!\d)")


def heading_text(words: str, number: str) -> str:
    """Return the heading of the first column; `number` is that of the import."""
    return f"{words} · FPMS {number}"


def line_text(row: int, words: str) -> str:
    """Return what the first column says about a line."""
    return f"#{row} {words}".rstrip()


@dataclass(frozen=True)
class Marked:
    """What the first columns of a workbook say.

    `batch` is the number of the import whose errors it shows; `lines` maps sheet → row → the row
    that the line had in that import's file. Rows count from 1.
    """

    batch: int
    lines: Mapping[str, Mapping[int, int]] = field(default_factory=dict)


def split_marks(workbook: Workbook) -> tuple[Workbook, Marked | None, frozenset[str]]:
    """Return the workbook with the marks blanked out, what they said, and the sheets with marks.

    Columns keep their letters. Marks of several imports in one workbook (pasted together) count
    as none, because their row numbers would mix.
    """
    found = {grid.name: _marks_of(grid) for grid in workbook.visible_sheets}
    named = {name: marks for name, marks in found.items() if marks is not None}
    if not named:
        return workbook, None, frozenset()
    sheets = tuple(
        replace(grid, rows=_Blanked(grid.rows)) if grid.name in named else grid
        for grid in workbook.sheets
    )
    batches = {batch for batch, _lines in named.values()}
    cleared = replace(workbook, sheets=sheets)
    if len(batches) > 1:
        return cleared, None, frozenset(named)
    lines = {name: lines for name, (_batch, lines) in named.items()}
    return cleared, Marked(batches.pop(), lines), frozenset(named)


def _marks_of(grid: Grid) -> tuple[int, dict[int, int]] | None:
    """Return the import's number and the lines' numbers of one sheet."""
    top = (_HEADING.search(_first(cells)) for cells in grid.rows[:HEADING_WITHIN])
    heading = next(filter(None, top), None)
    if heading is None:
        return None
    found = ((row, _LINE.match(_first(cells))) for row, cells in enumerate(grid.rows, start=1))
    return int(heading[2]), {row: int(line[1]) for row, line in found if line is not None}


def _first(cells: Sequence[Cell]) -> str:
    return cells[0] if cells and isinstance(cells[0], str) else ""


class _Blanked(Sequence[Sequence[Cell]]):
    """The rows without their marks; what somebody else wrote into the first column stays."""

    def __init__(self, rows: Sequence[Sequence[Cell]]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> Sequence[Cell]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Sequence[Cell]]: ...
    def __getitem__(self, index: int | slice) -> Sequence[Any]:
        if isinstance(index, slice):
            return [_blank(row) for row in self._rows[index]]
        return _blank(self._rows[index])


def _blank(cells: Sequence[Cell]) -> Sequence[Cell]:
    text = _first(cells)
    return ["", *cells[1:]] if _HEADING.search(text) or _LINE.match(text) else cells


Content = Sequence[int]


def content(cells: Sequence[Any]) -> Content:
    """Return what `says_more` compares: a number for each text, 0 for an empty cell."""
    return array("q", [hash(str(cell)) if cell not in ("", None) else 0 for cell in cells])


def says_more(before: Content, now: Content) -> bool:
    """Whether a line has a text that it did not have before in that place.

    An emptied cell says nothing, as everywhere in a roster; so a formula whose value was not
    kept by the program that saved the file makes no difference.
    """
    return any(text and text != old for text, old in zip_longest(now, before, fillvalue=0))
