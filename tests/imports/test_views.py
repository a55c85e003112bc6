"""The wizard's pages: who may open them, what they show, where they lead."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.core.models import Job
from apps.imports import services
from apps.imports.models import Batch, BatchState, Take
from tests.factories.imports import DAY, KIND, TinyKind, people, roster, unreadable

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]
STEPS = ("batch_detail", "batch_columns", "batch_errors", "batch_preview", "batch_progress")


@pytest.fixture
def batch(tiny: TinyKind, places: SimpleNamespace, township_clerk: User) -> Batch:
    """A checked roster of the township: one new, one changed, one same, one with an error."""
    return read(township_clerk, places, "韦大山", "韦小山旧", "覃芳同", "黄明疑")


def read(actor: User, places: SimpleNamespace, *names: str) -> Batch:
    received = services.receive_roster(
        actor=actor, kind=KIND, region=places.township, as_of=DAY, file=roster(*people(*names))
    )
    return services.read_batch(batch_id=received.batch.pk)


def written(actor: User, batch: Batch) -> Batch:
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    services.confirm_batch(actor=actor, batch=batch)
    return services.apply_batch(batch_id=batch.pk)


def url(name: str, batch: Batch, query: str = "") -> str:
    return reverse(f"imports:{name}", args=[batch.pk]) + query


def upload(client: Client, places: SimpleNamespace, **values: Any) -> Any:
    file = SimpleUploadedFile("名册.csv", roster(*people("韦大山")).read())
    data = {"file": file, "kind": KIND, "region": places.township.pk, "as_of": "20260630"}
    return client.post(reverse("imports:batch_create"), {**data, **values})


# Who may


@pytest.mark.parametrize("name", STEPS)
def test_clerk_of_other_township_gets_404(
    batch: Batch, outsider: User, client_of: ClientOf, name: str
) -> None:
    assert client_of(outsider).get(url(name, batch)).status_code == 404


@pytest.mark.parametrize("name", STEPS)
def test_village_worker_gets_403(
    batch: Batch, village_worker: User, client_of: ClientOf, name: str
) -> None:
    assert client_of(village_worker).get(url(name, batch)).status_code == 403


@pytest.mark.parametrize("name", ["batch_errors", "batch_columns", "batch_confirm"])
def test_leader_may_look_but_not_decide(
    batch: Batch, township_leader: User, client_of: ClientOf, name: str
) -> None:
    response = client_of(township_leader).post(url(name, batch), {"take": "good"})

    assert response.status_code == 403
    batch.refresh_from_db()
    assert batch.state == BatchState.CHECKED


def test_leader_sees_no_buttons_that_write(
    batch: Batch, township_leader: User, client_of: ClientOf
) -> None:
    page = client_of(township_leader).get(url("batch_preview", batch)).content.decode()

    assert reverse("imports:batch_confirm", args=[batch.pk]) not in page


# Choosing a file


def test_upload_leads_to_the_progress_of_the_batch(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    response = upload(client_of(township_clerk), places)

    batch = Batch.objects.get()
    assert response.status_code == 302
    assert response["Location"] == batch.get_absolute_url()
    assert (batch.region, batch.as_of) == (places.township, DAY)
    assert Job.objects.get().started_by == township_clerk


def test_second_upload_of_the_same_file_leads_to_the_first(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)

    first, second = upload(client, places), upload(client, places)

    assert first["Location"] == second["Location"]
    assert Batch.objects.count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"file": SimpleUploadedFile("photo.jpg", b"\xff\xd8")},
        {"file": SimpleUploadedFile("empty.xlsx", b"")},
        {"kind": "unknown"},
        {"as_of": "sometime"},
        {"as_of": "20990101"},
        {"region": ""},
    ],
    ids=["no table", "empty", "kind", "no date", "future", "no region"],
)
def test_wrong_upload_says_so_and_opens_no_batch(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    client_of: ClientOf,
    values: dict[str, Any],
) -> None:
    response = upload(client_of(township_clerk), places, **values)

    assert response.status_code == 422
    assert "fp-summary" in response.content.decode()
    assert not Batch.objects.exists()


def test_region_outside_of_the_users_own_is_not_accepted(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    response = upload(client_of(township_clerk), places, region=places.elsewhere.pk)

    assert response.status_code == 422
    assert not Batch.objects.exists()


# Progress


def test_page_of_a_waiting_batch_asks_again_and_works_without_javascript(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    upload(client, places)
    batch = Batch.objects.get()

    page = client.get(batch.get_absolute_url()).content.decode()

    assert f'hx-get="{url("batch_progress", batch)}"' in page
    assert f'href="{batch.get_absolute_url()}"' in page


def test_progress_of_a_batch_that_is_over_leads_on(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(
        url("batch_progress", batch), headers={"HX-Request": "true"}
    )

    assert response["HX-Redirect"] == batch.get_absolute_url()


# Errors


def test_checked_batch_with_errors_opens_at_the_errors(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(batch.get_absolute_url())

    assert response["Location"] == url("batch_errors", batch)


def test_errors_page_shows_kind_row_column_name_and_value(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(url("batch_errors", batch))

    line = response.context["lines"][0].found
    assert (line.row, line.column, line.name, line.value) == (5, "C", "黄明疑", "黄明疑")
    assert response.context["current"].kind == "ambiguous_match"


def test_errors_page_with_nonsense_in_the_address_shows_the_first_kind(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(
        url("batch_errors", batch, "?kind=x&severity=y&page=zz")
    )

    assert response.context["current"].kind == "ambiguous_match"


def test_choosing_the_right_rows_leads_to_the_preview(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).post(url("batch_errors", batch), {"take": "good"})

    assert response["Location"] == url("batch_preview", batch)
    batch.refresh_from_db()
    assert batch.take == Take.GOOD


def test_pages_of_findings_cost_the_same_queries_at_1_and_30_rows(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    client_of: ClientOf,
    django_assert_max_num_queries: Any,
) -> None:
    client = client_of(township_clerk)
    one = read(township_clerk, places, "甲疑")
    many = read(township_clerk, places, *[f"甲{'乙' * (n % 7)}疑" for n in range(1, 29)])
    client.get(url("batch_errors", one))

    with django_assert_max_num_queries(9):
        client.get(url("batch_errors", one))
    with django_assert_max_num_queries(9):
        client.get(url("batch_errors", many))


# Columns


def test_columns_page_offers_each_column_its_meaning(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    page = client_of(township_clerk).get(url("batch_columns", batch)).content.decode()

    assert '<select class="form-select" name="c1-C"' in page


def test_changed_column_is_checked_again(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    columns = {"c1-A": "seq", "c1-B": "village", "c1-C": "name", "c1-D": "", "c1-E": "birth"}

    response = client_of(township_clerk).post(
        url("batch_columns", batch), {**columns, "remember": "on"}
    )

    batch.refresh_from_db()
    assert response["Location"] == batch.get_absolute_url()
    assert batch.state == BatchState.UPLOADED
    assert batch.sheets.get().columns[3]["field"] is None


@pytest.mark.parametrize("meaning", ["no_such_field", "village"], ids=["unknown", "twice"])
def test_impossible_column_is_refused_on_the_page(
    batch: Batch, township_clerk: User, client_of: ClientOf, meaning: str
) -> None:
    response = client_of(township_clerk).post(
        url("batch_columns", batch), {"c1-B": "village", "c1-C": meaning}
    )

    assert response.status_code == 422
    assert response.context["errors"]


# Preview


def test_preview_counts_by_village_and_shows_old_and_new(
    batch: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(url("batch_preview", batch))

    [line] = response.context["villages"]
    assert line.region == places.village
    assert line.cells == [
        ("new", 1),
        ("changed", 1),
        ("same", 1),
        ("skipped", 0),
        ("waiting", 0),
        ("blocked", 1),
    ]
    [row] = response.context["rows"]
    assert (row.name, [change[1:] for change in row.changes]) == ("韦小山旧", [("男", "女")])


def test_preview_narrows_to_a_village_and_an_outcome(
    batch: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    query = f"?village={places.village.pk}&rows=new"

    response = client_of(township_clerk).get(url("batch_preview", batch, query))

    assert [row.name for row in response.context["rows"]] == ["韦大山"]


def test_preview_of_a_village_that_is_not_in_the_file_is_404(
    batch: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    query = f"?village={places.far_village.pk}"

    assert client_of(township_clerk).get(url("batch_preview", batch, query)).status_code == 404


def test_undecided_errors_leave_no_button_to_confirm(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    page = client_of(township_clerk).get(url("batch_preview", batch)).content.decode()

    assert reverse("imports:batch_confirm", args=[batch.pk]) in page
    assert "btn-primary" not in page.split("h-k", 1)[1]


# Writing and result


def test_confirming_twice_starts_one_job(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    services.choose_take(actor=township_clerk, batch=batch, take=Take.GOOD)
    Job.objects.all().delete()

    first = client.post(url("batch_confirm", batch))
    second = client.post(url("batch_confirm", batch))

    assert first["Location"] == second["Location"] == batch.get_absolute_url()
    assert Job.objects.count() == 1


def test_result_says_how_many_rows_were_written(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    written(township_clerk, batch)

    response = client_of(township_clerk).get(batch.get_absolute_url())

    assert response.context["came_in"]
    assert 'class="fp-note ok"' in response.content.decode()


def test_result_never_says_success_when_nothing_came_in(
    tiny: TinyKind,
    places: SimpleNamespace,
    township_clerk: User,
    client_of: ClientOf,
) -> None:
    batch = written(township_clerk, read(township_clerk, places, "覃芳同"))
    Batch.objects.filter(pk=batch.pk).update(result={"rows": 1, "persons_created_any": 0})

    page = client_of(township_clerk).get(batch.get_absolute_url()).content.decode()

    assert 'class="fp-note ok"' not in page


def test_failed_file_says_why_and_offers_another(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    upload(client, places, file=unreadable())
    batch = services.read_batch(batch_id=Batch.objects.get().pk)

    response = client.get(batch.get_absolute_url())

    assert response.context["failure"][0]
    assert f"?like={batch.pk}" in response.content.decode()


def test_new_upload_like_another_keeps_kind_region_and_date(
    batch: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(reverse("imports:batch_create") + f"?like={batch.pk}")

    initial = response.context["form"].initial
    assert (initial["kind"], initial["region"], initial["as_of"]) == (
        KIND,
        places.township.pk,
        DAY,
    )


def test_cancelling_asks_and_writes_nothing(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)

    assert client.get(url("batch_cancel", batch)).status_code == 200
    client.post(url("batch_cancel", batch))

    batch.refresh_from_db()
    assert batch.state == BatchState.CANCELLED


def test_history_lists_the_imports_of_the_users_regions(
    batch: Batch, township_clerk: User, outsider: User, client_of: ClientOf
) -> None:
    address = reverse("imports:batch_list")

    assert client_of(township_clerk).get(address).context["table"].paginator.count == 1
    assert client_of(outsider).get(address).context["table"].paginator.count == 0


def test_columns_of_a_file_that_could_not_be_read_lead_to_its_page(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    upload(client, places, file=unreadable())
    batch = services.read_batch(batch_id=Batch.objects.get().pk)

    response = client.get(reverse("imports:batch_columns", args=[batch.pk]))

    assert response.status_code == 302
    assert response["Location"] == batch.get_absolute_url()
