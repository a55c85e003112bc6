"""The few fictional people who stand in all files, and what a case of a file is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from apps.core.identifiers import check_digit

Rows = Sequence[Sequence[Any]]


def id_number(born: date, sequence: int) -> str:
    """A valid ID number of nobody: the county code 999901 is not assigned."""
    first = f"999901{born:%Y%m%d}{sequence:03d}"
    return first + check_digit(first)


TITLE = ["安塘乡沙田村户籍人口花名册"]
HEADINGS = ["户号", "姓名", "性别", "公民身份号码", "出生日期", "与户主关系"]
BORN = [date(1980, 3, 7), date(1982, 5, 6), date(1975, 12, 30)]
WANG, LI, ZHANG = (id_number(born, number) for born, number in zip(BORN, (11, 22, 33), strict=True))
PEOPLE = [
    ["001", "王伟", "男", WANG, "1980-03-07", "户主"],
    ["001", "李娟", "女", LI, "1982-05-06", "妻"],
    ["002", "张𬱖", "男", ZHANG, "1975-12-30", "户主"],
]
ROWS: Rows = [TITLE, HEADINGS, *PEOPLE]


def changed(column: str, *values: Any) -> Rows:
    """The roster with other values in one column, from the first person on."""
    place, rows = HEADINGS.index(column), [list(row) for row in ROWS]
    for row, value in zip(rows[2:], values, strict=False):
        row[place] = value
    return rows


@dataclass(frozen=True)
class Honest:
    """A file that must be read right: its first visible sheet holds `rows`, nothing else.

    `is_roster` says that its people are the usual three in the usual way, so that the whole
    pipeline must come to the same checked rows as for a plain file.
    """

    content: Callable[[], bytes]
    rows: Rows = tuple(ROWS)
    filename: str = "花名册.xlsx"
    is_roster: bool = True
    hidden_rows: frozenset[int] = frozenset()
    merges: int = 0


@dataclass(frozen=True)
class Hostile:
    """A file that must be refused with `code`, or harmlessly read as `rows`."""

    content: Callable[[], bytes]
    code: str = ""
    rows: Rows | None = None
    filename: str = "花名册.xlsx"
