"""What a file is, and whether its inside may be parsed at all. Reads streaming, trusts no header.

Runs in the reading process and imports nothing of Django.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_ENTRIES = 2_000
MAX_UNPACKED_BYTES = 300 * 1024 * 1024
MAX_RATIO = 200
MAX_SHARED_STRINGS_BYTES = 100 * 1024 * 1024
MAX_ROWS = 60_000
MAX_COLUMNS = 300
# Below this size a high ratio is harmless: small files of blanks compress very well.
_RATIO_FLOOR = 5 * 1024 * 1024
_CHUNK = 1 << 20
_OVERLAP = 512

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
# A cell that holds something, right of column KN (300) or below row 200,000.
_FAR_CELL = re.compile(
    rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](?:[A-Z]{4,}\d+|(?:K[O-Z]|[L-Z][A-Z]|[A-Z]{3})\d+"
    rb"|[A-Z]{1,2}(?:[2-9]\d{5}|\d{7,}))[\"'][^>]*(?<!/)>(?!</)"
)
_UNSAFE_XML = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_FILES = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"{\\rtf", "RTF"),
    (b"MZ", "EXE"),
    (b"\x1f\x8b", "gzip"),
)


class Refused(Exception):
    """The file may not or cannot be read; `code` chooses the message, `params` fill it."""

    def __init__(self, code: str, **params: Any) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


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
    head = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith(b"mime-version"):
        raise Refused("not_workbook", found="MHTML")
    if b"urn:schemas-microsoft-com:office:spreadsheet" in head:
        raise Refused("not_workbook", found="XML")
    if head.startswith((b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<div")):
        return "html"
    if head.startswith(b"<"):
        return "html" if b"<table" in head or b"<html" in head else _no_xml()
    return "csv"


def _no_xml() -> str:
    raise Refused("not_workbook", found="XML")


def inspect_package(path: Path) -> None:
    """Check a zip package from end to end before any parser sees it. Raises Refused."""
    try:
        with zipfile.ZipFile(path) as package:
            _check_names(package.infolist())
            _check_contents(package, path.stat().st_size)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, ValueError):
        raise Refused("damaged") from None
    except RuntimeError:  # zipfile's answer to an encrypted entry
        raise Refused("encrypted") from None


def _check_names(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Refused("unsafe", found="entries")
    names = {entry.filename for entry in entries}
    for entry in entries:
        if entry.flag_bits & 1:
            raise Refused("encrypted")
        parts = entry.filename.replace("\\", "/").split("/")
        if ".." in parts or entry.filename.startswith(("/", "\\")):
            raise Refused("unsafe", found="path")
        if entry.external_attr >> 28 == 0xA:
            raise Refused("unsafe", found="symlink")
    if "xl/workbook.xml" not in names:
        raise Refused("not_workbook", found=_package_kind(names))
    lower = [name.lower() for name in names]
    if any(name.endswith("vbaproject.bin") for name in lower):
        raise Refused("macros")
    if any(name.startswith("xl/externallinks/") for name in lower):
        raise Refused("external_links")


def _package_kind(names: set[str]) -> str:
    kinds = {
        "word/document.xml": "Word",
        "ppt/presentation.xml": "PowerPoint",
        "content.xml": "OpenDocument",
        "xl/workbook.bin": "XLSB",
    }
    return next((kind for name, kind in kinds.items() if name in names), "ZIP")


def _check_contents(package: zipfile.ZipFile, packed: int) -> None:
    total = 0
    for entry in package.infolist():
        strings = entry.filename.lower().endswith("sharedstrings.xml")
        size = 0
        with package.open(entry) as file:
            for window in _windows(file):
                size += window.new_bytes
                if total + size > MAX_UNPACKED_BYTES or (
                    strings and size > MAX_SHARED_STRINGS_BYTES
                ):
                    raise Refused("bomb")
                if total + size > max(_RATIO_FLOOR, packed * MAX_RATIO):
                    raise Refused("bomb")
                if entry.filename.lower().endswith((".xml", ".rels")):
                    _check_window(window.data)
        total += size


def _check_window(data: bytes) -> None:
    if _UNSAFE_XML.search(data):
        raise Refused("unsafe", found="DOCTYPE")
    if _FAR_CELL.search(data):
        raise Refused("too_far", columns=MAX_COLUMNS)


class _Window:
    """A chunk together with the end of the one before, so that nothing hides at a border."""

    __slots__ = ("data", "new_bytes")

    def __init__(self, data: bytes, new_bytes: int) -> None:
        self.data = data
        self.new_bytes = new_bytes


def _windows(file: IO[bytes]) -> Iterator[_Window]:
    carried = b""
    while chunk := file.read(_CHUNK):
        yield _Window(carried + chunk, len(chunk))
        carried = chunk[-_OVERLAP:]
