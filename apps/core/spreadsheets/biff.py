"""What the value reader leaves out of .xls files: errors, hidden rows and columns, passwords.

A small walk over the BIFF8 records of the Workbook stream ([MS-XLS]) inside its compound file
([MS-CFB]). Imports nothing of Django.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from struct import error as StructError
from struct import unpack_from

from apps.core.spreadsheets.gate import MAX_SHEETS, Refused

# A file of 20 MB has at most 1.5 million cells; only one with overlapping sheets needs more.
_MAX_RECORDS = 2_000_000
_FREE = 0xFFFFFFFA  # sector numbers from here on mean "no further sector"
_ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
_BOF, _EOF, _FILEPASS, _BOUNDSHEET = 0x0809, 0x000A, 0x002F, 0x0085
_EXCEL_97 = 0x0600
_ROW, _COLINFO, _BOOLERR, _FORMULA = 0x0208, 0x007D, 0x0205, 0x0006


@dataclass
class SheetDetails:
    """What one sheet has beside its values; rows and columns count from 0."""

    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def stream_names(data: bytes) -> list[str]:
    """Return the names of the streams in a compound file. Raises Refused if it is none."""
    return [name for name, _start, _size in _directory(data)]


def sheet_details(data: bytes) -> list[SheetDetails]:
    """Return the details of each sheet of an .xls file, in the order of the workbook.

    Raises Refused("encrypted") for a file with a password, Refused("damaged") for broken ones.
    """
    try:
        stream = _stream(data, ("workbook", "book"))
        records = _Records(stream)
        return [_sheet(records, start) for start in _sheet_starts(records)]
    except (StructError, IndexError, MemoryError):
        raise Refused("damaged") from None


def _fat(data: bytes) -> tuple[int, list[int]]:
    sector = 1 << unpack_from("<H", data, 30)[0]
    if sector not in (512, 4096):
        raise Refused("damaged")
    blocks = list(unpack_from("<109I", data, 76))
    following, count = unpack_from("<2I", data, 68)
    for _ in range(min(count, len(data) // sector + 1)):
        if following >= _FREE:
            break
        part = unpack_from(f"<{sector // 4}I", data, (following + 1) * sector)
        blocks.extend(part[:-1])
        following = part[-1]
    table: list[int] = []
    for block in blocks:
        if block < _FREE and (block + 2) * sector <= len(data) + sector:
            chunk = data[(block + 1) * sector : (block + 2) * sector].ljust(sector, b"\xff")
            table.extend(unpack_from(f"<{sector // 4}I", chunk))
    return sector, table


def _chain(data: bytes, start: int, sector: int, table: list[int]) -> bytes:
    parts, seen = [], 0
    while start < _FREE:
        parts.append(data[(start + 1) * sector : (start + 2) * sector])
        seen += 1
        if seen > len(table):
            raise Refused("damaged")
        start = table[start]
    return b"".join(parts)


def _directory(data: bytes) -> list[tuple[str, int, int]]:
    try:
        sector, table = _fat(data)
        raw = _chain(data, unpack_from("<I", data, 48)[0], sector, table)
        entries = list(_entries(raw))
    except (StructError, IndexError):
        raise Refused("damaged") from None
    if not entries:
        raise Refused("damaged")
    return entries


def _entries(raw: bytes) -> Iterator[tuple[str, int, int]]:
    for offset in range(0, len(raw) - 127, 128):
        length = min(unpack_from("<H", raw, offset + 64)[0], 64)
        if raw[offset + 66] in (1, 2, 5) and length >= 2:
            name = raw[offset : offset + length - 2].decode("utf-16-le", "replace")
            yield (name, *unpack_from("<2I", raw, offset + 116))


def _stream(data: bytes, wanted: tuple[str, ...]) -> bytes:
    sector, table = _fat(data)
    entries = _directory(data)
    for name, start, size in entries:
        if name.lower() in wanted:
            if size >= unpack_from("<I", data, 56)[0]:
                return _chain(data, start, sector, table)[:size]
            return _small_stream(data, entries, start, size)
    raise Refused("not_workbook", found="OLE")


def _small_stream(data: bytes, entries: list[tuple[str, int, int]], start: int, size: int) -> bytes:
    """Read a stream below the cut-off, which lies in 64-byte pieces of the root's own stream."""
    sector, table = _fat(data)
    first = unpack_from("<I", data, 60)[0]
    raw = _chain(data, first, sector, table)
    pieces = unpack_from(f"<{len(raw) // 4}I", raw)
    root = _chain(data, entries[0][1], sector, table)
    parts: list[bytes] = []
    while start < _FREE:
        if len(parts) > len(pieces):
            raise Refused("damaged")
        parts.append(root[start * 64 : start * 64 + 64])
        start = pieces[start]
    return b"".join(parts)[:size]


class _Records:
    """The records of a workbook stream, of which only so many may be asked for."""

    def __init__(self, stream: bytes) -> None:
        self.stream = stream
        self._left = _MAX_RECORDS

    def read(self, offset: int) -> Iterator[tuple[int, int, int]]:
        """Yield (record type, offset of its body, length) until the end of one substream."""
        stream, end, depth = self.stream, len(self.stream) - 3, 0
        while offset < end:
            kind, length = unpack_from("<2H", stream, offset)
            yield kind, offset + 4, length
            offset += 4 + length
            self._left -= 1
            if kind == _BOF:
                depth += 1
            elif kind == _EOF:
                depth -= 1
            if self._left < 0:
                raise Refused("damaged")
            if kind == _EOF and depth <= 0:
                return


def _sheet_starts(records: _Records) -> list[int]:
    starts = []
    for kind, body, length in records.read(0):
        if kind == _BOF and length >= 2 and unpack_from("<H", records.stream, body)[0] < _EXCEL_97:
            # Their Chinese texts would come out as other characters.
            raise Refused("not_workbook", found="Excel 95")
        if kind == _FILEPASS:
            raise Refused("encrypted")
        if kind == _BOUNDSHEET:
            starts.append(unpack_from("<I", records.stream, body)[0])
    if len(starts) > MAX_SHEETS or len(set(starts)) < len(starts):
        raise Refused("unsafe", found="sheets")
    return starts


def _sheet(records: _Records, start: int) -> SheetDetails:
    stream, details = records.stream, SheetDetails()
    for kind, body, length in records.read(start):
        if kind == _ROW and length >= 16:
            if stream[body + 12] & 0x20:
                details.hidden_rows.add(unpack_from("<H", stream, body)[0])
        elif kind == _BOOLERR and length >= 8:
            if stream[body + 7]:
                place = unpack_from("<2H", stream, body)
                details.errors[place] = _ERRORS.get(stream[body + 6], "#N/A")
        elif kind == _FORMULA and length >= 14:
            if stream[body + 12 : body + 14] == b"\xff\xff" and stream[body + 6] == 2:
                place = unpack_from("<2H", stream, body)
                details.errors[place] = _ERRORS.get(stream[body + 8], "#N/A")
        elif kind == _COLINFO and length >= 10 and stream[body + 8] & 1:
            first, last = unpack_from("<2H", stream, body)
            details.hidden_columns.update(range(first, min(last, 299) + 1))
    return details
