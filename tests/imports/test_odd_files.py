"""Odd and hostile files through the whole import: the same rows, or nothing written."""

from typing import Any

import pytest
from django.core.files.base import ContentFile

from apps.accounts.models import User
from apps.core.spreadsheets import gate
from apps.households.models import Household, Person
from apps.imports import pipeline, registry, services
from apps.imports.models import BatchState, Row
from tests.files.honest import FILES as HONEST
from tests.files.honest import packed
from tests.files.hostile import FILES as HOSTILE
from tests.files.people import BORN
from tests.imports.rosters import AS_OF, directory

REFUSED = [label for label, case in HOSTILE.items() if case.rows is None]
ROSTERS = [label for label, case in HONEST.items() if case.is_roster][::4]
KIND = "household_roster"


def checked(path, filename):
    """The checked rows of a file as (status, region, values)."""
    book = pipeline.read_file(path, filename)
    kind = registry.get("household_roster")
    found = pipeline.check_workbook(book, kind, directory(), as_of=AS_OF)
    return [(row.status, row.region_code, dict(row.values)) for row in found.rows]


@pytest.fixture(scope="module")
def plain_rows(tmp_path_factory):
    path = tmp_path_factory.mktemp("plain") / "roster.xlsx"
    path.write_bytes(packed())
    rows = checked(path, "花名册.xlsx")
    assert [values["name"] for _status, _region, values in rows] == ["王伟", "李娟", "张𬱖"]
    assert [values["birth_date"] for _status, _region, values in rows] == BORN
    return rows


@pytest.mark.parametrize("label", ROSTERS)
def test_odd_roster_gives_the_rows_of_a_plain_one(label, plain_rows, tmp_path):
    path = tmp_path / "roster"
    path.write_bytes(HONEST[label].content())

    assert checked(path, HONEST[label].filename) == plain_rows


# Nothing is written -------------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize("label", REFUSED[::8])
def test_hostile_file_fails_with_its_reason_and_changes_nothing(
    label: str, places: Any, township_clerk: User
) -> None:
    case = HOSTILE[label]
    file = ContentFile(case.content(), name=case.filename)
    if not file.size or file.size > gate.MAX_FILE_BYTES:
        pytest.skip("refused before it is opened")
    received = services.receive_roster(
        actor=township_clerk, kind=KIND, region=places.township, as_of=AS_OF, file=file,
        in_background=False,
    )  # fmt: skip

    batch = services.read_batch(batch_id=received.batch.pk)

    assert batch.state == BatchState.FAILED
    assert batch.failure["code"] == case.code
    assert (Person.objects.count(), Household.objects.count(), Row.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("label", ["texts that look like formulas", "formulas in a text"])
def test_formulas_are_texts_and_no_names(label, tmp_path):
    path = tmp_path / "roster"
    path.write_bytes(HOSTILE[label].content())

    rows = checked(path, HOSTILE[label].filename)

    assert [(status, values.get("name")) for status, _region, values in rows] == [
        ("blocked", None)
    ] * 3
