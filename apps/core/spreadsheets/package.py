"""What the value reader leaves out of .xlsx files: errors, hidden rows and columns.

Scans each sheet's XML as a stream of bytes by regular expression, which costs a fraction of a
parse. Imports nothing of Django. The gate has refused document type declarations before.
"""

import posixpath
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from apps.core.spreadsheets.biff import SheetDetails
from apps.core.spreadsheets.grid import column_index

_CHUNK = 4 << 20
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"

_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*?\bhidden=[\"'](?:1|true)[\"'][^>]*>")
_ERROR = re.compile(
    rb"<(?:\w+:)?c\b([^>]*?\bt=[\"']e[\"'][^>]*)>((?:(?!</(?:\w+:)?c>).){0,8192})", re.DOTALL
)
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]*)<")
_PLACE = re.compile(rb"\br=[\"']([A-Z]{1,3})?(\d{1,7})[\"']")
_NUMBER = {name: re.compile(rb"\b" + name + rb"=[\"'](\d{1,5})[\"']") for name in (b"min", b"max")}


def sheet_details(path: Path) -> dict[str, SheetDetails]:
    """Return errors and hidden rows and columns by the name of the sheet."""
    with zipfile.ZipFile(path) as package:
        names = set(package.namelist())
        return {
            sheet: _scan(package, part) for sheet, part in _parts(package).items() if part in names
        }


def _parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Return the part of the package that holds each sheet."""
    try:
        # The gate has refused files with a document type, so no entity can be declared.
        book = ElementTree.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
        relations = ElementTree.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (ElementTree.ParseError, KeyError):
        return {}
    targets = {
        relation.get("Id"): posixpath.normpath(
            posixpath.join("/xl", relation.get("Target") or "")
        ).lstrip("/")
        for relation in relations
    }
    sheets = [*book.iter(f"{_MAIN}sheet"), *book.iter(f"{_STRICT}sheet")]
    return {
        sheet.get("name") or "": targets.get(
            sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), ""
        )
        for sheet in sheets
    }


def _scan(package: zipfile.ZipFile, part: str) -> SheetDetails:
    details = SheetDetails()
    for data in _whole_rows(package, part):
        # The plain searches before the patterns spare most sheets the slower ones.
        if b"hidden=" in data:
            for match in _HIDDEN_ROW.finditer(data):
                if place := _PLACE.search(match[0]):
                    details.hidden_rows.add(int(place[2]) - 1)
            for match in _COLUMN.finditer(data):
                _add_columns(details, match[0])
        if b'"e"' in data or b"'e'" in data:
            for match in _ERROR.finditer(data):
                _add_error(details, match[1], match[2])
    return details


def _add_columns(details: SheetDetails, tag: bytes) -> None:
    first, last = (_NUMBER[name].search(tag) for name in (b"min", b"max"))
    if first and last:
        details.hidden_columns.update(range(int(first[1]) - 1, min(int(last[1]), 300)))


def _add_error(details: SheetDetails, attributes: bytes, content: bytes) -> None:
    place, value = _PLACE.search(attributes), _VALUE.search(content)
    if place and place[1]:
        shown = value[1].decode("ascii", "replace") if value else "#N/A"
        details.errors[int(place[2]) - 1, column_index(place[1].decode())] = shown


def _whole_rows(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield the XML in pieces that end at the end of a row, so that no cell is cut in two."""
    carried = b""
    with package.open(part) as file:
        while chunk := file.read(_CHUNK):
            data = carried + chunk
            cut = data.rfind(b"</row>") + 6
            if cut < 6 and len(data) < 4 * _CHUNK:
                carried = data
                continue
            cut = cut if cut >= 6 else len(data)
            yield data[:cut]
            carried = data[cut:]
    yield carried
