"""Several tables on one sheet: the sheet is cut into parts, each read like a sheet of its own.

Tables stand side by side (a page printed in two halves) or below each other under other headings.
A part keeps the row numbers and letters of its sheet and is blank where it does not reach, so
whatever is said about a cell names the cell of the file. The first part keeps the sheet's name,
the others add where their headings stand: Sheet1 [G:K], Sheet1 [A46:F47] (see
core.spreadsheets.grid.sheet_of).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

from apps.core.spreadsheets.grid import Cell, Grid, cell_text, column_letter, part_name
from apps.core.spreadsheets.tables import DATA, FOOTER, SECTION, TOTAL, Heading, Path, find_heading
from apps.imports.rules.headers import ENOUGH, HeaderMatcher, plain
from apps.imports.rules.places import Directory
from apps.imports.rules.sheets import Table

_LEAST_SHARED = 3

# Side by side ------------------------------------------------------------------------------------


def side_by_side(grid: Grid, matcher: HeaderMatcher) -> list[Grid]:
    """Return the parts of a sheet whose headings begin anew to the right, else the sheet alone."""
    heading = find_heading(grid, matcher.points)
    starts = _starts(heading, matcher) if heading else []
    if heading is None or len(starts) < 2:
        return [grid]
    ends = [*starts[1:], max(grid.width, max(heading.paths) + 1)]
    parts = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        last = max(index for index in heading.paths if index < end)
        span = f"{column_letter(start)}:{column_letter(last)}"
        name = part_name(grid.name, span) if number else grid.name
        parts.append(_columns(grid, name, heading.top, start if number else 0, end))
    return parts


def _starts(heading: Heading, matcher: HeaderMatcher) -> list[int]:
    """Return the columns where a complete set of headings begins again.

    Wife and husband, or head and member, may share words too; but only one of them is complete.
    """
    blocks: list[dict[tuple[str, ...], int]] = [{}]
    for index, path in sorted(heading.paths.items()):
        words = tuple(map(plain, path))
        if words in blocks[-1]:
            blocks.append({})
        blocks[-1][words] = index
    first = blocks[0]
    alike = all(len(first.keys() & block.keys()) >= _LEAST_SHARED for block in blocks)
    if not alike or not all(_is_complete(heading, block.values(), matcher) for block in blocks):
        return []
    return [min(block.values()) for block in blocks]


def _is_complete(heading: Heading, indices: Collection[int], matcher: HeaderMatcher) -> bool:
    """Whether some columns have all that a roster of this kind needs."""
    fields = set()
    for index in indices:
        score, column = matcher.best(matcher.reading(heading.paths[index]))
        if column and score >= ENOUGH:
            fields.add(column.field)
    return all(fields & set(group) for group in matcher.kind.required)


def _columns(grid: Grid, name: str, top: int, start: int, end: int) -> Grid:
    """Return the sheet with only some columns; what stands above the headings is everybody's."""
    wide = {
        row: grid.cell(row, left)
        for row, left, _last, right in grid.merges
        if left < start <= right and row >= top
    }
    rows = [
        list(cells)
        if row < top and not any(cell != "" for cell in cells[start:end])
        else _cut(cells, start, end, wide.get(row, ""))
        for row, cells in enumerate(grid.rows)
    ]
    merges = tuple(
        (row, max(left, start), last, min(right, end - 1))
        for row, left, last, right in grid.merges
        if row < top or (left < end and right >= start)
    )
    return replace(grid, name=name, rows=rows, merges=merges)


def _cut(cells: Sequence[Cell], start: int, end: int, reaching_in: Cell) -> list[Cell]:
    """Blank a line outside of some columns; a merged cell from the left may reach in."""
    line: list[Cell] = [*[""] * start, *cells[start:end]]
    if reaching_in != "":
        line[start : start + 1] = [reaching_in]
    while line and line[-1] == "":
        line.pop()
    return line


# Below each other --------------------------------------------------------------------------------


def below_each_other(grid: Grid, tables: Sequence[Table], directory: Directory) -> list[Grid]:
    """Return the parts of a sheet whose tables have other headings than those above them."""
    cuts = [
        number
        for number in range(1, len(tables))
        if _headings(tables[number]) != _headings(tables[number - 1])
    ]
    if not cuts:
        return [grid]
    parts = []
    for first, last in zip([0, *cuts], [*cuts, len(tables)], strict=True):
        start = _end(tables[first - 1]) if first else 0
        end = _end(tables[last - 1]) if last < len(tables) else len(grid.rows)
        above = _titles(grid, tables[:first], tables[first], start, directory) if first else []
        parts.append(_lines(grid, tables[first], start, end, above))
    return parts


def _headings(table: Table) -> list[Path]:
    return [tuple(map(plain, path)) for _index, path in sorted(table.heading.paths.items())]


def _end(table: Table) -> int:
    """Return the row below the last line of a table; titles of the next one may stand there."""
    rows = [row for row, kind in table.lines if kind in (DATA, TOTAL, FOOTER)]
    return max(rows, default=table.heading.below - 1) + 1


def _titles(
    grid: Grid, before: Sequence[Table], table: Table, start: int, directory: Directory
) -> list[Sequence[Cell]]:
    """Return the lines above that say where a table is that does not say so itself.

    That is the section it stands in, or the title of the sheet.
    """

    def names_village(row: int) -> bool:
        text = " ".join(cell_text(cell) for cell in grid.rows[row] if cell != "")
        found = directory.contains_names(text) if text else None
        return found is not None and found.level == "village"

    if any(names_village(row) for row in range(start, table.heading.top)):
        return []
    sections = [
        row
        for other in before
        for row, kind in other.lines
        if kind == SECTION and row < start and names_village(row)
    ]
    if sections:
        return [grid.rows[sections[-1]]]
    return list(grid.rows[: before[0].heading.top])


def _lines(grid: Grid, table: Table, start: int, end: int, above: Sequence[Sequence[Cell]]) -> Grid:
    """Return the sheet with only some lines, and with other ones on top."""
    rows: list[Sequence[Cell]] = [*above, *([] for _ in range(start - len(above)))]
    rows += grid.rows[start:end]
    columns = sorted(table.heading.paths)
    first, last = column_letter(columns[0]), column_letter(columns[-1])
    span = f"{first}{table.heading.top + 1}:{last}{table.heading.below}"
    merges = tuple(merge for merge in grid.merges if start <= merge[0] < end)
    name = part_name(grid.name, span) if start else grid.name
    return replace(grid, name=name, rows=rows, merges=merges)
