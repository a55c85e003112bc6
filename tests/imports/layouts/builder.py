"""Workbooks from layouts written as text: headings as offices write them over fictional people.

A layout's columns stand between bars, a heading's levels between >, what the column is behind =:

    序号=seq | 丈夫>姓名=spouse_name | 迁入时间=-date | 住址=address,- | =-text

A name behind = is the field that is right; several say that each of them is. -word is a column
that no field keeps, with contents of that sort. ⏎ is a line break inside a heading.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from apps.core.spreadsheets.grid import Cell, Grid, Span, Workbook
from tests.imports.rosters import id_number, people, workbook

TOWN, VILLAGE, OTHER_VILLAGE = "安塘乡", "沙田村", "蔡家湾村"
PEOPLE = 40


@dataclass(frozen=True)
class LayoutColumn:
    """One column: its heading path, the fields that are right, the sort of its contents."""

    path: tuple[str, ...]
    right: frozenset[str | None]
    contents: str


@dataclass(frozen=True)
class Layout:
    """One way of laying out a roster.

    `village` says where its name stands: column, title, sheet or section. `rows_above` are texts
    between title and headings; `blank_above` counts blank rows on top. `numbers` puts 1 2 3 …
    below the headings. `twin` repeats the table on the right (right; with a blank column: apart)
    or below, there under the headings `below` if given.
    """

    name: str
    kind: str
    text: str
    village: str = "title"
    title: str = ""
    rows_above: tuple[str, ...] = ()
    blank_above: int = 0
    numbers: bool = False
    merged: bool = True
    twin: str = ""
    below: str = ""

    @cached_property
    def columns(self) -> list[LayoutColumn]:
        return read_columns(self.text)

    @property
    def women(self) -> bool:
        return self.kind == "married_women"


def read_columns(text: str) -> list[LayoutColumn]:
    """Read the columns of a layout from their text."""
    columns = []
    for part in text.split("|"):
        heading, _, meaning = part.strip().rpartition("=")
        path = tuple(level.strip().replace("⏎", "\n") for level in heading.split(">"))
        names = [name.strip() for name in meaning.split(",")]
        right = frozenset(None if name.startswith("-") else name for name in names)
        columns.append(LayoutColumn(path, right, names[0]))
    return columns


@dataclass(frozen=True)
class Block:
    """One table as laid down: its columns by their number on the sheet, and who is in it."""

    sheet: str
    columns: dict[int, LayoutColumn]
    names: tuple[str, ...]


def build(layout: Layout) -> tuple[Workbook, list[Block]]:
    """Lay the workbook of a layout down; say which tables it holds."""
    everybody = _styled_people(layout)
    sheet = VILLAGE if layout.village == "sheet" else "Sheet1"
    names = [person["name"] for person in everybody]
    rows: list[list[Cell]] = [[] for _ in range(layout.blank_above)]
    rows += [[text] for text in (_title(layout), *layout.rows_above) if text]
    first = _Sheet(rows)
    width = len(layout.columns)
    here = dict(enumerate(layout.columns))
    if layout.twin in ("right", "apart"):
        start = width + (layout.twin == "apart")
        half = PEOPLE // 2
        top = len(first.rows)
        first.lay(layout, layout.columns, everybody[:half], top=top, left=0)
        first.lay(layout, layout.columns, everybody[half:], top=top, left=start)
        there = {start + index: column for index, column in here.items()}
        blocks = [Block(sheet, here, tuple(names[:half])), Block(sheet, there, tuple(names[half:]))]
    elif layout.twin == "below":
        half = PEOPLE // 2
        first.lay(layout, layout.columns, everybody[:half], top=len(first.rows), left=0)
        first.rows.append([])
        first.rows.append([_title(layout).replace(VILLAGE, OTHER_VILLAGE)])
        columns = read_columns(layout.below) if layout.below else layout.columns
        first.lay(layout, columns, everybody[half:], top=len(first.rows), left=0)
        blocks = [Block(sheet, here, tuple(names))]
        if layout.below:
            there = dict(enumerate(columns))
            blocks = [
                Block(sheet, here, tuple(names[:half])),
                Block(sheet, there, tuple(names[half:])),
            ]
    else:
        first.lay(layout, layout.columns, everybody, top=len(first.rows), left=0)
        blocks = [Block(sheet, here, tuple(names))]
    grid = Grid(sheet, first.rows, merges=tuple(first.merges) if layout.merged else ())
    return workbook(grid), blocks


def _title(layout: Layout) -> str:
    if layout.title:
        return layout.title
    what = "已婚育龄妇女花名册" if layout.women else "户籍人口花名册"
    return f"{TOWN}{VILLAGE}{what}" if layout.village == "title" else what


class _Sheet:
    """The rows of a sheet while tables are laid down on it."""

    def __init__(self, rows: list[list[Cell]]) -> None:
        self.rows = rows
        self.merges: list[Span] = []

    def lay(
        self,
        layout: Layout,
        columns: Sequence[LayoutColumn],
        persons: Sequence[dict[str, Any]],
        *,
        top: int,
        left: int,
    ) -> None:
        heading, merges = _heading([column.path for column in columns])
        lines = list(heading)
        if layout.numbers:
            lines.append([float(number) for number in range(1, len(columns) + 1)])
        chance = random.Random(f"{layout.name}{left}")
        half = len(persons) // 2
        for place, person in enumerate(persons):
            if layout.village == "section" and place in (0, half):
                lines.append([VILLAGE if place == 0 else OTHER_VILLAGE])
            lines.append([_value(column, person, chance) for column in columns])
        for offset, line in enumerate(lines):
            self._put(top + offset, left, line)
        for first, start, last, end in merges:
            self.merges.append((first + top, start + left, last + top, end + left))

    def _put(self, row: int, left: int, cells: Sequence[Cell]) -> None:
        while len(self.rows) <= row:
            self.rows.append([])
        line = self.rows[row]
        line += [""] * (left - len(line))
        line += cells


def _heading(paths: Sequence[tuple[str, ...]]) -> tuple[list[list[Cell]], list[Span]]:
    """Return the heading rows of paths of any depth, and their merged cells."""
    depth = max(map(len, paths))
    rows: list[list[Cell]] = [[""] * len(paths) for _ in range(depth)]
    merges: list[Span] = []
    for level in range(depth):
        start = 0
        while start < len(paths):
            end = start
            path = paths[start]
            if len(path) > level + 1:
                while end + 1 < len(paths) and paths[end + 1][: level + 1] == path[: level + 1]:
                    end += 1
            if len(path) > level:
                rows[level][start] = path[level]
                last = depth - 1 if len(path) == level + 1 else level
                if (last, end) != (level, start):
                    merges.append((level, start, last, end))
            start = end + 1
    return rows, merges


# Contents ----------------------------------------------------------------------------------------

_WAYS_OF_DATES = ("date", "%Y-%m-%d", "%Y.%m", "%Y%m%d", "%Y年%m月", "%Y/%m/%d")


def _styled_people(layout: Layout) -> list[dict[str, Any]]:
    """Return people whose values are written in ways that a layout's name chooses at random."""
    chance = random.Random(layout.name)
    made = people(PEOPLE, chance.randint(1, 10**6), women=layout.women)
    way = chance.choice(_WAYS_OF_DATES)
    digits = chance.random() < 0.25
    group = chance.choice(("{}组", "{}", "第{}组", "{}队"))
    for person in made:
        for field in ("birth", "marry", "last_birth", "method_date"):
            person[field] = _date_as(person[field], way)
        if digits:
            person["sex"] = "1" if person["sex"] == "男" else "2"
        number = group.format(person["group"].removesuffix("组"))
        person["group"] = float(number) if number.isdigit() else number
        person["village"] = VILLAGE
        person["idtype"] = "居民身份证"
    return made


def _date_as(day: date, way: str) -> Cell:
    return day if way == "date" else day.strftime(way)


def _value(column: LayoutColumn, person: dict[str, Any], chance: random.Random) -> Cell:
    if column.contents.startswith("-"):
        return _other(column.contents[1:], person, chance)
    return person.get(column.contents, "")


_OTHER_WORDS: dict[str, Sequence[Cell]] = {
    "yesno": ("是", "否"),
    "text": ("", "", "一般", "无", "务农", "见附表"),
    "party": ("群众", "党员", "共青团员"),
    "place": ("青禾县", "红桥镇", "广东东莞"),
    "int": (0.0, 1.0, 2.0, 3.0),
    "money": (320.0, 350.0, 400.0),
    "sex": ("男", "女"),
    "edu": ("初中", "高中", "小学"),
    "marital": ("初婚", "初婚", "再婚"),
    "ethnic": ("汉族", "汉族", "壮族"),
    "hukou": ("农业", "非农业"),
    "relation": ("妻", "户主", "儿媳"),
    "method": ("上环", "避孕套"),
    "health": ("健康", "健康", "长期慢性病"),
    "area": (2.4, 3.15, 86.0, 120.5),
    "province": ("南岭省",),
    "city": ("澄江市",),
    "county": ("青禾县",),
    "tick": ("√", "", ""),
    "blank": ("",),
}


def _other(sort: str, person: dict[str, Any], chance: random.Random) -> Cell:
    """Return contents of a column that no field keeps."""
    if sort in _OTHER_WORDS:
        return chance.choice(_OTHER_WORDS[sort])
    makers: dict[str, Any] = {
        "name": lambda: chance.choice("王李张刘陈") + chance.choice(("强", "小明", "丽", "思远")),
        "phone": lambda: f"198{chance.randint(10**7, 10**8 - 1)}",
        "id": lambda: id_number(_day(chance), chance.choice("男女"), chance.randint(200, 400)),
        "date": lambda: _day(chance),
        "age": lambda: float(chance.randint(20, 60)),
        "code": lambda: f"{chance.randint(10**9, 10**10 - 1)}",
        "addr": lambda: f"青禾县红桥镇{chance.randint(1, 90)}号",
        "idtype": lambda: person["idtype"],
        "bank": lambda: f"62{chance.randint(10**16, 10**17 - 1)}",
        "disability": lambda: f"{person['id']}{chance.randint(1, 7)}{chance.randint(1, 4)}",
    }
    return makers[sort]()


def _day(chance: random.Random) -> date:
    return date(chance.randint(1975, 2020), chance.randint(1, 12), chance.randint(1, 28))


# Counting ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What became of one column: the fields that would be right, the one found, whether surely."""

    layout: str
    heading: str
    right: frozenset[str | None]
    found: str | None
    certain: bool

    @property
    def is_right(self) -> bool:
        return self.found in self.right

    def __str__(self) -> str:
        wanted = "/".join(sorted(str(field) for field in self.right))
        mark = "certain" if self.certain else "asked"
        return f"{self.layout}: {self.heading!r} is {wanted}, found {self.found} ({mark})"


def shares(found: Sequence[Found]) -> tuple[float, float]:
    """Return which share of columns is right, and which is wrong though marked certain."""
    right = sum(column.is_right for column in found)
    surely_wrong = sum(column.certain and not column.is_right for column in found)
    return right / len(found), surely_wrong / len(found)


def wrong(found: Sequence[Found]) -> Iterator[str]:
    """List the columns that are not right, for the message of a failing test."""
    return (str(column) for column in found if not column.is_right)
