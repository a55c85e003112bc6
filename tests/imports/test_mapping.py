"""Which field a column feeds, in layouts that the samples do not have."""

import pytest
from django.utils import translation

from apps.core.spreadsheets.grid import column_letter
from apps.imports import pipeline, registry
from tests.imports.rosters import AS_OF, directory, layout_columns, layout_workbook

HOUSEHOLDS = [
    "序号:seq|村名:village|组别:group|户号:hh_no|户主:head_name|家庭成员姓名:name|与户主关系:relation"
    "|性别:sex|出生年月:birth|身份证号码:id|民族:ethnic|文化程度:edu|婚姻状况:marital|联系方式:phone"
    "|备注:remark",
    "编号:seq|所在村（居）:village|村民小组:group|家庭编号:hh_no|户主姓名:head_name|姓名:name"
    "|与户主的关系:relation|性别:sex|公民身份证号码:id|出生年月日:birth|户口类别:hukou|政治面貌:-"
    "|职业:-|手机号:phone|是否外出:residence|外出地点:-|备注:remark",
    "序号:seq|行政村:village|自然村:-|门牌号:address|户口簿号:hh_no|成员姓名:name|称谓:relation"
    "|性 别:sex|身份证号:id|年龄:age|学历:edu|婚否:marital|电话号码:phone|备 注:remark",
    "乡镇:town|村:village|组:group|户编号:hh_no|人员姓名:name|家庭关系:relation|男、女:sex"
    "|居民身份证号码:id|民 族:ethnic|文化:edu|婚姻:marital|户籍性质:hukou|联系电话:phone"
    "|居住情况:residence|说明:remark",
    "户主姓名:head_name|户主身份证号码:head_id|成员姓名:name|身份证号码:id|性别:sex|与户主关系:relation"
    "|出生时间:birth|家庭住址:address|电话:phone",
    "序号:seq|姓名:name|曾用名:-|性别:sex|民族:ethnic|出生日期:birth|公民身份号码:id|户主关系:relation"
    "|婚姻状况:marital|文化程度:edu|宗教信仰:-|血型:-|身高:-|服务处所:-|户籍地址:address|户号:hh_no",
    "户籍编码:hh_code|户主:head_name|姓名:name|关系:relation|证件号码:id|性别代码:sex|出生日期:birth"
    "|民族:ethnic|受教育程度:edu|婚姻情况:marital|现居住地:address|联系手机:phone",
    "序号:seq|村别:village|小组:group|户主姓名:head_name|身份证号:head_id|成员姓名:name|身份证号:id"
    "|与户主关系:relation|性别:sex|健康状况:-|备注:remark",
    "基本信息/姓名:name|基本信息/性别:sex|基本信息/身份证号:id|基本信息/出生年月:birth|户籍信息/户号:hh_no"
    "|户籍信息/与户主关系:relation|户籍信息/户口性质:hukou|户籍信息/户籍地址:address|其他/联系电话:phone"
    "|其他/备注:remark",
    "序号:seq|社区:village|楼栋:-|户编码:hh_code|户主:head_name|居民姓名:name|性别:sex"
    "|身份证件号码:id|出生日期:birth|与户主关系:relation|是否在家:residence|移动电话:phone|备注:remark",
    "序号:seq|户主姓名:head_name|家庭人口:-|姓名:name|与户主关系:relation|性别:sex|身份证:id|周岁:age"
    "|参加医保情况:-|低保户:-|党员:-|电话:phone",
    "No:seq|村组:group|户序号:hh_no|姓 名:name|性 别:sex|出 生 日 期:birth|身 份 证 号 码:id"
    "|与 户 主 关 系:relation|文 化 程 度:edu|婚 姻 状 况:marital|备 注:remark",
    "序号:seq|户主姓名:head_name|姓名:name|关系:relation|父亲姓名:father_name|母亲姓名:mother_name"
    "|配偶姓名:spouse_name|配偶身份证号:spouse_id|身份证号码:id|性别:sex|出生年月:birth|电话:phone",
]
WOMEN = [
    "序号:seq|村名:village|姓名:name|身份证号:id|出生年月:birth|丈夫姓名:spouse_name"
    "|丈夫身份证号:spouse_id|结婚时间:marry|子女数:kids|男孩:boys|女孩:girls|避孕措施:method"
    "|落实时间:method_date|联系电话:phone|备注:remark",
    "编号:seq|行政村:village|村民小组:group|妇女姓名:name|身份证号码:id|配偶姓名:spouse_name"
    "|配偶身份证号码:spouse_id|婚姻状况:marital|初婚日期:marry|现有孩子数/男:boys|现有孩子数/女:girls"
    "|末孩出生日期:last_birth|节育措施:method|手术时间:method_date|手术单位:facility|电话:phone",
    "序号:seq|村别:village|组别:group|女方情况/姓名:name|女方情况/身份证号:id|女方情况/文化程度:edu"
    "|女方情况/户口性质:hukou|男方情况/姓名:spouse_name|男方情况/身份证号:spouse_id|男方情况/文化程度:-"
    "|男方情况/户口性质:-|婚姻状况:marital|初婚时间:marry|子女情况/合计:kids|子女情况/男:boys"
    "|子女情况/女:girls|避孕情况/措施:method|避孕情况/时间:method_date|备注:remark",
    "序号:seq|育龄妇女姓名:name|出生日期:birth|身份证号:id|丈夫姓名:spouse_name|身份证号:spouse_id"
    "|结婚日期:marry|孩数:kids|避孕节育措施:method|措施落实日期:method_date|施术机构:facility"
    "|家庭住址:address|联系方式:phone|备注:remark",
    "村（居）:village|妻子/姓名:name|妻子/年龄:age|妻子/身份证号码:id|丈夫/姓名:spouse_name"
    "|丈夫/身份证号码:spouse_id|初婚年月:marry|生育子女数/男:boys|生育子女数/女:girls"
    "|最小孩子出生日期:last_birth|现用避孕方法:method|光荣证/编号:cert_no|备注:remark",
    "序号:seq|妇女基本情况/姓名:name|妇女基本情况/民族:ethnic|妇女基本情况/出生年月日:birth"
    "|妇女基本情况/公民身份号码:id|丈夫基本情况/姓名:spouse_name|丈夫基本情况/公民身份号码:spouse_id"
    "|婚育情况/婚姻状况:marital|婚育情况/初婚日期:marry|婚育情况/现有子女:kids|措施情况/措施名称:method"
    "|措施情况/落实日期:method_date|措施情况/落实单位:facility|领证情况/证件名称:cert_type"
    "|领证情况/证件编号:cert_no|联系电话:phone|说明:remark",
    "乡镇:town|村:village|夫/姓名:spouse_name|夫/身份证号:spouse_id|妻/姓名:name|妻/身份证号:id"
    "|妻/出生年月:birth|结婚时间:marry|孩子数:kids|采取措施:method|采取时间:method_date|手机号码:phone",
]
LAYOUTS = [("household_roster", layout) for layout in HOUSEHOLDS]
LAYOUTS += [("married_women", layout) for layout in WOMEN]


def mapping_of(kind, layout, **kwargs):
    """Return (expected field, suggested column) of each column of a layout."""
    book = layout_workbook(layout, women=kind == "married_women", **kwargs)
    suggested = pipeline.suggest_mapping(book, registry.get(kind))["Sheet1"]
    found = {column.letter: column for column in suggested}
    return [
        (field, found.get(column_letter(index)))
        for index, (_path, field) in enumerate(layout_columns(layout))
    ]


@pytest.mark.parametrize("merged", [True, False], ids=["merged", "plain"])
@pytest.mark.parametrize(("kind", "layout"), LAYOUTS)
def test_unseen_layout_is_mapped_without_a_click(kind, layout, merged):
    pairs = mapping_of(kind, layout, merged=merged)

    assert [(f, c and c.field) for f, c in pairs if f != (c.field if c else None)] == []


def test_nearly_all_columns_are_certain():
    pairs = [pair for kind, layout in LAYOUTS for pair in mapping_of(kind, layout)]
    certain = sum(column is None or column.certain for _field, column in pairs)

    assert certain / len(pairs) > 0.95


@pytest.mark.parametrize(("kind", "layout"), LAYOUTS)
def test_rows_of_unseen_layout_are_importable(kind, layout):
    book = layout_workbook(layout, women=kind == "married_women")

    checked = pipeline.check_workbook(book, registry.get(kind), directory(), as_of=AS_OF)

    assert checked.data_rows == 40
    assert [i for i in checked.issues if i.severity in ("error", "skip")] == []
    assert {row.region_code for row in checked.rows} == {"999901100200"}


def test_headings_without_words_are_told_by_their_contents():
    layout = "甲项:seq|人名:name|何人:relation|号码:id|代号:sex|户号:hh_no|通讯:phone"
    pairs = dict(mapping_of("household_roster", layout))

    assert {field: pairs[field].field for field in ("relation", "id", "sex", "phone")} == {
        "relation": "relation",
        "id": "id",
        "sex": "sex",
        "phone": "phone",
    }
    assert pairs["relation"].how == "content"
    assert not pairs["relation"].certain


def test_group_of_numbers_and_group_of_words_are_the_same_value():
    book = layout_workbook(HOUSEHOLDS[0])
    rows = [list(row) for row in book.sheets[0].rows]
    for row in rows[3:]:
        row[2] = float(row[2].removesuffix("组"))
    numbered = type(book)("a.xlsx", "xlsx", (type(book.sheets[0])("Sheet1", rows),))
    kind = registry.get("household_roster")

    by_words = pipeline.check_workbook(book, kind, directory(), as_of=AS_OF)
    by_numbers = pipeline.check_workbook(numbered, kind, directory(), as_of=AS_OF)

    assert by_words.sheets[0].columns[2].field == "group"
    assert by_numbers.sheets[0].columns[2].field == "groupno"
    assert [r.values["group"] for r in by_words.rows] == [
        r.values["group"] for r in by_numbers.rows
    ]


def test_what_a_person_chose_goes_before_what_is_suggested():
    book = layout_workbook("序号:seq|姓名:name|性别:sex|身份证号:id|户号:hh_no|备注:remark")
    kind = registry.get("household_roster")
    chosen = {"Sheet1": {"A": None, "F": "address", "E": "hh_no"}}

    checked = pipeline.check_workbook(book, kind, directory(), as_of=AS_OF, mapping=chosen)

    columns = {column.letter: column for column in checked.sheets[0].columns}
    assert (columns["A"].field, columns["A"].how) == (None, "chosen")
    assert (columns["F"].field, columns["F"].how) == ("address", "chosen")
    assert (columns["E"].field, columns["E"].how) == ("hh_no", "header")
    assert all(column.certain for column in columns.values())
    assert "seq" not in {column.field for column in columns.values()}


def test_choice_without_a_necessary_column_is_refused_by_name():
    book = layout_workbook("序号:seq|姓名:name|性别:sex|身份证号:id|户号:hh_no")
    kind = registry.get("household_roster")

    with pytest.raises(pipeline.WrongKind) as refusal:
        pipeline.check_workbook(
            book, kind, directory(), as_of=AS_OF, mapping={"Sheet1": {"B": None}}
        )

    assert refusal.value.code == "columns_missing"
    with translation.override("zh-hans"):
        assert refusal.value.reason == "工作表“Sheet1”中没有为以下项目选择列：姓名。"
    with translation.override("en"):
        assert "name" in refusal.value.reason


def test_columns_that_are_not_kept_are_named_once():
    checked = pipeline.check_workbook(
        layout_workbook(HOUSEHOLDS[1]),
        registry.get("household_roster"),
        directory(),
        as_of=AS_OF,
    )

    assert checked.unknown_columns == ("政治面貌", "职业", "外出地点")


# Whose column it is ------------------------------------------------------------------------------


def told(kind, layout):
    """Return (field, whether it is certain) of each column of a layout, in order."""
    return [(c.field, c.certain) for _right, c in mapping_of(kind, layout)]


def test_same_words_for_husband_and_wife_are_told_by_the_sex_in_the_numbers():
    layout = "姓名:spouse_name|身份证号:spouse_id|姓名:name|身份证号:id|孩子数:kids|措施:method"

    assert told("married_women", layout) == [
        ("spouse_name", True),
        ("spouse_id", True),
        ("name", True),
        ("id", True),
        ("kids", True),
        ("method", True),
    ]


def test_same_words_without_numbers_are_asked_about():
    layout = "姓名:name|出生年月:birth|姓名:spouse_name|结婚时间:marry|措施:method"

    assert told("married_women", layout) == [
        ("name", False),
        ("birth", True),
        ("spouse_name", False),
        ("marry", True),
        ("method", True),
    ]


@pytest.mark.parametrize(
    ("field", "expected"),
    [("id", ("id", True)), ("spouse_id", ("spouse_id", True)), ("phone", ("id", False))],
    ids=["hers", "his", "nobody's"],
)
def test_only_number_behind_the_husband_is_told_by_the_sex_in_it(field, expected):
    layout = f"姓名:name|出生日期:birth|丈夫姓名:spouse_name|身份证号:{field}|结婚时间:marry"

    assert told("married_women", layout)[3] == expected


@pytest.mark.parametrize(
    ("field", "expected"), [("head_id", "head_id"), ("id", "id")], ids=["head's", "member's"]
)
def test_only_number_behind_the_head_is_told_by_repetition(field, expected):
    layout = f"户主:head_name|身份证号:{field}|姓名:name|关系:relation|出生日期:birth|电话:phone"

    assert told("household_roster", layout)[1] == (expected, True)


def test_same_word_for_head_and_member_is_told_by_repetition():
    layout = "姓名:head_name|姓名:name|关系:relation|身份证号:id|电话:phone"

    assert told("household_roster", layout)[:2] == [("head_name", True), ("name", True)]


def test_columns_of_somebody_else_are_not_taken_for_those_of_the_line():
    layout = "妇女姓名:name|身份证号:id|丈夫姓名:spouse_name|丈夫电话:-|孩子出生日期:-|措施:method"
    layout = layout.replace("丈夫电话:-", "丈夫电话:phone").replace("日期:-", "日期:last_birth")

    found = told("married_women", layout)

    assert found[3] == (None, True)
    assert found[4] == (None, False)


def test_heading_that_its_contents_contradict_is_asked_about():
    layout = "户号:hh_no|姓名:name|关系:relation|身份证号:phone|出生日期:birth"

    assert told("household_roster", layout)[3] == ("id", False)
