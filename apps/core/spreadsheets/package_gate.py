"""Whether the inside of an .xlsx file may be parsed at all. Reads streaming, trusts no header.

Runs in the reading process and imports nothing of Django.
"""

import re
import zipfile
import zlib
from pathlib import Path

from apps.core.spreadsheets.gate import (
    LAST_ROW,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_ROWS,
    STATED_ROWS,
    Refused,
    too_many_columns,
    too_many_rows,
)
from apps.core.spreadsheets.package_parts import sheet_parts
from apps.core.spreadsheets.package_people import check_package_people

MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200
MAX_SHARED_STRINGS_BYTES = 100 * 1024 * 1024
# The list of sheets and what else is read as a whole; sheets and texts are read as streams.
MAX_PART_BYTES = 16 * 1024 * 1024
# Below this size a high ratio is harmless: small files of blanks compress very well.
_RATIO_FLOOR = 5 * 1024 * 1024
_SHARED_TEXTS = "sharedstrings.xml"
_CHUNK = 1 << 20
_OVERLAP = 512
_MAX_ROW_BYTES = 2 << 20

_UNSAFE_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_FOREIGN_ENCODING = re.compile(
    rb"\s*<\?xml[^>]*?\bencoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE
)
# A look that is fast and may err, then one at whole cells that hold something.
_MAYBE_FAR = re.compile(
    rb"r=[\"'](?:K[O-Z]|[L-Z][A-Z]|[A-Z](?:[A-Z]?(?:[2-9]\d{5}|\d{7})|[A-Z]{2}))"
)
_CELL = rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](?:%s)[\"'][^>]*(?<!/)>(?!</)"
_FAR_CELL = re.compile(
    _CELL % rb"[A-Z]{3,}\d+|[A-Z]{1,2}(?:0*[2-9]\d{5}|0*[1-9]\d{6,})", re.IGNORECASE
)
_WIDE_CELL = re.compile(_CELL % rb"(?:K[O-Z]|[L-Z][A-Z])\d+", re.IGNORECASE)


def inspect_package(path: Path) -> None:
    """Check a zip package from end to end before any parser sees it. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_names(package.infolist())
            sheets = _check_contents(package, path.stat().st_size)
            _check_sheets(package, sheets)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise Refused("damaged") from None
    except RuntimeError:  # zipfile's answer to an encrypted entry
        raise Refused("encrypted") from None


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refused("unsafe", found="entries")
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise Refused("unsafe", found="path")
        if entry.external_attr >> 28 == 0xA:
            raise Refused("unsafe", found="symlink")
    names = {entry.filename.lower() for entry in entries}
    if len(names) < len(entries):
        raise Refused("unsafe", found="duplicate")
    if "xl/workbook.xml" not in names:
        raise Refused("not_workbook", found=_package_kind(names))
    if any(name.endswith("vbaproject.bin") for name in names):
        raise Refused("macros")
    if any(name.startswith("xl/externallinks/") for name in names):
        raise Refused("external_links")


def _package_kind(names: set[str]) -> str:
    kinds = {
        "word/document.xml": "Word",
        "ppt/presentation.xml": "PowerPoint",
        "content.xml": "OpenDocument",
        "xl/workbook.bin": "XLSB",
        "index/document.iwa": "Numbers",
    }
    return next((kind for name, kind in kinds.items() if name in names), "ZIP")


def _check_contents(package: zipfile.ZipFile, packed: int) -> dict[str, "_SheetScan"]:
    """Unpack every part once, piece by piece, and return what was counted in each."""
    most = min(MAX_UNPACKED_BYTES, max(_RATIO_FLOOR, packed * MAX_RATIO))
    total, scans = 0, {}
    for entry in package.infolist():
        name = entry.filename.lower()
        is_xml = name.endswith((".xml", ".rels"))
        limit, size, scan = _limit(name), 0, _SheetScan()
        with package.open(entry) as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > limit or total + size > most:
                    raise Refused("bomb")
                if is_xml:
                    scan.feed(chunk)
        total += size
        scans[name] = scan
    return scans


def _limit(name: str) -> int:
    """The most bytes that a part may unpack to, by its lower-case name."""
    if name.endswith(_SHARED_TEXTS):
        return MAX_SHARED_STRINGS_BYTES
    if name.startswith(("xl/workbook", "xl/_rels/", "_rels/", "[content_types]", "xl/styles")):
        return MAX_PART_BYTES
    return MAX_UNPACKED_BYTES


def _check_sheets(package: zipfile.ZipFile, scans: dict[str, "_SheetScan"]) -> None:
    """Hold the visible sheets to the limits of a roster; hidden ones are not read at all."""
    parts = [part for part in sheet_parts(package) if not part.hidden]
    shown = [scans[part.path.lower()] for part in parts if part.path.lower() in scans]
    for refusal in (scan.refusal for scan in shown):
        if refusal is not None:
            raise refusal
    rows = sum(scan.rows for scan in shown)
    if rows > MAX_ROWS:
        raise too_many_rows()
    if sum(scan.cells for scan in shown) > MAX_CELLS:
        raise Refused("too_many_cells", limit=MAX_CELLS)
    if rows > STATED_ROWS:
        texts = next((n for n in package.namelist() if n.lower().endswith(_SHARED_TEXTS)), "")
        check_package_people(package, [part.path for part in parts if part.path], texts)


class _SheetScan:
    """Looks at a part as it comes and counts the rows and cells that hold something.

    Counts by plain searches for the ends of tags, which is ten times as fast as a parser. Parts
    that are no sheets have no rows; what counts in the end is what the value reader finds, this
    is to know early.
    """

    def __init__(self) -> None:
        self.rows = 0
        self.cells = 0
        self.refusal: Refused | None = None
        self._end = b""
        self._open_row: bytes | None = None
        self._below = False

    def feed(self, chunk: bytes) -> None:
        """Take the next piece of a part. Raises Refused for what no part may hold."""
        # With the end of the piece before, so that nothing hides at a border.
        window = self._end + chunk
        if b"\0" in chunk or (not self._end and _FOREIGN_ENCODING.match(chunk[:_OVERLAP])):
            raise Refused("unsafe", found="encoding")
        if b"<!" in window and _UNSAFE_XML.search(window):
            raise Refused("unsafe", found="DOCTYPE")
        self._end = window[-_OVERLAP:]
        if self._open_row is not None:
            self._feed_rows(self._open_row + chunk)
        elif not self._below and (start := window.find(b"sheetData")) >= 0:
            self._feed_rows(window[start + len("sheetData") :])

    def _feed_rows(self, data: bytes) -> None:
        *rows, rest = data.split(b"row>")
        for row in rows:
            # Shared texts and numbers, and texts in the cells themselves.
            cells = row.count(b"v>") // 2
            if cells:
                # A formula whose result is empty fills nothing.
                cells -= row.count(b"<v></v>")
            cells += row.count(b"is>") // 2
            if cells:
                self._count(row, cells)
        self._below = b"sheetData>" in rest
        # No honest row is as long as the bound; the value reader has limits of its own.
        self._open_row = None if self._below else rest if len(rest) < _MAX_ROW_BYTES else b""

    def _count(self, row: bytes, cells: int) -> None:
        self.rows += 1
        self.cells += cells
        if self.refusal is None and _MAYBE_FAR.search(row):
            if _FAR_CELL.search(row):
                self.refusal = Refused("too_far", columns=MAX_COLUMNS, rows=LAST_ROW)
            elif _WIDE_CELL.search(row):
                self.refusal = too_many_columns()
