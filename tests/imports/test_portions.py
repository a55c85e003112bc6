"""A file compared and written in small portions gives what it gives as one."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import date
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction

from apps.accounts.models import User
from apps.households.models import Marriage, Person
from apps.imports import services
from apps.imports.models import Batch, Question, Row, RowIssue, Take
from apps.imports.rules.compact import Values
from apps.imports.services import portions
from apps.regions.models import Region
from tests.factories.rosters import id_number
from tests.imports.comparing import JULY, JUNE, bring_in, row, statuses
from tools.faults.contents import Contents
from tools.faults.contents import contents as all_contents

pytestmark = pytest.mark.django_db
SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
WHOLE, SMALL, ONE = 100_000, 40, 1
_names = count(1)


def as_portions(monkeypatch: pytest.MonkeyPatch, size: int, act: Callable[[], Any]) -> Any:
    """Do something with portions of that size and undo it; what it returned."""
    monkeypatch.setattr(portions, "PORTION_ROWS", size)
    with transaction.atomic():
        found = act()
        transaction.set_rollback(True)
    return found


def contents() -> Contents:
    """The register with its history; imports differ by their files' names."""
    found = all_contents()
    return {table: found[table] for table in found if table.startswith(("households_", "women_"))}


def sample(name: str, kind: str, as_of: date) -> Batch:
    """Bring a sample workbook in, as far as it can be."""
    actor = services.system_user()
    content = (SAMPLES / f"{name}.xlsx").read_bytes()
    batch = services.receive_roster(
        actor=actor,
        kind=kind,
        region=Region.objects.get(parent=None),
        as_of=as_of,
        file=ContentFile(content, name=f"{name}.xlsx"),
        in_background=False,
    ).batch
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    return services.apply_batch(batch_id=batch.pk, actor=actor)


def staged(batch: Batch) -> list[Any]:
    """Every row and finding of a batch as the wizard shows them, and its counts."""
    rows = Row.objects.filter(batch=batch).order_by("sheet_number", "row_number")
    issues = RowIssue.objects.filter(batch=batch).order_by("sheet_number", "row_number", "pk")
    return [
        batch.counts,
        batch.result,
        [(r.sheet_number, r.row_number, r.status, r.outcome, r.values, r.changes) for r in rows],
        [(i.sheet_number, i.row_number, i.column, i.kind, i.detail) for i in issues],
    ]


def samples() -> tuple[list[Any], list[Any], Contents]:
    """Bring both samples into an empty register."""
    home = sample("01_户籍人口花名册", "household_roster", JUNE)
    women = sample("02_已婚育龄妇女花名册", "married_women", JULY)
    return staged(home), staged(women), contents()


def test_samples_in_portions_leave_the_same_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    call_command("load_regions", SAMPLES / "regions.csv", stdout=io.StringIO())

    whole = as_portions(monkeypatch, WHOLE, samples)

    assert as_portions(monkeypatch, SMALL, samples) == whole
    assert as_portions(monkeypatch, ONE, samples) == whole


# Lines that concern another village ---------------------------------------------------------------

FAR = "沙田村"


def findings(batch: Batch) -> list[tuple[int, str]]:
    found = RowIssue.objects.filter(batch=batch).order_by("row_number", "pk")
    return list(found.values_list("row_number", "kind"))


def seen(batch: Batch) -> dict[str, Any]:
    """What was found about a file: by row, and what was asked."""
    asked = Question.objects.filter(batch=batch).order_by("pk")
    return {
        "statuses": statuses(batch),
        "issues": findings(batch),
        "questions": list(asked.values_list("kind", "places", "candidates")),
    }


def in_both_ways(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[], Batch]
) -> tuple[dict[str, Any], Contents]:
    """What is found and written with all rows at once, once both ways are known to agree."""

    def looked() -> tuple[dict[str, Any], Contents]:
        batch = act()
        return seen(batch), contents()

    whole = as_portions(monkeypatch, WHOLE, looked)
    assert as_portions(monkeypatch, ONE, looked) == whole
    return whole


def test_person_registered_here_and_living_there_comes_in_once(
    monkeypatch: pytest.MonkeyPatch, places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山"))
    Person.objects.update(current_region=places.neighbour)
    both = [row("韦大山", number=None), row("韦大山", number=None, village=FAR, household="007")]

    found, _tables = in_both_ways(
        monkeypatch, lambda: bring_in(township_clerk, places, *both, as_of=JULY)
    )

    assert found["statuses"] == {2: "same", 3: "skipped"}
    assert found["issues"][-1] == (3, "dup_in_file")


def test_somebody_of_whom_another_village_speaks_is_not_asked_about(
    monkeypatch: pytest.MonkeyPatch, places: SimpleNamespace, township_clerk: User
) -> None:
    bring_in(township_clerk, places, row("韦大山"))
    lines = [row("韦大山", number=None, village=FAR), row("韦大山")]

    found, _tables = in_both_ways(
        monkeypatch, lambda: bring_in(township_clerk, places, *lines, as_of=JULY)
    )

    assert (found["statuses"], found["questions"]) == ({2: "new", 3: "same"}, [])


def test_new_people_of_one_portion_are_not_asked_about_in_the_next(
    monkeypatch: pytest.MonkeyPatch, places: SimpleNamespace, township_clerk: User
) -> None:
    lines = [row("韦大山"), row("韦大山", number=None, village=FAR)]

    in_both_ways(monkeypatch, lambda: bring_in(township_clerk, places, *lines))
    monkeypatch.setattr(portions, "PORTION_ROWS", ONE)
    bring_in(township_clerk, places, *lines)

    assert Person.objects.count() == 2


HUSBAND = id_number("1", date(1978, 3, 2))


def wife(name: str, day: int, village: str = "黄岭村", husband: str = "韦大山") -> tuple[str, ...]:
    born = date(1980, 5, day)
    return (village, name, id_number("2", born), husband, HUSBAND, "初婚")


def women(actor: User, places: SimpleNamespace, *lines: Iterable[str]) -> Batch:
    text = io.StringIO()
    header = ("村", "妻子姓名", "妻子身份证号", "丈夫姓名", "丈夫身份证号", "婚姻状况")
    csv.writer(text).writerows([header, *lines])
    batch = services.receive_roster(
        actor=actor,
        kind="married_women",
        region=places.township,
        as_of=JUNE,
        file=ContentFile(text.getvalue().encode("utf-8-sig"), name=f"妇女{next(_names)}.csv"),
    ).batch
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch, in_background=False)
    return services.apply_batch(batch_id=batch.pk, actor=actor)


def test_husband_of_two_villages_is_given_to_the_first_line(
    monkeypatch: pytest.MonkeyPatch, places: SimpleNamespace, township_clerk: User
) -> None:
    lines = [wife("覃芳", 6), wife("覃秀英", 7, village=FAR)]

    found, _tables = in_both_ways(monkeypatch, lambda: women(township_clerk, places, *lines))
    monkeypatch.setattr(portions, "PORTION_ROWS", ONE)
    women(township_clerk, places, *lines)

    assert found["statuses"] == {2: "new", 3: "new"}
    assert (3, "spouse_conflict") in found["issues"]
    assert Person.objects.filter(sex="1").count() == 1
    assert Marriage.objects.get(wife__name="覃芳").husband_id
    assert Marriage.objects.count() == 1


def test_husbands_number_with_another_name_in_another_village_is_a_conflict(
    monkeypatch: pytest.MonkeyPatch, places: SimpleNamespace, township_clerk: User
) -> None:
    lines = [wife("覃芳", 6), wife("覃秀英", 7, village=FAR, husband="韦小山")]

    found, _tables = in_both_ways(monkeypatch, lambda: women(township_clerk, places, *lines))

    assert found["statuses"] == {2: "new", 3: "blocked"}
    assert (3, "id_conflict") in found["issues"]


# Portions themselves ------------------------------------------------------------------------------


def test_villages_stay_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portions, "PORTION_ROWS", 5)
    counts = {"a": 2, "b": 3, "c": 9, "d": 1, "e": 4}

    assert list(portions.grouped(counts)) == [["a", "b"], ["c"], ["d", "e"]]


def test_packed_values_can_be_read_and_set() -> None:
    first = Values({"name": "韦大山", "birth_date": date(1980, 5, 6), "is_head": True})
    second = Values({"name": "覃芳", "birth_date": None, "is_head": False})

    first.put({"household_no": "001"})
    second["name"] = "覃秀英"

    assert dict(first) == {
        "name": "韦大山",
        "birth_date": date(1980, 5, 6),
        "is_head": True,
        "household_no": "001",
    }
    assert dict(second) == {"name": "覃秀英", "birth_date": None, "is_head": False}
