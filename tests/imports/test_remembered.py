"""What was confirmed about a layout holds for the next file, and can be changed and forgotten."""

import io
from collections.abc import Callable, Sequence
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.errors import NotAllowedNow, OutOfScope
from apps.imports import services
from apps.imports.models import Batch, BatchState, RememberedMapping, Row
from apps.imports.services.remembered import is_alike
from tests.factories.imports import DAY, HEADER, KIND, TinyKind, people, roster

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
# The last heading is near enough to be proposed, and far enough to be asked about.
DOUBTFUL = (*HEADER[:4], "出生日期大概")
CHOSEN = {"A": "seq", "B": "village", "C": "name", "D": "sex", "E": "birth"}


def read(actor: User, region: Any, *rows: Any, **values: Any) -> Batch:
    """Hand in a file of the small kind and read it."""
    file = values.pop("file", None) or roster(*rows, header=values.pop("header", DOUBTFUL))
    received = services.receive_roster(
        actor=actor, kind=KIND, region=region, as_of=DAY, file=file, **values
    )
    return services.read_batch(batch_id=received.batch.pk)


def confirm(actor: User, batch: Batch, columns: Any = None) -> Batch:
    chosen = columns or {batch.sheets.get().number: CHOSEN}
    services.confirm_columns(actor=actor, batch=batch, columns=chosen)
    return services.read_batch(batch_id=batch.pk)


def workbook(*sheets: tuple[str, Sequence[Sequence[Any]]]) -> ContentFile:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return ContentFile(content.getvalue(), name="名册.xlsx")


def fields(batch: Batch, number: int = 1) -> dict[str, str | None]:
    return {c["letter"]: c["field"] for c in batch.sheets.get(number=number).columns}


# The same layout again


def test_layout_confirmed_once_goes_straight_to_the_check(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    first = read(township_clerk, places.township, *people("韦大山"))
    assert first.state == BatchState.MAPPED
    confirm(township_clerk, first)

    second = read(township_clerk, places.township, *people("覃芳", "黄明", village="沙田村"))

    assert second.state == BatchState.CHECKED
    assert {c["how"] for c in second.sheets.get().columns} == {"remembered"}


def test_title_other_sheets_and_a_column_more_do_not_matter(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    wider = [(row[0], "", *row[1:]) for row in people("覃芳", "黄明")]
    other = workbook(
        ("黄岭村", [["安塘乡黄岭村名册"], ["序号", "", *DOUBTFUL[1:]], *wider]),
        ("沙田村", [[], ["某表"], ["序号", "内部", *DOUBTFUL[1:]], *wider[:1]]),
    )

    second = read(township_clerk, places.township, file=other)

    assert second.state == BatchState.CHECKED
    assert fields(second) == {"A": "seq", "C": "village", "D": "name", "E": "sex", "F": "birth"}
    assert fields(second, 2)["F"] == "birth"


def test_later_word_counts(tiny: TinyKind, places: SimpleNamespace, township_clerk: User) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))
    confirm(township_clerk, second, {1: {**CHOSEN, "D": None}})

    third = read(township_clerk, places.township, *people("黄明"))

    assert third.state == BatchState.CHECKED
    assert fields(third) == {**CHOSEN, "D": None}
    assert RememberedMapping.objects.count() == 1


def test_other_layout_is_asked_about(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    header = ("序号", "村", "姓名", "出生日期大概", "性别")

    second = read(township_clerk, places.township, *people("覃芳"), header=header)

    assert second.state == BatchState.MAPPED


def test_mapping_without_a_necessary_column_is_not_used(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    RememberedMapping.objects.update(columns=[["序号", "seq"], ["姓名", None]])

    assert read(township_clerk, places.township, *people("覃芳")).state == BatchState.MAPPED


def test_column_in_front_of_the_errors_does_not_make_another_layout(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    rows = [("", *row) for row in people("覃芳")]

    second = read(township_clerk, places.township, *rows, header=("", *DOUBTFUL))

    assert second.state == BatchState.CHECKED


@pytest.mark.parametrize(
    ("found", "alike"),
    [
        (["序号", "姓名", "性别", "身份证号", "备注"], True),
        (["序号", "姓名", "性别", "身份证号", "电话", "备注"], True),
        (["姓名", "序号", "性别", "身份证号", "备注"], False),
        (["序号", "姓名", "性别", "身份证号", "备注", "姓名#2"], False),
        (["序号", "姓名", "年龄", "电话", "身份证号"], False),
    ],
    ids=["same", "one more", "other order", "a name twice", "too different"],
)
def test_layouts_alike(found: list[str], alike: bool) -> None:
    assert is_alike(["序号", "姓名", "性别", "身份证号", "备注"], found) is alike


# Offices


def test_office_above_helps_and_the_own_word_goes_first(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, county_reader: User
) -> None:
    confirm(county_reader, read(county_reader, places.county, *people("韦大山")))

    second = read(township_clerk, places.township, *people("覃芳"))
    assert second.state == BatchState.CHECKED

    confirm(township_clerk, second, {1: {**CHOSEN, "D": None}})
    third = read(township_clerk, places.village, *people("黄明"))
    assert fields(third)["D"] is None
    again = read(county_reader, places.county, *people("蓝芳"))
    assert fields(again)["D"] == "sex"


def test_word_of_a_village_beside_is_proposed_and_asked_about(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    header = (*HEADER[:4], "生的日子")
    first = read(township_clerk, places.village, *people("韦大山"), header=header)
    assert fields(first)["E"] is None
    confirm(township_clerk, first)

    rows = people("覃芳", village="沙田村")
    second = read(township_clerk, places.neighbour, *rows, header=header)

    assert second.state == BatchState.MAPPED
    assert second.sheets.get().columns[4]["field"] == "birth"
    assert second.sheets.get().columns[4]["how"] == "remembered"


def test_other_township_is_not_helped(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, outsider: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    rows = people("覃芳", village="桥头村")

    second = read(outsider, places.elsewhere, *rows)

    assert second.state == BatchState.MAPPED
    assert {c["how"] for c in second.sheets.get().columns} == {"header"}


# Several sheets and tables


def test_change_in_one_sheet_holds_for_those_of_the_same_headings(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    sheets = [(name, [DOUBTFUL, *people("韦大山")]) for name in ("黄岭村", "沙田村", "另表")]
    batch = read(township_clerk, places.township, file=workbook(*sheets))
    as_suggested = fields(batch)

    batch = confirm(
        township_clerk, batch, {1: {**CHOSEN, "D": None}, 2: as_suggested, 3: as_suggested}
    )

    assert [fields(batch, number)["D"] for number in (1, 2, 3)] == [None, None, None]


def test_tables_side_by_side_are_staged_with_the_cells_of_the_file(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    left, right = people("韦大山", "覃芳"), people("黄明", "蓝芳", village="沙田村")
    rows = [[*one, "", *other] for one, other in zip(left, right, strict=True)]
    file = workbook(("名册", [["安塘乡名册"], [*HEADER, "", *HEADER], *rows]))

    batch = read(township_clerk, places.township, file=file)

    assert batch.state == BatchState.CHECKED
    assert [sheet.name for sheet in batch.sheets.order_by("number")] == ["名册", "名册 [G:K]"]
    staged = Row.objects.filter(batch=batch)
    assert [(r.sheet_number, r.row_number, r.values["name"]) for r in staged] == [
        (1, 3, "韦大山"),
        (1, 4, "覃芳"),
        (2, 3, "黄明"),
        (2, 4, "蓝芳"),
    ]
    assert fields(batch, 2) == {"G": "seq", "H": "village", "I": "name", "J": "sex", "K": "birth"}


def test_confirmed_columns_hold_for_their_own_table_only(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    other = ("姓名", "出生日期", "性别", "村")
    below = [(name, born, sex, village) for _n, village, name, sex, born in people("黄明")]
    file = workbook(("名册", [DOUBTFUL, *people("韦大山"), [], other, *below]))
    batch = read(township_clerk, places.township, file=file)

    batch = confirm(township_clerk, batch, {1: CHOSEN})

    assert batch.state == BatchState.CHECKED
    assert [row.values["name"] for row in Row.objects.filter(batch=batch)] == ["韦大山", "黄明"]
    assert [sheet.name for sheet in batch.sheets.order_by("number")] == ["名册", "名册 [A4:D4]"]


# Forgetting


def test_forgotten_layout_is_asked_about_again(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))
    memory = RememberedMapping.objects.get()

    services.forget_columns(actor=township_clerk, batch=second, memory=memory)
    second = services.read_batch(batch_id=second.pk)

    assert second.state == BatchState.MAPPED
    assert not RememberedMapping.objects.exists()
    assert Entry.objects.filter(code="imports.batch.columns_forgotten").count() == 1


def test_word_of_the_office_above_is_not_forgotten_below(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, county_reader: User
) -> None:
    confirm(county_reader, read(county_reader, places.county, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))

    with pytest.raises(OutOfScope):
        services.forget_columns(
            actor=township_clerk, batch=second, memory=RememberedMapping.objects.get()
        )

    assert RememberedMapping.objects.count() == 1


def test_columns_of_a_written_roster_are_not_reopened_by_forgetting(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))
    services.confirm_batch(actor=township_clerk, batch=second)

    with pytest.raises(NotAllowedNow):
        services.forget_columns(
            actor=township_clerk, batch=second, memory=RememberedMapping.objects.get()
        )


# The page


def test_page_says_who_confirmed_the_columns_and_lets_forget(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    confirm(township_clerk, read(township_clerk, places.township, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))
    client = client_of(township_clerk)

    page = client.get(reverse("imports:batch_columns", args=[second.pk]))
    assert page.context["memory"].mapping.saved_by == township_clerk
    forget = reverse("imports:batch_forget_columns", args=[second.pk])
    assert f'action="{forget}"' in page.content.decode()

    response = client.post(forget, {"sheet": "1"})

    assert response["Location"] == second.get_absolute_url()
    assert not RememberedMapping.objects.exists()
    second.refresh_from_db()
    assert second.state == BatchState.UPLOADED


def test_page_offers_no_forgetting_of_the_office_above(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    county_reader: User,
    client_of: ClientOf,
) -> None:
    confirm(county_reader, read(county_reader, places.county, *people("韦大山")))
    second = read(township_clerk, places.township, *people("覃芳"))
    client = client_of(township_clerk)
    forget = reverse("imports:batch_forget_columns", args=[second.pk])

    page = client.get(reverse("imports:batch_columns", args=[second.pk])).content.decode()
    client.post(forget, {"sheet": "1"})

    assert str(county_reader) in page
    assert forget not in page
    assert RememberedMapping.objects.count() == 1
