"""What a sheet holds for a kind of roster: its tables, columns, data lines, and its village."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from apps.core.dates import BadDate, parse_age, parse_date
from apps.core.spreadsheets.grid import Cell, Grid, cell_text, column_index, sheet_of
from apps.core.spreadsheets.tables import (
    DATA,
    HEADING,
    NEW_TABLE,
    Heading,
    KeyColumns,
    LineSorter,
    find_heading,
    heading_above_numbers,
    lines_between,
    may_be_heading,
)
from apps.imports.records import Column, RegionRef, ShapeColumn
from apps.imports.registry import SheetKind
from apps.imports.rules.columns import map_columns
from apps.imports.rules.contents import Contents
from apps.imports.rules.converters import style_of
from apps.imports.rules.corrections import AS_WRITTEN, Lines
from apps.imports.rules.drafts import Layout
from apps.imports.rules.headers import HeaderMatcher
from apps.imports.rules.owners import PERSONAL
from apps.imports.rules.places import Directory

Choice = Mapping[str, str | None]
_SAMPLE = 200
_MANY = 2_000
# Kinds whose merged cells belong to each line; a merged name or number is one person's.
_NOT_SPREAD = frozenset(("name", "id", "birth", "sex", "age", "relation", "ignored", "serial"))
_PERSON_KINDS = PERSONAL | {"relation", "phone", "date", "code", "integer"}
# Headings of other kinds of lists: so many make a sheet theirs, even if ours are all there.
_PLAINLY_FOREIGN, _DOUBTFULLY_FOREIGN = 3, 2


@dataclass(frozen=True)
class Table:
    """One table of a sheet. `lines` are (row from 0, kind) of all lines that are not blank."""

    grid: Grid
    heading: Heading
    columns: tuple[ShapeColumn, ...]
    lines: tuple[tuple[int, str], ...]
    declared: Mapping[str, Column]
    layout: Layout
    foreign: int

    @property
    def fields(self) -> frozenset[str]:
        return frozenset(self.layout.indices)

    @property
    def data_lines(self) -> list[int]:
        return [row for row, kind in self.lines if kind == DATA]

    @property
    def title(self) -> str:
        """The first text above the headings."""
        return next(iter(self.titles), "")

    @property
    def titles(self) -> list[str]:
        """All texts above the headings, from top to bottom."""
        return [
            " ".join(cell_text(cell).split())
            for row in self.grid.rows[: self.heading.top]
            for cell in row
            if cell_text(cell).strip()
        ]

    def missing(self, required: Iterable[Sequence[str]]) -> list[str]:
        """Return the required groups of fields that no column feeds, by their first field."""
        return [group[0] for group in required if not self.fields & set(group)]

    def heading_of(self, index: int) -> str:
        return "".join(self.heading.paths.get(index, ()))

    def is_sparse(self, field: str) -> bool:
        """Whether a column is filled in fewer than half of the first data lines."""
        index, lines = self.layout.indices[field], self.data_lines[:_MANY]
        rows = self.grid.rows
        filled = sum(index < len(rows[row]) and rows[row][index] != "" for row in lines)
        return filled * 2 < len(lines)


def find_tables(
    grid: Grid,
    matcher: HeaderMatcher,
    directory: Directory,
    as_of: date,
    choice: Choice | None = None,
) -> list[Table]:
    """Return the tables of a sheet, one below the other; none if no headings are recognised.

    `choice` says what columns mean, by letter, and goes before what headings and contents say.
    """
    tables: list[Table] = []
    start, end = 0, len(grid.rows)
    while start < end:
        heading = find_heading(grid, matcher.points, start=start)
        if heading is None and not tables:
            heading = heading_above_numbers(grid)
        if heading is None or (tables and heading.top != start):
            break
        table, start = _read_table(grid, heading, matcher, directory, as_of, choice)
        tables.append(table)
    return tables


def _read_table(
    grid: Grid,
    heading: Heading,
    matcher: HeaderMatcher,
    directory: Directory,
    as_of: date,
    choice: Choice | None,
) -> tuple[Table, int]:
    """Read one table; also return the row where the next one begins."""
    width = grid.width_from(heading.top)
    contents = Contents(_sample(grid, heading), directory, as_of)
    columns = map_columns(matcher, heading.paths, contents, width)
    columns = choose(columns, choice, {column.key for column in matcher.kind.columns})
    declared = {column.key: column for column in matcher.kind.columns}
    layout = _layout(grid.name, columns, width)
    sorter = LineSorter(grid, heading, _keys(layout, declared), matcher.words.heading_words)
    lines, following = _lines(grid, heading, sorter, matcher)
    foreign = matcher.foreign_count(heading.paths)
    return Table(grid, heading, columns, lines, declared, layout, foreign), following


def _sample(grid: Grid, heading: Heading) -> list[Sequence[Cell]]:
    """Return the first rows below the headings in which more than two cells are filled."""
    below = (grid.rows[row] for row in range(heading.below, len(grid.rows)))
    return list(islice((row for row in below if sum(cell != "" for cell in row) > 2), _SAMPLE))


def choose(
    columns: Sequence[ShapeColumn], choice: Choice | None, known: set[str]
) -> tuple[ShapeColumn, ...]:
    """Put what a person chose in the place of what was suggested."""
    if not choice:
        return tuple(columns)
    spoken_for = {field for field in choice.values() if field}
    chosen = []
    for column in columns:
        if column.letter in choice:
            field = choice[column.letter]
            field = field if field in known else None
            how = column.how if field == column.field else "chosen"
            column = column._replace(field=field, how=how, certain=True)
        elif column.field in spoken_for:
            column = column._replace(field=None, how="unknown", certain=False)
        chosen.append(column)
    return tuple(chosen)


def _layout(sheet: str, columns: Sequence[ShapeColumn], width: int) -> Layout:
    letters = {column.field: column.letter for column in columns if column.field}
    anchor = "id" if "id" in letters else "name"
    indices = {field: column_index(letter) for field, letter in letters.items()}
    return Layout(sheet, letters, indices, anchor, width)


def _keys(layout: Layout, declared: Mapping[str, Column]) -> KeyColumns:
    personal = frozenset(
        index
        for field, index in layout.indices.items()
        if declared[field].kind in _PERSON_KINDS and declared[field].role in ("subject", "row")
    )
    indices = layout.indices
    return KeyColumns(indices.get("name"), indices.get("id"), personal, layout.width)


def _lines(
    grid: Grid, heading: Heading, sorter: LineSorter, matcher: HeaderMatcher
) -> tuple[tuple[tuple[int, str], ...], int]:
    """Sort the lines below a heading until the sheet ends or another table begins."""
    lines: list[tuple[int, str]] = []
    for row, kind in lines_between(sorter, heading.below, len(grid.rows)):
        if kind == NEW_TABLE:
            other = find_heading(grid, matcher.points, start=row)
            if other is not None and other.top == row:
                return tuple(lines), row
            kind = HEADING
        lines.append((row, kind))
    return tuple(lines), len(grid.rows)


def spread_cells(table: Table, corrections: Lines) -> dict[int, dict[int, Cell]]:
    """Return what merged cells mean for the lines below their first: {row: {column: value}}.

    Whoever corrects the first cell of a merged range corrects all of it, as in the spreadsheet.
    """
    wanted = {
        index
        for field, index in table.layout.indices.items()
        if table.declared[field].kind not in _NOT_SPREAD
    }
    spread: dict[int, dict[int, Cell]] = {}
    # From top to bottom, as the rows of a large sheet are best read.
    for top, left, bottom, _right in sorted(table.grid.merges):
        if left in wanted and bottom > top >= table.heading.below:
            corrected = corrections.get(top + 1, AS_WRITTEN).cells
            value = corrected.get(left, table.grid.cell(top, left))
            for row in range(top + 1, min(bottom, len(table.grid.rows) - 1) + 1):
                spread.setdefault(row, {})[left] = value
    return spread


def usual_style(table: Table, index: int, as_of: date) -> str:
    """Return how most dates of a column are written."""
    styles: Counter[str] = Counter()
    rows = table.grid.rows
    for row in table.data_lines[:_SAMPLE]:
        cell = rows[row][index] if index < len(rows[row]) else ""
        if cell == "" or parse_age(cell) is not None:
            continue
        try:
            styles[style_of(parse_date(cell, today=as_of))] += 1
        except BadDate:
            continue
    return styles.most_common(1)[0][0] if styles else ""


# Villages ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Whereabouts:
    """Which division the lines of a table belong to unless they say otherwise.

    `village` if title, sheet name or file name name one; `upper` the division inside which names
    of villages are looked up; `conflict` the names of several villages that contradict.
    """

    village: RegionRef | None = None
    upper: RegionRef | None = None
    conflict: tuple[str, ...] = ()


def whereabouts(table: Table, filename: str, directory: Directory) -> Whereabouts:
    """Read title, subtitle, sheet name and, if these say nothing, the name of the file."""
    named = [found for text in table.titles if (found := directory.contains_names(text))]
    upper = _deepest_upper(named)
    named += _named_by_sheet(sheet_of(table.grid.name), upper, directory)
    if not named and (found := directory.contains_names(filename.rsplit(".", 1)[0])):
        named.append(found)
    villages = {found.code: found for found in named if found.level == "village"}
    upper = upper or _deepest_upper(named)
    if len(villages) == 1:
        (village,) = villages.values()
        return Whereabouts(village, upper or parent_of(village))
    return Whereabouts(None, upper, tuple(v.name for v in villages.values()))


def parent_of(region: RegionRef) -> RegionRef:
    """Return the division around one, as far as its path tells."""
    codes = region.path.strip("/").split("/")[:-1]
    return RegionRef(codes[-1] if codes else "", "", "".join(f"{c}/" for c in codes), "township")


def surroundings(region: RegionRef | None) -> RegionRef | None:
    """Return the division in which names are looked up when this one was chosen."""
    return parent_of(region) if region and region.level == "village" else region


def _deepest_upper(named: Iterable[RegionRef]) -> RegionRef | None:
    uppers = [found for found in named if found.level != "village"]
    return max(uppers, key=lambda region: len(region.path), default=None)


def _named_by_sheet(name: str, upper: RegionRef | None, directory: Directory) -> list[RegionRef]:
    found = list(directory.resolve(name, upper or surroundings(directory.default())))
    if len(found) == 1:
        return found
    inside = directory.contains_names(name)
    return [inside] if inside and not found else []


def section_text(table: Table, row: int) -> str:
    """Return the text of a line that heads the lines below it."""
    return " ".join(cell_text(cell).strip() for cell in table.grid.rows[row] if cell != "")


def other_headings(grid: Grid) -> list[str]:
    """Return the texts of the line that looks most like headings, to tell what was found."""
    best: list[str] = []
    for row in grid.rows[:20]:
        texts = [cell.strip() for cell in row if isinstance(cell, str) and cell.strip()]
        if may_be_heading(row) and len(texts) > max(2, len(best)):
            best = texts
    return best


def is_ours(table: Table, kind: SheetKind) -> bool:
    """Whether a table has all required columns and is not plainly a list of another kind."""
    if table.missing(kind.required):
        return False
    # A list that has more of what is peculiar to ours is ours, with columns of another besides.
    return table.foreign < max(_PLAINLY_FOREIGN, len(table.fields & kind.peculiar))


def could_be_ours(table: Table) -> bool:
    """Whether a person may still want to say which column is which."""
    return (
        table.foreign < _DOUBTFULLY_FOREIGN
        and bool(table.fields & {"name", "id"})
        and bool(table.data_lines)
    )
