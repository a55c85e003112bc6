"""What the value reader leaves out of .xlsx files: errors, hidden rows and columns.

Scans each sheet's XML as a stream of bytes by regular expression, which costs a fraction of a
parse. Imports nothing of Django. The gate has refused document type declarations before.
"""

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from apps.core.spreadsheets.biff import SheetDetails
from apps.core.spreadsheets.grid import column_index
from apps.core.spreadsheets.package_parts import sheet_parts

_CHUNK = 4 << 20

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
        return {
            part.name: _scan(package, part.path)
            for part in sheet_parts(package)
            if part.path and not part.hidden
        }


def _scan(package: zipfile.ZipFile, part: str) -> SheetDetails:
    details = SheetDetails()
    for data in whole_rows(package, part):
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


def whole_rows(package: zipfile.ZipFile, part: str) -> Iterator[bytes]:
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
