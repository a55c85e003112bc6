"""Which columns are used or left out without a question, and which somebody is asked about."""

import pytest

from apps.imports import pipeline, registry
from tests.imports.layouts.builder import Layout, build
from tests.imports.rosters import AS_OF, SHATIAN, directory, workbook

HOUSEHOLD, WOMEN = "household_roster", "married_women"


def told(kind, text):
    """Return {heading: (field, whether it is certain)} for a layout written as text."""
    book, _blocks = build(Layout("told", kind, text))
    places = directory(default=SHATIAN)
    file = pipeline.check_workbook(book, registry.get(kind), places, as_of=AS_OF)
    sheet = next(sheet for sheet in file.sheets if sheet.role == "data")
    return {"/".join(column.header): (column.field, column.certain) for column in sheet.columns}


def asked(kind, text):
    """Return {heading: suggested field} of the columns that somebody must look at."""
    return {heading: field for heading, (field, sure) in told(kind, text).items() if not sure}


# Left out without a question


@pytest.mark.parametrize(
    "column",
    [
        "网格编号=-code",
        "是否接种=-yesno",
        "变动原因=-text",
        "变动日期=-date",
        "选民登记日期=-date",
        "代理人=-name",
        "监护人身份证号=-id",
        "户主民族=-ethnic",
        "父母文化程度=-edu",
        "原户口性质=-hukou",
        "居住类型=-text",
        "与学生关系=-relation",
        "学校地址=-addr",
        "光荣牌编号=-code",
    ],
)
def test_column_that_is_plainly_something_else_is_left_out_without_a_question(column):
    found = told(HOUSEHOLD, f"户主=head_name | 姓名=name | 身份证号=id | {column} | 户号=hh_no")

    assert set(found.values()) == {
        ("head_name", True),
        ("name", True),
        ("id", True),
        (None, True),
        ("hh_no", True),
    }


def test_what_was_left_out_is_named():
    book, _blocks = build(
        Layout("named", HOUSEHOLD, "户主=head_name | 姓名=name | 身份证号=id | 网格长=-name")
    )

    kind, places = registry.get(HOUSEHOLD), directory(default=SHATIAN)
    file = pipeline.check_workbook(book, kind, places, as_of=AS_OF)

    assert file.unknown_columns == ("网格长",)


@pytest.mark.parametrize(
    "column",
    ["曾用避孕措施=-method", "拟落实措施=-method", "变更前措施=-method", "孩子性别=-sex"],
)
def test_what_was_or_may_be_is_not_taken_for_what_is(column):
    text = f"妇女姓名=name | 身份证号=id | 丈夫姓名=spouse_name | {column} | 现用措施=method"

    assert asked(WOMEN, text) == {}
    assert told(WOMEN, text)[column.partition("=")[0]] == (None, True)


# Used without a question


@pytest.mark.parametrize(
    "heading",
    ["参保人姓名", "服务对象", "受种者姓名", "高龄老人姓名", "社员姓名", "A01姓名", "①姓名"],
)
def test_whoever_the_lines_are_about_is_called_as_the_office_likes(heading):
    assert told(HOUSEHOLD, f"户主=head_name | {heading}=name | 身份证号=id")[heading] == (
        "name",
        True,
    )


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("领取结婚证时间", "marry"),
        ("小孩最小的出生年月", "last_birth"),
        ("目前采取的避孕节育方法", "method"),
        ("避孕措施落实的时间", "method_date"),
        ("手机联系号码", "phone"),
        ("身份证号码18位", "id"),
    ],
)
def test_heading_put_together_from_known_parts_is_known(heading, field):
    text = "妇女姓名=name | 出生日期=birth | 丈夫姓名=spouse_name | 子女数=kids"

    assert told(WOMEN, f"{text} | {heading}={field}")[heading] == (field, True)


def test_list_of_women_with_columns_about_the_household_is_a_list_of_women():
    text = (
        "户主姓名=-name | 户号=-code | 妇女姓名=name | 与户主关系=-relation | 身份证号=id"
        " | 丈夫姓名=spouse_name | 丈夫身份证号=spouse_id | 子女数=kids | 避孕方法=method"
    )

    assert asked(WOMEN, text) == {}


def test_all_columns_of_one_unknown_word_are_the_subject_s():
    text = "户号=hh_no | 社员姓名=name | 社员身份证号=id | 社员性别=sex | 社员电话=phone"

    assert asked(HOUSEHOLD, text) == {}
    assert told(HOUSEHOLD, text)["社员电话"] == ("phone", True)


@pytest.mark.parametrize(
    "heading", ["与户主称呼", "家庭成员与户主关系", "与本户户主的亲属关系", "与户代表关系"]
)
def test_relation_to_the_head_is_known_however_it_is_put(heading):
    found = told(HOUSEHOLD, f"姓名=name | 身份证号=id | {heading}=relation")

    assert found[heading] == ("relation", True)


def test_of_several_people_in_a_heading_the_last_one_owns_the_column():
    text = "户号=hh_no | 学生姓名=name | 学生身份证号=id | 学生家长姓名=-name | 学生家长电话=-phone"

    found = told(HOUSEHOLD, text)

    assert found["学生姓名"] == ("name", True)
    assert (found["学生家长姓名"], found["学生家长电话"]) == ((None, True), (None, True))


# Asked about


@pytest.mark.parametrize(
    ("heading", "field"), [("出生日期（农历）", "birth"), ("年龄（虚岁）", "age")]
)
def test_heading_whose_brackets_change_what_is_meant_is_asked_about(heading, field):
    text = f"户主=head_name | 姓名=name | 身份证号=id | {heading}={field}"

    assert asked(HOUSEHOLD, text) == {heading: field}


def test_two_names_of_unknown_people_are_asked_about():
    text = "户主=head_name | 社员姓名=name | 业主姓名=-name | 身份证号=id"

    assert asked(HOUSEHOLD, text) == {"社员姓名": "name", "业主姓名": None}


def test_number_of_one_person_beside_the_name_of_another_is_asked_about():
    text = "姓名=-name | 儿童姓名=name | 儿童身份证号=id | 户号=hh_no"

    assert asked(HOUSEHOLD, text) == {"姓名": "name", "儿童姓名": None, "儿童身份证号": "id"}


def test_numbers_of_men_in_the_column_of_women_are_asked_about():
    text = "妇女姓名=name | 身份证号=spouse_id | 结婚时间=marry | 措施=method"

    assert asked(WOMEN, text) == {"身份证号": "id"}


@pytest.mark.parametrize("heading", ["与本人关系", "与申请人关系"])
def test_relation_to_somebody_who_may_be_the_head_is_asked_about(heading):
    text = f"户号=hh_no | 姓名=name | 身份证号=id | {heading}=relation"

    assert asked(HOUSEHOLD, text) == {heading: "relation"}


def test_where_a_necessary_column_lacks_those_that_may_hold_it_are_asked_about():
    text = "姓名=name | 性别=sex | 身份证号=id | 甲项=hh_no | 备注=remark"

    assert asked(HOUSEHOLD, text) == {"甲项": None}


@pytest.mark.parametrize(
    ("heading", "answer", "code"),
    [
        ("是否常年外出", "是", "2"),
        ("是否不在家", "是", "2"),
        ("是否长期在外", "否", "1"),
        ("是否在村居住", "是", "1"),
        ("人户分离（是/否）", "是", "2"),
    ],
)
def test_answer_is_read_by_what_was_asked(heading, answer, code):
    book, _blocks = build(Layout("answers", HOUSEHOLD, "姓名=name | 身份证号=id | 户号=hh_no"))
    title, headings, *lines = book.sheets[0].rows
    rows = [title, [*headings, heading], *([*line, answer] for line in lines[:6])]
    mapping = {"Sheet1": {"D": "residence"}}

    file = pipeline.check_workbook(
        workbook(("Sheet1", rows)),
        registry.get(HOUSEHOLD),
        directory(default=SHATIAN),
        as_of=AS_OF,
        mapping=mapping,
    )

    assert {row.values["residence_status"] for row in file.rows} == {code}
