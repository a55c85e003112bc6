"""From a file to checked rows: the samples exactly, and each rule by itself."""

import csv
import json
import string
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.core.spreadsheets.grid import Grid
from apps.imports import choices, pipeline, registry
from apps.imports.records import NOTICE, Column, Issue
from apps.imports.rules import vocabulary
from apps.imports.rules.converters import converter
from apps.imports.rules.places import PlaceDirectory
from tests.imports.rosters import (
    AS_OF,
    CAIJIAWAN,
    LONGWU,
    SHATIAN,
    directory,
    id_number,
    people,
    workbook,
)

SAMPLES = Path(__file__).parents[1] / "data" / "samples"
FILES = ["01_户籍人口花名册.xlsx", "02_已婚育龄妇女花名册.xlsx", "10_人员信息补报表.xlsx"]
COUNTS = (
    "data_rows",
    "rows_clean",
    "rows_warned",
    "rows_importable",
    "rows_blocked",
    "rows_skipped",
)
SEX = {"男": "1", "女": "2"}
# Where a normalised value is found; other fields have the same name in `values`.
TARGETS = {
    "id": "id_number",
    "birth": "birth_date",
    "marry": "first_marriage_on",
    "method_date": "method_on",
    "spouse_id": "spouse_id_number",
}


@pytest.fixture(scope="module")
def regions():
    with (SAMPLES / "regions.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return PlaceDirectory.from_rows(
        (code, name, level, parent, aliases) for code, name, level, parent, aliases in rows
    )


@pytest.fixture(scope="module", params=FILES)
def sample(request, regions):
    """(checked file, what is expected of it)"""
    expected = json.loads(
        (SAMPLES / request.param).with_suffix(".expected.json").read_text(encoding="utf-8")
    )
    book = pipeline.read_file(SAMPLES / request.param)
    kind = registry.get(expected["kind"])
    return pipeline.check_workbook(book, kind, regions, as_of=AS_OF), expected


def test_sample_has_exactly_the_expected_counts(sample):
    checked, expected = sample

    assert {key: getattr(checked, key) for key in COUNTS} == {k: expected[k] for k in COUNTS}


def test_sample_has_exactly_the_expected_sheets_and_columns(sample):
    checked, expected = sample

    found = [
        {
            "name": shape.name,
            "role": shape.role,
            "hidden": shape.hidden,
            "data_rows": shape.data_rows,
            **(
                {
                    "header_rows": list(shape.header_rows),
                    "first_data_row": shape.first_data_row,
                    "columns": [(c.letter, " / ".join(c.header), c.field) for c in shape.columns],
                }
                if shape.role == "data"
                else {}
            ),
        }
        for shape in checked.sheets
    ]
    wanted = [
        dict(sheet, columns=[(c["col"], c["header"], c["field"]) for c in sheet["columns"]])
        if sheet["role"] == "data"
        else sheet
        for sheet in expected["sheets"]
    ]
    assert found == wanted


def test_sample_needs_no_click_for_its_columns(sample):
    checked, _expected = sample

    assert all(column.certain for shape in checked.sheets for column in shape.columns)


def test_sample_has_every_bad_cell_and_no_other(sample):
    checked, expected = sample

    found = sorted(
        (i.sheet, i.row, i.column_letter, i.field, i.kind, i.severity)
        for i in checked.issues
        if i.severity != NOTICE
    )
    wanted = sorted(
        (b["sheet"], b["row"], b["col"], b["field"], b["kind"], b["severity"])
        for b in expected["bad_cells"]
    )
    assert found == wanted


def test_sample_rows_carry_the_true_values(sample):
    checked, expected = sample
    rows = {(row.sheet, row.row): row for row in checked.rows}

    wrong = []
    for sheet, number, status, name, id_value, sex, birth, village in expected["records"]:
        row = rows[sheet, number]
        found = [row.status]
        wanted = [status]
        if row.importable:
            without_id = any(issue.kind == "id_missing" for issue in row.issues)
            values = row.values
            found += [values["name"], values["sex"], row.region_code, values.get("id_number")]
            found.append(str(values["birth_date"])[: 7 if without_id else 10])
            wanted += [name, SEX[sex], village, None if without_id else id_value]
            wanted.append(birth[: 7 if without_id else 10])
        if found != wanted:
            wrong.append((sheet, number, found, wanted))
    assert wrong == []


def test_sample_cells_are_normalised_as_expected(sample):
    checked, expected = sample
    rows = {(row.sheet, row.row): row for row in checked.rows}
    fields = {(s.name, c.letter): c.field for s in checked.sheets for c in s.columns}
    notices = {
        (i.sheet, i.row, i.column_letter, i.kind) for i in checked.issues if i.severity == NOTICE
    }

    wrong = []
    for sheet, number, letter, kind, raw, wanted in expected["normalised_cells"]:
        field = fields[sheet, letter]
        row = rows[sheet, number]
        found = row.region_code if field == "village" else row.values.get(TARGETS.get(field, field))
        wanted = {"sex": SEX, "method": vocabulary.METHODS}.get(field, {}).get(wanted, wanted)
        if (sheet, number, letter, kind) not in notices or not str(found).startswith(wanted or ""):
            wrong.append((sheet, number, letter, kind, raw, wanted, found))
    assert wrong == []


def test_sample_lines_make_the_expected_households(sample):
    checked, expected = sample
    keys = {row.values.get("household_key") for row in checked.rows if row.importable} - {None}

    assert (len(keys) or None) == expected["households_created"]


def test_every_issue_of_a_sample_has_its_words_in_both_languages(sample):
    checked, _expected = sample

    for language in ("en", "zh-hans"):
        with translation.override(language):
            for issue in checked.issues:
                title, reason, remedy = choices.describe(issue)
                assert title
                assert "%(" not in title + reason + remedy
                assert issue.severity == NOTICE or (reason and remedy and "—" not in reason)


# Small rosters -----------------------------------------------------------------------------------

HEADINGS = ["户号", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期", "村名", "备注"]
WANG = id_number(date(1980, 3, 7))
LI = id_number(date(1982, 5, 6), "女")


def line(**changes):
    """One line of a household roster: a man with everything in order."""
    cells = {
        "户号": "001",
        "姓名": "王伟",
        "与户主关系": "户主",
        "性别": "男",
        "公民身份号码": WANG,
        "出生日期": "1980-03-07",
        "村名": "沙田村",
        "备注": "",
    }
    return list((cells | changes).values())


def check(*rows, title="安塘乡户籍人口花名册", headings=HEADINGS, places=None, kind=None, **kwargs):
    book = workbook(("Sheet1", [[title], headings, *rows]))
    return pipeline.check_workbook(
        book,
        registry.get(kind or "household_roster"),
        places or directory(),
        as_of=AS_OF,
        **kwargs,
    )


def kinds(checked, *, notices=False):
    """(row, column, kind) of all issues."""
    return [
        (i.row, i.column_letter, i.kind) for i in checked.issues if notices or i.severity != NOTICE
    ]


def test_line_in_order_is_clean_and_complete():
    checked = check(line())

    (row,) = checked.rows
    assert row.status == "clean"
    assert row.region_code == SHATIAN
    assert row.raw[4] == WANG
    assert row.values == {
        "household_key": f"{SHATIAN}|001",
        "household_no": "001",
        "head_name": "王伟",
        "head_id": WANG,
        "name": "王伟",
        "relation": "02",
        "is_head": True,
        "sex": "1",
        "id_number": WANG,
        "birth_date": date(1980, 3, 7),
        "birth_precision": "day",
    }


@pytest.mark.parametrize(
    ("changes", "column", "kind"),
    [
        ({"姓名": ""}, "B", "name_missing"),
        ({"姓名": "张3"}, "B", "name_invalid"),
        ({"姓名": "??"}, "B", "name_invalid"),
        ({"姓名": "=1+1"}, "B", "name_invalid"),
        ({"姓名": "未取名"}, "B", "name_placeholder"),
        ({"姓名": "李娟之子"}, "B", "name_placeholder"),
        ({"与户主关系": "同住"}, "C", "relation_unknown"),
        ({"性别": "？"}, "D", "sex_invalid"),
        ({"性别": "女"}, "D", "id_sex_mismatch"),
        ({"公民身份号码": WANG[:-1] + ("1" if WANG[-1] != "1" else "2")}, "E", "id_checksum"),
        ({"公民身份号码": WANG[:17]}, "E", "id_length"),
        ({"公民身份号码": WANG[:10] + "O" + WANG[11:]}, "E", "id_char"),
        ({"公民身份号码": WANG[:10] + "****" + WANG[14:]}, "E", "id_masked"),
        ({"公民身份号码": float(WANG)}, "E", "id_precision_lost"),
        ({"公民身份号码": "9.99901E+17"}, "E", "id_precision_lost"),
        ({"公民身份号码": ""}, "E", "id_missing"),
        ({"公民身份号码": "未办理"}, "E", "id_missing"),
        ({"公民身份号码": "#REF!"}, "E", "cell_error_value"),
        ({"出生日期": "1980-02-30"}, "F", "date_impossible"),
        ({"出生日期": "不详"}, "F", "date_unparseable"),
        ({"出生日期": "1979-03-07"}, "F", "id_birth_mismatch"),
        ({"出生日期": 12.0}, "F", "id_birth_mismatch"),
        ({"出生日期": "#VALUE!"}, "F", "cell_error_value"),
        ({"村名": "幸福新村"}, "G", "village_unknown"),
        ({"备注": "=cmd|' /C calc'!A0"}, "H", "formula_injection"),
        ({"备注": "@SUM(1+1)"}, "H", "formula_injection"),
        ({"备注": "+cmd|' /C notepad'!A1"}, "H", "formula_injection"),
    ],
)
def test_one_thing_wrong_gives_one_issue_at_its_cell(changes, column, kind):
    checked = check(line(**changes))

    assert kinds(checked) == [(3, column, kind)]
    assert checked.rows[0].status == ("blocked" if choices.severity_of(kind) == "error" else "warn")


@pytest.mark.parametrize(
    ("changes", "notice", "field", "value"),
    [
        ({"姓名": "王　伟"}, "name_inner_space", "name", "王伟"),
        ({"姓名": " 王伟\t"}, "trim_space", "name", "王伟"),
        ({"姓名": "古丽娜尔．艾山"}, "name_dot_variant", "name", "古丽娜尔·艾山"),
        ({"性别": "男性"}, "sex_code", "sex", "1"),
        ({"性别": 1.0}, "sex_code", "sex", "1"),
        ({"公民身份号码": f"'{WANG}"}, "id_prefixed", "id_number", WANG),
        ({"公民身份号码": f"{WANG[:6]} {WANG[6:14]} {WANG[14:]}"}, "trim_space", "id_number", WANG),
        ({"公民身份号码": WANG[:6] + WANG[8:17]}, "id_15_digits", "id_number", WANG),
        ({"公民身份号码": float(WANG[:6] + WANG[8:17])}, "id_15_digits", "id_number", WANG),
        ({"出生日期": "46岁"}, "age_in_birth_column", "birth_date", date(1980, 3, 7)),
        ({"出生日期": "80.3.7"}, "date_two_digit_year", "birth_date", date(1980, 3, 7)),
        ({"村名": "龙屋村"}, "village_alias", None, SHATIAN),
        ({"村名": "安塘乡沙田村"}, "village_alias", None, SHATIAN),
        ({"与户主关系": "本人"}, "value_synonym", "relation", "02"),
    ],
)
def test_what_can_be_put_right_is_put_right_silently(changes, notice, field, value):
    others = [
        line(
            户号=f"1{number}",
            姓名=person["name"],
            公民身份号码=person["id"],
            出生日期=person["birth"].isoformat(),
        )
        for number, person in enumerate(people(9))
        if person["sex"] == "男"
    ]
    checked = check(line(**changes), *others)

    row = checked.rows[0]
    assert kinds(checked) == []
    assert [i.kind for i in row.issues] == [notice]
    assert (row.values[field] if field else row.region_code) == value


def test_wrong_check_character_is_explained_with_the_right_one():
    checked = check(line(公民身份号码=WANG[:17] + ("0" if WANG[17] != "0" else "1")))

    with translation.override("en"):
        title, reason, _remedy = choices.describe(checked.issues[0])
    assert title == "ID number: last character does not fit"
    assert reason == (
        f"The last character is {'0' if WANG[17] != '0' else '1'}; "
        f"by the first 17 digits it should be {WANG[17]}."
    )


def test_letter_for_a_digit_comes_with_the_number_it_should_be():
    checked = check(line(公民身份号码=WANG[:10] + WANG[10:].replace("0", "O", 1)))

    assert checked.issues[0].suggestion == WANG


def test_number_decides_where_columns_are_empty_or_rougher():
    rough = check(line(性别="", 出生日期="1980.03")).rows[0]
    year = check(line(性别="", 出生日期=1980.0)).rows[0]
    empty = check(line(性别="", 出生日期="")).rows[0]

    for row in (rough, year, empty):
        assert row.importable
        assert (row.values["sex"], row.values["birth_date"]) == ("1", date(1980, 3, 7))
        assert row.values["birth_precision"] == "day"


def test_person_without_number_needs_sex_and_month_of_birth():
    def issues(**changes):
        return kinds(check(line(公民身份号码="无", **changes)))

    assert issues() == [(3, "E", "id_missing")]
    assert issues(出生日期="1980.03") == [(3, "E", "id_missing")]
    assert issues(出生日期="1980") == [(3, "E", "id_missing"), (3, "F", "birth_missing")]
    assert issues(出生日期="46岁") == [(3, "E", "id_missing"), (3, "F", "birth_missing")]
    assert issues(出生日期="") == [(3, "E", "id_missing"), (3, "F", "birth_missing")]
    assert issues(性别="") == [(3, "E", "id_missing"), (3, "D", "sex_missing")]


def test_number_that_lost_its_zero_is_a_warning_with_id_and_an_error_without():
    january = id_number(date(1985, 1, 9))

    with_id = check(line(公民身份号码=january, 出生日期=1985.1))
    without = check(line(公民身份号码="", 出生日期=1985.1))

    assert kinds(with_id) == [(3, "F", "date_ambiguous")]
    assert with_id.rows[0].values["birth_date"] == date(1985, 1, 9)
    assert without.rows[0].status == "blocked"


def test_birth_after_the_day_of_the_roster_is_an_error():
    unborn = id_number(date(2026, 7, 1))

    assert kinds(check(line(公民身份号码=unborn, 出生日期="2026-07-01"))) == [
        (3, "E", "id_birth_impossible"),
        (3, "F", "date_future"),
    ]
    without = check(line(公民身份号码="", 出生日期="2026-07-01"))
    assert kinds(without) == [(3, "F", "date_future"), (3, "E", "id_missing")]


@pytest.mark.parametrize(
    ("age", "fits"), [(46.0, True), (48.0, True), (45.0, True), (49.0, False), (44.0, False)]
)
def test_age_may_be_counted_in_the_old_way(age, fits):
    checked = check([*line(), age], headings=[*HEADINGS, "年龄"])

    assert kinds(checked) == ([] if fits else [(3, "I", "age_mismatch")])


# Repetitions -------------------------------------------------------------------------------------


def test_same_person_again_is_skipped():
    checked = check(line(), line(), line(姓名=" 王 伟 "))

    assert [row.status for row in checked.rows] == ["clean", "skipped", "skipped"]
    assert kinds(checked) == [(4, "E", "dup_in_file"), (5, "E", "dup_in_file")]


def test_repetition_takes_the_place_of_a_line_that_is_blocked():
    checked = check(line(出生日期="不详"), line())

    assert [row.status for row in checked.rows] == ["blocked", "clean"]


def test_number_of_another_name_is_a_conflict_and_nothing_else():
    checked = check(line(), line(户号="002", 姓名="李娟", 性别="女", 出生日期="1999-01-01"))

    assert kinds(checked) == [(4, "E", "id_conflict")]


def test_same_person_in_another_village_is_for_a_person_to_decide():
    checked = check(line(), line(户号="002", 村名="蔡家湾村"))

    assert kinds(checked) == [(4, "E", "person_in_two_places")]


def test_people_without_number_repeat_by_name_sex_birth_and_village():
    nameless = {"公民身份号码": ""}
    checked = check(
        line(),
        line(**nameless, 户号="002"),
        line(**nameless, 户号="003", 出生日期="1980.03"),
        line(**nameless, 户号="004", 出生日期="1980-03-08"),
        line(**nameless, 户号="005", 村名="蔡家湾村"),
    )

    assert [row.status for row in checked.rows] == ["clean", "skipped", "skipped", "warn", "warn"]


def test_children_not_yet_named_are_different_children():
    child = {"姓名": "未取名", "公民身份号码": "", "出生日期": "2026-05-01", "与户主关系": "子"}

    assert [row.status for row in check(line(**child), line(**child)).rows] == ["warn", "warn"]


def test_two_that_fit_leave_the_line_undecided():
    twin = id_number(date(1980, 3, 7), sequence=7)
    checked = check(line(), line(公民身份号码=twin, 户号="002"), line(公民身份号码="", 户号="003"))

    assert kinds(checked)[-1] == (5, "E", "ambiguous_match")


# Villages ----------------------------------------------------------------------------------------


def without_village(**changes):
    cells = line(**changes)
    return [*cells[:6], cells[7]]


NO_VILLAGE = [*HEADINGS[:6], HEADINGS[7]]


@pytest.mark.parametrize(
    ("title", "sheet", "village"),
    [
        ("安塘乡沙田村户籍人口花名册", "Sheet1", SHATIAN),
        ("户籍人口花名册（安塘乡沙田村委会）", "Sheet1", SHATIAN),
        ("安塘乡户籍人口花名册", "沙田村", SHATIAN),
        ("安塘乡户籍人口花名册", "沙田", SHATIAN),
        ("红桥镇户籍人口花名册", "龙屋村", LONGWU),
        ("安塘乡户籍人口花名册", "龙屋村", SHATIAN),
        ("户籍人口花名册", "蔡家湾村", CAIJIAWAN),
    ],
)
def test_village_of_a_sheet_is_read_from_title_and_name(title, sheet, village):
    book = workbook((sheet, [[title], NO_VILLAGE, without_village()]))

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert checked.rows[0].region_code == village
    assert checked.sheets[0].village == village


def test_village_is_read_from_the_name_of_the_file_when_nothing_else_names_it():
    book = workbook(
        ("Sheet1", [["花名册"], NO_VILLAGE, without_village()]), filename="安塘乡沙田村名单.xlsx"
    )

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert checked.rows[0].region_code == SHATIAN


def test_section_lines_name_the_village_of_the_lines_below():
    checked = check(
        ["沙田村"],
        without_village(),
        ["小计", "1人"],
        ["蔡家湾村计生协会"],
        without_village(户号="002", 姓名="李娟", 性别="女", 公民身份号码=LI, 出生日期="1982-05-06"),
        headings=NO_VILLAGE,
    )

    assert [row.region_code for row in checked.rows] == [SHATIAN, CAIJIAWAN]
    assert kinds(checked) == []


def test_village_is_told_by_the_code_of_the_household():
    headings = ["户编码", *NO_VILLAGE[1:]]
    checked = check(without_village(户号=f"{CAIJIAWAN}080091"), headings=headings, title="补报表")

    assert checked.rows[0].region_code == CAIJIAWAN


def test_nothing_names_the_village():
    missing = check(without_village(), headings=NO_VILLAGE, title="花名册")
    chosen = check(
        without_village(),
        headings=NO_VILLAGE,
        title="花名册",
        places=directory(default=SHATIAN),
    )

    assert kinds(missing) == [(3, "E", "village_missing")]
    assert missing.rows[0].region_code is None
    assert chosen.rows[0].region_code == SHATIAN


def test_title_and_sheet_that_contradict_are_for_a_person_to_decide():
    book = workbook(("蔡家湾村", [["安塘乡沙田村户籍人口花名册"], NO_VILLAGE, without_village()]))

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert kinds(checked) == [(3, "E", "village_ambiguous")]

    decided = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(default=SHATIAN), as_of=AS_OF
    )
    assert decided.rows[0].region_code == SHATIAN


def test_name_that_two_townships_have_needs_the_township():
    ambiguous = check(line(), title="花名册")
    chosen = check(line(), title="花名册", places=directory(default="999901101000"))
    column = check(["安塘乡", *line()], title="花名册", headings=["乡镇", *HEADINGS])

    assert kinds(ambiguous) == [(3, "G", "village_ambiguous")]
    assert chosen.rows[0].region_code == "999901101200"
    assert column.rows[0].region_code == SHATIAN


def test_row_outside_of_the_area_is_an_error_and_not_moved():
    other = line(村名="蔡家湾村", 姓名="李娟", 性别="女", 公民身份号码=LI, 出生日期="1982-05-06")
    checked = check(line(), other, places=directory(scope=[SHATIAN]))

    assert kinds(checked) == [(4, "G", "out_of_scope")]
    assert checked.rows[1].region_code == CAIJIAWAN


def test_empty_scope_lets_nothing_in():
    assert kinds(check(line(), places=directory(scope=[]))) == [(3, "G", "out_of_scope")]


# Households --------------------------------------------------------------------------------------


def family(number, *members):
    """Lines of one household: the head first, then (name, relation, sex, birth)."""
    return [
        line(
            户号=number if index == 0 else "",
            姓名=name,
            与户主关系=relation,
            性别=sex,
            公民身份号码=id_number(born, sex, index + 1),
            出生日期=born.isoformat(),
        )
        for index, (name, relation, sex, born) in enumerate(members)
    ]


WANGS = family(
    "001", ("王伟", "户主", "男", date(1980, 3, 7)), ("李娟", "妻", "女", date(1982, 5, 6))
)
CHENS = family("", ("陈强", "户主", "男", date(1970, 1, 1)), ("陈芳", "女", "女", date(1995, 2, 2)))


def test_lines_without_number_belong_to_the_head_above():
    checked = check(*WANGS, *CHENS)

    keys = [row.values["household_key"] for row in checked.rows]
    assert keys[0] == keys[1] == f"{SHATIAN}|001"
    assert keys[2] == keys[3] != keys[0]
    assert [row.values["head_name"] for row in checked.rows] == ["王伟"] * 2 + ["陈强"] * 2
    assert [row.values["household_no"] for row in checked.rows] == ["001"] * 2 + [None] * 2


def test_merged_number_counts_for_every_line_of_the_range():
    rows = [["安塘乡沙田村"], HEADINGS, *WANGS, *CHENS]
    book = workbook(Grid("Sheet1", rows, merges=((2, 0, 5, 0),)))

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert {row.values["household_key"] for row in checked.rows} == {f"{SHATIAN}|001"}
    assert kinds(checked) == [(5, "C", "household_two_heads")]


def test_second_head_under_one_number_is_for_a_person_to_decide():
    second = line(姓名="陈强", 公民身份号码=id_number(date(1970, 1, 1)), 出生日期="1970-01-01")

    assert kinds(check(line(), second)) == [(4, "C", "household_two_heads")]


def test_numbers_that_begin_again_in_each_group_get_its_name():
    headings = [*HEADINGS, "组别"]
    made = people(18)
    rows = []
    for index, person in enumerate(p for p in made if p["relation"] == "户主"):
        cells = line(户号=f"{index % 2 + 1}", 姓名=person["name"], 公民身份号码=person["id"],
                     出生日期=person["birth"].isoformat())  # fmt: skip
        rows.append([*cells, f"{index // 2 + 1}组"])

    checked = check(*rows, headings=headings)

    assert kinds(checked) == []
    assert len({row.values["household_key"] for row in checked.rows}) == 6
    assert checked.rows[0].values["household_no"] == "1-1"


def test_household_stays_together_when_its_head_is_blocked():
    head, wife = WANGS
    checked = check([*head[:5], "不详", *head[6:]], wife)

    assert [row.status for row in checked.rows] == ["blocked", "clean"]
    assert len({row.values["household_key"] for row in checked.rows}) == 1


def test_list_without_any_household_column_makes_no_households():
    checked = check(
        ["王伟", "男", WANG],
        ["李娟", "女", LI],
        headings=["姓名", "性别", "身份证号"],
        title="安塘乡沙田村",
    )

    assert checked.rows_importable == 2
    assert all("household_key" not in row.values for row in checked.rows)
    # Nobody needs to look at these columns; what lacks is named.
    fed = {column.field for column in checked.sheets[0].columns}
    assert all(column.certain for column in checked.sheets[0].columns)
    assert registry.get("household_roster").lacking(fed) == ["relation"]


def test_text_longer_than_its_column_is_shortened_and_pointed_out():
    checked = check(line(备注="长" * 501))

    assert kinds(checked) == [(3, "H", "text_shortened")]
    assert len(checked.rows[0].values["remark"]) == 500


def test_column_of_heads_makes_the_head_where_no_relation_is_given():
    headings = ["户主姓名", "姓名", "性别", "身份证号"]
    checked = check(
        ["王伟", "王伟", "男", WANG],
        ["王伟", "李娟", "女", LI],
        headings=headings,
        title="安塘乡沙田村",
    )

    assert [row.values["is_head"] for row in checked.rows] == [True, False]
    assert len({row.values["household_key"] for row in checked.rows}) == 1


# Women -------------------------------------------------------------------------------------------

WOMAN = {
    "村名": "沙田村",
    "妇女姓名": "李娟",
    "身份证号": LI,
    "丈夫姓名": "王伟",
    "丈夫身份证号": WANG,
    "婚姻状况": "初婚",
    "初婚时间": "2003-10-07",
    "现有子女数": 2.0,
    "男孩数": 1.0,
    "女孩数": 1.0,
    "末孩出生时间": "2010-01-02",
    "避孕措施": "上环",
    "落实时间": "2011-03-04",
    "备注": "",
}
WOMEN = list(WOMAN)


def woman(**changes):
    """One line of a women's roster with everything in order."""
    return list((WOMAN | changes).values())


def test_woman_in_order_carries_husband_children_and_method():
    checked = check(woman(), headings=WOMEN, kind="married_women")

    (row,) = checked.rows
    assert row.status == "clean"
    assert row.values == {
        "name": "李娟",
        "sex": "2",
        "id_number": LI,
        "birth_date": date(1982, 5, 6),
        "birth_precision": "day",
        "spouse_name": "王伟",
        "spouse_id_number": WANG,
        "marital_status": "21",
        "first_marriage_on": date(2003, 10, 7),
        "first_marriage_on_precision": "day",
        "children": 2,
        "boys": 1,
        "girls": 1,
        "last_birth_on": date(2010, 1, 2),
        "last_birth_on_precision": "day",
        "method": "03",
        "method_on": date(2011, 3, 4),
        "method_on_precision": "day",
    }


@pytest.mark.parametrize(
    ("changes", "column", "kind"),
    [
        ({"身份证号": WANG}, "C", "id_sex_mismatch"),
        ({"丈夫身份证号": LI}, "E", "id_sex_mismatch"),
        ({"丈夫身份证号": WANG[:17]}, "E", "id_length"),
        ({"初婚时间": "1981-03-08"}, "G", "date_order"),
        ({"初婚时间": "记不清"}, "G", "date_unparseable"),
        ({"落实时间": "2062-05-12"}, "M", "date_future"),
        ({"末孩出生时间": "#N/A"}, "K", "cell_error_value"),
        ({"避孕措施": "中药调理"}, "L", "code_unknown"),
        ({"现有子女数": 3.0}, "H", "count_mismatch"),
        ({"现有子女数": "若干"}, "H", "number_invalid"),
    ],
)
def test_one_thing_wrong_with_a_woman_gives_one_issue(changes, column, kind):
    checked = check(woman(**changes), headings=WOMEN, kind="married_women")

    assert kinds(checked) == [(3, column, kind)]


def test_month_of_marriage_is_kept_as_a_month():
    checked = check(woman(初婚时间="2003.10"), headings=WOMEN, kind="married_women")

    values = checked.rows[0].values
    assert values["first_marriage_on"] == date(2003, 10, 1)
    assert values["first_marriage_on_precision"] == "month"


# Files that are not what was asked for -----------------------------------------------------------


def test_roster_of_the_other_kind_is_recognised_by_name():
    with pytest.raises(pipeline.WrongKind) as refusal, translation.override("en"):
        check(woman(), headings=WOMEN)

    assert refusal.value.code == "looks_like"
    with translation.override("en"):
        assert "married women" in refusal.value.reason
    with translation.override("zh-hans"):
        assert "已婚育龄妇女" in refusal.value.reason
    assert refusal.value.remedy


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (
            [["会员姓名", "协会职务", "入会时间", "会员类别"], ["王伟", "会长", "2010", "个人"]],
            "wrong_kind",
        ),
        ([["code", "name", "level"], ["1", "a", "county"]], "wrong_kind"),
        ([["今天天气很好"], ["明天也是"]], "no_header"),
        ([[1.0, 2.0], [3.0, 4.0]], "no_header"),
        ([line(), line(户号="002")], "no_header"),
    ],
)
def test_other_list_is_refused_with_what_was_found(rows, code):
    with pytest.raises(pipeline.WrongKind) as refusal:
        pipeline.check_workbook(
            workbook(("Sheet1", rows)),
            registry.get("household_roster"),
            directory(),
            as_of=AS_OF,
        )

    assert refusal.value.code == code
    assert refusal.value.reason
    assert refusal.value.remedy


def test_sheets_without_such_a_table_are_left_out_with_a_reason():
    book = workbook(
        ("说明", [["填表说明"], ["姓名", "示例"]]),
        ("沙田村", [["安塘乡沙田村"], HEADINGS, line()]),
        ("会员", [["会员姓名", "协会职务", "入会时间", "性别"], ["王伟", "会长", "2010", "男"]]),
        Grid("旧数据", [], hidden=True),
    )

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert [(s.name, s.role, s.reason) for s in checked.sheets] == [
        ("说明", "other", "no_table"),
        ("沙田村", "data", ""),
        ("会员", "other", "no_table"),
        ("旧数据", "other", "hidden"),
    ]


def test_roster_without_people_comes_back_empty():
    checked = check(["小计", "0人"], ["填报人：", "", "审核人："])

    assert checked.data_rows == 0
    assert checked.sheets[0].role == "data"


def test_hidden_rows_are_imported_and_noticed():
    book = workbook(
        Grid("沙田村", [["安塘乡沙田村"], HEADINGS, line()], hidden_rows=frozenset((2,)))
    )

    checked = pipeline.check_workbook(
        book, registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert kinds(checked, notices=True) == [(3, "B", "hidden_row")]
    assert checked.notices == {"hidden_row": 1}


def test_second_table_on_a_sheet_may_have_other_columns():
    checked = check(
        line(),
        ["合计", "1人"],
        ["蔡家湾村"],
        ["姓名", "性别", "身份证号", "与户主关系", "户号"],
        ["李娟", "女", LI, "户主", "007"],
        headings=HEADINGS,
    )

    assert [row.values["name"] for row in checked.rows] == ["王伟", "李娟"]
    assert checked.rows[1].values["household_no"] == "007"
    assert checked.rows[1].region_code == CAIJIAWAN


def test_repeated_headings_titles_and_column_numbers_are_no_data():
    checked = check(
        [float(n) for n in range(1, 9)],
        line(),
        ["安塘乡户籍人口花名册"],
        HEADINGS,
        [],
        line(户号="002", 姓名="李娟", 性别="女", 公民身份号码=LI, 出生日期="1982-05-06"),
        ["注：以上由村委会填报", "", "", ""],
    )

    assert [row.row for row in checked.rows] == [4, 8]


def test_more_people_than_one_import_may_bring_are_refused():
    rows = [["安塘乡沙田村"], HEADINGS, *[line(公民身份号码=f"{n:018d}") for n in range(50_001)]]

    with pytest.raises(pipeline.UnreadableFile) as refusal:
        pipeline.check_workbook(
            workbook(("a", rows)), registry.get("household_roster"), directory(), as_of=AS_OF
        )

    assert refusal.value.code == "too_many_rows"
    assert "50000" in refusal.value.reason.replace(",", "")


def test_progress_is_told_every_thousand_rows():
    rows = [["安塘乡沙田村"], HEADINGS, *[line(户号=str(n)) for n in range(2_500)]]
    told = []

    pipeline.check_workbook(
        workbook(("a", rows)),
        registry.get("household_roster"),
        directory(),
        as_of=AS_OF,
        progress=lambda done, total: told.append((done, total)),
    )

    assert told == [(1000, 2500), (2000, 2500), (2500, 2500)]


# Whatever stands in the cells --------------------------------------------------------------------

CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["男", "女", "小计", "合计", "沙田村", "户主", "#N/A", "1985.3.5", WANG, "无", ""]
    ),
    st.floats(),
    st.integers(-(10**20), 10**20),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.text(alphabet=string.printable, max_size=8),
)


@settings(max_examples=300, deadline=None)
@given(CELLS)
def test_no_cell_makes_a_converter_fail(cell):
    further = [Column("x", kind, ("x",), target="x") for kind in ("amount", "account", "tick")]
    columns = [column for kind in registry.kinds() for column in kind.columns] + further
    for column in columns:
        if column.kind not in ("serial", "ignored"):
            value, fault, notices = converter(column, as_of=AS_OF)(cell)
            assert fault is None or fault.kind in choices.SEVERITY
            assert set(notices) <= set(choices.SEVERITY)
            assert value is None or value == value


@settings(max_examples=80, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.lists(CELLS, max_size=15), max_size=12), st.sampled_from([HEADINGS, WOMEN]))
def test_no_content_makes_the_checks_fail(rows, headings):
    kind = "household_roster" if headings is HEADINGS else "married_women"

    checked = check(*rows, headings=headings, kind=kind)

    for row in checked.rows:
        assert row.status in ("clean", "warn", "blocked", "skipped")
        for issue in row.issues:
            assert all(isinstance(text, str) for text in choices.describe(issue))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=10), max_size=10))
def test_no_sheet_makes_the_search_for_tables_fail(rows):
    book = workbook(("Sheet1", rows))
    for kind in registry.kinds():
        try:
            pipeline.check_workbook(book, kind, directory(), as_of=AS_OF)
        except pipeline.WrongKind as refusal:
            check_words(refusal)


def check_words(refusal):
    assert refusal.reason
    assert refusal.remedy


# Words and declarations --------------------------------------------------------------------------


def test_every_kind_of_issue_has_a_title_a_reason_and_a_remedy():
    for kind, severity in choices.SEVERITY.items():
        issue = Issue("Sheet1", 3, "A", "name", kind, severity, "x")
        title, reason, remedy = choices.describe(issue)
        assert title != kind
        assert severity == NOTICE or (reason and remedy)
        assert choices.kind_title(kind) == title


def test_failures_are_told_in_the_language_of_the_reader():
    with translation.override("en"):
        reason, remedy = choices.describe_failure("too_large", {"limit": 20})

    assert reason == "The file is larger than 20 MB."
    assert remedy
    assert choices.describe_failure("no such code", {})[0]


class CheckResults(registry.SheetKind):
    """A further kind, to show what one costs."""

    name = "test_check_results"
    label = "check results"
    required = (("name",), ("iud:有环", "amount"))
    columns = (
        Column("name", "name", vocabulary.NAME, target="name"),
        Column("id", "id", vocabulary.ID_NUMBER, target="id_number"),
        Column("iud", "tick", ("有环",), role="row", target="iud", option="有环"),
        Column("iud", "tick", ("无环",), role="row", target="iud", option="无环"),
        Column("amount", "amount", ("金额",), role="row", target="amount"),
        Column("acct", "account", ("银行账号",), role="row", target="account"),
    )

    def work(self, **values):
        raise NotImplementedError


def test_further_kind_costs_one_declaration():
    rows = [
        ["安塘乡沙田村"],
        ["姓名", "身份证号", "有环", "无环", "金额（元）", "银行账号"],
        ["李娟", LI, "√", "", "960元", "6222 0212 3456 7890"],
        ["王伟", WANG, "", "√", "九百六十元整", 6.2220212345678906e15],
    ]

    checked = pipeline.check_workbook(
        workbook(("Sheet1", rows)), CheckResults(), directory(), as_of=AS_OF
    )

    first, second = checked.rows
    assert first.values["iud"] == "有环"
    assert str(first.values["amount"]) == "960.00"
    assert first.values["account"] == "6222021234567890"
    assert second.values["iud"] == "无环"
    assert [i.kind for i in second.issues] == ["amount_invalid", "account_precision_lost"]


def test_kind_is_registered_once():
    with pytest.raises(ValueError, match="twice"):
        registry.register(registry.get("household_roster"))


def test_fields_have_names_for_people():
    for kind in registry.kinds():
        for column in kind.columns:
            assert column.field in kind.field_labels
            assert not column.target or column.target in kind.field_labels
    assert registry.get("household_roster").value_label("sex", None) == ""
    with translation.override("en"):
        assert registry.get("household_roster").value_label("relation", "12") == "Wife"


def test_each_line_of_a_large_file_keeps_its_own_cells_and_values(tmp_path):
    path = tmp_path / "沙田村.csv"
    rows = [line(户号=str(n), 备注=f"第{n}行") for n in range(1_201)]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADINGS, *rows])

    checked = pipeline.check_workbook(
        pipeline.read_file(path), registry.get("household_roster"), directory(), as_of=AS_OF
    )

    assert [list(row.raw) for row in checked.rows] == rows
    assert [row.values["remark"] for row in checked.rows] == [f"第{n}行" for n in range(1_201)]
    assert dict(checked.rows[700].values)["name"] == "王伟"
