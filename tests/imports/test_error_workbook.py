"""The workbook with errors and its way back: out, corrected, in again, nothing double."""

import io
import re
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import ANY

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow
from apps.core.sealed_files import open_sealed
from apps.core.spreadsheets.annotate import BAD, annotate, shift_formula, shift_range
from apps.core.spreadsheets.grid import Grid
from apps.core.spreadsheets.grid import Workbook as Values
from apps.households.models import Household, Person
from apps.imports import services
from apps.imports.models import Batch, BatchState, RowIssue, Take
from apps.imports.rules import repairs
from apps.imports.services.repairs import ALREADY_WRITTEN
from apps.regions.models import Region
from tests.imports.rosters import id_number

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
AS_OF = date(2026, 6, 30)


# Marking a workbook -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [("A1", "B1"), ("A1:$B$9", "B1:$C$9"), ("3:5", "3:5"), ("A:C", "B:D"), ("Z9", "AA9")],
)
def test_reference_moves_one_column(before: str, after: str) -> None:
    assert shift_range(before) == after


def test_formula_moves_only_what_points_into_shifted_sheets() -> None:
    formula = "=SUM(A1:$B$2)+Other!C3+'沙田 村'!$D$4&\"A1\"&IF(LEN(F3)=18,1,LOG10(2))"
    assert shift_formula(formula, "own", {"own", "沙田 村"}) == (
        "=SUM(B1:$C$2)+Other!C3+'沙田 村'!$E$4&\"A1\"&IF(LEN(G3)=18,1,LOG10(2))"
    )


def _clerks_workbook() -> Workbook:
    """A roster with everything that must not get lost."""
    book = Workbook()
    sheet = book.active
    sheet.title = "沙田村"
    sheet.append(["沙田村花名册"])
    sheet.merge_cells("A1:C1")
    sheet.append(["姓名", "年龄", "合计"])
    sheet.append(["韦大山", 40, "=SUM(B3:B4)"])
    sheet.append(["韦小山", 12, None])
    sheet["A3"].font = Font(bold=True, color="FF00AA00")
    sheet["B4"].number_format = "0.0"
    sheet["B4"].comment = Comment("看户口簿", "村干部")
    sheet["A2"].fill = PatternFill("solid", fgColor="FFEEDD00")
    sheet.column_dimensions["A"].width = 21
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[4].hidden = True
    sheet.freeze_panes = "B3"
    sheet.auto_filter.ref = "A2:C4"
    sheet.print_area = "A1:C4"
    drop_down = DataValidation(type="list", formula1='"男,女"', sqref="B3:B9")
    sheet.add_data_validation(drop_down)
    rule = FormulaRule(formula=["$B3>18"], fill=PatternFill(bgColor="FFAAAAAA"))
    sheet.conditional_formatting.add("A3:B4", rule)
    other = book.create_sheet("汇总")
    other["A1"] = "=沙田村!C3+1"
    book.defined_names["ages"] = DefinedName("ages", attr_text="沙田村!$B$3:$B$4")
    return book


def _marks(**more: Any) -> dict[str, Any]:
    return {
        "marked": False,
        "heading": [2, "错误 · FPMS 20261121-7"],
        "lines": {"3": ["#3 已写入", "done"], "4": ["#4 年龄: 不对", "bad"]},
        "values": [],
        "cells": [[4, 2, "年龄不对\n请核对", True]],
        **more,
    }


def test_formula_of_a_sheet_that_stays_keeps_its_own_references() -> None:
    assert shift_formula("=A1+沙田村!A1", "汇总", {"沙田村"}) == "=A1+沙田村!B1"


def test_marked_workbook_keeps_everything_one_column_further() -> None:
    book = _clerks_workbook()
    annotate(book, {"sheets": {"沙田村": _marks()}})
    stored = io.BytesIO()
    book.save(stored)
    again = load_workbook(stored)
    sheet = again["沙田村"]

    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        [None, "沙田村花名册", None, None],
        ["错误 · FPMS 20261121-7", "姓名", "年龄", "合计"],
        ["#3 已写入", "韦大山", 40, "=SUM(C3:C4)"],
        ["#4 年龄: 不对", "韦小山", 12, None],
    ]
    assert [str(span) for span in sheet.merged_cells.ranges] == ["B1:D1"]
    assert (sheet["B3"].font.bold, sheet["B3"].font.color.rgb) == (True, "FF00AA00")
    assert sheet["B2"].fill.fgColor.rgb == "FFEEDD00"
    assert (sheet.column_dimensions["B"].width, sheet.column_dimensions["D"].hidden) == (21, True)
    assert sheet.row_dimensions[4].hidden
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("C3", "B2:D4")
    assert sheet.print_area == "'沙田村'!$B$1:$D$4"
    assert str(sheet.data_validations.dataValidation[0].sqref) == "C3:C9"
    (formatting,) = sheet.conditional_formatting
    assert (str(formatting.sqref), formatting.rules[0].formula) == ("B3:C4", ["$C3>18"])
    assert again["汇总"]["A1"].value == "=沙田村!D3+1"
    assert again.defined_names["ages"].attr_text == "沙田村!$C$3:$C$4"
    bad = sheet["C4"]
    assert bad.fill.fgColor.rgb == BAD.fgColor.rgb
    assert bad.comment.text == "看户口簿\n年龄不对\n请核对"
    assert bad.number_format == "@"


def test_marks_are_replaced_the_second_time() -> None:
    book = _clerks_workbook()
    annotate(book, {"sheets": {"沙田村": _marks()}})
    marks = _marks(marked=True, lines={"4": ["#4", ""]}, cells=[], values=[[3, 3, "41"]])
    annotate(book, {"sheets": {"沙田村": marks}})
    sheet = book["沙田村"]
    assert [cell.value for cell in sheet[3]] == ["#3 已写入", "韦大山", "41", "=SUM(C3:C4)"]
    assert sheet["A4"].value == "#4"
    assert sheet["C4"].fill.fill_type is None
    assert sheet["C4"].comment is None or sheet["C4"].comment.author == "村干部"


# Reading the marks --------------------------------------------------------------------------------


def _values(*rows: list[Any], name: str = "沙田村") -> Values:
    return Values("花名册.xlsx", "xlsx", (Grid(name, list(rows)),))


def test_marks_are_found_and_blanked() -> None:
    book, marked, sheets = repairs.split_marks(
        _values(
            ["", "沙田村花名册"],
            ["错误 · FPMS 20261121-7", "姓名"],
            ["#12 已写入", "韦大山"],
            ["", "新来的"],
            ["#3 年龄: 不对", "韦小山"],
        )
    )
    assert marked is not None
    assert (marked.batch, dict(marked.lines)) == (7, {"沙田村": {3: 12, 5: 3}})
    assert sheets == {"沙田村"}
    assert [row[0] for row in book.sheets[0].rows] == ["", "", "", "", ""]


def test_ordinary_workbook_is_left_as_it_is() -> None:
    book = _values(["序号", "姓名"], ["#1", "韦大山"])
    assert repairs.split_marks(book) == (book, None, frozenset())


def test_marks_of_two_imports_pasted_together_count_as_none() -> None:
    first = Grid("甲", [["FPMS 20261121-7", "姓名"], ["#2", "韦大山"]])
    second = Grid("乙", [["FPMS 20261121-8", "姓名"], ["#2", "韦小山"]])
    book, marked, sheets = repairs.split_marks(Values("x.xlsx", "xlsx", (first, second)))
    assert marked is None
    assert sheets == {"甲", "乙"}
    assert book.sheets[0].rows[1][0] == ""


# The round trip -----------------------------------------------------------------------------------


@pytest.fixture
def _county(db: None) -> None:
    call_command("load_regions", SAMPLES / "regions.csv", stdout=io.StringIO())


def _import(content: bytes, name: str, kind: str, *, take: Take, write: bool = True) -> Batch:
    actor = services.system_user()
    batch = services.receive_roster(
        actor=actor,
        kind=kind,
        region=Region.objects.get(parent=None),
        as_of=AS_OF,
        file=ContentFile(content, name),
        in_background=False,
    ).batch
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    assert batch.state == BatchState.CHECKED
    if write:
        services.choose_take(actor=actor, batch=batch, take=take)
        services.confirm_batch(actor=actor, batch=batch, in_background=False)
        batch = services.apply_batch(batch_id=batch.pk, actor=actor)
    return batch


def _handed_out(batch: Batch, settings: Any) -> Workbook:
    batch = services.request_error_workbook(actor=services.system_user(), batch=batch)
    content = services.open_error_workbook(actor=services.system_user(), batch=batch)
    return load_workbook(io.BytesIO(b"".join(content)))


def _bytes(book: Workbook) -> bytes:
    """Save as the clerk's program does, which puts their values beside the formulas."""
    values = load_workbook(SAMPLES / "01_户籍人口花名册.xlsx", data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f" and "FPMS" in "".join(str(c.value) for c in sheet["A"]):
                    cell.value = values[sheet.title].cell(cell.row, cell.column - 1).value
    stored = io.BytesIO()
    book.save(stored)
    return stored.getvalue()


NUMBER, BIRTH, SEX = (
    re.compile(words)
    for words in ("^(公民身份号码|身份证号码?|证件号码)$", "^出生(日期|年月)$", "^性 ?别")
)


def _correct(book: Workbook) -> int:
    """Correct every line with coloured cells as a clerk would; returns how many."""
    corrected = 0
    for sheet in book.worksheets:
        heading = next((c.row for c in sheet["A"] if "FPMS" in str(c.value)), None)
        if heading is None:
            continue
        columns = {str(cell.value).strip(): cell.column for cell in sheet[heading] if cell.value}
        of = {
            name: next(column for title, column in columns.items() if words.match(title))
            for name, words in (("id", NUMBER), ("birth", BIRTH), ("sex", SEX))
        }
        name = next(column for title, column in columns.items() if title.replace(" ", "") == "姓名")
        for row in sheet.iter_rows(min_row=heading + 1):
            bad = [cell for cell in row if cell.fill.fgColor.rgb == BAD.fgColor.rgb]
            if not bad:
                continue
            corrected += 1
            line = row[0].row
            sheet.cell(line, name).value = f"韦{chr(0x4E00 + corrected)}"
            sheet.cell(line, of["id"]).value = id_number(date(1985, 3, 1), "女", corrected)
            sheet.cell(line, of["birth"]).value = "1985-03-01"
            coded = sheet.cell(heading, of["sex"]).value != "性别" and "1男2女"
            sheet.cell(line, of["sex"]).value = 2 if coded else "女"
    return corrected


@pytest.mark.usefixtures("_county")
def test_round_trip_of_a_sample_ends_without_errors_and_without_doubles(settings: Any) -> None:
    sample = SAMPLES / "01_户籍人口花名册.xlsx"
    first = _import(sample.read_bytes(), sample.name, "household_roster", take=Take.GOOD)
    people, households = Person.objects.count(), Household.objects.count()
    assert (first.counts["blocked"], first.counts["all"]) == (54, 767)

    book = _handed_out(first, settings)
    assert _correct(book) == 54
    second = _import(_bytes(book), "改好.xlsx", "household_roster", take=Take.ALL)

    assert second.state == BatchState.DONE
    assert second.repairs == first
    assert second.counts["blocked"] == 0
    assert second.counts["outcomes"].get("changed", 0) == 0
    assert second.counts["outcomes"]["new"] == 54
    assert Person.objects.count() == people + 54
    assert Household.objects.count() >= households
    left_out = RowIssue.objects.filter(batch=second, kind=ALREADY_WRITTEN).count()
    assert left_out == first.counts["importable"] - second.counts["outcomes"].get("same", 0)

    third = _import(_bytes(book), "改好.xlsx", "household_roster", take=Take.ALL)
    assert not services.came_in(third)
    assert Person.objects.count() == people + 54


@pytest.mark.usefixtures("_county")
def test_workbook_that_repairs_an_unwritten_import_takes_its_place() -> None:
    sample = SAMPLES / "01_户籍人口花名册.xlsx"
    first = _import(
        sample.read_bytes(), sample.name, "household_roster", take=Take.ALL, write=False
    )
    book = _handed_out(first, None)
    _correct(book)
    second = _import(_bytes(book), sample.name, "household_roster", take=Take.ALL)
    first.refresh_from_db()

    assert first.state == BatchState.CANCELLED
    assert first.failure == {"code": "repaired", "params": {"number": second.number}}
    assert second.counts["blocked"] == 0
    assert second.counts["skipped"] == first.counts["skipped"]
    assert second.result["rows"] == first.counts["importable"] + 54


@pytest.mark.usefixtures("_county")
def test_what_is_still_wrong_is_handed_out_again_in_the_same_column() -> None:
    sample = SAMPLES / "01_户籍人口花名册.xlsx"
    first = _import(sample.read_bytes(), sample.name, "household_roster", take=Take.GOOD)
    second = _import(
        _bytes(_handed_out(first, None)), "没改.xlsx", "household_roster", take=Take.ALL,
        write=False,
    )  # fmt: skip
    assert second.counts["blocked"] == 54
    book = _handed_out(second, None)
    sheet = book["沙田村"]
    assert (sheet["A3"].value.endswith(second.number), sheet["B3"].value) == (True, "序号")
    assert _correct(book) == 54
    third = _import(_bytes(book), "改好.xlsx", "household_roster", take=Take.ALL)
    assert (third.repairs, third.counts["blocked"]) == (second, 0)
    assert third.counts["outcomes"]["new"] == 54


@pytest.mark.usefixtures("_county")
def test_workbook_is_kept_sealed_made_once_and_its_download_is_noted(settings: Any) -> None:
    sample = SAMPLES / "10_人员信息补报表.xlsx"
    batch = _import(sample.read_bytes(), sample.name, "household_roster", take=Take.GOOD)
    actor = services.system_user()
    with pytest.raises(NotAllowedNow):
        services.open_error_workbook(actor=actor, batch=batch)
    made = services.request_error_workbook(actor=actor, batch=batch)
    again = services.request_error_workbook(actor=actor, batch=made)
    assert again.errors_as == made.errors_as
    stored = Path(settings.MEDIA_ROOT) / made.errors_as
    assert not stored.read_bytes().startswith(b"PK")
    assert next(open_sealed(stored, made.errors_as)).startswith(b"PK")
    services.open_error_workbook(actor=actor, batch=made)
    assert Entry.objects.filter(code="imports.batch.errors_downloaded").count() == 1


@pytest.mark.usefixtures("_county")
def test_text_file_comes_back_as_a_workbook_named_after_it() -> None:
    number = id_number(date(1985, 3, 1), "女", 1)
    text = f"村,户号,姓名,性别,身份证号\n沙田村,1,韦一,女,{number}\n无此村,2,韦二,男,\n"
    name = "城关镇[沙田村]户籍人口花名册：二〇二六年上半年第二次核对稿（定稿）.csv"
    first = _import(text.encode(), name, "household_roster", take=Take.GOOD)
    book = _handed_out(first, None)
    sheet = book["城关镇_沙田村_户籍人口花名册：二〇二六年上半年第二次核对稿（"]
    assert [cell.value for cell in sheet["A"]][1:] == ["#2 已写入", ANY]
    assert sheet["A3"].value.startswith("#3 ")
    sheet["B3"], stored = "沙田村", io.BytesIO()
    book.save(stored)

    second = _import(
        stored.getvalue(), "改好.xlsx", "household_roster", take=Take.GOOD, write=False
    )

    assert (second.repairs, second.counts["skipped"]) == (first, 1)
