"""Where a page belongs in the menu and the trail above it."""

import pytest
from django.test import RequestFactory
from django.urls import resolve, reverse

from apps.accounts.models import User
from apps.core import menu
from apps.core.context import Shell
from apps.core.templatetags.fp import lasting

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("view", "page"),
    [
        ("imports:batch_create", "imports:batch_create"),
        ("imports:batch_list", "imports:batch_list"),
        ("imports:batch_detail", "imports:batch_list"),
        ("imports:batch_preview", "imports:batch_list"),
        ("imports:undo_detail", "imports:batch_list"),
        ("imports:error_workbook", "imports:batch_list"),
        ("imports:template", "imports:batch_create"),
        ("households:person_detail", "households:person_list"),
        ("indicators:rows", "indicators:dashboard"),
    ],
)
def test_page_belongs_to_the_list_of_its_records(
    view: str, page: str, township_clerk: User
) -> None:
    place = menu.place_of(township_clerk, view)

    assert place is not None
    assert place[1].url_name == page


def test_trail_above_an_import_leads_to_the_history(
    rf: RequestFactory, township_clerk: User
) -> None:
    address = reverse("imports:batch_preview", args=[1])
    request = rf.get(address)
    request.user, request.resolver_match = township_clerk, resolve(address)

    assert [crumb.url for crumb in Shell(request).trail] == [
        reverse("home:worklist"),
        reverse("imports:batch_create"),
        reverse("imports:batch_list"),
    ]


@pytest.mark.parametrize(
    ("seconds", "words"), [(0, "0 秒"), (89, "89 秒"), (100, "2 分钟"), (3600, "60 分钟")]
)
def test_long_times_are_told_in_minutes(seconds: int, words: str) -> None:
    assert lasting(seconds) == words
