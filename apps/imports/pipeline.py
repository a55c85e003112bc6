"""From a file to fully checked rows: read, understand the sheets, convert, check. No database.

    workbook = read_file(path, name)
    checked = check_workbook(workbook, kind, directory, as_of=day)

Everything that can be wrong with the content of a file comes back as issues of rows; a file that
cannot be taken at all raises UnreadableFile or WrongKind, which say why and what to do.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from apps.core.spreadsheets.grid import Cell, Grid, Workbook
from apps.core.spreadsheets.reader import UnreadableFile, read_workbook
from apps.imports import registry
from apps.imports.choices import describe_failure
from apps.imports.records import CheckedFile, CheckedRow, ShapeColumn, SheetShape
from apps.imports.registry import SheetKind
from apps.imports.rules.corrections import UNCORRECTED, Corrections
from apps.imports.rules.drafts import Draft, FileContext
from apps.imports.rules.headers import HeaderMatcher
from apps.imports.rules.lines import FileChecker, Progress, Watch
from apps.imports.rules.parts import below_each_other, side_by_side
from apps.imports.rules.places import Directory, PlaceDirectory
from apps.imports.rules.proposals import with_proposals
from apps.imports.rules.sheets import (
    Choice,
    Table,
    could_be_ours,
    find_tables,
    is_ours,
    other_headings,
)

__all__ = ["UnreadableFile", "WrongKind", "check_workbook", "read_file", "suggest_mapping"]

MAX_DATA_ROWS = 50_000
# Rows of a sheet that are looked at to suggest what its columns mean.
SUGGESTED_BY = 1_000


class WrongKind(Exception):
    """A readable file that is not of the chosen kind; `reason` and `remedy` are translated."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def reason(self) -> str:
        return why_refused(self.code, self.params)[0]

    @property
    def remedy(self) -> str:
        return why_refused(self.code, self.params)[1]

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}"


def why_refused(code: str, params: Mapping[str, Any]) -> tuple[str, str]:
    """Return reason and remedy of a refusal in the current language; `params` name kinds and
    fields as the registry does."""
    names = {kind.name: kind for kind in registry.kinds()}
    shown = dict(params)
    for name in ("expected", "found_kind"):
        if (kind := names.get(str(params.get(name)))) is not None:
            shown[name] = kind.label
    if isinstance(fields := params.get("fields"), list):
        shown["fields"] = "、".join(map(names[params["expected"]].field_label, fields))
    return describe_failure(code, shown)


def read_file(path: str | Path, filename: str = "") -> Workbook:
    """Read a workbook in a child process with limits. Raises UnreadableFile."""
    return read_workbook(path, filename)


def suggest_mapping(
    workbook: Workbook,
    kind: SheetKind,
    directory: Directory | None = None,
    *,
    as_of: date | None = None,
) -> dict[str, tuple[ShapeColumn, ...]]:
    """Say for each sheet that holds a table what its columns mean, by headings and contents."""
    places = directory or PlaceDirectory.from_rows([])
    matcher = HeaderMatcher(kind)
    suggested = {}
    heads = replace(workbook, sheets=tuple(grid.head(SUGGESTED_BY) for grid in workbook.sheets))
    for grid, tables in _parts(heads, matcher, places, as_of or date(2099, 12, 31), {}):
        if tables and (is_ours(tables[0], kind) or could_be_ours(tables[0])):
            suggested[grid.name] = tables[0].columns
    return suggested


def check_workbook(
    workbook: Workbook,
    kind: SheetKind,
    directory: Directory,
    *,
    as_of: date,
    mapping: Mapping[str, Choice] | None = None,
    progress: Progress | None = None,
    corrections: Corrections = UNCORRECTED,
    watch: Watch | None = None,
) -> CheckedFile:
    """Check every data line of a file and return the rows with their values and issues.

    `as_of` is the day whose state the file describes. `mapping` {sheet: {letter: field or None}}
    goes before what the headings say; `corrections` go before what stands in the cells of data
    lines (which lines these are, the file alone says). `progress(done, total)` is called every
    1,000 rows, `watch` with what was found so far, unless somebody must first say what the columns
    mean. Raises WrongKind if no sheet holds such a roster, UnreadableFile if it has too many rows.
    """
    chosen = mapping or {}
    parts = _parts(workbook, HeaderMatcher(kind), directory, as_of, chosen)
    tables = {grid.name: found for grid, found in parts if not grid.hidden}
    ours = _ours(workbook, kind, tables, chosen)
    _refuse_too_many([table for found in ours.values() for table in found])
    context = FileContext(as_of, directory)
    shown = watch if _is_certain(ours, kind) else None
    checker = FileChecker(workbook, kind, context, progress, corrections, shown)
    drafts = checker.run(ours)
    return CheckedFile(
        filename=workbook.filename,
        kind=kind.name,
        as_of=as_of,
        sheets=tuple(_shape(grid, tables, ours, checker, kind) for grid, _found in parts),
        rows=tuple(_finished(drafts, kind)),
        unknown_columns=_unknown_columns(ours),
        notices=checker.context.notices,
    )


# Which sheets ------------------------------------------------------------------------------------


def _parts(
    workbook: Workbook,
    matcher: HeaderMatcher,
    directory: Directory,
    as_of: date,
    mapping: Mapping[str, Choice],
) -> list[tuple[Grid, list[Table]]]:
    """Return the sheets, cut where tables stand side by side or below each other, with tables."""

    def tables_of(grid: Grid) -> list[Table]:
        return find_tables(grid, matcher, directory, as_of, mapping.get(grid.name))

    found: list[tuple[Grid, list[Table]]] = []
    for sheet in workbook.sheets:
        if sheet.hidden:
            found.append((sheet, []))
            continue
        for grid in side_by_side(sheet, matcher):
            tables = tables_of(grid)
            parts = below_each_other(grid, tables, directory)
            found += [(part, tables if part is grid else tables_of(part)) for part in parts]
    return found


def _ours(
    workbook: Workbook,
    kind: SheetKind,
    tables: Mapping[str, list[Table]],
    mapping: Mapping[str, Choice],
) -> dict[str, list[Table]]:
    """Choose the sheets that hold this kind of roster. Raises WrongKind if there is none."""
    for sheet, found in tables.items():
        if sheet in mapping and found and (missing := kind.lacking(found[0].fields)):
            params = {"sheet": sheet, "expected": kind.name, "fields": list(missing)}
            raise WrongKind("columns_missing", **params)
    ours = {
        sheet: [table for table in found if is_ours(table, kind)]
        for sheet, found in tables.items()
        if found and is_ours(found[0], kind)
    }
    if ours:
        return ours
    if other := _other_kind(workbook, kind):
        raise WrongKind("looks_like", found_kind=other.name, expected=kind.name)
    doubtful = {
        sheet: [table for table in found if could_be_ours(table)]
        for sheet, found in tables.items()
        if found and could_be_ours(found[0])
    }
    if doubtful:
        return doubtful
    raise _wrong_kind(workbook, kind, tables)


def _finished(drafts: list[Draft], kind: SheetKind) -> Iterator[CheckedRow]:
    """Yield the rows of drafts in their order, letting each draft go."""
    declared = {column.key: column for column in kind.columns}
    drafts.reverse()
    while drafts:
        yield with_proposals(drafts.pop().finished(), declared)


def _is_certain(ours: Mapping[str, list[Table]], kind: SheetKind) -> bool:
    """Whether nobody needs to say what a column means before the rows can be judged."""
    firsts = [tables[0] for tables in ours.values()]
    return all(
        not kind.lacking(table.fields) and all(column.certain for column in table.columns)
        for table in firsts
    )


def _other_kind(workbook: Workbook, kind: SheetKind) -> SheetKind | None:
    """Return another known kind that a sheet of the file plainly is."""
    places = PlaceDirectory.from_rows([])
    for other in registry.kinds():
        if other.name == kind.name:
            continue
        matcher = HeaderMatcher(other)
        for grid in workbook.visible_sheets:
            tables = find_tables(grid, matcher, places, date(2099, 12, 31))
            if tables and is_ours(tables[0], other):
                return other
    return None


def _wrong_kind(
    workbook: Workbook, kind: SheetKind, tables: Mapping[str, list[Table]]
) -> WrongKind:
    words = "、".join(column.words[0] for column in kind.columns if column.kind != "serial")
    found = next((table for tables in tables.values() for table in tables), None)
    headings = (
        list(dict.fromkeys("".join(path) for path in found.heading.paths.values()))
        if found
        else max((other_headings(grid) for grid in workbook.visible_sheets), key=len, default=[])
    )
    if len(headings) < 3:
        return WrongKind("no_header", words=_shortened(words))
    return WrongKind("wrong_kind", expected=kind.name, found=_shortened("、".join(headings)))


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _refuse_too_many(tables: Sequence[Table]) -> None:
    """Refuse more people than one import may bring; repeated lines do not count."""
    total = sum(len(table.data_lines) for table in tables)
    if total <= MAX_DATA_ROWS:
        return
    numbers: Counter[Cell] = Counter()
    for table in tables:
        index, rows = table.layout.indices.get("id"), table.grid.rows
        if index is not None:
            lines = (rows[row] for row in table.data_lines)
            numbers.update(line[index] for line in lines if index < len(line) and line[index])
    if total - sum(count - 1 for count in numbers.values()) > MAX_DATA_ROWS:
        raise UnreadableFile("too_many_rows", limit=MAX_DATA_ROWS)


# Shapes ------------------------------------------------------------------------------------------


def _shape(
    grid: Grid,
    tables: Mapping[str, list[Table]],
    ours: Mapping[str, list[Table]],
    checker: FileChecker,
    kind: SheetKind,
) -> SheetShape:
    if grid.name not in ours or grid.hidden:
        found = tables.get(grid.name)
        reason = "hidden" if grid.hidden else "other_columns" if found else "no_table"
        return SheetShape(grid.name, "other", grid.hidden, reason=reason)
    first = ours[grid.name][0]
    lines = [row for table in ours[grid.name] for row in table.data_lines]
    village = checker.whereabouts[grid.name].village
    return SheetShape(
        name=grid.name,
        role="data",
        header_rows=first.heading.rows,
        first_data_row=first.heading.below + 1,
        columns=first.columns,
        data_rows=len(lines),
        title=first.title,
        village=village.code if village else "",
    )


def _unknown_columns(ours: Mapping[str, list[Table]]) -> tuple[str, ...]:
    """Return the headings of columns that are not kept, each once, in order."""
    found = {
        " / ".join(column.header): None
        for tables in ours.values()
        for table in tables
        for column in table.columns
        if column.field is None and column.header
    }
    return tuple(found)
