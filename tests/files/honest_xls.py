"""Honest files of the .xls kind."""

import struct
from functools import partial

from tests.files import old_excel as o
from tests.files.people import BORN, HEADINGS, PEOPLE, ROWS, TITLE, Honest, changed

SERIALS = [29287.0, 30077.0, 27758.0]
NAME = "花名册.xls"


def plain(rows=ROWS, **more):
    return o.workbook(o.cells(rows), names=["沙田村"], **more)


def with_shared_texts(*, odd: bool = False, broken_at: int = 0) -> bytes:
    """All texts in the table of shared texts; with runs and sounds, or cut into two records."""
    texts = list(dict.fromkeys(text for row in ROWS for text in row))
    body = struct.pack("<2I", len(texts), len(texts))
    for text in texts:
        raw = text.encode("utf-16-le")
        if odd:  # two runs of looks, and how it is pronounced
            body += struct.pack("<HBHI", len(raw) // 2, 0x0D, 2, 4) + raw + bytes(8) + bytes(4)
        else:
            body += struct.pack("<HB", len(raw) // 2, 1) + raw
    table = o.record(o.SST, body)
    if broken_at:
        first = struct.pack("<2I", len(texts), len(texts))
        head = "安塘乡沙田村户籍人口花名册".encode("utf-16-le")
        first += struct.pack("<HB", len(head) // 2, 1) + head[:broken_at]
        rest = b"\x01" + head[broken_at:] + body[8 + 3 + len(head) :]
        table = o.record(o.SST, first) + o.record(o.CONTINUE, rest)
    cells = b"".join(
        o.shared(row, column, texts.index(text))
        for row, line in enumerate(ROWS)
        for column, text in enumerate(line)
    )
    return o.workbook(cells, more=table)


def dated(code: str, *, offset: int = 0, more: bytes = b"") -> bytes:
    """Birth dates as numbers with a format."""
    blank = changed("出生日期", "", "", "")
    days = b"".join(o.number(row, 4, day - offset, 1) for row, day in enumerate(SERIALS, start=2))
    return o.workbook(o.cells(blank) + days, more=o.formats(code) + more)


def short_numbers() -> bytes:
    """Household numbers as whole numbers in the short forms, one alone and two in one record."""
    blank = changed("户号", "", "", "")
    multiple = struct.pack("<2H", 3, 0) + struct.pack("<Hi", 0, 1 << 2 | 2) + struct.pack("<H", 0)
    return o.workbook(
        o.cells(blank) + o.whole(2, 0, 1) + o.record(o.MULRK, multiple) + o.number(4, 0, 2.0)
    )


def results() -> bytes:
    """A text as the result of a formula, an error and a truth value."""
    cells = o.formula_text(0, 0, "王伟")
    cells += o.record(o.BOOLERR, struct.pack("<3HBB", 0, 1, 0, 0x2A, 1))
    cells += o.record(o.BOOLERR, struct.pack("<3HBB", 0, 2, 0, 1, 0))
    return o.workbook(cells + o.number(0, 3, 0.25))


def hidden_row_and_merges() -> bytes:
    row = o.record(o.ROW, struct.pack("<8H", 3, 0, 6, 255, 0, 0, 0x20, 0))
    merge = o.record(o.MERGECELLS, struct.pack("<5H", 1, 0, 0, 0, 5))
    return o.workbook(row + o.cells(ROWS) + merge)


AS_DATES = changed("出生日期", *BORN)

FILES: dict[str, Honest] = {
    "Excel 97": Honest(plain, filename=NAME),
    "Excel 97 with shared texts": Honest(with_shared_texts, filename=NAME),
    "Excel 97 with runs and sounds": Honest(partial(with_shared_texts, odd=True), filename=NAME),
    "Excel 97 with a text across two records": Honest(
        partial(with_shared_texts, broken_at=10), filename=NAME
    ),
    "Excel 97 with dates": Honest(partial(dated, "yyyy-mm-dd"), AS_DATES, NAME),
    "Excel 97 with dates in Chinese": Honest(partial(dated, 'yyyy"年"m"月"d"日"'), AS_DATES, NAME),
    "Excel 97 with dates counted from 1904": Honest(
        partial(dated, "yyyy-mm-dd", offset=1462, more=o.record(o.DATEMODE, b"\1\0")),
        AS_DATES,
        NAME,
    ),
    "Excel 97 with short numbers": Honest(
        short_numbers, changed("户号", 1.0, 1.0, 2.0), NAME, is_roster=False
    ),
    "Excel 97 with results of formulas": Honest(
        results, [["王伟", "#N/A", True, 0.25]], NAME, is_roster=False
    ),
    "Excel 97 with a hidden row and merged cells": Honest(
        hidden_row_and_merges, filename=NAME, hidden_rows=frozenset({3}), merges=1
    ),
    "Excel 97 with a hidden sheet": Honest(
        lambda: o.workbook(o.cells([["勿用"]]), o.cells(ROWS), hidden=1), filename=NAME
    ),
    "Excel 97 named as a new workbook": Honest(plain),
    "Excel 97 named as one of WPS": Honest(plain, filename="花名册.et"),
    "Excel 97 with a blank column": Honest(
        lambda: o.workbook(o.cells([["", *row] for row in ROWS])),
        [["", *row] for row in ROWS],
        NAME,
    ),
    "Excel 97 with text numbers of 300 columns": Honest(
        lambda: o.workbook(o.cells([TITLE, HEADINGS, *[[*row, *["x"] * 240] for row in PEOPLE]])),
        [TITLE, HEADINGS, *[[*row, *["x"] * 240] for row in PEOPLE]],
        NAME,
        is_roster=False,
    ),
}
