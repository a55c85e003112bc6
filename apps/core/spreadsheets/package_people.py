"""How many different people a large .xlsx file names at least, by searches and without a parser.

Imports nothing of Django. The gate has bounded every part before.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping

from apps.core.spreadsheets.package import whole_rows
from apps.core.spreadsheets.people import NUMBER, People

_CHUNK = 1 << 20
_LONGEST_TEXT = 1 << 20
_TEXT_START = re.compile(rb"<(?:\w{1,20}:)?si(?=[\s/>])")
# All repetitions are bounded, so that no odd file takes longer than its length.
_WRITTEN = rb">\s{0,8}'?(%s)\s{0,8}<" % NUMBER.encode()
_NUMBER_IN_TEXT = re.compile(_WRITTEN)
_NUMBER = re.compile(NUMBER.encode() + rb"(?=\s*$)")
_MORE = rb"[^<>]{0,200}?"
# A cell of a column: with a shared text, with a text of its own, with either.
# Written as every known program does, so that a search jumps from one to the next.
_CELL = rb' r="(%s)\d{1,7}"' + _MORE
_OPENING = rb">(?:<(?:\w{1,20}:)?is>)?<(?:\w{1,20}:)?[vt]\b" + _MORE
_LETTERS = rb"[A-Z]{1,2}"
_SHARED_CELL = re.compile(_CELL % _LETTERS + rb'\bt="s"' + _MORE + rb"><(?:\w{1,20}:)?v>(\d{1,7})<")
_OWN_CELL = re.compile(_CELL % _LETTERS + _OPENING + _WRITTEN)
_ANY_VALUE = _OPENING + rb">\s{0,8}'?([^<]{1,30})<"


def check_package_people(package: zipfile.ZipFile, sheets: list[str], texts: str) -> None:
    """Refuse a file whose visible sheets name too many people. `texts` are the shared ones."""
    shared = _numbers_among(package, texts) if texts else {}
    people = People()
    for sheet in sheets:
        columns: list[bytes] | None = None
        for data in whole_rows(package, sheet):
            if columns is None:
                columns = _columns_with_numbers(data[:_CHUNK], shared)
            for column in columns:
                people.add(column, set(_numbers_in(data, column, shared)))


def _numbers_among(package: zipfile.ZipFile, part: str) -> dict[bytes, bytes]:
    """Return the shared texts that look like ID numbers, by the index that cells name them by."""
    found: dict[bytes, bytes] = {}
    index, carried = -1, b""
    with package.open(part) as file:
        while chunk := file.read(_CHUNK):
            *texts, carried = _TEXT_START.split(carried + chunk)
            for text in texts:
                if match := _NUMBER_IN_TEXT.search(text):
                    found[b"%d" % index] = match[1]
                index += 1
            # No honest text is as long; what was cut off counts as one text all the same.
            carried = carried[-_LONGEST_TEXT:]
    if match := _NUMBER_IN_TEXT.search(carried):
        found[b"%d" % index] = match[1]
    return found


def _columns_with_numbers(data: bytes, shared: Mapping[bytes, bytes]) -> list[bytes]:
    """Return the letters of the columns in which numbers stand near the top of a sheet."""
    by_index = {letter for letter, index in _SHARED_CELL.findall(data) if index in shared}
    return sorted(by_index | {letter for letter, _number in _OWN_CELL.findall(data)})


def _numbers_in(data: bytes, column: bytes, shared: Mapping[bytes, bytes]) -> Iterator[bytes]:
    for _letter, value in re.findall(_CELL % column + _ANY_VALUE, data):
        number = shared.get(value, value)
        if match := _NUMBER.match(number):
            yield match[0].rstrip()
