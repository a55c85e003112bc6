"""What the pages say of columns that are left out, and of those that a file lacks."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.imports import services
from apps.imports.models import Batch, BatchState
from tests.factories.imports import DAY
from tests.imports.layouts.builder import Layout, build

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
HOUSEHOLD = "household_roster"


def read(actor: User, region: Any, text: str) -> Batch:
    """Hand in the workbook of a layout written as text, and read it."""
    workbook, _blocks = build(Layout("pages", HOUSEHOLD, text, title="花名册"))
    book = openpyxl.Workbook()
    book.active.title = "Sheet1"
    for row in workbook.sheets[0].rows:
        book.active.append(list(row))
    content = io.BytesIO()
    book.save(content)
    received = services.receive_roster(
        actor=actor,
        kind=HOUSEHOLD,
        region=region,
        as_of=DAY,
        file=ContentFile(content.getvalue(), name="花名册.xlsx"),
    )
    return services.read_batch(batch_id=received.batch.pk)


@pytest.mark.parametrize("page", ["batch_errors", "batch_preview"])
def test_left_out_columns_are_named_before_anything_is_written(
    places: SimpleNamespace, township_clerk: User, client_of: ClientOf, page: str
) -> None:
    text = "户主=head_name | 姓名=name | 身份证号=id | 网格长=-name | 是否接种=-yesno"
    batch = read(township_clerk, places.village, text)

    shown = client_of(township_clerk).get(reverse(f"imports:{page}", args=[batch.pk]))

    assert batch.state == BatchState.CHECKED
    assert "网格长、是否接种" in shown.content.decode()


def test_what_a_file_lacks_is_named_and_asked_for(
    places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    batch = read(township_clerk, places.village, "姓名=name | 身份证号=id | 政治面貌=-party")
    client = client_of(township_clerk)

    page = client.get(reverse("imports:batch_columns", args=[batch.pk]))
    posted = client.post(reverse("imports:batch_columns", args=[batch.pk]), {})

    assert batch.state == BatchState.MAPPED
    assert page.context["lacking"] == ["与户主关系 / 户号 / 户编码 / 户主姓名"]
    assert "与户主关系 / 户号 / 户编码 / 户主姓名" in page.content.decode()
    assert posted.status_code == 422
    assert batch.rows.count() == 0
