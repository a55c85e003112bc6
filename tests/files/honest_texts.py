"""Honest files of text: delimited in every way, and web pages that are plain tables."""

from functools import partial
from typing import Any

from tests.files.people import HEADINGS, LI, PEOPLE, ROWS, TITLE, WANG, ZHANG, Honest, changed

CSV, PAGE = "花名册.csv", "花名册.xls"


def text(
    delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n", rows: Any = ROWS
) -> bytes:
    return end.join(delimiter.join(row) for row in rows).encode(encoding)


def page(*, head: str = "", cell: str = "td", rows: Any = ROWS, encoding: str = "utf-8") -> bytes:
    lines = "".join(
        "<tr>" + "".join(f"<{cell}>{value}</{cell}>" for value in row) + "</tr>" for row in rows
    )
    html = f"<html><head>{head}</head><body><table>{lines}</table></body></html>"
    return html.encode(encoding)


def exported_page() -> bytes:
    """A page as spreadsheet programs save it: styles, attributes with signs, soft blanks."""
    style = "<style><!-- td {mso-number-format:General;} table > tr {x:y} --></style>"
    lines = "".join(
        "<tr height=19 style='height:14.25pt'>\n"
        + "".join(
            f'  <td class=xl65 x:str title="a > b" style=\'mso-number-format:"\\@"\'>'
            f"\n  <font color=black>{value}</font></td>\n"
            for value in row
        )
        + "</tr>\n"
        for row in ROWS
    )
    head = "<meta http-equiv=Content-Type content='text/html; charset=gb2312'>"
    html = (
        '<html xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f"<head>{head}<!--[if gte mso 9]><xml><x:ExcelWorkbook/></xml><![endif]-->{style}"
        f"</head><body><table border=1><!-- 花名册 --><tbody>{lines}</tbody></table></body></html>"
    )
    return html.encode("gb18030")


def unclosed_page() -> bytes:
    lines = "".join("<TR>" + "".join(f"<TD>{value}" for value in row) for row in ROWS)
    return f"<!DOCTYPE html><TABLE>{lines}</TABLE>".encode()


SPANNED = [TITLE, ["户号", "成员", "", "", "", "与户主关系"], ["", *HEADINGS[1:5]], *PEOPLE]


def spanned_page() -> bytes:
    head = (
        f"<tr><td colspan=6>{TITLE[0]}</td></tr>"
        "<tr><td rowspan=2>户号</td><td colspan=4>成员</td><td rowspan=2>与户主关系</td></tr>"
        "<tr><td>姓名</td><td>性别</td><td>公民身份号码</td><td>出生日期</td></tr>"
    )
    lines = "".join("<tr>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>" for row in PEOPLE)
    return f"<table>{head}{lines}</table>".encode()


QUOTED = changed("姓名", "王,伟", '李"娟"', "张\n𬱖")
MARKED = changed("姓名", "王伟&Co", "李<娟", "张 3 < 5")
NOTED = changed("公民身份号码", f"'{WANG}", f"'{LI}", f"'{ZHANG}")


def quoted() -> bytes:
    def cell(value: str) -> str:
        return '"' + value.replace('"', '""') + '"'

    return "\r\n".join(",".join(map(cell, row)) for row in QUOTED).encode()


def mixed_ends() -> bytes:
    lines = [",".join(row) for row in ROWS]
    return f"{lines[0]}\r\n{lines[1]}\n{lines[2]}\r{lines[3]}\n{lines[4]}\n".encode()


FILES: dict[str, Honest] = {
    "text in UTF-8": Honest(text, filename=CSV),
    "text in UTF-8 with a mark": Honest(partial(text, encoding="utf-8-sig"), filename=CSV),
    "text in GB 18030 with characters of four bytes": Honest(
        partial(text, encoding="gb18030"), filename=CSV
    ),
    "text in UTF-16": Honest(partial(text, "\t", "utf-16"), filename="花名册.txt"),
    "text in UTF-16, high byte first": Honest(
        lambda: b"\xfe\xff" + text("\t", "utf-16-be"), filename="花名册.txt"
    ),
    "text in UTF-16 without a mark": Honest(partial(text, ",", "utf-16-le"), filename=CSV),
    "text in UTF-16, high byte first, without a mark": Honest(
        partial(text, ",", "utf-16-be"), filename=CSV
    ),
    "text with tabs": Honest(partial(text, "\t"), filename="花名册.txt"),
    "text with ^": Honest(partial(text, "^"), filename="花名册.txt"),
    "text with |": Honest(partial(text, "|"), filename="花名册.txt"),
    "text with ;": Honest(partial(text, ";"), filename=CSV),
    "text with full-width commas": Honest(partial(text, "，"), filename=CSV),
    "text that names its delimiter": Honest(lambda: b"sep=;\r\n" + text(";"), filename=CSV),
    "text with line ends of old computers": Honest(partial(text, end="\r"), filename=CSV),
    "text with line ends of all kinds": Honest(mixed_ends, filename=CSV),
    "text in quotation marks": Honest(quoted, QUOTED, CSV, is_roster=False),
    "text with apostrophes before numbers": Honest(partial(text, rows=NOTED), NOTED, CSV),
    "text with empty cells at the end": Honest(
        lambda: text(end=",,,\r\n") + b",,,\r\n,,,,\r\n", filename=CSV
    ),
    "text with 300,000 blank lines below": Honest(
        lambda: text() + b"\r\n" + b",,,,,\r\n" * 300_000, filename=CSV
    ),
    "text with blank lines between": Honest(
        lambda: text(end="\n\n"),
        [line for row in ROWS for line in (row, [])][:-1],
        CSV,
    ),
    "text under the name of a workbook": Honest(text, filename="花名册.xlsx"),
    "page with a plain table": Honest(page, filename=PAGE),
    "page with heading cells": Honest(partial(page, cell="th"), filename=PAGE),
    "page in GB 2312": Honest(
        partial(page, head="<meta charset=gb2312>", encoding="gb18030"), filename=PAGE
    ),
    "page in UTF-16": Honest(
        lambda: b"\xff\xfe" + page().decode().encode("utf-16-le"), filename=PAGE
    ),
    "page saved by a spreadsheet program": Honest(exported_page, filename=PAGE),
    "page without closing tags": Honest(unclosed_page, filename=PAGE),
    "page with groups of headings": Honest(spanned_page, SPANNED, PAGE, merges=4),
    "page with signs in the texts": Honest(
        lambda: (
            page(rows=MARKED)
            .replace(b"&Co", b"&amp;Co")
            .replace(b"<\xe5\xa8\x9f", b"&lt;\xe5\xa8\x9f")
        ),
        MARKED,
        PAGE,
        is_roster=False,
    ),
}
