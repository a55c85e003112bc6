"""Hostile files of the .xls kind."""

import random
import struct
from functools import partial

from tests.files import old_excel as o
from tests.files.people import ROWS, Hostile

NAME = "花名册.xls"
DAMAGED = "damaged"
HEADER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def plain() -> bytes:
    return o.workbook(o.cells(ROWS), names=["沙田村"])


def compound(*names: str) -> bytes:
    """A compound file with streams of these names, which hold nothing."""
    return o.compound(*((name, b"") for name in names))


def changed(offset: int, form: str, *values: int) -> bytes:
    """The usual file with some bytes of its header or table replaced."""
    content = bytearray(plain())
    struct.pack_into(form, content, offset, *values)
    return bytes(content)


def circle() -> bytes:
    """A table of sectors in which the workbook's last sector is followed by its first."""
    content = bytearray(plain())
    table = list(struct.unpack_from("<128I", content, 512))
    start = struct.unpack_from("<I", content, 1024 + 128 + 116)[0]
    last = start
    while table[last] < 0xFFFFFFF0:
        last = table[last]
    struct.pack_into("<I", content, 512 + 4 * last, start)
    return bytes(content)


def circle_of_small_sectors() -> bytes:
    """A workbook below the size for whole sectors, whose pieces follow one another for ever."""
    content = bytearray(plain())
    struct.pack_into("<I", content, 56, 1 << 20)
    struct.pack_into("<2I", content, 60, 2, 1)
    content[512 + 8 * 2 : 512 + 8 * 2 + 4] = struct.pack("<I", 0xFFFFFFFE)
    struct.pack_into("<I", content, 1024 + 116, 2)
    struct.pack_into("<128I", content, 512 * 3, *[0] * 128)
    struct.pack_into("<2I", content, 1024 + 128 + 116, 0, 4096)
    return bytes(content)


def broken_strings() -> bytes:
    body = struct.pack("<2I", 5, 5) + struct.pack("<HB", 9000, 1) + "王伟".encode("utf-16-le")
    return o.workbook(o.shared(0, 0, 3), more=o.record(o.SST, body))


def many_strings() -> bytes:
    body = struct.pack("<2I", 0x7FFFFFFF, 0x7FFFFFFF) + struct.pack("<HB", 1, 0) + b"a"
    return o.workbook(o.shared(0, 0, 3), more=o.record(o.SST, body))


def string_out_of_range() -> bytes:
    return o.workbook(o.shared(0, 0, 99), more=o.shared_texts("王伟"))


def empty_records() -> bytes:
    """Fifteen megabytes of records without a body."""
    return o.workbook(o.record(0x1234) * (15 << 18))


def overlapping_sheets() -> bytes:
    """A thousand sheets that all begin in the same records, one a record later than the other."""
    body = o.cells(ROWS) + o.record(0x1234) * 200_000
    content = bytearray(o.stream(*[body, *[b""] * 900]))
    found, first = 0, None
    while (found := content.find(struct.pack("<H", o.BOUNDSHEET), found)) >= 0:
        length, offset = struct.unpack_from("<HI", content, found + 2)
        if length > 30 or offset > len(content):
            break
        first = first or offset
        struct.pack_into("<I", content, found + 4, first)
        first += 4
        found += 4 + length
    return o.compound(("Workbook", bytes(content)))


def sheet_behind_the_end() -> bytes:
    content = o.stream(o.cells(ROWS))
    place = content.index(struct.pack("<H", o.BOUNDSHEET)) + 4
    return o.compound(
        ("Workbook", content[:place] + struct.pack("<I", 0x7FFFFFF0) + content[place + 4 :])
    )


def corners(sheets: int) -> bytes:
    """Sheets of two cells each, in the first and the last corner."""
    return o.workbook(*[o.number(0, 0, 1.0) + o.number(65535, 255, 1.0)] * sheets)


def scrambled() -> bytes:
    content = bytearray(plain())
    content[1600:1900] = random.Random(8).randbytes(300)
    return bytes(content)


FILES: dict[str, Hostile] = {
    "old Word": Hostile(partial(compound, "WordDocument"), "not_workbook", filename=NAME),
    "compound file of nothing": Hostile(partial(compound, "Other"), "not_workbook"),
    "an installer": Hostile(partial(compound, "!_StringData"), "not_workbook"),
    "Excel 97 with macros": Hostile(
        lambda: o.compound(("Workbook", o.stream(o.cells(ROWS))), ("_VBA_PROJECT_CUR", b"x")),
        "macros",
        filename=NAME,
    ),
    "Excel 97 with a password": Hostile(
        lambda: o.workbook(o.cells(ROWS), more=o.record(o.FILEPASS, bytes(54))),
        "encrypted",
        filename=NAME,
    ),
    "Excel 95": Hostile(
        lambda: o.compound(("Book", o.stream_95(ROWS))), "not_workbook", filename=NAME
    ),
    "the header alone": Hostile(lambda: plain()[:512], DAMAGED, filename=NAME),
    "half a header": Hostile(lambda: plain()[:100], DAMAGED, filename=NAME),
    "Excel 97 broken off": Hostile(lambda: plain()[:1800], DAMAGED, filename=NAME),
    "sectors of odd size": Hostile(partial(changed, 30, "<H", 31), DAMAGED, filename=NAME),
    "directory out of range": Hostile(
        partial(changed, 48, "<I", 0x00FFFFFF), DAMAGED, filename=NAME
    ),
    "tables without end": Hostile(
        partial(changed, 68, "<2I", 0, 0x7FFFFFFF), rows=ROWS, filename=NAME
    ),
    "sectors in a circle": Hostile(circle, DAMAGED, filename=NAME),
    "small sectors in a circle": Hostile(circle_of_small_sectors, DAMAGED, filename=NAME),
    "broken shared texts": Hostile(broken_strings, DAMAGED, filename=NAME),
    "two thousand million shared texts": Hostile(many_strings, "empty", filename=NAME),
    "index of a shared text out of range": Hostile(string_out_of_range, "empty", filename=NAME),
    "four million empty records": Hostile(empty_records, DAMAGED, filename=NAME),
    "sheets that overlap": Hostile(overlapping_sheets, DAMAGED, filename=NAME),
    "a sheet behind the end": Hostile(sheet_behind_the_end, "unreadable", filename=NAME),
    "the last corner of Excel 97": Hostile(partial(corners, 1), "bomb", filename=NAME),
    "the last corner on fifty sheets": Hostile(partial(corners, 50), "bomb", filename=NAME),
    "Excel 97 with noise in it": Hostile(scrambled, DAMAGED, filename=NAME),
}
