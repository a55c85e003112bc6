"""Fixing on the errors page: what it offers, what a press does, what it costs."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.models import Job
from apps.imports import services
from apps.imports.models import Batch, BatchState, Fix, RowIssue
from apps.imports.services import fixing
from tests.factories.imports import DAY, TinyKind, roster
from tests.imports.test_fixing import ROWS, checked

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
VILLAGES = "?severity=error&kind=village_unknown"


@pytest.fixture
def batch(tiny: TinyKind, places: SimpleNamespace, township_clerk: User) -> Batch:
    return checked(township_clerk, places, *ROWS)


@pytest.fixture
def client(township_clerk: User, client_of: ClientOf) -> Client:
    return client_of(township_clerk)


def url(name: str, batch: Batch, query: str = "") -> str:
    return reverse(f"imports:{name}", args=[batch.pk]) + query


def press(client: Client, batch: Batch, do: str, query: str = VILLAGES, **values: str) -> Any:
    return client.post(url("batch_fix", batch, query), {"do": do, **values})


def editor(response: Any) -> Any:
    return next((line.editor for line in response.context["lines"] if line.editor), None)


def kinds(batch: Batch) -> set[str]:
    return set(RowIssue.objects.filter(batch=batch).values_list("kind", flat=True))


def test_first_row_is_ready_to_be_corrected(batch: Batch, client: Client) -> None:
    response = client.get(url("batch_errors", batch, VILLAGES))

    found = editor(response)
    assert found.value == "黄领村"
    assert found.options == ["黄岭村", "沙田村"]
    assert [name for name, _words in found.reaches] == ["one", "same", "all"]
    assert ("姓名", "韦大山", False) in found.cells


def test_saved_row_leads_to_the_next_one(batch: Batch, client: Client) -> None:
    answer = press(client, batch, "save:1-2-B", value="黄岭村", reach="one")

    assert answer.status_code == 302
    response = client.get(answer["Location"])
    assert [line.spot for line in response.context["lines"] if line.editor] == ["1-3-B"]
    assert response.context["last_step"].count == 1
    assert b"autofocus" in response.content


def test_whole_value_is_replaced_in_one_step(batch: Batch, client: Client) -> None:
    press(client, batch, "save:1-2-B", value="黄岭村", reach="same")

    assert Fix.objects.get().count == 3


def test_wrong_value_is_refused_beside_the_input_and_stays_there(
    batch: Batch, client: Client
) -> None:
    response = press(client, batch, "save:1-3-B", value="某某村", reach="same")

    assert response.status_code == 422
    found = editor(response)
    assert (found.value, found.reach) == ("某某村", "same")
    assert "某某村" in found.refusal
    assert not Fix.objects.exists()


def test_address_of_a_step_leads_to_the_list_when_opened(batch: Batch, client: Client) -> None:
    answer = client.get(url("batch_fix", batch, VILLAGES))

    assert answer["Location"].startswith(url("batch_errors", batch))


def test_rows_left_out_are_listed_and_taken_in_again(batch: Batch, client: Client) -> None:
    press(client, batch, "leave_out:1-7-C", "?severity=error&kind=name_missing")
    assert "left_out" in kinds(batch)

    press(client, batch, "take_in", "?severity=skip&kind=left_out")

    assert "left_out" not in kinds(batch)
    assert "name_missing" in kinds(batch)


def test_last_step_is_taken_back(batch: Batch, client: Client) -> None:
    press(client, batch, "leave_out", VILLAGES)
    step = client.get(url("batch_errors", batch)).context["last_step"]

    press(client, batch, f"back:{step.pk}")

    assert not Fix.objects.exists()
    assert client.get(url("batch_errors", batch)).context["last_step"] is None


def test_steps_are_listed_with_old_and_new_values(batch: Batch, client: Client) -> None:
    press(client, batch, "save:1-2-B", value="黄岭村", reach="same")

    response = client.get(url("batch_errors", batch, "?severity=fixed"))
    ((step, title),) = response.context["fix_steps"]
    assert (step.count, bool(title)) == (3, True)
    response = client.get(url("batch_errors", batch, f"?severity=fixed&step={step.pk}"))

    lines = response.context["corrected"]
    assert [(line.row, line.old, line.new) for line in lines] == [
        (row, "黄领村", "黄岭村") for row in (2, 3, 6)
    ]


@pytest.mark.parametrize("do", ["", "save", "save:x", "save:9-9-Z", "accept:1-2", "back:x", "fly"])
def test_nonsense_changes_nothing(batch: Batch, client: Client, do: str) -> None:
    answer = press(client, batch, do, value="黄岭村")

    assert answer.status_code == 302
    assert not Fix.objects.exists()


def test_leader_sees_the_errors_without_any_button(
    batch: Batch, township_leader: User, client_of: ClientOf
) -> None:
    response = client_of(township_leader).get(url("batch_errors", batch, VILLAGES + "&edit=1-2-B"))

    assert editor(response) is None
    assert url("batch_fix", batch) not in response.content.decode()


def test_large_file_is_checked_again_before_its_preview(
    batch: Batch, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fixing, "AT_ONCE_ROWS", 5)
    Job.objects.all().delete()
    press(client, batch, "save:1-2-B", value="黄岭村", reach="same")

    response = client.get(url("batch_errors", batch, VILLAGES))
    waiting = [line.spot for line in response.context["lines"] if line.is_pending]
    assert waiting == ["1-2-B", "1-3-B", "1-6-B"]
    assert client.get(url("batch_preview", batch))["Location"] == url("batch_errors", batch)
    answer = client.post(url("batch_errors", batch), {"take": "all"})

    assert answer["Location"] == batch.get_absolute_url()
    batch.refresh_from_db()
    assert batch.state == BatchState.UPLOADED
    assert Job.objects.get().target_id == str(batch.pk)


def test_list_costs_the_same_queries_with_1_and_40_findings_and_steps(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    client: Client,
    django_assert_max_num_queries: Any,
) -> None:
    few = checked(township_clerk, places, *ROWS[:2])
    many = checked(
        township_clerk,
        places,
        *[(n, "黄领村", f"甲{'乙' * n}"[:20], "女", "1980-01-01") for n in range(1, 41)],
    )
    for batch in (few, many):
        press(client, batch, "save:1-2-B", value="黄岭村", reach="one")
        with django_assert_max_num_queries(12):
            client.get(url("batch_errors", batch, VILLAGES))


# Large files

NAMES = ("韦大山", "覃芳", "李强", "黄明")


@pytest.fixture
def large(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    monkeypatch: pytest.MonkeyPatch,
) -> Batch:
    """900 rows, two in three of an unknown village, too many to be checked at once."""
    monkeypatch.setattr(fixing, "AT_ONCE_ROWS", 5)
    villages = ("黄领村", "黄岺村", "沙田村")
    rows = [(n, villages[n % 3], NAMES[n % 4], "女", "1980-01-01") for n in range(900)]
    batch = checked(township_clerk, places, *rows)
    assert batch.state == BatchState.CHECKED
    return batch


def reaches(response: Any) -> dict[str, str]:
    return dict(editor(response).reaches)


def test_counts_beside_all_are_those_of_the_whole_file(large: Batch, client: Client) -> None:
    response = client.get(url("batch_errors", large, VILLAGES + "&edit=1-302-B"))

    assert reaches(response) == {
        "one": "只改这一行",
        "same": "内容为“黄领村”的全部 300 行",
        "below": "本表这一行及以下，共 400 行",
        "all": "本类全部 600 行",
    }
    assert response.context["still_open"] == 600


def test_counts_of_a_large_file_leave_out_what_waits_for_the_check(
    large: Batch, client: Client
) -> None:
    press(client, large, "save:1-2-B", value="黄岭村", reach="same")

    response = client.get(url("batch_errors", large, VILLAGES + "&edit=1-3-B"))

    assert Fix.objects.get().count == 300
    assert response.context["still_open"] == 300
    assert reaches(response)["all"] == "本类全部 300 行"


# Numbers


def household_batch(actor: User, places: SimpleNamespace) -> Batch:
    """Two rows whose ID numbers have a letter and a wrong check character."""
    header = ("户号", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期", "村名")
    rows = [
        ("1", "韦大山", "户主", "男", "99990119800307O010", "1980-03-07", "黄岭村"),
        ("2", "韦小山", "户主", "男", "999901198003070011", "1980-03-07", "黄岭村"),
    ]
    received = services.receive_roster(
        actor=actor,
        kind="household_roster",
        region=places.township,
        as_of=DAY,
        file=roster(*rows, header=header),
    )
    return services.read_batch(batch_id=received.batch.pk)


def test_number_is_shown_in_full_only_on_demand_and_that_is_noted(
    places: SimpleNamespace, township_clerk: User, client: Client
) -> None:
    batch = household_batch(township_clerk, places)
    kind = "?severity=error&kind=id_checksum"

    masked = client.get(url("batch_errors", batch, kind)).content.decode()
    assert "999901198003070011" not in masked
    assert not Entry.objects.filter(code="imports.row.shown").exists()
    shown = client.get(url("batch_errors", batch, kind + "&edit=1-3-E")).content.decode()

    assert 'value="999901198003070011"' in shown
    assert Entry.objects.get(code="imports.row.shown").target_id == str(batch.pk)
