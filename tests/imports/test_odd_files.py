"""Odd and hostile files through the whole import: same rows, stated limits, nothing written."""

from functools import partial
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.core.spreadsheets import gate
from apps.core.spreadsheets.reader import UnreadableFile, inspect_file, read_workbook
from apps.households.models import Household, Person
from apps.imports import pipeline, registry, services
from apps.imports.models import Batch, BatchState, Row
from tests.files import packages as p
from tests.files.cost import child_seconds
from tests.files.honest import FILES as HONEST
from tests.files.honest import packed
from tests.files.hostile import FILES as HOSTILE
from tests.files.people import BORN
from tests.imports.rosters import AS_OF, directory

REFUSED = [label for label, case in HOSTILE.items() if case.rows is None]
ROSTERS = [label for label, case in HONEST.items() if case.is_roster][::4]
ANSWER_SECONDS = 2
KIND = "household_roster"
LIMITS = ("20 MB", "50,000", "300")


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


# Limits -----------------------------------------------------------------------------------------


def people_as_workbook(number: int) -> bytes:
    lines = ([f"{row:05d}", f"王{row}", f"{row:018d}"] for row in range(number))
    return p.zipped(p.parts(p.table([["户号", "姓名", "公民身份号码"], *lines])))


def people_as_text(number: int) -> bytes:
    return "户号,姓名\n".encode() + b"".join(b"%05d,a\n" % row for row in range(number))


def people_as_page(number: int) -> bytes:
    return b"<table>" + b"".join(b"<tr><td>%d" % row for row in range(number)) + b"</table>"


def wide_workbook(columns: int) -> bytes:
    return p.zipped(p.parts(p.table([[f"列{number}" for number in range(columns)]] * 2)))


def wide_text(columns: int) -> bytes:
    return ",".join(f"列{number}" for number in range(columns)).encode()


def text_of(size: int) -> bytes:
    line = b"001," + b"a" * 395 + b"\n"
    return (line * (size // len(line) + 1))[:size]


WITHIN = {
    "20 MB": partial(text_of, gate.MAX_FILE_BYTES),
    "50,000 rows": partial(people_as_workbook, 50_000),
    "50,000 rows of text": partial(people_as_text, 50_000),
    "50,000 rows of a page": partial(people_as_page, 50_000),
    "300 columns": partial(wide_workbook, 300),
    "300 columns of text": partial(wide_text, 300),
}
BEYOND = {
    "20 MB and one byte": (partial(text_of, gate.MAX_FILE_BYTES + 1), "too_large"),
    "60,001 rows": (partial(people_as_workbook, 60_001), "too_many_rows"),
    "60,001 rows of text": (partial(people_as_text, 60_001), "too_many_rows"),
    "60,001 rows of a page": (partial(people_as_page, 60_001), "too_many_rows"),
    "301 columns": (partial(wide_workbook, 301), "too_many_columns"),
    "301 columns of text": (partial(wide_text, 301), "too_many_columns"),
}


@pytest.mark.parametrize("label", WITHIN)
def test_file_at_the_limit_is_accepted_and_read(label, tmp_path):
    path = tmp_path / "roster"
    path.write_bytes(WITHIN[label]())

    inspect_file(path)

    assert len(read_workbook(path).sheets[0].rows) > 0


@pytest.mark.parametrize("label", BEYOND)
def test_file_beyond_a_limit_is_refused_at_once(label, tmp_path):
    content, code = BEYOND[label]
    path = tmp_path / "roster"
    path.write_bytes(content())
    before = child_seconds()

    with pytest.raises(UnreadableFile) as refusal:
        inspect_file(path)

    assert refusal.value.code == code
    assert child_seconds() - before < ANSWER_SECONDS


@pytest.mark.django_db
def test_file_beyond_a_limit_comes_back_with_the_form(
    places: Any, township_clerk: User, client_of: Any
) -> None:
    file = ContentFile(people_as_workbook(60_001), name="花名册.xlsx")
    data = {"file": file, "kind": KIND, "region": places.township.pk, "as_of": "20260630"}

    response = client_of(township_clerk).post(reverse("imports:batch_create"), data)

    assert response.status_code == 422
    assert "50000" in response.context["form"].errors["file"][0].replace(",", "")
    assert not Batch.objects.exists()


@pytest.mark.django_db
def test_page_of_the_upload_states_the_limits(township_clerk: User, client_of: Any) -> None:
    with translation.override("en"):
        page = client_of(township_clerk).get(reverse("imports:batch_create"))

    hint = str(page.context["form"].fields["file"].help_text)
    assert hint in page.content.decode()
    assert all(limit in hint for limit in LIMITS)


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
