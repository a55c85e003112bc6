"""Workbooks of the .xls kind (Excel 97 and 95), put together record by record."""

import struct
from collections.abc import Sequence
from typing import Any

BOF, EOF, BOUNDSHEET, SST, CODEPAGE, DATEMODE = 0x0809, 0x000A, 0x0085, 0x00FC, 0x0042, 0x0022
FORMAT, XF, LABEL, LABELSST, NUMBER, RK = 0x041E, 0x00E0, 0x0204, 0x00FD, 0x0203, 0x027E
MULRK, BLANK, BOOLERR, FORMULA, STRING = 0x00BD, 0x0201, 0x0205, 0x0006, 0x0207
ROW, COLINFO, MERGECELLS, FILEPASS, CONTINUE = 0x0208, 0x007D, 0x00E5, 0x002F, 0x003C

_FREE, _END, _TABLE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, body: bytes = b"") -> bytes:
    """One record: its kind, its length and its body."""
    return struct.pack("<2H", kind, len(body)) + body


def text(value: str) -> bytes:
    """A text of Excel 97: length, mark, characters."""
    raw = value.encode("utf-16-le")
    return struct.pack("<HB", len(raw) // 2, 1) + raw


def label(row: int, column: int, value: str, style: int = 0) -> bytes:
    """A cell with its text in itself."""
    return record(LABEL, struct.pack("<3H", row, column, style) + text(value))


def shared(row: int, column: int, index: int) -> bytes:
    """A cell with the number of a shared text."""
    return record(LABELSST, struct.pack("<3HI", row, column, 0, index))


def number(row: int, column: int, value: float, style: int = 0) -> bytes:
    """A cell with a number of eight bytes."""
    return record(NUMBER, struct.pack("<3Hd", row, column, style, value))


def whole(row: int, column: int, value: int, style: int = 0) -> bytes:
    """A cell with a whole number in the short form (RK)."""
    return record(RK, struct.pack("<3Hi", row, column, style, value << 2 | 2))


def formula_text(row: int, column: int, value: str) -> bytes:
    """A formula whose stored result is a text."""
    body = (
        struct.pack("<3H", row, column, 0) + bytes(6) + b"\xff\xff" + struct.pack("<HIH", 0, 0, 0)
    )
    return record(FORMULA, body) + record(STRING, text(value))


def cells(rows: Sequence[Sequence[Any]]) -> bytes:
    """Cells for rows of texts and numbers; empty texts make none."""
    return b"".join(
        label(row, column, value) if isinstance(value, str) else number(row, column, value)
        for row, line in enumerate(rows)
        for column, value in enumerate(line)
        if value != ""
    )


def shared_texts(*texts: str) -> bytes:
    """The record of the shared texts."""
    return record(SST, struct.pack("<2I", len(texts), len(texts)) + b"".join(map(text, texts)))


def formats(*codes: str) -> bytes:
    """Number formats and the cell formats 1, 2, … that use them; 0 is General."""
    made = b"".join(
        record(FORMAT, struct.pack("<H", 164 + index) + text(code))
        for index, code in enumerate(codes)
    )
    for index in (0, *range(164, 164 + len(codes))):
        made += record(XF, struct.pack("<2H", 0, index) + bytes(16))
    return made


def stream(*sheets: bytes, names: Sequence[str] = (), more: bytes = b"", hidden: int = 0) -> bytes:
    """The workbook stream of Excel 97: globals with `more`, then each sheet's records.

    The first `hidden` sheets are hidden ones.
    """
    titles = [*names, *(f"Sheet{index + 1}" for index in range(len(names), len(sheets)))]
    start = struct.pack("<4H2I", 0x0600, 5, 0x0DBB, 1996, 0, 6)
    before = record(BOF, start) + record(CODEPAGE, struct.pack("<H", 1200)) + more
    raws = [title.encode("utf-16-le") for title in titles]
    size = len(before) + sum(len(raw) + 12 for raw in raws) + len(record(EOF))
    bodies = [
        record(BOF, struct.pack("<4H2I", 0x0600, 0x10, 0x0DBB, 1996, 0, 6)) + body + record(EOF)
        for body in sheets
    ]
    bounds, offset = b"", size
    for index, (raw, body) in enumerate(zip(raws, bodies, strict=True)):
        facts = struct.pack("<IBBBB", offset, index < hidden, 0, len(raw) // 2, 1)
        bounds += record(BOUNDSHEET, facts + raw)
        offset += len(body)
    return before + bounds + record(EOF) + b"".join(bodies)


def stream_95(rows: Sequence[Sequence[str]], encoding: str = "gbk") -> bytes:
    """The workbook stream of Excel 95 with one sheet of texts in the code page 936."""
    start = record(BOF, struct.pack("<4H", 0x0500, 5, 0x0DBB, 1996))
    start += record(CODEPAGE, struct.pack("<H", 936))
    title = "花名册".encode(encoding)
    offset = len(start) + 4 + 7 + len(title) + 4
    start += record(BOUNDSHEET, struct.pack("<IBBB", offset, 0, 0, len(title)) + title)
    body = record(BOF, struct.pack("<4H", 0x0500, 0x10, 0x0DBB, 1996))
    for row, line in enumerate(rows):
        for column, value in enumerate(line):
            raw = value.encode(encoding, "replace")
            body += record(LABEL, struct.pack("<4H", row, column, 0, len(raw)) + raw)
    return start + record(EOF) + body + record(EOF)


def compound(*streams: tuple[str, bytes]) -> bytes:
    """A compound file with these streams, each padded so that it lies in whole sectors."""
    contents = [(name, data.ljust(4096, b"\0")) for name, data in streams]
    large = sum(len(data) for _name, data in contents) > 6 << 20
    sector = 4096 if large else 512
    sizes = [-(-len(data) // sector) for _name, data in contents]
    folders = -(-(len(contents) + 1) * 128 // sector)
    tables = 1
    while tables * sector // 4 < tables + folders + sum(sizes):
        tables += 1
    table = [_TABLE] * tables + _chain(tables, folders)
    entries, start = _entry("Root Entry", 5, _END, 0, child=1), tables + folders
    for index, ((name, data), size) in enumerate(zip(contents, sizes, strict=True), start=1):
        table += _chain(start, size)
        following = index + 1 if index < len(contents) else _FREE
        entries += _entry(name, 2, start, len(data), right=following)
        start += size
    table += [_FREE] * (tables * sector // 4 - len(table))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<5H6x", 62, 4 if large else 3, 0xFFFE, 12 if large else 9, 6)
    header += struct.pack("<9I", 0, tables, tables, 0, 4096, _END, 0, _END, 0)
    header += struct.pack("<109I", *range(tables), *[_FREE] * (109 - tables))
    body = struct.pack(f"<{len(table)}I", *table) + entries.ljust(folders * sector, b"\0")
    padded = [
        data.ljust(size * sector, b"\0") for (_, data), size in zip(contents, sizes, strict=True)
    ]
    return header.ljust(sector, b"\0") + body + b"".join(padded)


def _chain(start: int, size: int) -> list[int]:
    """Table entries of sectors that follow one another."""
    return [*range(start + 1, start + size), _END]


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = _FREE, right: int = _FREE
) -> bytes:
    raw = name.encode("utf-16-le")
    return (
        raw.ljust(64, b"\0")
        + struct.pack("<HBB3I", len(raw) + 2, kind, 1, _FREE, right, child)
        + bytes(36)
        + struct.pack("<2I", start, size)
        + bytes(4)
    )


def workbook(*sheets: bytes, **more: Any) -> bytes:
    """An .xls file of Excel 97 with these sheets."""
    return compound(("Workbook", stream(*sheets, **more)))
