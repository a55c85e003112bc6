"""Pages of what is to be decided and of who is missing: who may, what they show, what they keep."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.accounts.models import User
from apps.core.identifiers import mask
from apps.households.models import Person
from apps.imports import services
from apps.imports.models import Batch, Question
from tests.factories.rosters import id_number
from tests.imports.comparing import bring_in, decisions, row, statuses, upload
from tests.imports.test_comparing import BORN

pytestmark = pytest.mark.django_db
ClientOf = Callable[[User], Client]


def url(name: str, batch: Batch, query: str = "") -> str:
    return reverse(f"imports:{name}", args=[batch.pk]) + query


@pytest.fixture
def batch(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A checked roster with one number under two names."""
    return upload(township_clerk, places, row("韦大山"), row("韦小山", household="002"))


@pytest.fixture
def near(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A checked roster of somebody whom the register perhaps knows as 张小明."""
    bring_in(township_clerk, places, row("张小明", born=BORN, household="005"))
    return upload(township_clerk, places, row("张晓明", born=BORN, number=None, household="009"))


def test_group_shows_its_members_side_by_side_with_masked_numbers(
    near: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(url("batch_duplicates", near))

    [group] = response.context["groups"]
    line, known = group.members
    assert [text for _label, text, _differs in line.cells[:3]] == ["张晓明", "男", "2015-03-01"]
    assert [differs for _label, _text, differs in known.cells] == [True, False, False, False]
    assert known.cells[3][1:] == (mask(id_number("1", BORN)), False)
    assert (known.village, known.household) == ("黄岭村", "005")
    assert known.url == reverse("households:person_detail", args=[Person.objects.get().pk])
    assert id_number("1", BORN) not in response.content.decode()


def test_answers_of_a_page_are_kept_in_one_go(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    [question] = Question.objects.filter(batch=batch)
    data = {"kind": "same_number", f"a-{question.key}": "keep:1"}

    response = client_of(township_clerk).post(url("batch_duplicates", batch), data)

    assert response["Location"] == url("batch_duplicates", batch, "?kind=same_number#h-k")
    assert decisions(batch) == [("same_number", "keep", 1)]
    assert statuses(batch) == {2: "skipped", 3: "new"}
    [group] = client_of(township_clerk).get(url("batch_duplicates", batch)).context["groups"]
    assert [option.value for option in group.options if option.is_chosen] == ["keep:1"]


def test_roster_that_only_waits_for_an_answer_is_not_called_faulty(
    near: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    browser = client_of(township_clerk)
    browser.cookies["django_language"] = "en"

    page = browser.get(url("batch_preview", near)).content.decode()

    assert (near.importable, near.undecided, near.faulty) == (0, 1, 0)
    assert "1 row waits for your decision; then it can be written." in page
    assert "No row of this file can be written" not in page


def test_one_answer_for_all_groups(near: Batch, township_clerk: User, client_of: ClientOf) -> None:
    data = {"act": "all", "kind": "similar", "all": "same"}

    client_of(township_clerk).post(url("batch_duplicates", near), data)

    assert decisions(near) == [("similar", "same", Person.objects.get().pk)]


@pytest.mark.parametrize("value", ["keep:7", "same:1", "nonsense", "keep:x"])
def test_answer_that_was_not_offered_is_refused_with_words(
    value: str, batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    [question] = Question.objects.filter(batch=batch)
    data = {"kind": "same_number", f"a-{question.key}": value}

    page = client_of(township_clerk).post(url("batch_duplicates", batch), data, follow=True)

    assert "请从给出的选项中选择" in page.content.decode() or "answers offered" in str(page.content)
    assert decisions(batch) == []


def test_leader_sees_the_groups_and_cannot_answer(
    batch: Batch, township_leader: User, client_of: ClientOf
) -> None:
    client = client_of(township_leader)

    response = client.get(url("batch_duplicates", batch))

    assert response.status_code == 200
    assert "btn-primary" not in response.content.decode()
    assert client.post(url("batch_duplicates", batch), {}).status_code == 403


def test_preview_and_errors_lead_to_the_questions(
    batch: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)

    for name in ("batch_preview", "batch_errors"):
        assert url("batch_duplicates", batch) in client.get(url(name, batch)).content.decode()


def test_batch_without_questions_says_so(
    places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    batch = upload(township_clerk, places, row("韦大山"))

    response = client_of(township_clerk).get(url("batch_duplicates", batch))

    assert (response.status_code, response.context["current"]) == (200, None)


def test_groups_cost_the_same_queries_at_1_and_10(
    places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    counted = []
    for number in (1, 10):
        rows = [row(f"韦{name}", serial=n) for n in range(number) for name in ("大山", "小山")]
        page = url("batch_duplicates", upload(township_clerk, places, *rows))
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert len(client.get(page).context["groups"]) == number
        counted.append(len(queries))

    assert counted[0] == counted[1]


def test_result_offers_to_write_what_waited(
    near: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    batch = bring_in(
        township_clerk, places, row("覃芳", "女"), row("张晓明", born=BORN, number=None)
    )
    client = client_of(township_clerk)
    assert url("batch_follow_up", batch) in client.get(url("batch_detail", batch)).content.decode()

    response = client.post(url("batch_follow_up", batch))

    later = Batch.objects.get(follows=batch)
    assert response["Location"] == later.get_absolute_url()
    page = client.get(url("batch_detail", batch)).content.decode()
    assert url("batch_follow_up", batch) not in page
    assert later.get_absolute_url() in page


# Who is missing -----------------------------------------------------------------------------------


@pytest.fixture
def partial(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A roster that leaves out 覃芳 and 韦小芳 of its village, and has 韦小山 with an error."""
    bring_in(
        township_clerk,
        places,
        row("韦大山"),
        row("覃芳", "女"),
        row("韦小山", born=BORN),
        row("韦小芳", "女", BORN),
        row("黄明", serial=5, village="沙田村"),
    )
    wrong = row("韦小山", born=BORN)
    return upload(township_clerk, places, row("韦大山"), (*wrong[:6], "2015-13-45", *wrong[7:]))


def missing(client: Client, batch: Batch, query: str = "") -> list[str]:
    response = client.get(url("batch_missing", batch, query))
    return [line["name"] for line in response.context["lines"]]


def test_people_of_the_villages_who_are_not_in_the_roster_are_listed(
    partial: Batch, places: SimpleNamespace, township_clerk: User, client_of: ClientOf
) -> None:
    response = client_of(township_clerk).get(url("batch_missing", partial))

    assert [line["name"] for line in response.context["lines"]] == ["覃芳", "韦小芳"]
    [first, _second] = response.context["lines"]
    assert (first["sex"], first["village"], first["household"]) == ("女", places.village, "001")
    assert response.context["villages"] == [(places.village, 2)]


def test_person_whom_an_open_question_names_is_not_called_missing(
    near: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)
    assert missing(client, near) == []

    services.decide_all(actor=township_clerk, batch=near, kind="similar", choice="new")

    assert missing(client, near) == ["张小明"]


def test_people_who_are_missing_stay_in_the_register(partial: Batch, township_clerk: User) -> None:
    before = Person.objects.count()
    services.choose_take(actor=township_clerk, batch=partial, take="good")
    services.confirm_batch(actor=township_clerk, batch=partial, in_background=False)

    services.apply_batch(batch_id=partial.pk)

    assert Person.objects.filter(registered_region__isnull=False).count() == before


def test_search_by_name_keeps_the_name_out_of_the_address(
    partial: Batch, township_clerk: User, client_of: ClientOf
) -> None:
    client = client_of(township_clerk)

    response = client.post(url("batch_missing", partial), {"name": "韦小"})

    assert [line["name"] for line in response.context["lines"]] == ["韦小芳"]
    assert client.get(url("batch_missing", partial, "?village=999999")).status_code == 404
    assert client.get(url("batch_missing", partial, "?village=x")).status_code == 404


def test_outsider_sees_neither_page(partial: Batch, outsider: User, client_of: ClientOf) -> None:
    client = client_of(outsider)

    for name in ("batch_missing", "batch_duplicates"):
        assert client.get(url(name, partial)).status_code == 404
