"""Corrections on top of a file: they pass through the same checks as what the file says."""

from datetime import date

import pytest

from apps.core.spreadsheets.grid import Grid
from apps.imports import pipeline, registry
from apps.imports.rules.corrections import Change, Corrections
from tests.imports.rosters import AS_OF, CAIJIAWAN, SHATIAN, directory, id_number, workbook
from tests.imports.test_pipeline import (
    CHENS,
    HEADINGS,
    LI,
    NO_VILLAGE,
    WANG,
    WANGS,
    check,
    kinds,
    line,
    without_village,
)

# The first data line is row 3: a title and the headings stand above it.
FIRST = 3


def cell(letter, text, row=FIRST):
    return Change("Sheet1", row, letter, "", text)


def given(field, text, row=FIRST):
    return Change("Sheet1", row, "", field, text)


def left_out(row):
    return Change("Sheet1", row, "", "", None)


def taken_in(row):
    return Change("Sheet1", row, "", "", "")


def fixed(*rows, changes, **kwargs):
    return check(*rows, corrections=Corrections(changes), **kwargs)


def test_corrected_number_is_read_as_if_it_stood_in_the_file():
    wrong = line(公民身份号码=WANG[:-1] + "*")

    checked = fixed(wrong, changes=[cell("E", f" {WANG} ")])

    (row,) = checked.rows
    assert (row.status, row.values["id_number"]) == ("clean", WANG)
    assert row.raw[4] == WANG[:-1] + "*"
    assert kinds(checked, notices=True) == [(FIRST, "E", "trim_space")]


def test_correction_that_is_wrong_itself_is_an_error_with_what_was_typed():
    checked = fixed(line(), changes=[cell("D", "三")])

    (issue,) = checked.issues
    assert (issue.kind, issue.column_letter, issue.raw) == ("sex_invalid", "D", "三")


def test_corrected_number_is_compared_with_sex_and_birth_of_its_line():
    checked = fixed(line(公民身份号码="不详1"), changes=[cell("E", LI)])

    assert kinds(checked) == [(FIRST, "D", "id_sex_mismatch"), (FIRST, "F", "id_birth_mismatch")]


def test_last_correction_of_a_cell_counts():
    checked = fixed(line(性别="三"), changes=[cell("D", "女"), cell("D", "男")])

    assert checked.rows[0].status == "clean"


def test_cell_beyond_the_end_of_its_line_can_be_filled():
    short = line()[:6]

    checked = fixed(short, changes=[cell("G", "蔡家湾村"), cell("H", "迁入")])

    (row,) = checked.rows
    assert (row.region_code, row.values["remark"], len(row.raw)) == (CAIJIAWAN, "迁入", 6)


def test_correction_to_the_number_of_an_earlier_line_makes_a_repetition():
    other = line(公民身份号码="不详1", 姓名="王伟")

    checked = fixed(line(), other, changes=[cell("E", WANG, row=4)])

    assert kinds(checked) == [(4, "E", "dup_in_file")]


def test_corrected_first_line_makes_room_for_the_second():
    rows = line(), line(姓名="陈强", 与户主关系="子", 出生日期="")

    assert kinds(check(*rows)) == [(4, "E", "id_conflict")]
    checked = fixed(*rows, changes=[cell("E", id_number(date(1970, 1, 1)), row=4)])

    assert [row.status for row in checked.rows] == ["clean", "clean"]
    assert checked.rows[1].values["birth_date"] == date(1970, 1, 1)


# Villages


def test_corrected_village_is_looked_up():
    checked = fixed(line(村名="沙甸村"), changes=[cell("G", "蔡家湾")])

    assert checked.rows[0].region_code == CAIJIAWAN
    assert checked.rows[0].status == "clean"


def test_village_can_be_given_to_a_line_whose_sheet_has_no_such_column():
    rows = without_village(), without_village(姓名="李娟", 公民身份号码=LI, 性别="女",
                                             出生日期="1982-05-06", 与户主关系="妻")  # fmt: skip

    checked = fixed(
        *rows, headings=NO_VILLAGE, title="花名册", changes=[given("village", "沙田村", row=4)],
        places=directory(default="999901100000"),
    )  # fmt: skip

    assert [row.region_code for row in checked.rows] == [None, SHATIAN]
    assert kinds(checked) == [(FIRST, "E", "village_missing")]


def test_given_village_that_nobody_knows_stays_an_error():
    checked = fixed(
        without_village(), headings=NO_VILLAGE, title="花名册", changes=[given("village", "某村")]
    )

    assert kinds(checked) == [(FIRST, "E", "village_unknown")]


def test_sex_can_be_given_where_there_is_no_column_for_it():
    headings = ["户号", "姓名", "与户主关系", "公民身份号码", "出生日期", "村名"]
    cells = ["001", "王伟", "户主", "", "1980-03-07", "沙田村"]

    assert kinds(check(cells, headings=headings)) == [
        (FIRST, "D", "id_missing"),
        (FIRST, "D", "sex_missing"),
    ]
    checked = fixed(cells, headings=headings, changes=[given("sex", "男")])

    assert kinds(checked) == [(FIRST, "D", "id_missing")]
    assert checked.rows[0].values["sex"] == "1"


# Merged cells


def merged(changes):
    rows = [["安塘乡沙田村"], HEADINGS, *WANGS, *CHENS]
    book = workbook(Grid("Sheet1", rows, merges=((4, 0, 5, 0), (4, 6, 5, 6))))
    return pipeline.check_workbook(
        book,
        registry.get("household_roster"),
        directory(),
        as_of=AS_OF,
        corrections=Corrections(changes),
    )


def test_correcting_the_first_cell_of_a_merged_range_corrects_its_lines():
    checked = merged([cell("A", "007", row=5)])

    assert [row.values["household_no"] for row in checked.rows] == ["001", "001", "007", "007"]


def test_correcting_one_line_of_a_merged_range_leaves_the_others():
    checked = merged([cell("A", "007", row=5), cell("A", "008", row=6)])

    assert [row.values["household_no"] for row in checked.rows] == ["001", "001", "007", "008"]


def test_emptied_line_of_a_merged_range_is_empty():
    checked = merged([cell("G", "蔡家湾村", row=5), cell("G", "", row=6)])

    villages = [row.region_code for row in checked.rows]
    assert villages == [SHATIAN, SHATIAN, CAIJIAWAN, SHATIAN]  # the last by the title


# Lines left out


def test_line_left_out_is_no_error_and_keeps_its_values():
    checked = fixed(line(性别="三"), changes=[left_out(FIRST)])

    (row,) = checked.rows
    assert (row.status, row.region_code, row.values["name"]) == ("skipped", SHATIAN, "王伟")
    assert kinds(checked, notices=True) == [(FIRST, "E", "left_out")]


def test_line_taken_in_again_is_checked_again():
    checked = fixed(line(性别="三"), changes=[left_out(FIRST), taken_in(FIRST)])

    assert kinds(checked) == [(FIRST, "D", "sex_invalid")]


def test_number_of_a_line_left_out_is_free_for_another_line():
    rows = line(), line(姓名="陈强", 与户主关系="子")

    assert kinds(check(*rows)) == [(4, "E", "id_conflict")]
    checked = fixed(*rows, changes=[left_out(FIRST)])

    assert [row.status for row in checked.rows] == ["skipped", "clean"]


@pytest.mark.parametrize("out", [FIRST, FIRST + 1])
def test_leaving_out_one_of_two_heads_settles_the_household(out):
    second = line(姓名="陈强", 公民身份号码=id_number(date(1970, 1, 1)), 出生日期="1970-01-01")

    checked = fixed(line(), second, changes=[left_out(out)])

    assert kinds(checked) == [(out, "E", "left_out")]
    kept = next(row for row in checked.rows if row.row != out)
    assert kept.values["head_name"] == kept.values["name"]


def test_family_of_a_head_left_out_does_not_join_the_household_above():
    checked = fixed(*WANGS, *CHENS, changes=[left_out(5)])

    keys = [row.values["household_key"] for row in checked.rows]
    assert keys[0] == keys[1] != keys[2]
    assert keys[2] == keys[3]


def test_repetition_of_a_person_without_number_counts_again_when_the_first_is_left_out():
    rows = line(公民身份号码=""), line(公民身份号码="")

    assert (4, "E", "dup_in_file") in kinds(check(*rows))
    checked = fixed(*rows, changes=[left_out(FIRST)])

    assert [row.status for row in checked.rows] == ["skipped", "warn"]
