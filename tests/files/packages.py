"""Workbooks of the .xlsx kind, put together part by part, so that each part may be odd."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from apps.core.spreadsheets.grid import column_letter

Parts = dict[str, str | bytes]

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def styles(*formats: str) -> str:
    """Styles whose cell formats 1, 2, … have these number formats; 0 is General."""
    codes = "".join(
        f'<numFmt numFmtId="{number}" formatCode={quoteattr(code)}/>'
        for number, code in enumerate(formats, start=164)
    )
    cells = "".join(
        f'<xf numFmtId="{number}" applyNumberFormat="1"/>'
        for number in range(164, 164 + len(formats))
    )
    return (
        f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(formats)}">{codes}</numFmts>'
        f'<cellXfs count="{len(formats) + 1}"><xf numFmtId="0"/>{cells}</cellXfs></styleSheet>'
    )


STYLES = styles("yyyy-mm-dd")


def cell(reference: str, value: Any, style: int = 0) -> str:
    """One cell: texts stand in it, numbers and truth values as such, None is a blank cell."""
    place = f' r="{reference}"' if reference else ""
    look = f' s="{style}"' if style else ""
    if value is None:
        return f"<c{place}{look}/>"
    if isinstance(value, bool):
        return f'<c{place}{look} t="b"><v>{value:d}</v></c>'
    if isinstance(value, (int, float)):
        return f"<c{place}{look}><v>{value!r}</v></c>"
    text = f'<t xml:space="preserve">{escape(value)}</t>'
    return f'<c{place}{look} t="inlineStr"><is>{text}</is></c>'


def row(number: int, values: Sequence[Any], *, more: str = "", first: int = 0) -> str:
    """One row of cells; empty texts make no cell."""
    cells = "".join(
        cell(f"{column_letter(first + index)}{number}", value)
        for index, value in enumerate(values)
        if value != ""
    )
    return f'<row r="{number}"{more}>{cells}</row>'


def sheet(content: str, *, before: str = "", after: str = "", main: str = MAIN) -> str:
    """The XML of a sheet around its rows."""
    return (
        f'{HEAD}<worksheet xmlns="{main}" xmlns:r="{OFFICE}">{before}'
        f"<sheetData>{content}</sheetData>{after}</worksheet>"
    )


def table(rows: Iterable[Sequence[Any]], **more: Any) -> str:
    """The XML of a sheet with these rows."""
    return sheet("".join(row(number, cells) for number, cells in enumerate(rows, start=1)), **more)


def parts(*sheets: str, names: Sequence[str] = (), states: Sequence[str] = ()) -> Parts:
    """The parts of a workbook with these sheets, the way WPS and Excel lay them out."""
    titles = [*names, *(f"Sheet{number + 1}" for number in range(len(names), len(sheets)))]
    visibility = [f' state="{state}"' if state else "" for state in states] + [""] * len(sheets)
    entries = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{number}"{state} r:id="rId{number}"/>'
        for number, (title, state) in enumerate(zip(titles, visibility, strict=False), start=1)
    )
    made: Parts = {
        "[Content_Types].xml": content_types(len(sheets)),
        "_rels/.rels": relations({"rId1": ("officeDocument", "xl/workbook.xml")}),
        "xl/workbook.xml": (
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
            f"<sheets>{entries}</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": relations(
            {
                f"rId{number}": ("worksheet", f"worksheets/sheet{number}.xml")
                for number in range(1, len(sheets) + 1)
            }
            | {"rId9001": ("styles", "styles.xml"), "rId9002": ("sharedStrings", STRINGS[3:])}
        ),
        "xl/styles.xml": STYLES,
    }
    for number, content in enumerate(sheets, start=1):
        made[f"xl/worksheets/sheet{number}.xml"] = content
    return made


STRINGS = "xl/sharedStrings.xml"


def relations(targets: Mapping[str, tuple[str, str]]) -> str:
    """A part of relations: {id: (kind, target)}."""
    lines = "".join(
        f'<Relationship Id="{key}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for key, (kind, target) in targets.items()
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>'


def content_types(number: int) -> str:
    """The list of the parts' types for a number of sheets."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{index}.xml" ContentType="{kind}.worksheet+xml"/>'
        for index in range(1, number + 1)
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f"{sheets}</Types>"
    )


def strings(*items: str) -> str:
    """The part of shared strings; an item that begins with < stands as it is."""
    inner = "".join(
        f"<si>{item}</si>" if item.startswith("<") else f"<si><t>{escape(item)}</t></si>"
        for item in items
    )
    return f'{HEAD}<sst xmlns="{MAIN}">{inner}</sst>'


def zipped(content: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Pack parts into a zip file."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as package:
        for name, data in content.items():
            package.writestr(name, data)
    return file.getvalue()


def raw_entry(
    name: str, data: bytes, *, packed: bytes | None = None, **lies: Any
) -> dict[str, Any]:
    """An entry for raw_zip(); `lies` replace what its headers say."""
    if packed is None:
        packer = zlib.compressobj(6, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
    entry = {
        "name": name.encode(),
        "packed": packed,
        "crc": zlib.crc32(data),
        "size": len(data),
        "packed_size": len(packed),
        "flags": 0x800,
        "method": 8,
        "attributes": 0,
        "offset": None,
    }
    return entry | lies


def raw_zip(entries: Sequence[dict[str, Any]], **lies: Any) -> bytes:
    """A zip file written byte by byte, so that its headers may say anything."""
    body, directory = b"", b""
    for entry in entries:
        facts = struct.pack(
            "<HHHHIIIHH",
            entry["flags"], entry["method"], 0, 33, entry["crc"] & 0xFFFFFFFF,
            entry["packed_size"], entry["size"], len(entry["name"]), 0,
        )  # fmt: skip
        offset = len(body) if entry["offset"] is None else entry["offset"]
        directory += (
            struct.pack("<IHH", 0x02014B50, 0x031E, 20)
            + facts
            + struct.pack("<HHHII", 0, 0, 0, entry["attributes"], offset & 0xFFFFFFFF)
            + entry["name"]
        )
        body += struct.pack("<IH", 0x04034B50, 20) + facts + entry["name"] + entry["packed"]
    count = lies.get("count", len(entries))
    end = struct.pack(
        "<IHHHHIIH",
        0x06054B50, 0, 0, count, count,
        lies.get("directory_size", len(directory)), lies.get("directory_offset", len(body)), 0,
    )  # fmt: skip
    return body + directory + end


def repeated(block: bytes, times: int) -> bytes:
    """A deflate stream of one block many times, made in no time: packed once, then repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return packed * times + packer.flush()
