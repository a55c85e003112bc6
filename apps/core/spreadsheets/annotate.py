"""The process that marks cells in a workbook: `python -m apps.core.spreadsheets.annotate IN OUT`.

Reads from standard input which lines and cells to mark, gives each such sheet a first column with
what is to be said of its lines, colours the bad cells and comments them. Everything else stays as
it was: other sheets, formats, widths, merged cells, formulas. Like the reader it limits itself,
holds no secrets and imports nothing of Django.
"""

import json
import re
import resource
import sys
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formula import Tokenizer
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension, DimensionHolder
from openpyxl.worksheet.worksheet import Worksheet

from apps.core.spreadsheets import child
from apps.core.spreadsheets.packed import DATE_MARK

MEMORY_BYTES = 3 << 29
CPU_SECONDS = 240
FIRST_WIDTH = 46
BAD = PatternFill("solid", fgColor="FFF4B8B0")
LINE_BAD = PatternFill("solid", fgColor="FFFDE7E4")
LINE_DONE = PatternFill("solid", fgColor="FFEDEDED")
HEADING = PatternFill("solid", fgColor="FFD9E8F5")
LINE_STYLES = {"bad": LINE_BAD, "done": LINE_DONE}
TEXT = "@"
COMMENT_AUTHOR = "FPMS"
COMMENT_WIDTH, COMMENT_HEIGHT = 320, 120
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(?=\$?\d|:|$)(\$?\d*)")
_REFERENCE = re.compile(r"^(?:(?P<sheet>'(?:[^']|'')+'|[^!]+)!)?(?P<range>[^!]+)$")


def main(source: str, target: str) -> None:
    """Mark one file; the exit code says whether it worked."""
    limit_resources()
    spec = json.load(sys.stdin)
    workbook = open_workbook(Path(source), spec.get("unnamed", ""))
    annotate(workbook, spec)
    workbook.save(target)


def limit_resources() -> None:
    """Set the limits that the operating system enforces on this process."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_workbook(path: Path, unnamed: str = "") -> Workbook:
    """Open a workbook with its formats; of other files than xlsx only the values come over.

    `unnamed` is the name of a sheet that has none in the file.
    """
    if path.read_bytes()[:4] == b"PK\3\4":
        return load_workbook(path)
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    sheet, row = None, 0
    for part in child.read(path):
        if isinstance(part, list):
            for line in part:
                row += 1
                _copy_line(sheet, row, line)
        elif "sheet" in part:
            name = part["sheet"] or unnamed or f"Sheet{len(workbook.worksheets) + 1}"
            sheet, row = workbook.create_sheet(name), 0
            _copy_shape(sheet, part)
    return workbook


def _copy_line(sheet: Any, row: int, line: Sequence[Any]) -> None:
    for column, value in enumerate(line, start=1):
        if value == "":
            continue
        cell = sheet.cell(row, column)
        if isinstance(value, str):
            cell.number_format = TEXT
            # As text whatever it begins with: the content of a file is never a formula of ours.
            cell.value, cell.data_type = value.removeprefix(DATE_MARK), "s"
        else:
            cell.value = value


def _copy_shape(sheet: Worksheet, part: Mapping[str, Any]) -> None:
    if part["hidden"]:
        sheet.sheet_state = "hidden"
    for top, left, bottom, right in part["merges"]:
        sheet.merge_cells(
            start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1
        )


def annotate(workbook: Workbook, spec: Mapping[str, Any]) -> None:
    """Mark the sheets that `spec` names.

    `spec` is {"sheets": {name: {"marked": bool, "heading": [row, text], "lines": {row: [text,
    style]}, "values": [[row, column, text], …], "cells": [[row, column, comment, as_text], …]}},
    "unnamed": the name of a sheet that has none}. Rows and columns count from 1 as in the file.
    `marked`: the sheet has its first column from an earlier time. Style is bad, done or empty;
    `values` replace what stands in a cell; `as_text` cells keep all digits of what is typed into
    them.
    """
    marked = {sheet.title: sheet for sheet in workbook.worksheets if sheet.title in spec["sheets"]}
    shifted = frozenset(name for name in marked if not spec["sheets"][name]["marked"])
    for name, sheet in marked.items():
        if name in shifted:
            _make_room(sheet)
        else:
            _wipe(sheet)
    for sheet in workbook.worksheets:
        _shift_formulas(sheet, shifted)
    for name, sheet in marked.items():
        _mark(sheet, spec["sheets"][name], offset=int(name in shifted))
    _shift_names(workbook, shifted)
    if workbook.calculation is not None:
        workbook.calculation.fullCalcOnLoad = True


# One more column in front ------------------------------------------------------------------------


def _make_room(sheet: Worksheet) -> None:
    """Move everything of a sheet one column to the right."""
    merged = [str(span) for span in sheet.merged_cells.ranges]
    # The cells that a merged range covers exist as objects without a value; they must not move.
    for span in merged:
        sheet.unmerge_cells(span)
    sheet.move_range(sheet.calculate_dimension(), cols=1, translate=False)
    for span in merged:
        sheet.merge_cells(shift_range(span))
    _shift_widths(sheet)
    _shift_rules(sheet)
    if sheet.freeze_panes:
        sheet.freeze_panes = shift_range(sheet.freeze_panes)
    if sheet.auto_filter.ref:
        sheet.auto_filter.ref = shift_range(sheet.auto_filter.ref)
    for table in sheet.tables.values():
        table.ref = shift_range(table.ref)
        if table.autoFilter is not None and table.autoFilter.ref:
            table.autoFilter.ref = shift_range(table.autoFilter.ref)
    for drawing in (*sheet._images, *sheet._charts):
        _shift_anchor(drawing.anchor)


def _shift_widths(sheet: Worksheet) -> None:
    """Move the columns' widths; a dimension may stand for a group of columns."""
    moved = DimensionHolder(worksheet=sheet, default_factory=lambda: ColumnDimension(sheet))
    for dimension in sheet.column_dimensions.values():
        first = dimension.min or column_index_from_string(dimension.index)
        last = dimension.max or first
        letter = get_column_letter(first + 1)
        new = ColumnDimension(
            sheet, index=letter, min=first + 1, max=min(last + 1, 16384),
            width=dimension.width, customWidth=dimension.customWidth, hidden=dimension.hidden,
            bestFit=dimension.bestFit, outlineLevel=dimension.outlineLevel,
            collapsed=dimension.collapsed,
        )  # fmt: skip
        new._style = copy(dimension._style)
        moved[letter] = new
    sheet.column_dimensions = moved


def _shift_rules(sheet: Worksheet) -> None:
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = type(validation.sqref)(_shift_many(str(validation.sqref)))
        validation.formula1 = _shift_plain(validation.formula1)
        validation.formula2 = _shift_plain(validation.formula2)
    kept = sheet.conditional_formatting
    sheet.conditional_formatting = ConditionalFormattingList()
    for found in kept:
        for rule in found.rules:
            rule.formula = [shift_formula(f"={text}", None)[1:] for text in rule.formula]
            sheet.conditional_formatting.add(_shift_many(str(found.sqref)), rule)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.hyperlink is not None:
                cell.hyperlink.ref = cell.coordinate


def _shift_plain(formula: str | None) -> str | None:
    """Shift the formula of a drop-down; a list in quotes stays."""
    if not formula or formula.startswith('"'):
        return formula
    return shift_formula(f"={formula}", None)[1:]


def _shift_anchor(anchor: Any) -> None:
    for corner in (getattr(anchor, "_from", None), getattr(anchor, "to", None)):
        if corner is not None:
            corner.col += 1


def _shift_many(ranges: str) -> str:
    return " ".join(shift_range(span) for span in ranges.split())


def shift_range(text: str) -> str:
    """Move a reference one column to the right: A1:$B$9 → B1:$C$9, 3:5 stays."""
    return _CELL.sub(
        lambda found: (
            f"{found[1]}{get_column_letter(min(column_index_from_string(found[2]) + 1, 16384))}"
            f"{found[3]}"
        ),
        text,
    )


def shift_formula(formula: str, own: str | None, shifted: Iterable[str] = ()) -> str:
    """Move those references of a formula that point into shifted sheets.

    `own` is the sheet that references without a sheet's name mean, None if they always move.
    """
    moving = frozenset(shifted)
    tokens = Tokenizer(formula)
    for token in tokens.items:
        found = _REFERENCE.match(token.value) if token.subtype == "RANGE" else None
        if found is None:
            continue
        sheet = found["sheet"]
        name = sheet.strip("'").replace("''", "'") if sheet else own
        if name is None or name in moving:
            prefix = f"{sheet}!" if sheet else ""
            token.value = prefix + shift_range(found["range"])
    return "=" + "".join(token.value for token in tokens.items)


def _shift_formulas(sheet: Worksheet, shifted: frozenset[str]) -> None:
    for row in sheet.iter_rows():
        for cell in row:
            if cell.data_type == "f" and isinstance(cell.value, str):
                cell.value = shift_formula(cell.value, sheet.title, shifted)


def _shift_names(workbook: Workbook, shifted: frozenset[str]) -> None:
    """Move named ranges, print areas and repeated columns of shifted sheets."""
    names = [*workbook.defined_names.values()]
    for sheet in workbook.worksheets:
        names += sheet.defined_names.values()
        if sheet.title in shifted:
            if sheet.print_area:
                sheet.print_area = [
                    shift_range(part.rsplit("!", 1)[-1]) for part in sheet.print_area.split(",")
                ]
            if sheet.print_title_cols:
                sheet.print_title_cols = shift_range(sheet.print_title_cols)
    for name in names:
        if name.attr_text:
            name.attr_text = shift_formula(f"={name.attr_text}", "", shifted)[1:]


# Marks --------------------------------------------------------------------------------------------


def _wipe(sheet: Worksheet) -> None:
    """Take the marks of an earlier time off a sheet, so that only today's are seen."""
    for row in sheet.iter_rows():
        for cell in row:
            if cell.comment is not None and cell.comment.author == COMMENT_AUTHOR:
                cell.comment = None
            if cell.fill.fgColor.rgb == BAD.fgColor.rgb:
                cell.fill = PatternFill()


def _mark(sheet: Worksheet, marks: Mapping[str, Any], offset: int) -> None:
    sheet.column_dimensions["A"] = ColumnDimension(
        sheet, index="A", width=FIRST_WIDTH, customWidth=True
    )
    row, text = marks["heading"]
    _write(sheet, row, text, HEADING, bold=True)
    for line, (said, style) in marks["lines"].items():
        _write(sheet, int(line), said, LINE_STYLES.get(style))
    covering = _covering(sheet)
    for row, column, value in marks["values"]:
        cell = sheet.cell(*covering.get((row, column + offset), (row, column + offset)))
        cell.value, cell.data_type = value, "s"
    for row, column, comment, as_text in marks["cells"]:
        place = covering.get((row, column + offset), (row, column + offset))
        _mark_cell(sheet.cell(*place), comment, as_text=as_text)


def _covering(sheet: Worksheet) -> dict[tuple[int, int], tuple[int, int]]:
    """Return covered cell → first cell of the merged ranges; only the first one is seen."""
    return {
        (row, column): (span.min_row, span.min_col)
        for span in sheet.merged_cells.ranges
        for row in range(span.min_row, span.max_row + 1)
        for column in range(span.min_col, span.max_col + 1)
    }


def _write(
    sheet: Worksheet, row: int, text: str, fill: PatternFill | None, *, bold: bool = False
) -> None:
    cell = sheet.cell(row, 1)
    cell.value, cell.data_type, cell.number_format = text, "s", TEXT
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.font = Font(bold=bold, size=10)
    cell.fill = fill or PatternFill()


def _mark_cell(cell: Any, text: str, *, as_text: bool) -> None:
    cell.fill = BAD
    if as_text:
        cell.number_format = TEXT
    before = f"{cell.comment.text}\n" if cell.comment is not None else ""
    cell.comment = Comment(
        before + text, COMMENT_AUTHOR, height=COMMENT_HEIGHT, width=COMMENT_WIDTH
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
