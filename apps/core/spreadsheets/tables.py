"""Find the table in a sheet: where the headings are, which lines carry data, which do not.

Offices put titles, subtitles and blank lines above the headings, notes and column numbers below,
subtotals and repeated headings in between, and signatures at the end.
"""

import re
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from apps.core.spreadsheets.grid import Cell, Grid, cell_text
from apps.core.text import compact

Path = tuple[str, ...]
Paths = Mapping[int, Path]

BLANK, DATA, TOTAL, HEADING, NUMBERS, SECTION, FOOTER, NEW_TABLE = (
    "blank",
    "data",
    "total",
    "heading",
    "numbers",
    "section",
    "footer",
    "new table",
)
_SEARCHED_ROWS = 80
_DEEPEST = 3
_LONGEST_HEADING = 40

_TOTAL = re.compile(
    r"[^\d]{0,8}\d{0,3}[^\d]{0,4}(?:小计|合计|总计|累计|共计|总数|总人数|总户数)(?:[:：(（].*|\d*[户人]?)"
)
_FOOTER = re.compile(
    r"(?:单位|村)?(?:填报|填表|制表|审核|审批|复核|经办|负责|主管|统计|上报|登记|联系|盖章|签字|签名|签章"
    r"|书记|主任|专干|日期|时间|说明|注|备注|附注|注意)[^:：]{0,8}[:：].*|(?:注|说明|附注)\d?[、.:：]?"
)
_ID_LIKE = re.compile(r"\d{14,17}[\dXx]|\d\.\d+E\+?1\d")
_ORDINALS = "甲乙丙丁戊己庚辛壬癸"
_NUMBERED = re.compile(r"[(（\[]?(\d{1,3})[)）\]、.]?")


@dataclass(frozen=True)
class Heading:
    """Where headings stand (rows from 0) and the heading path of each column that has one."""

    top: int
    depth: int
    paths: Paths

    @property
    def rows(self) -> tuple[int, ...]:
        """The heading rows as people count them."""
        return tuple(range(self.top + 1, self.top + self.depth + 1))

    @property
    def below(self) -> int:
        """The first row below the headings."""
        return self.top + self.depth


def find_heading(
    grid: Grid, score: Callable[[Paths], float], *, start: int = 0, least: float = 3.0
) -> Heading | None:
    """Return the heading rows whose paths score best, or None if none scores `least`.

    Of equal scores one that cuts no merged cell wins, then the flatter one, so that a title above
    or a first data row below is not taken for a part of it.
    """
    best, best_rank = None, (least - 1e-9, False, 0)
    last = min(len(grid.rows), start + _SEARCHED_ROWS)
    # A roster may have tens of thousands of merged cells below its headings.
    grid = replace(grid, merges=tuple(span for span in grid.merges if span[0] < last))
    eligible = [may_be_heading(grid.rows[row]) for row in range(start, last)]
    for top in range(start, last):
        for depth in range(1, 2 if _is_title(grid, top) else _DEEPEST + 1):
            if top + depth > last or not eligible[top + depth - 1 - start]:
                break
            paths = heading_paths(grid, top, depth)
            points = round(score(paths), 6) if len(paths) > 1 else 0.0
            rank = (points, not _cuts(grid, top, top + depth), -depth)
            if rank > best_rank:
                best, best_rank = Heading(top, depth, paths), rank
    return best


def _cuts(grid: Grid, top: int, below: int) -> bool:
    """Whether a cell that is merged over several lines begins in a heading and ends below it."""
    return any(top <= first < below <= last for first, _left, last, _right in grid.merges)


def _is_title(grid: Grid, row: int) -> bool:
    """Whether a line is one text at its beginning that does not group some columns below it."""
    filled = [column for column, cell in enumerate(grid.rows[row]) if cell != ""]
    if filled != [0]:
        return False
    width = max((len(cells) for cells in grid.rows[row : row + _DEEPEST + 1]), default=0)
    right = max(
        (right for top, left, _l, right in grid.merges if (top, left) == (row, 0)), default=0
    )
    return right == 0 or (right + 1) * 5 > width * 4


def heading_above_numbers(grid: Grid) -> Heading | None:
    """Return the line of texts right above the first lines with ID numbers, if there is one.

    For tables whose headings use words that nobody has foreseen.
    """
    for row, cells in enumerate(grid.rows[:_SEARCHED_ROWS]):
        if sum(cell != "" for cell in cells) < 3 or not any(map(_is_id_like, cells)):
            continue
        for top in range(row - 1, max(row - 4, -1), -1):
            above = grid.rows[top]
            if may_be_heading(above) and sum(cell != "" for cell in above) > 2:
                return Heading(top, 1, heading_paths(grid, top, 1))
        return None
    return None


def _is_id_like(cell: Cell) -> bool:
    return bool(_ID_LIKE.fullmatch(compact(cell_text(cell))))


def heading_paths(grid: Grid, top: int, depth: int) -> dict[int, Path]:
    """Return for each column the headings above it, from the group down to the column itself."""
    levels = [_level(grid, top, row, top + depth) for row in range(top, top + depth)]
    width = max((column for level in levels for column in level), default=-1) + 1
    paths = {}
    for column in range(width):
        parts: list[str] = []
        for level in levels:
            text = level.get(column, "")
            if text and text not in parts[-1:]:
                parts.append(text)
        if parts:
            paths[column] = tuple(parts)
    return paths


def _level(grid: Grid, top: int, row: int, below: int) -> dict[int, str]:
    """Return the texts of one heading row; a group's text spreads over the columns it covers."""
    found = {
        column: " ".join(cell_text(cell).split())
        for column, cell in enumerate(grid.rows[row])
        if cell != ""
    }
    merged = False
    for first, left, last, right in grid.merges:
        if first <= row <= last and top <= first and last < below and (first, left) != (row, -1):
            text = " ".join(cell_text(grid.cell(first, left)).split())
            merged = True
            for column in range(left, right + 1):
                if text:
                    found.setdefault(column, text)
    if not merged and row + 1 < below:
        _spread(found, grid.rows[row + 1])
    return found


def _spread(found: dict[int, str], lower: Sequence[Cell]) -> None:
    """Without merged cells a group reaches to the right as far as only the line below is filled."""
    text, inside = "", False
    for column, cell in enumerate(lower):
        if column in found:
            text, inside = found[column], cell != ""
        elif cell != "" and inside:
            found[column] = text
        elif cell == "":
            inside = False


def may_be_heading(cells: Sequence[Cell]) -> bool:
    """Whether a line holds nothing but short texts that are no numbers."""
    filled = [cell for cell in cells if cell != ""]
    return bool(filled) and all(
        isinstance(cell, str)
        and len(cell) <= _LONGEST_HEADING + cell.count(" ")
        and not _ID_LIKE.fullmatch(cell.strip())
        and not cell.strip().replace(".", "").replace("-", "").isdigit()
        for cell in filled
    )


@dataclass(frozen=True)
class KeyColumns:
    """Which columns of a table tell a person's line from others (column numbers from 0)."""

    name: int | None
    identifier: int | None
    personal: frozenset[int]
    width: int


class LineSorter:
    """Says of every line below a heading what it is."""

    def __init__(
        self, grid: Grid, heading: Heading, keys: KeyColumns, heading_words: Container[str]
    ) -> None:
        self._rows = grid.rows
        self._keys = keys
        self._heading_words = heading_words
        self._headings = self._heading_texts(grid, heading)
        self._wide = {
            row: right - left + 1
            for row, left, last, right in grid.merges
            if row >= heading.below and row == last and right > left
        }

    @staticmethod
    def _heading_texts(grid: Grid, heading: Heading) -> dict[int, set[str]]:
        texts: dict[int, set[str]] = {}
        for row in range(heading.top, heading.below):
            for column, cell in enumerate(grid.rows[row]):
                if cell != "":
                    texts.setdefault(column, set()).add(compact(cell_text(cell)))
        return texts

    def kind(self, row: int) -> str:
        """Return what the line is; the usual data line is recognised first and fast."""
        cells = self._rows[row]
        keys = self._keys
        if keys.identifier is not None and keys.identifier < len(cells):
            identifier = cells[keys.identifier]
            if identifier.__class__ is str and len(identifier) > 14 and identifier[:14].isdigit():
                return DATA
        filled = [(column, cell) for column, cell in enumerate(cells) if not _empty(cell)]
        if not filled:
            return BLANK
        return self._slowly(row, filled)

    def _slowly(self, row: int, filled: list[tuple[int, Cell]]) -> str:
        texts = [(column, compact(cell_text(cell))) for column, cell in filled]
        is_person = any(_ID_LIKE.fullmatch(text) for _column, text in texts)
        if not is_person and (special := self._special(filled, texts)):
            return special
        if len(filled) == 1:
            return self._single(row, *texts[0])
        columns = {column for column, _cell in filled}
        keys = self._keys
        if columns & {keys.name, keys.identifier} or len(columns & keys.personal) > 1:
            return DATA
        return SECTION

    def _special(self, filled: list[tuple[int, Cell]], texts: list[tuple[int, str]]) -> str | None:
        first = texts[0][1]
        leading = [text for _column, text in texts[:3]]
        leading += [text for column, text in texts[3:] if column == self._keys.name]
        if any(_TOTAL.fullmatch(text) for text in leading):
            return TOTAL
        if _FOOTER.fullmatch(first):
            return FOOTER
        if all(text in self._headings.get(column, ()) for column, text in texts):
            return HEADING
        if first in self._heading_words and len(texts) > 2:
            known = sum(text in self._heading_words for _column, text in texts)
            if known > 2 and known * 2 > len(texts):
                return NEW_TABLE
        if is_numbering([cell for _column, cell in filled]):
            return NUMBERS
        return None

    def _single(self, row: int, column: int, text: str) -> str:
        """Sort a line with one filled cell: a name alone is a person, other text is a section."""
        alone = column == self._keys.name and self._wide.get(row, 1) * 2 < self._keys.width
        return DATA if alone and _looks_like_name(text) else SECTION


def _empty(cell: Cell) -> bool:
    return cell == "" or (cell.__class__ is str and not cell.strip())


def _looks_like_name(text: str) -> bool:
    return 2 <= len(text) <= 4 and text.isalpha() and text[-1] not in "村组队社区镇乡"


def is_numbering(cells: Sequence[Cell]) -> bool:
    """Whether a line only numbers the columns: 1 2 3 …, (1) (2) …, 甲 乙 1 2 …"""
    numbers, letters = [], 0
    for cell in cells:
        if isinstance(cell, (date, bool)):
            return False
        text = compact(cell_text(cell))
        if match := _NUMBERED.fullmatch(text):
            numbers.append(int(match[1]))
        elif len(text) == 1 and (text in _ORDINALS or "A" <= text <= "Z"):
            letters += 1
        else:
            return False
    rising = all(after == before + 1 for before, after in pairwise(numbers))
    return len(cells) > 2 and rising and (len(numbers) > 1 or letters > 2)


def lines_between(sorter: LineSorter, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield (row, kind) of all lines of a table that are not blank."""
    for row in range(start, end):
        kind = sorter.kind(row)
        if kind != BLANK:
            yield row, kind
