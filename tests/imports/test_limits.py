"""The stated limits: answered in two seconds beyond, read and written completely at them."""

import io
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.urls import reverse

from apps.accounts.models import User
from apps.core.spreadsheets import gate
from apps.core.spreadsheets.reader import UnreadableFile, inspect_file, read_workbook
from apps.households.models import Person
from apps.imports import services
from apps.imports.models import Batch, BatchState
from tests.files import old_excel as xls
from tests.files import packages as p
from tests.files.cost import child_seconds
from tests.imports.rosters import AS_OF, id_number

ANSWER_SECONDS = 2
KIND = "household_roster"
LIMITS = ("20 MB", "50,000 行", "300 列", "300 万个")
HEADINGS = ("户号", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期", "村名", "备注")
DAYS = 20_000


def person(index: int) -> list[str]:
    """A line of a roster; households of four, everybody another number."""
    born = date(1950, 1, 1) + timedelta(days=index % DAYS)
    number = id_number(born, "男", index // DAYS + 1)
    relation = "子" if index % 4 else "户主"
    return [f"{index // 4:05d}", "王小明", relation, "男", number, born.isoformat(), "沙田村", ""]


def people(number: int) -> Iterator[list[str]]:
    return map(person, range(number))


def as_workbook(rows: Any) -> bytes:
    """Texts in the cells themselves."""
    return p.zipped(p.parts(p.table([HEADINGS, *rows])))


def as_shared(rows: Any, sheets: int = 1) -> bytes:
    """Texts in the common list, as office programs write."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    pages = [book.add_worksheet() for _ in range(sheets)]
    for page in pages:
        page.write_row(0, 0, HEADINGS)
    for index, row in enumerate(rows):
        pages[index % sheets].write_row(index // sheets + 1, 0, row)
    book.close()
    return file.getvalue()


def as_text(rows: Any) -> bytes:
    return "\n".join(",".join(row) for row in [HEADINGS, *rows]).encode()


def as_page(rows: Any) -> bytes:
    lines = ("<tr><td>" + "</td><td>".join(row) for row in [HEADINGS, *rows])
    return ("<table>" + "".join(lines) + "</table>").encode()


def as_old_workbook(rows: Any) -> bytes:
    """Without the last columns, for the packing of these tests ends at 7 MB."""
    return xls.workbook(xls.cells([row[:5] for row in (HEADINGS, *rows)]))


FORMS: dict[str, Callable[[Any], bytes]] = {
    "workbook": as_workbook,
    "workbook of two sheets with shared texts": partial(as_shared, sheets=2),
    "old workbook": as_old_workbook,
    "text": as_text,
    "page": as_page,
}


def wide_workbook(columns: int) -> bytes:
    return p.zipped(p.parts(p.table([[f"列{number}" for number in range(columns)]] * 2)))


def wide_text(columns: int) -> bytes:
    return ",".join(f"列{number}" for number in range(columns)).encode()


def wide_page(columns: int) -> bytes:
    return b"<table><tr>" + b"<td>x" * columns + b"</table>"


def text_of(size: int) -> bytes:
    line = b"001," + b"a" * 395 + b"\n"
    return (line * (size // len(line) + 1))[:size]


def filled_workbook(cells: int) -> bytes:
    """Rows of 300 numbers and texts, varied enough to be no bomb."""
    chance = random.Random(1)
    rows = []
    for _ in range(cells // 300):
        numbers = "".join(f"<c><v>{number}</v></c>" for number in chance.randbytes(150))
        rows.append(f"<row>{numbers}{p.cell('', 'x') * 150}</row>")
    return p.zipped(p.parts(p.sheet("".join(rows))))


def filled_text(cells: int) -> bytes:
    return (b"1," * 299 + b"1\n") * (cells // 300)


def with_totals(number: int) -> Iterator[list[str]]:
    """People with a line of a village's total after every five."""
    for index, row in enumerate(people(number)):
        yield row
        if index % 5 == 4:
            yield ["小计", "5人", *[""] * 6]


def twice(number: int) -> Iterator[list[str]]:
    """People of whom some stand in the file once more, as in a sheet that sums up the others."""
    yield from people(number)
    yield from people(9_000)


WITHIN = {
    "20 MB": partial(text_of, gate.MAX_FILE_BYTES),
    "300 columns": partial(wide_workbook, 300),
    "300 columns of text": partial(wide_text, 300),
    "300 columns of a page": partial(wide_page, 300),
    "3 million cells of text": partial(filled_text, 3_000_000),
    "48,000 rows and 9,600 totals": lambda: as_text(with_totals(48_000)),
    "50,000 rows and 9,000 of them again": lambda: as_text(twice(50_000)),
}
BEYOND = {
    "20 MB and one byte": (partial(text_of, gate.MAX_FILE_BYTES + 1), "too_large"),
    "301 columns": (partial(wide_workbook, 301), "too_many_columns"),
    "301 columns of text": (partial(wide_text, 301), "too_many_columns"),
    "301 columns of a page": (partial(wide_page, 301), "too_many_columns"),
    "3 million cells and a row": (partial(filled_workbook, 3_000_300), "too_many_cells"),
    "3 million cells and a row of text": (partial(filled_text, 3_000_300), "too_many_cells"),
    "60,001 rows without numbers": (lambda: b"1,a\n" * 60_001, "too_many_rows"),
}


@pytest.mark.parametrize("label", WITHIN)
def test_file_at_the_limit_is_accepted_and_read(label, tmp_path):
    path = tmp_path / "roster"
    path.write_bytes(WITHIN[label]())

    inspect_file(path)

    assert len(read_workbook(path).sheets[0].rows) > 0


@pytest.mark.parametrize("label", FORMS)
def test_50000_people_are_accepted_and_one_more_is_refused_at_once(label, tmp_path):
    path = tmp_path / "roster"
    path.write_bytes(FORMS[label](people(50_000)))
    inspect_file(path)

    path.write_bytes(FORMS[label](people(50_001)))
    before = child_seconds()
    with pytest.raises(UnreadableFile) as refusal:
        inspect_file(path)

    assert (refusal.value.code, refusal.value.params) == ("too_many_rows", {"limit": 50_000})
    assert child_seconds() - before < ANSWER_SECONDS


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


def test_formulas_without_result_and_formats_fill_no_rows(tmp_path):
    blank = '<row r="{0}"><c r="A{0}" t="str"><f>B{0}</f><v></v></c><c r="B{0}" s="1"/></row>'
    rows = "".join(blank.format(number) for number in range(3, 100_000))
    table = p.table([HEADINGS, person(1)]).replace("</sheetData>", f"{rows}</sheetData>")
    path = tmp_path / "roster"
    path.write_bytes(p.zipped(p.parts(table)))

    inspect_file(path)

    assert [len(row) for row in read_workbook(path).sheets[0].rows] == [8, 7]


@pytest.mark.django_db
def test_file_beyond_a_limit_comes_back_with_the_form(
    places: Any, township_clerk: User, client_of: Any
) -> None:
    file = ContentFile(as_text(people(50_001)), name="花名册.csv")
    data = {"file": file, "kind": KIND, "region": places.township.pk, "as_of": "20260630"}

    response = client_of(township_clerk).post(reverse("imports:batch_create"), data)

    assert response.status_code == 422
    assert "50000" in response.context["form"].errors["file"][0].replace(",", "")
    assert not Batch.objects.exists()


@pytest.mark.django_db
def test_page_of_the_upload_states_the_limits(township_clerk: User, client_of: Any) -> None:
    page = client_of(township_clerk).get(reverse("imports:batch_create"))

    hint = str(page.context["form"].fields["file"].help_text)
    assert hint in page.content.decode()
    assert all(limit in hint for limit in LIMITS)


# At the limit, through the whole import -----------------------------------------------------------


def imported(actor: User, places: Any, content: bytes, name: str) -> Batch:
    """The batch of a file that was received, read and written."""
    received = services.receive_roster(
        actor=actor, kind=KIND, region=places.township, as_of=AS_OF,
        file=ContentFile(content, name=name), in_background=False,
    )  # fmt: skip
    batch = services.read_batch(batch_id=received.batch.pk)
    assert batch.state == BatchState.CHECKED, batch.failure
    services.confirm_batch(actor=actor, batch=batch)
    return services.apply_batch(batch_id=batch.pk)


def padded(rows: Iterator[list[str]], size: int) -> bytes:
    """A text of exactly so many bytes, filled up by remarks."""
    lines = [",".join(row) for row in [HEADINGS, *rows]]
    missing = size - sum(len(line.encode()) + 1 for line in lines)
    each, rest = divmod(missing, len(lines) - 1)
    filled = [line + "x" * each for line in lines[1:]]
    filled[-1] += "x" * rest
    return "".join(f"{line}\n" for line in [lines[0], *filled]).encode()


@pytest.mark.django_db
def test_50000_rows_in_20_MB_are_imported(places: Any, township_clerk: User) -> None:
    content = padded(people(50_000), gate.MAX_FILE_BYTES)
    assert len(content) == 20 * 1024 * 1024

    batch = imported(township_clerk, places, content, "名册.csv")

    assert batch.state == BatchState.DONE
    assert (batch.counts["all"], batch.counts["importable"]) == (50_000, 50_000)
    assert Person.objects.count() == 50_000


@pytest.mark.django_db
def test_300_columns_are_imported(places: Any, township_clerk: User) -> None:
    more = 300 - len(HEADINGS)
    rows = [[*HEADINGS, *(f"列{n}" for n in range(more))]]
    rows += [[*person(index), *["x"] * more] for index in range(100)]
    content = p.zipped(p.parts(p.table(rows)))

    batch = imported(township_clerk, places, content, "名册.xlsx")

    assert batch.state == BatchState.DONE
    assert batch.counts["importable"] == 100
    assert Person.objects.count() == 100
