"""Write an empty roster, or today's, as a workbook that a clerk fills in without mistakes.

Numbers that must stay text are text, coded columns have drop-downs, headings say what belongs
below them, and the key column cannot be typed into.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

BLANK_LINES = 500
LAST_LINE = 5_000
# Longer lists do not fit into a drop-down itself and are kept on a hidden sheet.
INLINE_CHARS = 255
HEADING_ROW = 1
FIRST_ROW = 2
KEY_WIDTH = 12


@dataclass(frozen=True)
class TemplateColumn:
    """One column: its heading, what to type, and what a drop-down offers.

    `is_key` marks the column that names the person and is locked.
    """

    heading: str
    note: str = ""
    options: tuple[str, ...] = ()
    required: bool = False
    width: int = 12
    is_key: bool = False


@dataclass(frozen=True)
class TemplateSheet:
    """One village: the sheet's name, its title line, and its people in the columns' order."""

    name: str
    title: str
    lines: Iterable[Sequence[str]] = ()


@dataclass(frozen=True)
class Words:
    """The texts that are not the roster's own."""

    lists: str
    choose: str


def write_template(
    target: BinaryIO,
    columns: Sequence[TemplateColumn],
    sheets: Sequence[TemplateSheet],
    words: Words,
) -> int:
    """Write the workbook and return how many people it holds."""
    with xlsxwriter.Workbook(target, {"constant_memory": True}) as book:
        formats = _formats(book)
        names = sheet_names(sheets)
        pages = [book.add_worksheet(name) for name in names]
        lists = _Lists(book, words.lists, columns)
        written = sum(
            _write_sheet(page, sheet, columns, formats, lists, words)
            for page, sheet in zip(pages, sheets, strict=True)
        )
        lists.close()
    return written


def sheet_names(sheets: Sequence[TemplateSheet]) -> list[str]:
    """Return a name for each sheet: at most 31 characters, without signs that are not allowed."""
    found: list[str] = []
    for sheet in sheets:
        plain = "".join("_" if sign in "[]:*?/\\'" else sign for sign in sheet.name)[:28] or "1"
        name, number = plain, 1
        while name in found:
            number += 1
            name = f"{plain}{number}"
        found.append(name)
    return found


def _formats(book: Any) -> dict[str, Any]:
    base = {"num_format": "@", "locked": False}
    heading = {"bold": True, "text_wrap": True, "border": 1, "valign": "vcenter"}
    return {
        "text": book.add_format(base),
        "key": book.add_format({"num_format": "@", "font_color": "#777777", "bg_color": "#F2F2F2"}),
        "title": book.add_format({"bold": True, "font_size": 14}),
        "heading": book.add_format({**heading, "bg_color": "#E3EEF8"}),
        "required": book.add_format({**heading, "bg_color": "#FCE8D4"}),
    }


class _Lists:
    """The hidden sheet of long lists; short ones stand in the drop-down itself."""

    def __init__(self, book: Any, name: str, columns: Sequence[TemplateColumn]) -> None:
        self._sources: dict[tuple[str, ...], Any] = {}
        self._sheet = book.add_worksheet(name)
        self._sheet.hide()
        long = [
            options
            for options in dict.fromkeys(column.options for column in columns)
            if len(",".join(options)) > INLINE_CHARS
        ]
        for place, options in enumerate(long):
            letter = xl_col_to_name(place)
            self._sources[options] = f"='{name}'!${letter}$1:${letter}${len(options)}"
        # Row by row, because rows are written away at once.
        for row in range(max(map(len, long), default=0)):
            for place, options in enumerate(long):
                if row < len(options):
                    self._sheet.write_string(row, place, options[row])

    def source(self, options: tuple[str, ...]) -> Any:
        """Return what a drop-down takes its choices from."""
        return self._sources.get(options) or list(options)

    def close(self) -> None:
        """Protect the lists."""
        self._sheet.protect()


def _write_sheet(
    page: Any,
    sheet: TemplateSheet,
    columns: Sequence[TemplateColumn],
    formats: dict[str, Any],
    lists: _Lists,
    words: Words,
) -> int:
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width, formats["key" if column.is_key else "text"])
    page.write_string(0, 0, sheet.title, formats["title"])
    page.set_row(HEADING_ROW, 32)
    for place, column in enumerate(columns):
        style = formats["required" if column.required else "heading"]
        page.write_string(HEADING_ROW, place, column.heading, style)
        if column.note:
            page.write_comment(HEADING_ROW, place, column.note, {"x_scale": 1.6})
        if column.options:
            page.data_validation(
                FIRST_ROW, place, LAST_LINE, place,
                {
                    "validate": "list",
                    "source": lists.source(column.options),
                    "error_type": "warning",
                    "error_message": words.choose,
                },
            )  # fmt: skip
    count = 0
    for count, line in enumerate(sheet.lines, start=1):
        for place, text in enumerate(line):
            if text:
                style = formats["key" if columns[place].is_key else "text"]
                page.write_string(FIRST_ROW + count - 1, place, text, style)
    page.freeze_panes(FIRST_ROW, 0)
    if any(column.is_key for column in columns):
        _protect(page)
    page.set_landscape()
    page.set_paper(9)
    page.repeat_rows(HEADING_ROW)
    page.fit_to_pages(1, 0)
    return count


def _protect(page: Any) -> None:
    """Lock the key column only; everything else works as in any workbook. No password."""
    page.protect(
        "",
        dict.fromkeys(
            (
                "insert_rows",
                "delete_rows",
                "sort",
                "autofilter",
                "format_cells",
                "format_columns",
                "format_rows",
                "insert_columns",
            ),
            True,
        ),
    )
