"""Hostile files of text, and what pretends to be one."""

import random
from functools import partial

from tests.files.honest_texts import text
from tests.files.people import Hostile, changed

CSV, PAGE = "花名册.csv", "花名册.xls"
OTHER = "not_workbook"
MEGABYTE = 1 << 20


def repeated(piece: str | bytes, size: int, start: bytes = b"") -> bytes:
    """A piece repeated up to a size in bytes."""
    raw = piece if isinstance(piece, bytes) else piece.encode()
    return (start + raw * (size // len(raw) + 1))[:size]


def noise(size: int = 5000) -> bytes:
    return random.Random(7).randbytes(size)


def page(inner: str, size: int) -> bytes:
    return b"<html><table>" + repeated(inner, size)


FORMULAS = changed("姓名", "=1+1", "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0")
SMALL = 4 * MEGABYTE

FILES: dict[str, Hostile] = {
    "blanks only": Hostile(lambda: b"  \r\n \n\t", "empty", filename=CSV),
    "20 MB of line ends": Hostile(lambda: b"\n" * 20 * MEGABYTE, "empty", filename=CSV),
    "20 MB of commas": Hostile(lambda: b"," * 20 * MEGABYTE, "empty", filename=CSV),
    "20 MB in one cell": Hostile(lambda: b"a" * 20 * MEGABYTE, "damaged", filename=CSV),
    "a line of 20 MB": Hostile(
        partial(repeated, "王伟,", 20 * MEGABYTE), "too_many_columns", filename=CSV
    ),
    "a quotation mark that never closes, 20 MB": Hostile(
        partial(repeated, "王伟,男\n", 18 * MEGABYTE, '姓名,"性别\n'.encode()),
        "open_quote",
        filename=CSV,
    ),
    "a quotation mark that never closes": Hostile(
        lambda: text(rows=changed("姓名", '"王伟')), "open_quote", filename=CSV
    ),
    "300,000 short lines": Hostile(lambda: b"1,2,3\n" * 300_000, "too_many_rows", filename=CSV),
    "a line after 200,000 blank ones": Hostile(
        lambda: text() + b"\n" * 200_000 + b"1,2,3\n", "too_far", filename=CSV
    ),
    "301 columns of text": Hostile(
        lambda: ",".join(f"列{number}" for number in range(301)).encode(),
        "too_many_columns",
        filename=CSV,
    ),
    "zero bytes in a text": Hostile(lambda: b"a\0b,c\n" * 50, OTHER, filename=CSV),
    "zero bytes far below": Hostile(lambda: b"a,b\n" * 5000 + b"\0", OTHER, filename=CSV),
    "bytes of no encoding": Hostile(lambda: b"\xff\xfa\x81\x20\xff" * 40, "encoding", filename=CSV),
    "UTF-16 broken off": Hostile(
        lambda: "姓名,性别".encode("utf-16")[:-1], "encoding", filename=CSV
    ),
    "two encodings in one text": Hostile(
        lambda: text() + "张三".encode("gb18030") + b"\xff", "encoding", filename=CSV
    ),
    "UTF-7": Hostile(
        lambda: b"+ADw-script+AD4-,a\n", rows=[["+ADw-script+AD4-", "a"]], filename=CSV
    ),
    "formulas in a text": Hostile(lambda: text(rows=FORMULAS), rows=FORMULAS, filename=CSV),
    "noise": Hostile(noise, OTHER, filename=CSV),
    "20 MB of noise": Hostile(partial(noise, 20 * MEGABYTE), OTHER, filename=CSV),
    "PDF": Hostile(lambda: b"%PDF-1.7\n" + bytes(100), OTHER),
    "picture": Hostile(lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), OTHER),
    "photo": Hostile(lambda: b"\xff\xd8\xff\xe0" + bytes(100), OTHER),
    "program": Hostile(lambda: b"MZ" + bytes(200), OTHER),
    "program of another system": Hostile(lambda: b"\x7fELF" + bytes(200), OTHER),
    "RAR archive": Hostile(lambda: b"Rar!\x1a\x07" + bytes(50), OTHER),
    "7z archive": Hostile(lambda: b"7z\xbc\xaf\x27\x1c" + bytes(50), OTHER),
    "gzip archive": Hostile(lambda: b"\x1f\x8b\x08" + bytes(50), OTHER),
    "RTF": Hostile(lambda: rb"{\rtf1\ansi}", OTHER),
    "web archive": Hostile(lambda: b"MIME-Version: 1.0\r\nContent-Type: multipart", OTHER),
    "XML": Hostile(lambda: b"<?xml version='1.0'?><a><b/></a>", OTHER),
    "spreadsheet XML of 2003": Hostile(
        lambda: (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
        ),
        OTHER,
        filename=PAGE,
    ),
    "page without table": Hostile(lambda: b"<html><body>404</body></html>", OTHER, filename=PAGE),
    "page with an empty table": Hostile(
        lambda: b"<table><tr><td></td></tr></table>", OTHER, filename=PAGE
    ),
    "page of 4 MB of opening signs": Hostile(partial(page, "<", SMALL), OTHER, filename=PAGE),
    "page of 4 MB of open comments": Hostile(partial(page, "<!--", SMALL), OTHER, filename=PAGE),
    "page of 4 MB of open quotes": Hostile(partial(page, '<td a=">', SMALL), OTHER, filename=PAGE),
    "page of 4 MB of styles": Hostile(
        partial(page, "<STYLE></STYLE>", SMALL), OTHER, filename=PAGE
    ),
    "page of a million rows": Hostile(
        partial(page, "<tr><td>1", SMALL), "too_many_rows", filename=PAGE
    ),
    "page of a million cells in no row": Hostile(
        partial(page, "<td>1", 6 * MEGABYTE), "too_many_cells", filename=PAGE
    ),
    "page of 301 columns": Hostile(
        lambda: b"<table><tr>" + b"<td>1" * 301, "too_many_columns", filename=PAGE
    ),
    "page with cells over all rows": Hostile(
        lambda: page("<tr>" + "<td rowspan=65000 colspan=300>1" * 3, 2 * MEGABYTE),
        "too_many_columns",
        filename=PAGE,
    ),
    "page with entities": Hostile(
        lambda: b'<!DOCTYPE html [<!ENTITY a "b">]><html><table><tr><td>&a;</table>',
        rows=[["&a;"]],
        filename=PAGE,
    ),
}
