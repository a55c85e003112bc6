"""Odd but honest files: the way offices, other programs and old versions really write them."""

import io
import re
from datetime import date, datetime, time
from functools import partial
from typing import Any

import openpyxl
import xlsxwriter

from tests.files import honest_texts, honest_xls
from tests.files import packages as p
from tests.files.people import BORN, HEADINGS, LI, PEOPLE, ROWS, TITLE, WANG, ZHANG, Honest, changed

SERIALS = [29287, 30077, 27758]  # the birth dates as Excel counts days


def packed(rows: Any = ROWS, **more: Any) -> bytes:
    """A workbook with one sheet of these rows."""
    return p.zipped(p.parts(p.table(rows, **more), names=["沙田村"]))


def with_sheet(content: str, **parts: str | bytes) -> bytes:
    """A workbook whose sheet is written out; other parts by their names, / written as __."""
    made = p.parts(content, names=["沙田村"])
    return p.zipped(made | {name.replace("__", "/"): data for name, data in parts.items()})


def changed_parts(change: Any) -> bytes:
    """The usual workbook after `change(parts)`, which returns the new ones or changes them."""
    made = p.parts(p.table(ROWS), names=["沙田村"])
    return p.zipped(change(made) or made)


def in_sheet(old: str, new: str) -> bytes:
    """The usual workbook with a text in its sheet replaced."""
    content = p.table(ROWS)
    assert old in content
    return with_sheet(content.replace(old, new))


def by_xlsxwriter() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet("沙田村")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
        sheet.autofilter(1, 0, 4, 5)
        sheet.filter_column(2, "x == 男")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.freeze_panes(2, 0)
    return file.getvalue()


def by_openpyxl() -> bytes:
    file, book = io.BytesIO(), openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    book.create_sheet("空表")
    book.save(file)
    return file.getvalue()


def shared_strings(*, rich: bool = False, sounds: bool = False, part: str = p.STRINGS) -> bytes:
    """All texts in the part of shared strings; in runs, or with how they are pronounced."""
    texts = list(dict.fromkeys(text for row in ROWS for text in row))

    def item(text: str) -> str:
        if rich:
            return f"<r><t>{text[:1]}</t></r><r><rPr><b/></rPr><t>{text[1:]}</t></r>"
        sound = '<rPh sb="0" eb="1"><t>wang wei</t></rPh><phoneticPr fontId="1"/>' if sounds else ""
        return f"<t>{text}</t>{sound}"

    cells = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{chr(65 + column)}{number}" t="s"><v>{texts.index(text)}</v></c>'
            for column, text in enumerate(row)
        )
        + "</row>"
        for number, row in enumerate(ROWS, start=1)
    )
    made = p.parts(p.sheet(cells), names=["沙田村"])
    made[part] = p.strings(*map(item, texts))
    return p.zipped(made)


def dated(style: str, *, offset: int = 0, fraction: str = "", workbook: str = "") -> bytes:
    """Birth dates as numbers in the only cell format of the workbook."""
    content = p.table(ROWS)
    for text, serial in zip(("1980-03-07", "1982-05-06", "1975-12-30"), SERIALS, strict=True):
        place = content.index(text)
        start, end = content.rindex("<c ", 0, place), content.index("</c>", place)
        reference = content[start:].split('"')[1]
        number = f'<c r="{reference}" s="1"><v>{serial - offset}{fraction}</v>'
        content = content[:start] + number + content[end:]
    made = p.parts(content, names=["沙田村"])
    made["xl/styles.xml"] = style
    made["xl/workbook.xml"] = str(made["xl/workbook.xml"]).replace(
        "<sheets>", workbook + "<sheets>"
    )
    return p.zipped(made)


def built_in(number: int) -> str:
    """Styles whose second cell format is a built-in number format."""
    return p.styles("yyyy-mm-dd").replace(
        'numFmtId="164" applyNumberFormat', f'numFmtId="{number}" a'
    )


def without_references(*, rows_too: bool = False) -> bytes:
    """Cells that do not say where they stand, so that blanks must be written out."""
    content = re.sub(r'<c r="[A-Z]+\d+"', "<c", p.table(ROWS))
    return with_sheet(re.sub(r'<row r="\d+"', "<row", content) if rows_too else content)


def rows_reversed() -> bytes:
    rows = [p.row(number, cells) for number, cells in enumerate(ROWS, start=1)]
    return with_sheet(p.sheet("".join(reversed(rows))))


def cells_reversed() -> bytes:
    def turned(match: Any) -> str:
        cells = re.findall(r"<c .*?</c>", match[2])
        return f"{match[1]}{''.join(reversed(cells))}</row>"

    return with_sheet(re.sub(r"(<row [^>]*>)(.*?)</row>", turned, p.table(ROWS)))


def strict() -> bytes:
    def change(parts: p.Parts) -> None:
        for name, data in parts.items():
            text = str(data).replace(p.MAIN, p.STRICT).replace(p.OFFICE, p.STRICT_OFFICE)
            parts[name] = text

    return changed_parts(change)


def prefixed() -> bytes:
    """Every element of the sheet with a prefix, as some libraries write them."""
    content = re.sub(r"<(/?)(?=[a-zA-Z])", r"<\1x:", p.table(ROWS)).replace("xmlns=", "xmlns:x=")
    return with_sheet(content)


def renamed(**names: str) -> bytes:
    """The usual workbook with parts under other names."""

    def change(parts: p.Parts) -> p.Parts:
        return {
            names.get(name.replace("/", "__").replace(".", "_"), name): data
            for name, data in parts.items()
        }

    return changed_parts(change)


def replaced(part: str, old: str, new: str) -> bytes:
    def change(parts: p.Parts) -> None:
        assert old in str(parts[part])
        parts[part] = str(parts[part]).replace(old, new)

    return changed_parts(change)


def without(part: str) -> bytes:
    def change(parts: p.Parts) -> None:
        del parts[part]

    return changed_parts(change)


def added(**parts: str | bytes) -> bytes:
    return changed_parts(lambda made: made | {n.replace("__", "/"): d for n, d in parts.items()})


def several(names: list[str], states: list[str], *contents: str) -> bytes:
    return p.zipped(p.parts(*contents, names=names, states=states))


def formulas() -> bytes:
    """Cells with formulas: shared, of an array, with texts and numbers as results."""
    content = p.table(ROWS)
    content = (
        content.replace(
            '<c r="C3" t="inlineStr"><is><t xml:space="preserve">男</t></is></c>',
            '<c r="C3" t="str"><f t="shared" ref="C3:C5" si="0">IF(1,"男","女")</f><v>男</v></c>',
        )
        .replace(
            '<c r="C4" t="inlineStr"><is><t xml:space="preserve">女</t></is></c>',
            '<c r="C4" t="str"><f t="shared" si="0"/><v>女</v></c>',
        )
        .replace(
            '<c r="B3" t="inlineStr"><is><t xml:space="preserve">王伟</t></is></c>',
            '<c r="B3" t="str"><f t="array" ref="B3">"王"&amp;"伟"</f><v>王伟</v></c>',
        )
    )
    return with_sheet(content)


def typed_cells() -> bytes:
    """One row of every type of cell."""
    cells = (
        '<c r="A1"><v>0.5</v></c><c r="B1"><v>1.5E-3</v></c>'
        '<c r="C1"><v>9.9990119800307E+17</v></c><c r="D1" t="b"><v>1</v></c>'
        '<c r="E1" t="e"><v>#REF!</v></c><c r="F1" t="e"><v>#N/A</v></c>'
        '<c r="G1" t="d"><v>1980-03-07</v></c><c r="H1" t="str"><v></v></c>'
        '<c r="I1" t="n"><v>7</v></c><c r="J1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
        '<c r="K1"><f>A1</f></c><c r="M1"><v>-3</v></c>'
    )
    return with_sheet(p.sheet(f'<row r="1">{cells}</row>'))


TYPED = [
    0.5, 0.0015, 9.9990119800307e17, True, "#REF!", "#N/A", date(1980, 3, 7), "", 7.0, "#DIV/0!",
    "", "", -3.0,
]  # fmt: skip


def blank_rows(number: int, columns: int = 1) -> bytes:
    """A roster above very many rows that are formatted and empty."""
    cells = "".join(f'<c r="{p.column_letter(column)}%d" s="1"/>' for column in range(columns))
    empty = f'<row r="%d">{cells}</row>'
    below = "".join(empty % ((row,) * (columns + 1)) for row in range(6, number + 6))
    return with_sheet(p.table(ROWS).replace("</sheetData>", f"{below}</sheetData>"))


GROUPED = [
    TITLE,
    ["户号", "成员", "", "", "", "与户主关系"],
    ["", "姓名", "性别", "公民身份号码", "出生日期"],
    *PEOPLE,
]
MERGES = "".join(f'<mergeCell ref="{place}"/>' for place in ("A1:F1", "A2:A3", "B2:E2"))
MERGES = f'<mergeCells count="3">{MERGES}</mergeCells>'
FOOTED = [*ROWS, ["合计", "3人"], ["填报人：王伟", "", "", "填报日期：2026年6月30日"]]
TWO_TABLES = [*ROWS, [], ["安塘乡沙田村三组"], HEADINGS, PEOPLE[0]]
SPACED = [
    TITLE,
    HEADINGS,
    ["001", "王　伟", "男", f" {WANG}\u00a0", "1980-03-07", "户主"],
    *PEOPLE[1:],
]
BROKEN = [TITLE, ["户号", "姓\n名", "性别", "公民身份号码", "出生日期", "与户主\n关系"], *PEOPLE]
FULL_WIDTH = [
    TITLE,
    HEADINGS,
    [
        "００１",
        "王伟",
        "男",
        "".join(chr(ord(c) + 0xFEE0) for c in WANG),
        "１９８０-０３-０７",
        "户主",
    ],
    *PEOPLE[1:],
]
RARE = changed("姓名", "王𠀀", "李😀", "张\u3007")
AS_DATES = changed("出生日期", *BORN)
AS_TIMES = changed("出生日期", *(datetime.combine(day, time(12)) for day in BORN))
EARLIER = 1462  # days between the two ways of counting


WPS_PARTS: dict[str, Any] = {
    "xl__cellimages.xml": "<a/>",
    "docProps__custom.xml": "<a/>",
    "customXml__item1.xml": "<a/>",
    "xl__media__image1.png": bytes(3000),
}
FILES: dict[str, Honest] = {
    "written by a library, filtered, a row hidden": Honest(
        by_xlsxwriter, hidden_rows=frozenset({3})
    ),
    "written by another library, with an empty sheet": Honest(by_openpyxl),
    "texts in the cells": Honest(packed),
    "shared strings": Honest(shared_strings),
    "shared strings in runs of several looks": Honest(partial(shared_strings, rich=True)),
    "shared strings with their pronunciation": Honest(partial(shared_strings, sounds=True)),
    "shared strings in a part in small letters": Honest(
        partial(shared_strings, part="xl/sharedstrings.xml")
    ),
    "text in the cell in runs of several looks": Honest(
        partial(
            in_sheet,
            '<t xml:space="preserve">王伟</t>',
            "<r><t>王</t></r><r><rPr><sz val='9'/></rPr><t>伟</t></r>",
        )
    ),
    "text in the cell with its pronunciation": Honest(
        partial(
            in_sheet,
            '<t xml:space="preserve">王伟</t>',
            '<t>王伟</t><rPh sb="0" eb="2"><t>wangwei</t></rPh>',
        )
    ),
    "dates as numbers": Honest(partial(dated, p.styles("yyyy-mm-dd")), AS_DATES),
    "dates in Chinese": Honest(partial(dated, p.styles('yyyy"年"m"月"d"日";@')), AS_DATES),
    "dates with a locale": Honest(partial(dated, p.styles("[$-804]yyyy年m月d日")), AS_DATES),
    "dates in Chinese numerals": Honest(
        partial(dated, p.styles("[DBNum1][$-804]yyyy年m月d日")), AS_DATES
    ),
    "dates of a built-in format": Honest(partial(dated, built_in(14)), AS_DATES),
    "dates of the built-in format of China": Honest(partial(dated, built_in(31)), AS_DATES),
    "dates of a late built-in format of China": Honest(partial(dated, built_in(57)), AS_DATES),
    "dates counted from 1904": Honest(
        partial(dated, p.styles("yyyy/m/d"), offset=EARLIER, workbook='<workbookPr date1904="1"/>'),
        AS_DATES,
    ),
    "dates with a time of day": Honest(
        partial(dated, p.styles("yyyy-mm-dd hh:mm"), fraction=".5"), AS_TIMES
    ),
    "dates as numbers without a format": Honest(
        partial(dated, p.styles("0")), changed("出生日期", *map(float, SERIALS)), is_roster=False
    ),
    "dates as texts": Honest(
        partial(packed, changed("出生日期", "1980年3月7日", "1982.5.6", "19751230")),
        changed("出生日期", "1980年3月7日", "1982.5.6", "19751230"),
    ),
    "every type of cell": Honest(typed_cells, [TYPED], is_roster=False),
    "numbers instead of texts": Honest(
        partial(packed, changed("户号", 1, 1, 2)), changed("户号", 1.0, 1.0, 2.0), is_roster=False
    ),
    "numbers of 15 digits": Honest(
        partial(packed, changed("公民身份号码", 999901800307111)),
        changed("公民身份号码", 999901800307111.0),
        is_roster=False,
    ),
    "formulas with their results": Honest(formulas),
    "cells without references": Honest(without_references),
    "rows and cells without references": Honest(partial(without_references, rows_too=True)),
    "cells from right to left": Honest(cells_reversed),
    "rows from bottom to top": Honest(rows_reversed),
    "blank rows and columns before the table": Honest(
        lambda: with_sheet(
            p.sheet("".join(p.row(n, c, first=2) for n, c in enumerate(ROWS, start=4)))
        ),
        [[], [], [], *(["", "", *row] for row in ROWS)],
    ),
    "columns left out": Honest(
        partial(packed, [["户号", "", "姓名", "", "", "性别"], ["001", "", "王伟", "", "", "男"]]),
        [["户号", "", "姓名", "", "", "性别"], ["001", "", "王伟", "", "", "男"]],
        is_roster=False,
    ),
    "empty cells behind the table": Honest(partial(packed, [[*row, None, None] for row in ROWS])),
    "100,000 formatted rows below the table": Honest(partial(blank_rows, 100_000)),
    "16,384 formatted columns": Honest(partial(blank_rows, 2, 16_384)),
    "a formatted cell in the last corner": Honest(
        partial(
            in_sheet, "</sheetData>", '<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        )
    ),
    "a dimension that is right": Honest(partial(packed, before='<dimension ref="A1:F5"/>')),
    "a dimension of the whole sheet": Honest(
        partial(packed, before='<dimension ref="A1:XFD1048576"/>')
    ),
    "a dimension that is too small": Honest(partial(packed, before='<dimension ref="A1"/>')),
    "strict Open XML": Honest(strict),
    "elements with a prefix": Honest(prefixed),
    "attributes in single quotes": Honest(
        lambda: with_sheet(
            p.table(ROWS).replace('r="A3"', "r='A3'").replace('t="inlineStr"', "t='inlineStr'")
        )
    ),
    "mark of UTF-8 before the XML": Honest(lambda: with_sheet("\ufeff" + p.table(ROWS))),
    "comments between the rows": Honest(
        partial(in_sheet, '<row r="3">', '<!-- 沙田村 --><row r="3">')
    ),
    "text as character data": Honest(
        partial(in_sheet, '<t xml:space="preserve">王伟</t>', "<t><![CDATA[王伟]]></t>")
    ),
    "characters by their numbers": Honest(partial(in_sheet, "王伟", "&#29579;&#x4F1F;")),
    "targets from the root": Honest(
        partial(
            replaced, "xl/_rels/workbook.xml.rels", 'Target="worksheets', 'Target="/xl/worksheets'
        )
    ),
    "no styles": Honest(partial(without, "xl/styles.xml")),
    "no list of content types": Honest(partial(without, "[Content_Types].xml")),
    "sheet part in capitals": Honest(
        partial(renamed, xl__worksheets__sheet1_xml="xl/worksheets/SHEET1.XML")
    ),
    "parts of WPS": Honest(
        partial(
            added,
            **WPS_PARTS,
        )
    ),
    "folders as entries": Honest(
        lambda: p.zipped({"xl/": b"", "xl/worksheets/": b""} | p.parts(p.table(ROWS)))
    ),
    "packed without compression": Honest(lambda: p.zipped(p.parts(p.table(ROWS)), method=0)),
    "a long sheet name with signs": Honest(
        lambda: several(["“沙田村”'s & 花名册（2026年6月）修订😀"], [], p.table(ROWS))
    ),
    "hidden sheets before and behind": Honest(
        lambda: several(
            ["旧", "沙田村", "密"],
            ["hidden", "", "veryHidden"],
            p.table([["勿用"]]),
            p.table(ROWS),
            p.table([["勿用"]]),
        )
    ),
    "empty sheets around": Honest(
        lambda: several(["Sheet1", "沙田村", "Sheet3"], [], p.table([]), p.table(ROWS), p.table([]))
    ),
    "headings in merged groups": Honest(partial(packed, GROUPED, after=MERGES), GROUPED, merges=3),
    "totals and signatures below": Honest(partial(packed, FOOTED), FOOTED),
    "two tables, one below the other": Honest(
        partial(packed, TWO_TABLES), TWO_TABLES, is_roster=False
    ),
    "line breaks in headings": Honest(partial(packed, BROKEN), BROKEN),
    "ideographic and fixed spaces": Honest(partial(packed, SPACED), SPACED),
    "full-width digits": Honest(partial(packed, FULL_WIDTH), FULL_WIDTH),
    "rare characters and pictures": Honest(partial(packed, RARE), RARE, is_roster=False),
    "ID numbers after an apostrophe": Honest(
        partial(packed, changed("公民身份号码", f"'{WANG}", f"'{LI}", f"'{ZHANG}")),
        changed("公民身份号码", f"'{WANG}", f"'{LI}", f"'{ZHANG}"),
    ),
    "named as an old workbook": Honest(packed, filename="花名册.xls"),
    "named as one of WPS": Honest(packed, filename="花名册.et"),
    **honest_xls.FILES,
    **honest_texts.FILES,
}
