"""Read a workbook from outside by a child process with limits; refuse with reason and remedy."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.spreadsheets.grid import Grid, Workbook
from apps.core.spreadsheets.packed import PackedRows

PROJECT = Path(__file__).resolve().parents[3]
SECONDS = 90
INSPECTION_SECONDS = 10
ATTEMPTS = 5

# What the signal says that ended the reading process; all else is a broken parser.
_DEATHS: dict[int, str] = {
    signal.SIGXCPU: "too_slow",
    signal.SIGKILL: "too_slow",  # the time is up, or memory is short
    # The value reader aborts when it gets no more memory.
    signal.SIGABRT: "bomb",
}

# code → (what is the matter, what to do about it)
REASONS: dict[str, tuple[str, str]] = {
    "empty": (
        gettext_noop("The file is empty."),
        gettext_noop("Check that the roster was saved, then choose the file again."),
    ),
    "only_hidden": (
        gettext_noop(
            "Every sheet with content in this file is hidden; hidden sheets are not read."
        ),
        gettext_noop("Right-click a sheet tab, choose “Unhide”, save and upload again."),
    ),
    "not_workbook": (
        gettext_noop("This file is not a spreadsheet (it looks like %(found)s)."),
        gettext_noop(
            "Open it in WPS or Excel, choose “Save as”, type .xlsx, and upload the new file."
        ),
    ),
    "damaged": (
        gettext_noop("The file is damaged or was not completely saved."),
        gettext_noop("Open it in WPS or Excel, save it once more as .xlsx and upload it again."),
    ),
    "encrypted": (
        gettext_noop("The file has a password for opening."),
        gettext_noop("Open it, remove the password (File – Encrypt), save and upload again."),
    ),
    "macros": (
        gettext_noop("The file contains macros, which are not accepted."),
        gettext_noop("Choose “Save as”, type .xlsx (without macros), and upload the new file."),
    ),
    "external_links": (
        gettext_noop("The file contains formulas that refer to other files."),
        gettext_noop("Select all, copy, choose “Paste values”, save, and upload the file again."),
    ),
    "unsafe": (
        gettext_noop("The inside of the file is built in a way that is not accepted (%(found)s)."),
        gettext_noop("Copy the sheets into a new workbook, save it as .xlsx and upload that."),
    ),
    "bomb": (
        gettext_noop("Unpacked, the content of the file is far too large."),
        gettext_noop("Copy only the rows of the roster into a new workbook and upload that."),
    ),
    "too_far": (
        gettext_noop(
            "There is a cell far outside of the table (right of column %(columns)s or below row"
            " %(rows)s)."
        ),
        gettext_noop("Delete the stray cell or copy only the roster into a new workbook."),
    ),
    "too_large": (
        gettext_noop("The file is larger than %(limit)s MB."),
        gettext_noop("Remove pictures, or split the roster by village and upload the parts."),
    ),
    "too_many_rows": (
        gettext_noop("The file has more than %(limit)s rows of people."),
        gettext_noop("Split the roster, for example by village, and upload the parts."),
    ),
    "too_many_columns": (
        gettext_noop("The file has more than %(limit)s columns."),
        gettext_noop("Delete the columns that do not belong to the roster and upload again."),
    ),
    "too_many_cells": (
        gettext_noop("The file has more than %(limit)s filled cells."),
        gettext_noop("Delete the columns that do not belong to the roster, or split the roster."),
    ),
    "open_quote": (
        gettext_noop(
            "A quotation mark that opens in line %(line)s of this text file never closes."
        ),
        gettext_noop(
            "Delete that quotation mark, or save the roster as .xlsx, and upload it again."
        ),
    ),
    "encoding": (
        gettext_noop("The characters of this text file cannot be read."),
        gettext_noop("Save it as .xlsx, or as CSV in UTF-8 or GB18030, and upload it again."),
    ),
    "unreadable": (
        gettext_noop("The file could not be read: it is damaged or built in an unusual way."),
        gettext_noop("Copy the roster into a new workbook, save it as .xlsx and upload that."),
    ),
    "too_slow": (
        gettext_noop("Reading the file took too long and was stopped."),
        gettext_noop("Copy only the rows of the roster into a new workbook and upload that."),
    ),
}


# What a refusal found, in words; names of formats stand for themselves.
_FOUND = {
    "binary": gettext_noop("data that is no text"),
    "duplicate": gettext_noop("two parts of one name"),
    "encoding": gettext_noop("parts in another encoding"),
    "entries": gettext_noop("too many parts"),
    "merged cells": gettext_noop("merged cells that overlap"),
    "path": gettext_noop("paths out of the file"),
    "sheets": gettext_noop("too many sheets, or one sheet listed several times"),
    "symlink": gettext_noop("links in the file"),
}


def facts_in_words(params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a refusal as its message shows them, in the current language."""
    found = params.get("found")
    shown = dict(params)
    if isinstance(limit := params.get("limit"), int):
        shown["limit"] = f"{limit:,}"
    return {**shown, "found": _(_FOUND[found])} if found in _FOUND else shown


class UnreadableFile(Exception):
    """A file that cannot be read. `reason` says why, `remedy` what to do, both translated."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)

    @property
    def reason(self) -> str:
        return _(REASONS[self.code][0]) % facts_in_words(self.params)

    @property
    def remedy(self) -> str:
        return _(REASONS[self.code][1]) % self.params

    def __str__(self) -> str:
        return f"{self.reason} {self.remedy}"


class ReaderKilled(UnreadableFile):
    """The reading process was killed from outside, which says nothing about the file."""

    def __init__(self) -> None:
        super().__init__("too_slow")


def inspect_file(path: str | Path) -> None:
    """Refuse at once a file that cannot be read or is beyond the limits. Raises UnreadableFile.

    For the moment of the upload: takes below a second, opens nothing by a parser and lets pass
    what only a reading can tell.
    """
    try:
        parts = list(_lines_of_child(Path(path), "inspect", INSPECTION_SECONDS))
    except UnreadableFile:
        return
    for part in parts:
        _part(part)


def read_workbook(path: str | Path, filename: str = "") -> Workbook:
    """Return all sheets of a file: xlsx, xls, csv (UTF-8, GB 18030, UTF-16) or an HTML table.

    Hidden sheets come without their rows. Raises UnreadableFile; never fails otherwise, whatever
    the file contains. A reading process that somebody kills is started anew, four times at most.
    """
    for _attempt in range(ATTEMPTS - 1):
        with suppress(ReaderKilled):
            return _read(path, filename)
    return _read(path, filename)


def _read(path: str | Path, filename: str) -> Workbook:
    name = filename or Path(path).name
    lines = _lines_of_child(Path(path), "read", SECONDS)
    found = _part(next(lines, b""))
    sheets = tuple(_sheets(lines, name))
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableFile("only_hidden" if any(s.hidden for s in sheets) else "empty")
    return Workbook(name, found["format"], sheets)


def _lines_of_child(path: Path, task: str, seconds: float) -> Iterator[bytes]:
    """Run the reading process with an empty environment and no open files of ours."""
    command = [sys.executable, "-m", "apps.core.spreadsheets.child", str(path.resolve()), task]
    environment = {"PYTHONDONTWRITEBYTECODE": "1"}
    child = subprocess.Popen(  # noqa: S603 - our own module, no shell
        command, cwd=PROJECT, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    clock = threading.Timer(seconds, child.kill)
    clock.start()
    try:
        with child:
            for line in child.stdout or ():
                if not line.endswith(b"\n"):
                    break  # it ended in the middle
                yield line
    finally:
        in_time = clock.is_alive()
        clock.cancel()
        child.kill()
    if in_time and child.returncode == -signal.SIGKILL:
        raise ReaderKilled
    if child.returncode:
        raise UnreadableFile(_DEATHS.get(-child.returncode, "unreadable"))


def _part(line: bytes) -> dict[str, Any]:
    """Read one part that is no block of rows. Raises UnreadableFile, also for a refusal."""
    try:
        part = json.loads(line)
    except ValueError:
        raise UnreadableFile("unreadable") from None
    if "refused" in part:
        raise UnreadableFile(part["refused"], **part.get("params", {}))
    return part


def _sheets(lines: Iterator[bytes], filename: str) -> Iterator[Grid]:
    """Gather the parts into sheets; the blocks of rows stay packed."""
    rows = PackedRows()
    for line in lines:
        part = _part(line)
        if "sheet" in part:
            rows = PackedRows()
            yield _grid(part, rows, filename)
        elif "lengths" in part:
            rows.add(next(lines, b""), part["lengths"])
        elif "end" in part:
            # What follows is the exit code.
            next(lines, None)
            return
    raise UnreadableFile("unreadable")


def _grid(head: dict[str, Any], rows: PackedRows, filename: str) -> Grid:
    return Grid(
        name=head["sheet"] or Path(filename).stem,
        rows=rows,
        hidden=head["hidden"],
        merges=tuple(tuple(span) for span in head["merges"]),
        hidden_rows=frozenset(head["hidden_rows"]),
        hidden_columns=frozenset(head["hidden_columns"]),
    )
