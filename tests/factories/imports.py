"""A small kind of roster and files of it, so that the engine is tested without a record app."""

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from apps.imports import registry
from apps.imports.records import (
    CheckedRow,
    Column,
    Issue,
    PlanResult,
    RowOutcome,
    Written,
)
from apps.regions.models import Region

KIND = "tiny"
HEADER = ("序号", "村", "姓名", "性别", "出生日期")
DAY = date(2026, 6, 30)


class TinyKind(registry.SheetKind):
    """People as village groups: writing a row makes a division of that name, which is countable.

    A row whose name ends in 旧 changes something, one that ends in 同 nothing; 疑 meets an error
    that only the register can know.
    """

    name = KIND
    label = "小名册"
    columns = (
        Column("seq", "serial", ("序号",)),
        Column("village", "village", ("村", "村名"), target="village"),
        Column("name", "name", ("姓名",), target="name"),
        Column("sex", "sex", ("性别",), target="sex"),
        Column("birth", "birth", ("出生日期",), target="birth_date"),
    )
    field_labels = {"name": "姓名", "sex": "性别", "birth": "出生日期", "village": "村"}

    def __init__(self) -> None:
        self.before_end: Callable[[], None] = lambda: None
        self.calls = 0

    def work(self, **values: Any) -> "TinyWork":
        return TinyWork(self)


class TinyWork(registry.RosterWork):
    """Looks at rows and writes them as TinyKind says."""

    def __init__(self, kind: TinyKind) -> None:
        self.kind = kind
        self.written = 0

    def hold(self) -> None:
        self.kind.calls += 1

    def look_ahead(self, rows: Sequence[CheckedRow]) -> None:
        pass

    def plan(self, rows: Sequence[CheckedRow]) -> PlanResult:
        issues = [
            Issue(row.sheet, row.row, "C", "name", "ambiguous_match", "error", row.values["name"])
            for row in rows
            if row.values["name"].endswith("疑")
        ]
        return PlanResult([_outcome(row) for row in rows], issues)

    def write(self, rows: Sequence[CheckedRow]) -> Written:
        first = self.written + 1
        for number, row in enumerate(rows, start=first):
            Region.objects.get_or_create(
                code=f"{number:015d}", defaults={"name": row.values["name"], "kind": "group"}
            )
        self.written += len(rows)
        return Written({(row.sheet, row.row): number for number, row in enumerate(rows, first)})

    def finish(self) -> dict[str, int]:
        self.kind.before_end()
        return {
            "persons_created_any": self.written,
            "persons_created_subjects": self.written,
            "persons_created_with_id": 0,
            "persons_changed": 0,
        }


def _outcome(row: CheckedRow) -> RowOutcome:
    if row.values["name"].endswith("旧"):
        changes = {"sex": ("1", row.values["sex"])}
        return RowOutcome(row.sheet, row.row, "changed", subject_id=7, changes=changes)
    outcome = "same" if row.values["name"].endswith("同") else "new"
    return RowOutcome(row.sheet, row.row, outcome)


def roster(*rows: Sequence[Any], header: Sequence[str] = HEADER, name: str = "名册.csv") -> Any:
    """Make a csv file of a header and rows."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return ContentFile(text.getvalue().encode("utf-8-sig"), name=name)


def unreadable(name: str = "roster.xls") -> Any:
    """Make a file that passes the look at the upload and turns out to hold nothing when read."""
    return ContentFile(b"<html><table><tr><td></td></tr></table></html>", name=name)


def people(*names: str, village: str = "黄岭村") -> list[tuple[Any, ...]]:
    """Make one right row per name."""
    return [
        (number, village, name, "女", f"1980-01-{number:02d}")
        for number, name in enumerate(names, start=1)
    ]


def groups() -> int:
    """Count what the small kind has written."""
    return Region.objects.filter(kind="group").count()
