"""Opening files from outside: what is read, what is refused, and that nothing breaks."""

import io
import random
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.spreadsheets import biff, child, gate
from apps.core.spreadsheets.delimited import read_delimited, sniff_delimiter
from apps.core.spreadsheets.gate import Refused
from apps.core.spreadsheets.grid import (
    Grid,
    cell_text,
    column_index,
    column_letter,
)
from apps.core.spreadsheets.hypertext import read_hypertext
from apps.core.spreadsheets.reader import REASONS, UnreadableFile, read_workbook
from apps.core.spreadsheets.tables import (
    DATA,
    FOOTER,
    HEADING,
    NUMBERS,
    SECTION,
    TOTAL,
    KeyColumns,
    LineSorter,
    find_heading,
    heading_paths,
    is_numbering,
)

DATA_FOLDER = Path(__file__).parents[1] / "data"
SMALL_XLS = DATA_FOLDER / "small_roster.xls"
HEADINGS = ["户号", "姓名", "性别", "身份证号"]
PERSON = ["001", "王伟", "男", "999901198003071234"]


def workbook_bytes(rows=(HEADINGS, PERSON)):
    """An ordinary small workbook, as bytes."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = book.add_worksheet("沙田村")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return file.getvalue()


def repacked(change, content=None):
    """A workbook whose parts went through `change(name, data) -> data or None`."""
    source = zipfile.ZipFile(io.BytesIO(content or workbook_bytes()))
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            data = change(entry.filename, source.read(entry))
            if data is not None:
                target.writestr(entry.filename, data)
    return file.getvalue()


def with_cell(reference, number=5):
    cell = f'<c r="{reference}"><v>{number}</v></c></row></sheetData>'
    return repacked(
        lambda name, data: (
            data.replace(b"</row></sheetData>", cell.encode())
            if name.endswith("sheet1.xml")
            else data
        )
    )


def test_styled_cell_far_away_does_not_matter(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.cell(1048576, 16384).font = openpyxl.styles.Font(bold=True)
    path = tmp_path / "a.xlsx"
    book.save(path)

    assert read_workbook(path).sheets[0].rows == [HEADINGS]


def test_types_of_cells_survive(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, ["文字", " 前后 ", 12, 1985.1, 999901198003071234])
    sheet.write_datetime(1, 0, date(1985, 3, 5), book.add_format({"num_format": "yyyy-mm-dd"}))
    sheet.write_boolean(1, 1, True)
    sheet.write_formula(1, 2, "=NA()", None, "#N/A")
    sheet.write_formula(1, 3, '=IF(1,"男","女")', None, "男")
    sheet.write_string(1, 4, "=1+1")
    book.close()

    first, second = read_workbook(path).sheets[0].rows

    assert first == ["文字", " 前后 ", 12.0, 1985.1, 9.999011980030712e17]
    assert second == [date(1985, 3, 5), True, "#N/A", "男", "=1+1"]


def test_hidden_parts_and_merged_cells_of_xlsx_are_known(tmp_path):
    path = tmp_path / "a.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("沙田村")
    sheet.merge_range("A1:D1", "标题")
    sheet.write_row(1, 0, HEADINGS)
    sheet.write_row(2, 0, PERSON)
    sheet.set_row(2, None, None, {"hidden": True})
    sheet.set_column(1, 2, None, None, {"hidden": True})
    book.add_worksheet("旧数据").hide()
    book.close()

    visible, hidden = read_workbook(path).sheets

    assert visible.merges == ((0, 0, 0, 3),)
    assert visible.hidden_rows == {2}
    assert visible.hidden_columns == {1, 2}
    assert (hidden.name, hidden.hidden, hidden.rows) == ("旧数据", True, [])


def test_old_excel_file_is_read_with_errors_and_hidden_parts():
    visible, hidden = read_workbook(SMALL_XLS).sheets

    assert visible.rows[2][1:3] == ["王伟", "户主"]
    assert visible.rows[2][4:6] == ["999901198003071234", date(1980, 3, 7)]
    assert visible.rows[4][5] == "#N/A"
    assert visible.rows[5][4] == 9.9990119700101e17
    assert visible.hidden_rows == {3}
    assert visible.hidden_columns == {6}
    assert visible.merges == ((0, 0, 0, 6),)
    assert hidden.hidden


def test_zero_bytes_in_a_text_are_no_dates(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(SMALL_XLS.read_bytes().replace("王伟".encode("utf-16-le"), b"\0\0A\0"))

    assert read_workbook(path).sheets[0].rows[2][1] == "A"


def test_content_decides_and_not_the_name(tmp_path):
    path = tmp_path / "花名册.xlsx"
    path.write_bytes(SMALL_XLS.read_bytes())

    assert read_workbook(path).format == "xls"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_file_is_read_in_every_encoding(encoding, delimiter, tmp_path):
    person = ["001", "张𬱖", "女", "９９"]
    lines = ["安塘乡人口清单", delimiter.join(HEADINGS), delimiter.join(person)]
    path = tmp_path / "清单.csv"
    path.write_bytes("\r\n".join(lines).encode(encoding))

    (sheet,) = read_workbook(path, "清单.csv").sheets

    assert sheet.name == "清单"
    assert sheet.rows == [["安塘乡人口清单"], HEADINGS, person]


def test_quoted_cells_keep_delimiters_and_line_feeds(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('姓名,备注\n王伟,"低保,\n五保"\n', encoding="utf-8")

    assert read_workbook(path).sheets[0].rows == [["姓名", "备注"], ["王伟", "低保,\n五保"]]


def check_code(code):
    """Every refusal must have its words."""
    assert code in REASONS


@given(st.binary(max_size=400))
def test_no_bytes_make_the_text_readers_fail(data):
    for read in (read_delimited, read_hypertext, biff.sheet_details, biff.stream_names):
        try:
            read(data)
        except Refused as refusal:
            check_code(refusal.code)


@given(st.text(max_size=200))
def test_any_text_has_a_delimiter(text):
    assert sniff_delimiter(text) in ",\t;|^，"


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_to_an_old_excel_file_makes_the_record_walk_fail(data):
    content = bytearray(SMALL_XLS.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        biff.sheet_details(bytes(content))
    except Refused as refusal:
        check_code(refusal.code)


def test_no_damage_to_a_file_breaks_more_than_its_own_reading(tmp_path):
    chance = random.Random(12)
    path = tmp_path / "a.xlsx"
    for original in (workbook_bytes(), SMALL_XLS.read_bytes()) * 6:
        content = bytearray(original)
        for _ in range(chance.randrange(1, 40)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        path.write_bytes(content)
        try:
            read_workbook(path)
        except UnreadableFile as refusal:
            check_code(refusal.code)


def test_refusal_says_in_words_what_was_found():
    with translation.override("en"):
        assert "(two parts of one name)" in UnreadableFile("unsafe", found="duplicate").reason
        assert "(DOCTYPE)" in UnreadableFile("unsafe", found="DOCTYPE").reason
        assert "like data that is no text" in UnreadableFile("not_workbook", found="binary").reason


def test_process_that_dies_becomes_a_message(tmp_path, monkeypatch):
    # The gate lets this dense area through; the value reader then runs into the memory limit.
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_cell("KN199999"))

    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(path)

    assert refusal.value.code == "bomb"


def test_process_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_bytes())
    monkeypatch.setattr("apps.core.spreadsheets.reader.SECONDS", 0.001)

    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(path)

    assert refusal.value.code == "too_slow"


def test_reading_process_knows_nothing_of_django(tmp_path):
    script = "import sys, apps.core.spreadsheets.child; print('django' in sys.modules)"
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_limits_of_the_gate_are_those_promised():
    assert gate.MAX_FILE_BYTES == 20 * 1024 * 1024
    assert gate.MAX_COLUMNS == 300
    assert child.MEMORY_BYTES == 1 << 30


@pytest.mark.parametrize(("index", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ")])
def test_columns_have_letters(index, letters):
    assert column_letter(index) == letters
    assert column_index(letters) == index


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("", ""),
        (3.0, "3"),
        (3.5, "3.5"),
        (True, "TRUE"),
        (date(2026, 5, 1), "2026-05-01"),
        (9.99901198003071e17, "9.99901E+17"),
        (float("nan"), "nan"),
    ],
)
def test_cells_are_shown_as_in_a_spreadsheet(cell, text):
    assert cell_text(cell) == text


# Tables ------------------------------------------------------------------------------------------


def heading_of(grid):
    """The heading that must be found."""
    heading = find_heading(grid, known)
    assert heading is not None
    return heading


def known(paths):
    words = {"户号", "姓名", "性别", "身份证号", "男", "女", "合计"}
    return sum(path[-1] in words for path in paths.values())


def test_headings_are_found_below_titles_and_blank_lines():
    grid = Grid("a", [["花名册"], ["单位：沙田村", "", "2026年"], [], HEADINGS, PERSON])

    assert heading_of(grid).rows == (4,)


def test_grouped_headings_are_read_with_and_without_merged_cells():
    rows = [["户号", "姓名", "现有子女", "", "", "备注"], ["", "", "合计", "男", "女", ""]]
    merges = ((0, 0, 1, 0), (0, 1, 1, 1), (0, 2, 0, 4), (0, 5, 1, 5))
    paths = {
        0: ("户号",),
        1: ("姓名",),
        2: ("现有子女", "合计"),
        3: ("现有子女", "男"),
        4: ("现有子女", "女"),
        5: ("备注",),
    }

    assert heading_paths(Grid("a", rows, merges=merges), 0, 2) == paths
    assert heading_paths(Grid("a", rows), 0, 2) == paths
    assert heading_of(Grid("a", [["标题"], *rows, PERSON])).rows == (2, 3)


def test_notes_without_headings_hold_no_table():
    grid = Grid("a", [["填表说明"], ["姓名", "示例"], ["总户数", 12.0]])

    assert find_heading(grid, known) is None


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["001", "王伟", "男", "999901198003071234"], DATA),
        (["001", "王伟", "男", 9.99901e17], DATA),
        (["", "王伟", "", ""], DATA),
        (["", "", "男", "999901198003071234"], DATA),
        (["1组小计", "15人", "", ""], TOTAL),
        (["小计", "", "", 15.0], TOTAL),
        (["合计", "40户", "106人", ""], TOTAL),
        (["本页合计：", 12.0, "", ""], TOTAL),
        (["总计", "", "", ""], TOTAL),
        (HEADINGS, HEADING),
        ([1.0, 2.0, 3.0, 4.0], NUMBERS),
        (["（1）", "（2）", "（3）", "（4）"], NUMBERS),
        (["沙田村", "", "", ""], SECTION),
        (["三组", "", "", ""], SECTION),
        (["填报人：", "", "审核人：", ""], FOOTER),
        (["注：1、本表一式两份。", "", "", ""], FOOTER),
        (["填报日期：2026年6月30日", "", "", ""], FOOTER),
        (["002", "", "", ""], SECTION),
    ],
)
def test_lines_below_the_headings_are_told_apart(cells, kind):
    grid = Grid("a", [HEADINGS, cells])
    keys = KeyColumns(name=1, identifier=3, personal=frozenset((1, 2, 3)), width=4)
    sorter = LineSorter(grid, heading_of(grid), keys, frozenset(HEADINGS))

    assert sorter.kind(1) == kind


def test_column_numbers_are_recognised_and_people_are_not():
    assert is_numbering(["甲", "乙", 1.0, 2.0])
    assert is_numbering(["A", "B", "C"])
    assert not is_numbering([1.0, 1.0, 2.0])
    assert not is_numbering([12.0, "王伟", "男"])
    assert not is_numbering([date(1980, 3, 7), 1.0, 2.0])


def test_rows_of_a_large_sheet_are_unpacked_wherever_they_are_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    lines = [f"{number},李{number}" for number in range(1_301)]
    path.write_text("\n".join(["序号,姓名", *lines]), encoding="utf-8")

    rows = read_workbook(path).sheets[0].rows

    assert len(rows) == 1_302
    assert list(rows) == [["序号", "姓名"], *([str(n), f"李{n}"] for n in range(1_301))]
    assert [rows[place] for place in (1_301, 500, 1, -1, 1_000)] == [
        ["1300", "李1300"], ["499", "李499"], ["0", "李0"], ["1300", "李1300"], ["999", "李999"],
    ]  # fmt: skip
    assert rows[499:502] == [["498", "李498"], ["499", "李499"], ["500", "李500"]]
    with pytest.raises(IndexError):
        rows[1_302]
