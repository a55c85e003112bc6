"""Household rosters for the tests of comparing: a file of few columns, read by the engine."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from itertools import count
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from apps.accounts.models import User
from apps.imports import services
from apps.imports.models import Batch, Decision, Question, Row, Take
from apps.imports.records import Verdict
from tests.factories.rosters import id_number

JUNE, JULY = date(2026, 6, 30), date(2026, 7, 31)
HEADER = (
    "村",
    "户号",
    "与户主关系",
    "姓名",
    "性别",
    "身份证号",
    "出生日期",
    "文化程度",
    "联系电话",
    "居住状况",
)
WOMEN_HEADER = (
    "村",
    "姓名",
    "身份证号",
    "出生日期",
    "婚姻状况",
    "文化程度",
    "配偶姓名",
    "配偶身份证号",
)
SEXES = {"男": "1", "女": "2"}
_names: Iterator[int] = count(1)


def row(
    name: str,
    sex: str = "男",
    born: date = date(1980, 5, 6),
    *,
    number: str | None = "",
    serial: int = 1,
    village: str = "黄岭村",
    household: str = "001",
    relation: str = "",
    education: str = "",
    phone: str = "",
    residence: str = "",
) -> tuple[str, ...]:
    """Make a line; its ID number follows from sex, birth and serial, None leaves it empty."""
    own = id_number(SEXES[sex], born, serial)
    written = "" if number is None else number or own
    cells = (village, household, relation, name, sex, written, born.isoformat())
    return (*cells, education, phone, residence)


def woman(
    name: str,
    born: date = date(1985, 3, 1),
    *,
    number: str | None = "",
    serial: int = 1,
    village: str = "黄岭村",
    status: str = "初婚",
    education: str = "",
    husband: tuple[str, str] = ("", ""),
) -> tuple[str, ...]:
    """Make a line of a roster of married women; `number` as for `row`."""
    written = "" if number is None else number or id_number("2", born, serial)
    return (village, name, written, born.isoformat(), status, education, *husband)


def upload(
    actor: User,
    places: SimpleNamespace,
    *rows: tuple[str, ...],
    as_of: date = JUNE,
    region: Any = None,
    kind: str = "household_roster",
) -> Batch:
    """Hand in a roster of the township and read it."""
    text = io.StringIO()
    header = HEADER if kind == "household_roster" else WOMEN_HEADER
    csv.writer(text).writerows([header, *rows])
    name = f"花名册{next(_names)}.csv"
    batch = services.receive_roster(
        actor=actor,
        kind=kind,
        region=region or places.township,
        as_of=as_of,
        file=ContentFile(text.getvalue().encode("utf-8-sig"), name=name),
    ).batch
    return services.read_batch(batch_id=batch.pk, actor=actor)


def written(actor: User, batch: Batch) -> Batch:
    """Confirm a batch and write what can be written."""
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    return services.apply_batch(batch_id=batch.pk, actor=actor)


def bring_in(actor: User, places: SimpleNamespace, *rows: Any, **values: Any) -> Batch:
    """Upload, read and write."""
    return written(actor, upload(actor, places, *rows, **values))


def asked(batch: Batch) -> list[tuple[str, list[int], bool]]:
    """The questions of a batch: kind, rows, whether open."""
    return [
        (question.kind, [row for _sheet, row in question.places], question.is_open)
        for question in Question.objects.filter(batch=batch)
    ]


def statuses(batch: Batch) -> dict[int, str]:
    """What became of each row, by row number: its outcome, or why it has none."""
    rows = Row.objects.filter(batch=batch)
    return {row.row_number: row.outcome or row.status for row in rows}


def answer(actor: User, batch: Batch, choice: str, target: int | None = None, at: int = 0) -> Batch:
    """Answer one question of a batch, the first unless told otherwise."""
    question = list(Question.objects.filter(batch=batch))[at]
    services.decide(actor=actor, batch=batch, answers={question.key: Verdict(choice, target)})
    batch.refresh_from_db()
    return batch


def decisions(batch: Batch) -> list[tuple[str, str, int | None]]:
    """The answers kept on a batch."""
    rows = Decision.objects.filter(batch=batch).order_by("pk")
    return list(rows.values_list("kind", "choice", "target"))
