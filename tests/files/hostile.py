"""Hostile files: bombs, lies, damage and what only looks like a roster."""

import random
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.files import hostile_texts, hostile_xls
from tests.files import packages as p
from tests.files.people import HEADINGS, ROWS, Hostile, changed

SHEET, BOOK, LINKS = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
XXE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
UNSAFE, DAMAGED, BOMB = "unsafe", "damaged", "bomb"


def lacking(part: str) -> bytes:
    """The usual workbook without one part."""
    return p.zipped({name: data for name, data in plain().items() if name != part})


def plain() -> p.Parts:
    return p.parts(p.table(ROWS), names=["沙田村"])


def changed_part(name: str, change: Callable[[str], str | bytes]) -> bytes:
    """The usual workbook with one part changed."""
    parts = plain()
    return p.zipped(parts | {name: change(str(parts.get(name, "")))})


def with_parts(extra: p.Parts) -> bytes:
    """The usual workbook with more parts, or others in their place."""
    return p.zipped(plain() | extra)


def without_workbook(extra: p.Parts) -> bytes:
    """A package that is something else."""
    return p.zipped({"[Content_Types].xml": p.content_types(0)} | extra)


def declared(name: str, declaration: str) -> bytes:
    """A document type before the root element of a part."""
    return changed_part(name, lambda text: text.replace("?>\n", f"?>\n{declaration}", 1))


def sheet_of(rows: str, **more: Any) -> bytes:
    return changed_part(SHEET, lambda _text: p.sheet(rows, **more))


def far_cell(reference: str) -> bytes:
    """A roster with one more cell, far away."""
    row = "".join(filter(str.isdigit, reference)) or "6"
    cell = f'<row r="{row}"><c r="{reference}"><v>5</v></c></row></sheetData>'
    return changed_part(SHEET, lambda text: text.replace("</sheetData>", cell))


def raw(extra: list[dict[str, Any]], **lies: Any) -> bytes:
    """The usual workbook, written byte by byte, with more entries and lies in its directory."""
    entries = [p.raw_entry(name, _bytes(data)) for name, data in plain().items()]
    return p.raw_zip([*entries, *extra], **lies)


def _bytes(data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else data.encode()


def repeated_part(name: str, block: bytes, times: int, **more: Any) -> bytes:
    """A workbook with a part of one block very many times; `more` are lies of its headers."""
    packed, size = p.repeated(block, times), min(len(block) * times, 0xFFFFFFF0)
    facts: dict[str, Any] = {
        "packed": packed,
        "size": size,
        "packed_size": len(packed),
        "crc": 0,
    } | more
    entries = [p.raw_entry(other, _bytes(data)) for other, data in plain().items() if other != name]
    return p.raw_zip([*entries, p.raw_entry(name, b"", **facts)])


def blank_part(name: str, megabytes: int, **more: Any) -> bytes:
    """A workbook whose part unpacks to so many megabytes of blanks."""
    return repeated_part(name, b" " * (1 << 20), megabytes, **more)


def overlapping() -> bytes:
    """Forty entries that all stand for the same packed megabytes."""
    packed = p.repeated(b" " * (1 << 20), 20)
    extra = [p.raw_entry("xl/a00.xml", b"", packed=packed, size=20 << 20)]
    start = sum(
        30 + len(name.encode()) + len(p.raw_entry(name, _bytes(data))["packed"])
        for name, data in plain().items()
    )
    extra += [
        p.raw_entry("xl/a00.xml", b"", packed=b"", size=20 << 20, packed_size=len(packed))
        | {"name": b"xl/a%02d.xml" % number, "offset": start}
        for number in range(1, 40)
    ]
    return raw(extra)


def shared(item: str, count: int) -> bytes:
    """Very many shared strings."""
    text = f'{p.HEAD}<sst xmlns="{p.MAIN}">{item * count}</sst>'
    return with_parts({p.STRINGS: text})


def repeated_string() -> bytes:
    """One text of a megabyte that stands in 2,000 cells."""
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 2001))
    text = random.Random(5).randbytes(1 << 19).hex()
    return p.zipped(p.parts(p.sheet(cells)) | {p.STRINGS: p.strings(text)})


def index_out_of_range() -> bytes:
    return p.zipped(
        p.parts(p.sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'))
        | {p.STRINGS: p.strings("a")}
    )


def dense(rows: int, columns: int, *, beside: int = 0) -> bytes:
    """A sheet with a number in every cell, beside a picture of some size that does not pack."""
    cells = "<c><v>1</v></c>" * columns
    picture = random.Random(2).randbytes(beside)
    return with_parts(
        {SHEET: p.sheet(f"<row>{cells}</row>" * rows), "xl/media/image1.png": picture}
    )


def endless_rows() -> bytes:
    """A sheet of 18 million cells: within the rows and columns allowed."""
    row = b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>"
    return repeated_part(SHEET, b"<worksheet><sheetData>" + row * 100, 600)


def blank_rows() -> bytes:
    rows = "".join(f'<row r="{number}" ht="14.25"/>' for number in range(6, 1_000_006))
    return changed_part(SHEET, lambda text: text.replace("</sheetData>", f"{rows}</sheetData>"))


def noisy_rows(rows: int, columns: int) -> bytes:
    """Rows of people, all different, so that they are worth their space."""
    lines = ([f"{n:05d}", f"王{n}", "男", f"{n:018d}"][:columns] for n in range(rows))
    return p.zipped(p.parts(p.table([HEADINGS[:columns], *lines])))


def many_sheets(number: int) -> bytes:
    return p.zipped(p.parts(*[p.table([["a"]])] * number))


def one_part_many_sheets() -> bytes:
    entries = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="rId1"/>' for number in range(2, 900)
    )
    return changed_part(BOOK, lambda text: text.replace("</sheets>", f"{entries}</sheets>"))


def merged(*places: str) -> bytes:
    cells = "".join(f'<mergeCell ref="{place}"/>' for place in places)
    return changed_part(
        SHEET,
        lambda text: text.replace("</sheetData>", f"</sheetData><mergeCells>{cells}</mergeCells>"),
    )


def nested_elements(part: str) -> bytes:
    deep = "<x>" * 200_000 + "</x>" * 200_000
    return changed_part(part, lambda text: text.replace("</", f"{deep}</", 1))


def cut(share: float) -> bytes:
    """The usual workbook, broken off."""
    content = p.zipped(plain())
    return content[: int(len(content) * share)]


def flagged() -> bytes:
    return raw([p.raw_entry("xl/a.xml", b"x", flags=0x801)])


def nested_zip() -> bytes:
    return without_workbook({"花名册.xlsx": p.zipped(plain())})


def scrambled() -> bytes:
    """A workbook with its middle overwritten."""
    content = bytearray(p.zipped(plain()))
    middle = len(content) // 3
    content[middle : middle + 300] = random.Random(3).randbytes(300)
    return bytes(content)


def formats(number: int) -> str:
    return p.styles(*(f'"{index}"0.00' for index in range(number)))


def two_of_a_name() -> bytes:
    return raw([p.raw_entry(SHEET, _bytes(p.table([["another", "sheet"]])))])


def password_by_office() -> bytes:
    return hostile_xls.compound("EncryptionInfo", "EncryptedPackage")


def with_style(text: str) -> bytes:
    return with_parts({"xl/styles.xml": text})


FORMULA = changed("姓名", "=1+1", '=HYPERLINK("http://a.example","x")', "@SUM(A1)")
DDE_CELL = p.table(ROWS).replace(
    '<c r="B3" t="inlineStr">', '<c r="B3" t="inlineStr"><f>cmd|\'/c calc\'!A0</f>'
)
LATE = p.sheet(
    '<row r="1"><c r="A1" s="1"><v>99999999999</v></c><c r="B1" s="1"><v>-5</v></c>'
    '<c r="C1" s="1"><v>1E+300</v></c><c r="D1" t="inlineStr"><is><t>x</t></is></c></row>'
)
LATE_ROW = [[99999999999.0, "00:00:00", 1e300, "x"]]


FILES: dict[str, Hostile] = {
    # Size and shape
    "no bytes": Hostile(bytes, "empty"),
    "20 MB and one byte": Hostile(lambda: b"1,2\n" * 5 * (1 << 20) + b"1", "too_large"),
    "60,001 rows": Hostile(partial(noisy_rows, 60_001, 2), "too_many_rows"),
    "301 columns": Hostile(lambda: sheet_of(p.row(1, ["x"] * 301)), "too_many_columns"),
    "301 columns without references": Hostile(partial(dense, 2, 301), "too_many_columns"),
    "18 million cells": Hostile(endless_rows, BOMB),
    "4 million cells": Hostile(partial(dense, 20_000, 200, beside=400_000), "too_many_cells"),
    "one cell in the last corner": Hostile(partial(far_cell, "XFD1048576"), "too_far"),
    "one cell below row 200,000": Hostile(partial(far_cell, "A200001"), "too_far"),
    "one cell right of column 702": Hostile(partial(far_cell, "AAA2"), "too_far"),
    "one cell in no column": Hostile(partial(far_cell, "ABCD2"), "too_far"),
    "one cell in the corner of the allowed": Hostile(partial(far_cell, "KN199999"), BOMB),
    "one cell in small letters": Hostile(partial(far_cell, "xfd1048576"), BOMB),
    "a reference written as characters": Hostile(partial(far_cell, "&#88;FD1048576"), DAMAGED),
    "a reference with a huge number": Hostile(
        partial(far_cell, "A99999999999999999999"), "too_far"
    ),
    "a million blank rows": Hostile(blank_rows, rows=ROWS),
    "a million blank rows of the last column": Hostile(
        lambda: changed_part(
            SHEET,
            lambda text: text.replace(
                "</sheetData>", '<row><c r="XFD9" s="1"/></row>' * 1_000_000 + "</sheetData>"
            ),
        ),
        BOMB,
    ),
    "a workbook without content": Hostile(lambda: p.zipped(p.parts(p.table([]))), "empty"),
    "all content on hidden sheets": Hostile(
        lambda: p.zipped(p.parts(p.table([["a"]]), p.table([]), states=["hidden"])),
        "only_hidden",
    ),
    # Bombs
    "2 GiB in one text": Hostile(partial(blank_part, p.STRINGS, 2048), BOMB),
    "2 GiB in one sheet": Hostile(partial(blank_part, SHEET, 2048), BOMB),
    "2 GiB declared as 100 bytes": Hostile(partial(blank_part, SHEET, 2048, size=100), DAMAGED),
    "2 GiB in a picture": Hostile(partial(blank_part, "xl/media/image1.png", 2048), BOMB),
    "40 entries over the same bytes": Hostile(overlapping, BOMB),
    "five million shared strings": Hostile(partial(shared, "<si><t/></si>", 5_000_000), BOMB),
    "a megabyte in 2,000 cells": Hostile(repeated_string, BOMB),
    "100,000 number formats": Hostile(lambda: with_style(formats(100_000)), rows=ROWS),
    "20 MB of number format": Hostile(lambda: with_style(p.styles("y" * (20 << 20))), BOMB),
    "a list of sheets of 20 MB": Hostile(
        lambda: changed_part(BOOK, lambda text: text + " " * (20 << 20)), BOMB
    ),
    "2,001 entries": Hostile(
        lambda: with_parts({f"xl/media/image{n}.png": b"" for n in range(2_001)}), UNSAFE
    ),
    "1,500 sheets": Hostile(partial(many_sheets, 1_500), UNSAFE),
    "900 sheets of one part": Hostile(one_part_many_sheets, UNSAFE),
    "merged cells over the whole sheet": Hostile(partial(merged, "A1:XFD1048576"), rows=ROWS),
    "merged cells with huge numbers": Hostile(partial(merged, "A1:ZZZZZZ99999999999"), rows=ROWS),
    "100,000 merged ranges over one another": Hostile(
        lambda: merged(*["A1:F50000"] * 100_000), UNSAFE
    ),
    "deep nesting in a sheet": Hostile(partial(nested_elements, SHEET), rows=ROWS),
    "deep nesting in the list of sheets": Hostile(partial(nested_elements, BOOK), rows=ROWS),
    "a zip file in a zip file": Hostile(nested_zip, "not_workbook"),
    # Entities
    "entity of a file in the sheet": Hostile(partial(declared, SHEET, XXE), UNSAFE),
    "entity of a file in the list of sheets": Hostile(partial(declared, BOOK, XXE), UNSAFE),
    "entity of a file in the relations": Hostile(partial(declared, LINKS, XXE), UNSAFE),
    "entity of a file in the content types": Hostile(
        partial(declared, "[Content_Types].xml", XXE), UNSAFE
    ),
    "entity of a file in the shared strings": Hostile(
        lambda: with_parts({p.STRINGS: p.strings("a").replace("?>\n", f"?>\n{XXE}")}), UNSAFE
    ),
    "entities that multiply": Hostile(partial(declared, SHEET, LAUGHS), UNSAFE),
    "entities in UTF-16": Hostile(
        lambda: with_parts({SHEET: (XXE + "<a/>").encode("utf-16")}), UNSAFE
    ),
    "entities in UTF-7": Hostile(
        lambda: with_parts({SHEET: '<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a>'}),
        UNSAFE,
    ),
    "entity far behind blanks": Hostile(
        partial(declared, SHEET, " " * ((1 << 20) - 60) + XXE), UNSAFE
    ),
    # What acts by itself
    "macros": Hostile(lambda: with_parts({"xl/vbaProject.bin": b"x"}), "macros"),
    "macros named as such": Hostile(
        lambda: with_parts({"xl/vbaProject.bin": b"x"}), "macros", filename="花名册.xlsm"
    ),
    "macros in capitals": Hostile(lambda: with_parts({"XL/VBAPROJECT.BIN": b"x"}), "macros"),
    "links to other files": Hostile(
        lambda: with_parts({"xl/externalLinks/externalLink1.xml": "<a/>"}), "external_links"
    ),
    "texts that look like formulas": Hostile(
        lambda: p.zipped(p.parts(p.table(FORMULA))), rows=FORMULA
    ),
    "a formula that starts a program": Hostile(lambda: with_parts({SHEET: DDE_CELL}), rows=ROWS),
    # Packages that lie
    "path out of the package": Hostile(lambda: with_parts({"../../etc/passwd": "x"}), UNSAFE),
    "path with backslashes": Hostile(lambda: with_parts({"..\\..\\etc\\passwd": "x"}), UNSAFE),
    "absolute path": Hostile(lambda: with_parts({"/etc/passwd": "x"}), UNSAFE),
    "symbolic link": Hostile(
        lambda: raw([p.raw_entry("xl/a.xml", b"/etc/passwd", attributes=0xA1FF0000)]), UNSAFE
    ),
    "two entries of one name": Hostile(two_of_a_name, UNSAFE),
    "a password on an entry": Hostile(flagged, "encrypted"),
    "encrypted by Office": Hostile(password_by_office, "encrypted"),
    "an offset behind the end": Hostile(
        lambda: raw([p.raw_entry("xl/a.xml", b"x", offset=0x7FFFFFFF)]), DAMAGED
    ),
    "a negative offset": Hostile(lambda: raw([p.raw_entry("xl/a.xml", b"x", offset=-1)]), DAMAGED),
    "a directory behind the end": Hostile(lambda: raw([], directory_offset=0x7FFFFFFF), DAMAGED),
    "a directory of another size": Hostile(lambda: raw([], directory_size=7), DAMAGED),
    "a directory with too many entries": Hostile(lambda: raw([], count=60_000), DAMAGED),
    "offsets of 64 bits": Hostile(
        lambda: raw([p.raw_entry("xl/a.xml", b"x", size=0xFFFFFFFF, packed_size=0xFFFFFFFF)]),
        rows=ROWS,
    ),
    "a wrong check sum": Hostile(lambda: raw([p.raw_entry("xl/a.xml", b"x", crc=5)]), DAMAGED),
    "an unknown compression": Hostile(
        lambda: raw([p.raw_entry("xl/a.xml", b"x", method=99)]), DAMAGED
    ),
    "an empty zip file": Hostile(lambda: p.zipped({}), "not_workbook"),
    "bytes after the start overwritten": Hostile(scrambled, DAMAGED),
    **{
        f"broken off after {share:.0%}": Hostile(partial(cut, share), DAMAGED)
        for share in (0.01, 0.3, 0.6, 0.9, 0.99)
    },
    # Workbooks that do not hold together
    "no sheet part": Hostile(lambda: lacking(SHEET), DAMAGED),
    "no relations": Hostile(lambda: lacking(LINKS), DAMAGED),
    "relations in a circle": Hostile(
        lambda: changed_part(LINKS, lambda text: text.replace("worksheets/sheet1", "workbook")),
        "empty",
    ),
    "sheet part that is no XML": Hostile(
        lambda: with_parts({SHEET: b"\x01\x02\x03" * 500}), DAMAGED
    ),
    "sheet part broken off": Hostile(
        lambda: changed_part(SHEET, lambda text: text[: len(text) // 2]), DAMAGED
    ),
    "characters that XML forbids": Hostile(
        lambda: changed_part(SHEET, lambda text: text.replace("王伟", "王\x01伟")),
        rows=changed("姓名", "王\x01伟"),
    ),
    "bytes that are no UTF-8": Hostile(
        lambda: changed_part(SHEET, lambda text: text.encode("gb18030")), DAMAGED
    ),
    "index of a string out of range": Hostile(index_out_of_range, DAMAGED),
    "dates beyond the calendar": Hostile(lambda: with_parts({SHEET: LATE}), rows=LATE_ROW),
    # Something else under the name of a workbook
    "Word": Hostile(lambda: without_workbook({"word/document.xml": "<a/>"}), "not_workbook"),
    "slides": Hostile(lambda: without_workbook({"ppt/presentation.xml": "<a/>"}), "not_workbook"),
    "OpenDocument": Hostile(
        lambda: p.zipped({"mimetype": b"application/vnd.oasis", "content.xml": "<a/>"}),
        "not_workbook",
    ),
    "binary workbook": Hostile(
        lambda: without_workbook({"xl/workbook.bin": b"x"}), "not_workbook", filename="a.xlsb"
    ),
    "Numbers": Hostile(lambda: p.zipped({"Index/Document.iwa": b"x"}), "not_workbook"),
    "photos in a zip file": Hostile(lambda: p.zipped({"IMG_001.jpg": b"x"}), "not_workbook"),
    **hostile_xls.FILES,
    **hostile_texts.FILES,
}
