"""The pages of taking an import back, with and without JavaScript."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.core.frozen import freeze
from apps.core.models import Job
from apps.households.models import Person, Residence
from apps.households.services.roster import register_roster
from apps.imports import services
from apps.imports.models import Batch, BatchState, Row, Sheet, Undo, UndoState
from tests.factories.rosters import altered, family
from tests.imports.undoing import JULY, done, looked, written

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


@pytest.fixture
def batch(places: SimpleNamespace, township_clerk: User) -> Batch:
    """A written family."""
    return written(township_clerk, places.township, register_roster, family("001"))


@pytest.fixture
def clerk(client_of: Browser, township_clerk: User) -> Client:
    """The browser of the clerk who imported it, in English."""
    browser = client_of(township_clerk)
    browser.cookies["django_language"] = "en"
    return browser


def text(browser: Client, address: str) -> str:
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_result_page_offers_taking_back_for_thirty_days(clerk: Client, batch: Batch) -> None:
    page = text(clerk, batch.get_absolute_url())
    assert "Take this import back" in page
    assert "30 days left" in page

    Batch.objects.update(finished_at=timezone.now() - timedelta(days=31))

    page = text(clerk, batch.get_absolute_url())
    assert "Take this import back" not in page
    assert "The time for taking this import back is over" in page


def test_reader_is_not_offered_it(client_of: Browser, township_leader: User, batch: Batch) -> None:
    browser = client_of(township_leader)
    browser.cookies["django_language"] = "en"

    assert "Take this import back" not in text(browser, batch.get_absolute_url())
    assert browser.post(reverse("imports:undo_ask", args=[batch.pk])).status_code == 403


def test_from_the_question_to_the_result_without_javascript(clerk: Client, batch: Batch) -> None:
    answer = clerk.post(reverse("imports:undo_ask", args=[batch.pk]), {"direction": "back"})
    undo = Undo.objects.get()
    assert answer.url == undo.get_absolute_url()  # type: ignore[attr-defined]
    assert "Looking who goes and who stays" in text(clerk, undo.get_absolute_url())

    services.look_through(undo_id=undo.pk)
    page = text(clerk, undo.get_absolute_url())
    assert "Nothing has been changed yet." in page
    assert "Take “名册.xlsx” back: 5 records" in page
    assert "韦大山" in page

    clerk.post(reverse("imports:undo_confirm", args=[undo.pk]))
    assert "Taking the import back" in text(clerk, undo.get_absolute_url())
    services.carry_out_undo(undo_id=undo.pk)
    page = text(clerk, undo.get_absolute_url())
    assert "The import has been taken back." in page
    assert "韦大山" in page
    assert reverse("households:person_detail", args=[1]).rsplit("/", 2)[0] not in page
    page = text(clerk, batch.get_absolute_url())
    assert "This import has been taken back." in page
    assert "Bring this import in again" in page
    assert "What this import had brought" in page
    assert "Result of the check" not in page
    undo.refresh_from_db()
    assert f"{undo.confirmed_by} <span" in page.split("Taken back</dt><dd>")[1][:40]


def test_who_stays_is_listed_with_the_reason(
    clerk: Client, batch: Batch, township_clerk: User
) -> None:
    man = Person.objects.get(name="韦大山")
    Person.objects.filter(pk=man.pk).update(remark="来电核实")

    undo = looked(township_clerk, batch)
    page = text(clerk, undo.get_absolute_url())

    assert "Somebody changed them since." in page
    assert reverse("households:person_detail", args=[man.pk]) in page
    assert "2 records stay as they are" in page
    needed = text(clerk, undo.get_absolute_url() + "?fate=needed")
    assert "Later entries belong to them" in needed
    village = man.registered_region_id
    assert "覃芳" in text(clerk, f"{undo.get_absolute_url()}?village={village}&fate=removed")
    assert clerk.get(undo.get_absolute_url() + "?village=987654").status_code == 404


def test_numbers_are_masked(clerk: Client, batch: Batch, township_clerk: User) -> None:
    number = str(Person.objects.get(name="韦大山").id_number)

    page = text(clerk, looked(township_clerk, batch).get_absolute_url() + "?fate=removed")

    assert number not in page
    assert number[:3] in page


def test_rest_is_offered_when_somebody_stayed(
    clerk: Client, batch: Batch, township_clerk: User
) -> None:
    Person.objects.filter(name="韦大山").update(remark="来电核实")
    done(township_clerk, batch)

    page = text(clerk, batch.get_absolute_url())

    assert "Take back the rest" in page
    assert "2 records stayed" in page


def test_second_press_leads_to_the_same_page(clerk: Client, batch: Batch) -> None:
    address = reverse("imports:undo_ask", args=[batch.pk])
    first = clerk.post(address, {"direction": "back"})
    second = clerk.post(address, {"direction": "back"})

    assert first.url == second.url  # type: ignore[attr-defined]
    assert Undo.objects.count() == 1
    assert Job.objects.filter(kind="imports.undo_look").count() == 1


def test_refusal_is_told_on_the_page_of_the_import(clerk: Client, batch: Batch) -> None:
    Batch.objects.update(finished_at=timezone.now() - timedelta(days=31))

    answer = clerk.post(reverse("imports:undo_ask", args=[batch.pk]), follow=True)

    assert "more than 30 days ago" in answer.content.decode()
    assert not Undo.objects.exists()


def test_progress_leads_on_when_the_work_is_over(
    clerk: Client, batch: Batch, township_clerk: User
) -> None:
    undo = services.ask_undo(actor=township_clerk, batch=batch)
    address = reverse("imports:undo_progress", args=[undo.pk])
    assert "hx-get" in clerk.get(address, headers={"HX-Request": "true"}).content.decode()

    services.look_through(undo_id=undo.pk)

    answer = clerk.get(address, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == undo.get_absolute_url()
    assert clerk.get(address).url == undo.get_absolute_url()  # type: ignore[attr-defined]


def test_preview_of_an_import_that_was_taken_back_links_nobody_who_is_gone(
    clerk: Client, batch: Batch, township_clerk: User
) -> None:
    man = Person.objects.get(name="韦大山")
    Sheet.objects.create(batch=batch, number=1, name="一", role="data")
    Row.objects.create(
        batch=batch,
        sheet_number=1,
        row_number=3,
        status="clean",
        outcome="new",
        subject_id=man.pk,
        payload=freeze({"values": {"name": "韦大山"}, "raw": []}),
    )
    address = reverse("imports:batch_preview", args=[batch.pk]) + "?rows=new"
    link = reverse("households:person_detail", args=[man.pk])
    assert link in text(clerk, address)

    done(township_clerk, batch)

    page = text(clerk, address)
    assert "韦大山" in page
    assert link not in page


def test_bringing_in_again_shows_who_comes_back(
    clerk: Client, batch: Batch, township_clerk: User
) -> None:
    done(township_clerk, batch)

    undo = looked(township_clerk, batch, "again")
    page = text(clerk, undo.get_absolute_url())

    assert "Bring “名册.xlsx” in again: 5 records" in page
    assert "They are entered again just as they were" in page
    clerk.post(reverse("imports:undo_confirm", args=[undo.pk]))
    services.carry_out_undo(undo_id=undo.pk)
    undo.refresh_from_db()
    batch.refresh_from_db()
    assert (undo.state, batch.state) == (UndoState.DONE, BatchState.DONE)


def test_changed_values_are_called_set_to_earlier_values(
    clerk: Client, batch: Batch, places: SimpleNamespace, township_clerk: User
) -> None:
    rows = [altered(row, education="21") for row in family("001")]
    second = written(township_clerk, places.township, register_roster, rows, as_of=JULY)

    page = text(clerk, looked(township_clerk, second).get_absolute_url())

    assert "set to earlier values" in page
    assert "They get the values they had before." in page


@pytest.mark.django_db(transaction=True)
def test_preview_names_what_was_changed_since_field_by_field(
    clerk: Client, places: SimpleNamespace, township_clerk: User, batch: Batch
) -> None:
    said = {"education": "21", "remark": "名册", "residence_status": "2"}
    rows = [altered(row, **said) for row in family("001")]
    later = written(township_clerk, places.township, register_roster, rows, as_of=JULY)
    man = Person.objects.get(name="韦大山")
    Person.objects.filter(pk=man.pk).update(education="31", remark="来电核实")
    away = Residence.objects.filter(person__name="覃芳", kind="current", valid_to=None)
    assert away.update(place="广东东莞") == 1
    undo = looked(township_clerk, later)

    answer = clerk.get(undo.get_absolute_url() + "?fate=changed")

    lines = {line.name: (told, line.theirs) for line, told in answer.context["lines"]}
    [(name, told), *others] = [(key, value) for key, value in lines.items() if value[0]]
    assert (others, name) == ([], "韦大山")
    assert told[0] == [
        ("education", "", "Undergraduate, graduated", "Junior college, graduated"),
        ("remark", "", "名册", "来电核实"),
    ]
    assert lines["覃芳"] == ([], ["residence"])
    assert "<b>来电核实</b>" in answer.content.decode()
