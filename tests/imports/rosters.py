"""Rosters made in memory for the tests of the pipeline: fictional people under any headings."""

import random
from datetime import date
from typing import Any

from apps.core.identifiers import check_digit
from apps.core.spreadsheets.grid import Grid, Workbook
from apps.imports.rules.places import PlaceDirectory

AS_OF = date(2026, 6, 30)
REGIONS = [
    ("999901000000", "青禾县", "county", "", ""),
    ("999901100000", "安塘乡", "township", "999901000000", "安塘"),
    ("999901100200", "沙田村", "village", "999901100000", "沙田|沙田村委会|沙田行政村|龙屋村"),
    ("999901100201", "蔡家湾村", "village", "999901100000", "蔡家湾|蔡家湾村委会"),
    ("999901101000", "红桥镇", "township", "999901000000", "红桥"),
    ("999901101200", "沙田村", "village", "999901101000", "沙田"),
    ("999901101201", "龙屋村", "village", "999901101000", "龙屋"),
    ("999901101202", "城北社区", "village", "999901101000", ""),
]
SHATIAN, CAIJIAWAN, LONGWU = "999901100200", "999901100201", "999901101201"


def directory(**kwargs):
    """The small county; `scope` and `default` as in PlaceDirectory.from_rows."""
    return PlaceDirectory.from_rows(REGIONS, **kwargs)


def id_number(born, sex="男", sequence=1):
    """A valid ID number of nobody: county code 999901 is not assigned."""
    first = f"999901{born:%Y%m%d}{sequence * 2 - (sex == '男'):03d}"
    return first + check_digit(first)


def workbook(*sheets, filename="花名册.xlsx", file_format="xlsx"):
    """A workbook of (name, rows) pairs or of grids."""
    grids = [sheet if isinstance(sheet, Grid) else Grid(*sheet) for sheet in sheets]
    return Workbook(filename, file_format, tuple(grids))


# Values of columns that no kind keeps, by heading.
OTHER_VALUES: dict[str, list[Any]] = {
    "政治面貌": ["群众", "党员"],
    "职业": ["务农", "务工"],
    "外出地点": ["广东东莞", "浙江宁波"],
    "自然村": ["上屋", "下屋"],
    "曾用名": [""],
    "宗教信仰": ["无"],
    "血型": ["A", "B"],
    "身高": [170.0],
    "服务处所": ["务农"],
    "健康状况": ["健康", "一般"],
    "楼栋": ["1栋"],
    "家庭人口": [3.0],
    "参加医保情况": ["已参加"],
    "低保户": ["否", "是"],
    "党员": ["否", "是"],
    "男方情况/文化程度": ["初中", "高中"],
    "男方情况/户口性质": ["农业"],
}
_SURNAMES, _GIVEN = "王李张刘陈杨黄赵吴周徐孙", "伟强军平东文秀娟英华慧巧美娜静芳丽敏燕霞"


def _name(chance):
    return chance.choice(_SURNAMES) + "".join(chance.sample(_GIVEN, chance.choice((1, 2))))


def people(number, seed=1, *, women=False):
    """Dicts of values by field; in threes they make households, the first being the head."""
    chance = random.Random(seed)
    made: list[dict[str, Any]] = []
    for index in range(number):
        is_head = index % 3 == 0
        sex = "女" if women else "男" if is_head else chance.choice("男女")
        born = date(chance.randint(1978, 2001), chance.randint(1, 12), chance.randint(1, 28))
        person = {
            "seq": index + 1.0,
            "town": "安塘乡",
            "village": "沙田村",
            "group": f"{chance.randint(1, 8)}组",
            "hh_no": f"{index // 3 + 1:03d}",
            "hh_code": f"{SHATIAN}01{index // 3 + 1:04d}",
            "name": _name(chance),
            "sex": sex,
            "id": id_number(born, sex, index + 1),
            "birth": born,
            "age": 2026.0 - born.year,
            "relation": "户主" if is_head else chance.choice(("妻", "子", "女", "母亲")),
            "ethnic": "汉族",
            "edu": chance.choice(("初中", "高中", "小学")),
            "marital": chance.choice(("初婚", "离婚", "丧偶") if women else ("未婚", "初婚")),
            "hukou": "农业",
            "phone": f"199{chance.randint(10**7, 10**8 - 1)}",
            "residence": chance.choice(("在家", "外出")),
            "address": f"沙田村{chance.randint(1, 8)}组{index}号",
            "remark": chance.choice(("", "", "", "低保")),
            "spouse_name": _name(chance),
            "spouse_id": id_number(born, "男" if sex == "女" else "女", index + 100),
            "father_name": _name(chance),
            "mother_name": _name(chance),
            "marry": born.replace(year=born.year + 22),
            "kids": 2.0,
            "boys": 1.0,
            "girls": 1.0,
            "last_birth": born.replace(year=born.year + 23),
            "method": chance.choice(("宫内节育器", "上环", "避孕套", "无")),
            "method_date": born.replace(year=born.year + 24),
            "facility": "县计生服务站",
            "cert_type": "光荣证",
            "cert_no": f"青禾光{index:04d}",
        }
        if not women:
            head = person if is_head else made[index - index % 3]
            person |= {"head_name": head["name"], "head_id": head["id"]}
        made.append(person)
    return made


def layout_columns(layout):
    """Read "序号:seq|妻子/姓名:name|血型:-" into (heading path, field or None) pairs."""
    columns = []
    for part in layout.split("|"):
        heading, _, field = part.rpartition(":")
        columns.append((tuple(heading.split("/")), None if field == "-" else field))
    return columns


def layout_workbook(layout, *, women=False, seed=1, merged=True):
    """A workbook of 40 people under the headings of a layout, with title and subtitle."""
    columns = layout_columns(layout)
    rows = [["安塘乡沙田村花名册"], ["填报单位：沙田村委会", "", "2026年6月30日"]]
    heading, merges = _heading([path for path, _field in columns], len(rows))
    chance = random.Random(seed)
    rows += heading
    for person in people(40, seed, women=women):
        rows.append(
            [
                person.get(field, "") if field else chance.choice(OTHER_VALUES["/".join(path)])
                for path, field in columns
            ]
        )
    return workbook(Grid("Sheet1", rows, merges=merges if merged else ()))


def _heading(paths, top):
    """Return the heading rows of paths with one or two levels, and their merged cells."""
    if all(len(path) == 1 for path in paths):
        return [[path[0] for path in paths]], ()
    upper, lower, merges = [], [], []
    for index, path in enumerate(paths):
        starts = index == 0 or len(path) == 1 or paths[index - 1][:-1] != path[:-1]
        upper.append(path[0] if starts else "")
        lower.append(path[1] if len(path) > 1 else "")
        if len(path) == 1:
            merges.append((top, index, top + 1, index))
        elif starts:
            last = index
            while last + 1 < len(paths) and paths[last + 1][:-1] == path[:-1]:
                last += 1
            if last > index:
                merges.append((top, index, top, last))
    return [upper, lower], tuple(merges)
