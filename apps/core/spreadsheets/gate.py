"""What a file is, told by its content, and the limits that every reader keeps.

Runs in the reading process and imports nothing of Django.
"""

from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 20 * 1024 * 1024
STATED_ROWS = 50_000
# Titles, headings, totals and repeated lines come on top of the rows of people; how many people
# there are is known only when the tables have been found.
MAX_ROWS = 60_000
MAX_COLUMNS = 300
# Below this line nobody looks for a table any more.
LAST_ROW = 200_000
MAX_CELLS = 3_000_000
MAX_SHEETS = 1_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OTHER_FILES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x7fELF", "EXE"),
    (b"\x1f\x8b", "gzip"),
)


class Refused(Exception):
    """The file may not or cannot be read; `code` chooses the message, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def too_many_rows() -> Refused:
    """The refusal of a file with more rows than are ever read."""
    return Refused("too_many_rows", limit=STATED_ROWS)


def too_many_columns() -> Refused:
    """The refusal of a file with more columns than are ever read."""
    return Refused("too_many_columns", limit=MAX_COLUMNS)


def file_format(path: Path) -> str:
    """Return xlsx, ole, html or csv, by content. Raises Refused for anything else."""
    size = path.stat().st_size
    if not size:
        raise Refused("empty")
    if size > MAX_FILE_BYTES:
        raise Refused("too_large", limit=MAX_FILE_BYTES // 1024 // 1024)
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(_ZIP):
        return "xlsx"
    if start.startswith(_OLE):
        return "ole"
    for magic, name in _OTHER_FILES:
        if start.startswith(magic):
            raise Refused("not_workbook", found=name)
    return _text_format(start)


def _text_format(start: bytes) -> str:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        start = start.decode("utf-16", "replace").encode()
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"mime-version"):
        raise Refused("not_workbook", found="MHTML")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Refused("not_workbook", found="XML")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<div")):
        return "html"
    if head.startswith(b"<"):
        if b"<table" in head or b"<html" in head:
            return "html"
        raise Refused("not_workbook", found="XML")
    return "csv"
