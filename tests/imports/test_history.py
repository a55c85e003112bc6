"""What stays of an import: its file, and every record it touched."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from apps.accounts.models import User
from apps.audit.models import Entry
from apps.core.codes import code_label
from apps.households.models import Household, Membership, Person
from apps.households.services.roster import register_roster
from apps.imports import services
from apps.imports.models import Batch
from apps.imports.selectors import touched
from apps.imports.views.history import label_of
from apps.women.models import ContraceptiveUse
from tests.factories.imports import DAY, KIND, TinyKind, people, roster
from tests.factories.rosters import OTHER_VILLAGE, altered, family
from tests.imports.undoing import JULY, done, written

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def bring(places: SimpleNamespace, township_clerk: User) -> Callable[..., Batch]:
    """Write lines as an import of 安塘乡."""

    def write(rows: Any, **values: Any) -> Batch:
        return written(township_clerk, places.township, register_roster, rows, **values)

    return write


def counts(batch: Batch) -> dict[str, tuple[int, int, int]]:
    """How many rows an import entered, changed and removed, by table."""
    lines = touched.touched_tables(batch)
    return {line.table.key: (line.created, line.changed, line.removed) for line in lines}


def rows(batch: Batch, user: User, model: Any = Person, act: str = "created", **page: Any) -> Any:
    return touched.touched_rows(batch, touched.Table(model), act, user=user, **page)


def names(page: Any) -> list[str]:
    return [version.row.name for version in page.rows]


def shown(browser: Client, batch: Batch, query: str = "") -> str:
    browser.cookies["django_language"] = "en"
    answer = browser.get(reverse("imports:batch_touched", args=[batch.pk]) + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


# Which records


def test_new_family_is_counted_table_by_table(bring: Any) -> None:
    assert counts(bring(family("001"))) == {
        "households.household": (1, 0, 0),
        "households.person": (4, 0, 0),
        "households.membership": (4, 0, 0),
        "households.residence": (8, 0, 0),
        "households.kinship": (4, 0, 0),
        "households.marriage": (1, 0, 0),
        "households.maritalperiod": (2, 0, 0),
    }


def test_second_import_counts_only_what_it_changed(bring: Any) -> None:
    lines = family("001")
    bring(lines)

    later = bring([altered(lines[0], education="31"), *lines[1:]], as_of=JULY)

    assert counts(later) == {"households.person": (0, 1, 0)}


def test_changed_record_has_its_value_before_and_after(bring: Any, township_clerk: User) -> None:
    lines = family("001")
    bring([altered(lines[0], education="21"), *lines[1:]])

    later = bring([altered(lines[0], education="31"), *lines[1:]], as_of=JULY)

    (version,) = rows(later, township_clerk, act="changed").rows
    found = (version.row.name, version.before.education, version.row.education)
    assert found == ("韦大山", "21", "31")


def test_later_correction_does_not_change_what_the_import_is_said_to_have_done(
    bring: Any, township_clerk: User
) -> None:
    batch = bring(family("001"))
    Person.objects.filter(name="覃芳").update(name="覃芳芳")

    assert names(rows(batch, township_clerk)) == ["韦大山", "覃芳", "韦小山", "韦小芳"]


def test_pages_neither_skip_nor_repeat(bring: Any, township_clerk: User) -> None:
    batch = bring([*family("001"), *family("002")])
    found: list[list[int]] = []
    after: int | None = 0
    while after is not None:
        page = rows(batch, township_clerk, after=after, limit=3)
        found.append([version.number for version in page.rows])
        after = page.after

    assert [len(part) for part in found] == [3, 3, 2]
    assert [number for part in found for number in part] == sorted(
        Person.objects.values_list("pk", flat=True)
    )


def test_people_out_of_sight_are_counted_and_not_listed(
    bring: Any, places: SimpleNamespace, village_worker: User, township_clerk: User
) -> None:
    batch = bring([*family("001"), *family("002", village_code=OTHER_VILLAGE)])
    assert places.neighbour.code == OTHER_VILLAGE

    assert counts(batch)["households.person"] == (8, 0, 0)
    assert len(rows(batch, township_clerk).rows) == 8
    mine = Person.objects.filter(registered_region=places.village)
    listed = {version.number for version in rows(batch, village_worker).rows}
    assert listed == set(mine.values_list("pk", flat=True))
    assert len(listed) == 4


def test_somebody_who_moved_out_of_sight_since_is_not_listed(
    bring: Any, places: SimpleNamespace, township_clerk: User
) -> None:
    batch = bring(family("001"))
    far = places.far_village
    Person.objects.filter(name="覃芳").update(registered_region=far, current_region=far)

    assert names(rows(batch, township_clerk)) == ["韦大山", "韦小山", "韦小芳"]


def test_nobody_is_listed_for_a_user_without_region(bring: Any, unassigned: User) -> None:
    assert rows(bring(family("001")), unassigned).rows == []


def test_records_taken_back_are_listed_as_they_were(bring: Any, township_clerk: User) -> None:
    batch = bring(family("001"))
    done(township_clerk, batch)
    batch.refresh_from_db()

    page = rows(batch, township_clerk)

    assert not Person.objects.exists()
    assert names(page) == ["韦大山", "覃芳", "韦小山", "韦小芳"]
    assert [version.today for version in page.rows] == [None] * 4
    assert counts(batch)["households.person"] == (4, 0, 0)


def test_page_of_rows_costs_the_same_queries_for_1_and_8_people(
    bring: Any, township_clerk: User, django_assert_num_queries: Any
) -> None:
    batch = bring([*family("001"), *family("002")])
    table = touched.Table(Membership)
    touched.touched_rows(batch, table, "created", user=township_clerk)

    for limit in (1, 8):
        with django_assert_num_queries(5):
            page = touched.touched_rows(batch, table, "created", user=township_clerk, limit=limit)
        assert len(page.rows) == limit


# Pages


def test_page_lists_names_with_links_and_masked_numbers(
    bring: Any, client_of: Browser, township_clerk: User
) -> None:
    batch = bring(family("001"))
    person = Person.objects.get(name="韦大山")

    page = shown(client_of(township_clerk), batch, "?table=households.person")

    assert f'<a href="{person.get_absolute_url()}">韦大山</a>' in page
    assert "<b>999901********" in page
    assert str(person.id_number) not in page


def test_row_of_somebody_is_named_by_whose_it_is(
    bring: Any, client_of: Browser, township_clerk: User
) -> None:
    batch = bring(family("001"))
    person, household = Person.objects.get(name="覃芳"), Household.objects.get()

    page = shown(client_of(township_clerk), batch, "?table=households.membership")

    assert f'<a href="{person.get_absolute_url()}">覃芳 – {household}</a>' in page


def test_change_is_shown_in_words(bring: Any, client_of: Browser, township_clerk: User) -> None:
    lines = family("001")
    bring([altered(lines[0], residence_status="1"), *lines[1:]])
    later = bring([altered(lines[0], residence_status="2"), *lines[1:]], as_of=JULY)
    with translation.override("en"):
        labels = {code: code_label("residence_status", code) for code in ("1", "2")}

    page = shown(client_of(township_clerk), later, "?table=households.person&act=changed")

    assert f"<del>{labels['1']}</del> → <ins>{labels['2']}</ins>" in page


@pytest.mark.parametrize(
    ("model", "name", "label"),
    [
        (ContraceptiveUse, "method", "method"),
        (ContraceptiveUse, "person", "person"),
        (ContraceptiveUse, "from_precision", ""),
    ],
)
def test_column_without_words_is_not_shown(model: Any, name: str, label: str) -> None:
    with translation.override("en"):
        assert label_of(model._meta.get_field(name)) == label


def test_import_that_touched_nothing_says_so(
    bring: Any, client_of: Browser, township_clerk: User
) -> None:
    bring(family("001"))
    again = bring(family("001"))

    assert counts(again) == {}
    assert "No records were touched" in shown(client_of(township_clerk), again)


@pytest.mark.parametrize("query", ["?table=auth.group", "?table=x"])
def test_unknown_table_is_404(
    bring: Any, client_of: Browser, township_clerk: User, query: str
) -> None:
    address = reverse("imports:batch_touched", args=[bring(family("001")).pk]) + query

    assert client_of(township_clerk).get(address).status_code == 404


@pytest.mark.parametrize("query", ["?act=x&after=x", "?after=99999999999999", "?after=-1"])
def test_nonsense_in_the_address_shows_the_first_page(
    bring: Any, client_of: Browser, township_clerk: User, query: str
) -> None:
    assert "001" in shown(client_of(township_clerk), bring(family("001")), query)


def test_result_page_leads_to_the_records_and_the_file(
    bring: Any, client_of: Browser, township_clerk: User, township_leader: User
) -> None:
    batch = bring(family("001"))
    pages = [
        client_of(user).get(batch.get_absolute_url()).content.decode()
        for user in (township_clerk, township_leader)
    ]

    records = reverse("imports:batch_touched", args=[batch.pk])
    file = reverse("imports:original_file", args=[batch.pk])
    assert [(records in page, file in page) for page in pages] == [(True, True), (True, False)]


# The file


def test_original_file_comes_back_byte_for_byte_and_is_audited(
    tiny: TinyKind, places: SimpleNamespace, township_clerk: User, client_of: Browser
) -> None:
    file = roster(*people("韦大山"))
    content = file.read()
    batch = services.receive_roster(
        actor=township_clerk, kind=KIND, region=places.township, as_of=DAY, file=file
    ).batch

    answer: Any = client_of(township_clerk).get(reverse("imports:original_file", args=[batch.pk]))

    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Disposition"].startswith("attachment")
    entry = Entry.objects.get(code="imports.batch.file_downloaded")
    assert (entry.actor_id, entry.target_id) == (township_clerk.pk, str(batch.pk))


def test_lost_file_says_so_and_leaves_no_entry(
    bring: Any, township_clerk: User, client_of: Browser
) -> None:
    batch = bring(family("001"))

    answer: Any = client_of(township_clerk).get(reverse("imports:original_file", args=[batch.pk]))

    assert answer.url == batch.get_absolute_url()
    assert not Entry.objects.filter(code="imports.batch.file_downloaded").exists()
