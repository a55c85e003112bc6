"""A household roster of a whole county as a workbook, with the mess that such files have.

The people do not exist: area 999803 is not assigned, names are drawn, phone numbers are of a
range that is not in use.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from apps.home.demo.names import IdNumbers, make_name, surname_of

AS_OF = date(2026, 6, 30)
HEADINGS = (
    *("序号", "村名", "组别", "户号", "户主姓名", "姓名", "与户主关系", "性别", "公民身份号码"),
    *("出生日期", "民族", "文化程度", "婚姻状况", "户口性质", "联系电话", "居住状况", "备注"),
)
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
EDUCATION = ("小学", "初中", "高中", "中专", "大专", "本科")


@dataclass(frozen=True)
class Village:
    """A village of the bench's county."""

    code: str
    name: str
    aliases: tuple[str, ...]


def write_workbook(path: Path, rows: int, villages: list[Village], seed: int = 1) -> int:
    """Write a roster of `rows` data lines into one sheet; returns how many lines it has."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("户籍人口")
    dated = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_string(0, 0, "青禾县户籍人口花名册")
    sheet.write_string(1, 0, "填报单位（盖章）：青禾县卫生健康局        2026年6月30日")
    sheet.write_row(2, 0, HEADINGS)
    at, count = 3, 0
    for line in _lines(rows, villages, random.Random(seed)):
        count += bool(line) and isinstance(line[0], int)
        for column, value in enumerate(line):
            if isinstance(value, date):
                sheet.write_datetime(at, column, value, dated)
            elif isinstance(value, int | float):
                sheet.write_number(at, column, value)
            elif value:
                sheet.write_string(at, column, value)
        at += 1
    sheet.write_string(at, 0, "填表人：        审核人：        联系电话：")
    book.close()
    return count


def _lines(rows: int, villages: list[Village], dice: random.Random) -> Iterator[list[Any]]:
    """Yield data lines, and between them section lines, subtotals and blank lines."""
    ids = IdNumbers("999803")
    share = -(-rows // len(villages))
    number = 0
    for village in villages:
        begun, household = number, 0
        yield [f"{village.name}"] if dice.random() < 0.2 else []
        while number - begun < share and number < rows:
            household += 1
            for line in _household(household, village, ids, dice):
                if number < rows:
                    number += 1
                    yield [number, *line]
        yield ["小计", "", "", "", "", number - begun]
        if number >= rows:
            return


def _household(
    number: int, village: Village, ids: IdNumbers, dice: random.Random
) -> Iterator[list[Any]]:
    """Yield the lines of one household; number and head stand on the first line only."""
    born = date(1955, 1, 1) + timedelta(days=dice.randrange(16_000))
    head = make_name(dice, "1", born.year)
    family = [(head, "户主", "1", born, "初婚")]
    spouse_born = born + timedelta(days=dice.randrange(1, 1500))
    family.append((make_name(dice, "2", spouse_born.year), "妻", "2", spouse_born, "初婚"))
    for order in range(dice.choice((0, 1, 1, 2))):
        child_born = min(AS_OF, born + timedelta(days=8500 + order * 900 + dice.randrange(800)))
        sex = dice.choice("12")
        name = make_name(dice, sex, child_born.year, surname_of(head))
        family.append((name, "子" if sex == "1" else "女", sex, child_born, "未婚"))
    first = True
    for name, relation, sex, day, marital in family:
        number_text = ids.take(sex, day)
        line = [
            dice.choice((village.name, *village.aliases)) if dice.random() < 0.1 else village.name,
            f"{number % 8 + 1}组",
            f"{number:03d}" if first else "",
            head if first else "",
            name,
            relation,
            "男" if sex == "1" else "女",
            number_text,
            day,
            "汉族",
            dice.choice(EDUCATION) if day.year < 2019 else "学龄前",
            marital,
            "农业",
            f"1990{dice.randrange(10_000_000):07d}" if dice.random() < 0.6 else "",
            "在家" if dice.random() < 0.8 else "外出",
            "",
        ]
        yield _messy(line, dice)
        first = False


def _messy(line: list[Any], dice: random.Random) -> list[Any]:
    """Put into about one line of seven what clerks and spreadsheets put into lines."""
    turn = dice.random()
    name, number, day = line[4], line[7], line[8]
    if turn < 0.04:
        line[8] = dice.choice((f"{day:%Y.%m.%d}", f"{day:%Y%m%d}", f"{day:%Y年%m月%d日}"))
    elif turn < 0.06:
        line[4] = f"{name[0]}　{name[1:]}"
    elif turn < 0.08:
        line[7] = number.translate(FULL_WIDTH)
    elif turn < 0.10:
        line[7] = f" {number.lower()}\t"
    elif turn < 0.11:
        line[8] = f"{day:%Y.%m}"
    elif turn < 0.12:
        line[7] = "无"
    elif turn < 0.13:
        line[7] = number[:-1] + ("0" if number[-1] != "0" else "1")
    elif turn < 0.135:
        line[7] = float(number[:17]) * 10
    elif turn < 0.14:
        line[8] = "2021-02-30"
    return line
