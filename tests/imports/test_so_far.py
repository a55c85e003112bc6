"""What a check has found so far, told while it goes on."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.imports import selectors, services
from apps.imports.models import Batch, BatchState, Row, RowIssue
from apps.imports.rules import lines
from apps.imports.tables import hide_numbers
from tests.factories.imports import DAY, KIND, TinyKind, people, roster

pytestmark = pytest.mark.django_db

NUMBER = "999901198001010024"
NAMELESS = ("", "黄岭村", "", "女", "1980-01-01")
NO_DATE = ("", "黄岭村", "韦五", "女", NUMBER)


@pytest.fixture
def batch(tiny: TinyKind, places: SimpleNamespace, township_clerk: User, monkeypatch: Any) -> Batch:
    """Six rows, told of after every second; the second lacks a name, the fifth a date."""
    monkeypatch.setattr(lines, "PROGRESS_EVERY", 2)
    monkeypatch.setattr("apps.imports.services.so_far.NOTED_EVERY", 0)
    names = [*people("韦一", "韦二", "韦三", "韦四")]
    rows = [names[0], NAMELESS, names[1], names[2], NO_DATE, names[3]]
    return services.receive_roster(
        actor=township_clerk,
        kind=KIND,
        region=places.township,
        as_of=DAY,
        file=roster(*rows),
        in_background=False,
    ).batch


def test_first_errors_are_told_while_the_check_goes_on_and_then_replaced(batch: Batch) -> None:
    told = []

    def look(stage: str, done: int, total: int) -> None:
        found = selectors.first_findings(Batch.objects.get(pk=batch.pk))
        if stage == "check" and found is not None:
            places = [(sheet, issue.row_number, issue.kind) for issue, sheet in found.first]
            told.append((done, found.rows, found.blocked, places))

    services.read_batch(batch_id=batch.pk, progress=look)

    batch.refresh_from_db()
    first, second = ("名册", 3, "name_missing"), ("名册", 6, "date_unparseable")
    assert told == [
        (2, 2, 1, [first]),
        (4, 4, 1, [first]),
        (6, 6, 2, [first, second]),
        (6, 6, 2, [first, second]),
    ]
    assert selectors.first_findings(batch) is None
    assert (batch.counts["all"], batch.counts["blocked"]) == (6, 2)
    assert RowIssue.objects.filter(severity="error").count() == 2
    assert not RowIssue.objects.filter(row=None).exists()


def test_page_of_the_running_check_shows_them_masked(
    batch: Batch, township_clerk: User, client: Client
) -> None:
    pages = []
    client.force_login(township_clerk)

    def look(stage: str, done: int, total: int) -> None:
        address = reverse("imports:batch_progress", args=[batch.pk])
        pages.append(client.get(address, headers={"HX-Request": "true"}).content.decode())

    services.read_batch(batch_id=batch.pk, progress=look)

    assert 'id="h-f"' not in pages[0]
    assert 'id="h-f"' in pages[2]
    assert "名册 3" in pages[2]
    assert "名册 6" in pages[4]
    assert NUMBER not in "".join(pages)
    assert hide_numbers(NUMBER) in pages[4]


def test_stopped_check_tells_nothing_more_and_a_second_one_begins_afresh(batch: Batch) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if done == 4:
            Batch.objects.filter(pk=batch.pk).update(state=BatchState.CANCELLED)

    with pytest.raises(services.Stopped):
        services.read_batch(batch_id=batch.pk, progress=stop)
    batch.refresh_from_db()

    assert batch.counts["so_far"]["rows"] == 4
    assert selectors.first_findings(batch) is None
    assert not Row.objects.exists()
