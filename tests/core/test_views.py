"""The generic views: who may, what a list costs, what a form keeps, what happens once."""

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.core import menu
from apps.regions.models import Region
from tests.factories.regions import RegionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.pages")]
HTMX = {"HX-Request": "true"}
SignIn = Callable[[User], Any]


def text_of(response: Any) -> str:
    return str(response.content.decode())


def rows_of(response: Any) -> list[str]:
    return re.findall(r'<th scope="row"><a [^>]*><b>([^<]*)', text_of(response))


@pytest.fixture
def clerk(client_of: SignIn, township_clerk: User) -> Any:
    """A signed-in clerk of 安塘乡, in English."""
    client = client_of(township_clerk)
    client.cookies["django_language"] = "en"
    return client


# Who may ------------------------------------------------------------------------------------------


def test_anonymous_is_led_to_sign_in_and_back(client: Any) -> None:
    response = client.get("/t/?code=99")

    assert response.status_code == 302
    assert parse_qs(urlsplit(response.url).query)["next"] == ["/t/?code=99"]


def test_anonymous_fragment_request_leaves_the_whole_page(client: Any) -> None:
    headers = {**HTMX, "HX-Current-URL": "http://testserver/t/?page=2"}

    response = client.get("/t/?page=3", headers=headers)

    assert response.status_code == 204
    assert response["HX-Redirect"].endswith("?next=/t/%3Fpage%3D2")


def test_role_without_the_permission_gets_403(client_of: SignIn, administrator: User) -> None:
    assert client_of(administrator).get("/t/").status_code == 403


def test_clerk_of_other_township_gets_404(
    client_of: SignIn, outsider: User, places: SimpleNamespace
) -> None:
    assert client_of(outsider).get(f"/t/{places.village.pk}/edit/").status_code == 404


def test_unassigned_clerk_sees_an_empty_list(client_of: SignIn, unassigned: User) -> None:
    response = client_of(unassigned).get("/t/")

    assert response.status_code == 200
    assert rows_of(response) == []


# Lists --------------------------------------------------------------------------------------------


def test_list_shows_own_villages_in_order(clerk: Any) -> None:
    response = clerk.get("/t/")

    assert sorted(rows_of(response)) == sorted(["黄岭村", "沙田村"])
    assert "<b>2</b> in all" in text_of(response)


def test_list_costs_the_same_with_2_and_with_30_rows(clerk: Any, places: Any) -> None:
    clerk.get("/t/")
    with CaptureQueriesContext(
        connection,
    ) as few:
        clerk.get("/t/")

    for number in range(28):
        RegionFactory(code=f"9999011005{number:02d}", parent=places.township)
    with CaptureQueriesContext(connection) as many:
        clerk.get("/t/?size=50")

    assert len(many) == len(few)
    counts = [query for query in many if "COUNT(" in query["sql"] and "village" in query["sql"]]
    assert len(counts) == 1


def test_rows_with_equal_names_neither_skip_nor_repeat(clerk: Any, places: Any) -> None:
    for number in range(60):
        RegionFactory(name="同名村", code=f"9999011006{number:02d}", parent=places.township)

    codes: list[str] = []
    for page in (1, 2, 3, 4):
        codes += re.findall(r"99990110\d{4}", text_of(clerk.get(f"/t/?page={page}")))

    assert len(codes) == len(set(codes)) == 62


def test_fragment_is_the_part_that_the_page_includes(clerk: Any) -> None:
    page = text_of(clerk.get("/t/"))
    fragment = text_of(clerk.get("/t/", headers=HTMX))

    assert "<html" not in fragment
    assert fragment.strip() in page


def test_history_restore_gets_the_whole_page(clerk: Any) -> None:
    headers = {**HTMX, "HX-History-Restore-Request": "true"}

    assert "<html" in text_of(clerk.get("/t/", headers=headers))


@pytest.mark.parametrize("page", ["0", "99", "-1", "x", "９", "99999999999999999999"])
def test_page_out_of_range_shows_a_page_there_is(clerk: Any, page: str) -> None:
    response = clerk.get("/t/", {"page": page})

    assert response.status_code == 200
    assert len(rows_of(response)) == 2


def test_page_size_is_remembered_in_the_browser(clerk: Any, places: Any) -> None:
    for number in range(30):
        RegionFactory(code=f"9999011005{number:02d}", parent=places.township)

    clerk.get("/t/?size=50")

    assert len(rows_of(clerk.get("/t/"))) == 32
    assert len(rows_of(clerk.get("/t/?size=7"))) == 32


def test_sort_by_an_unknown_column_is_ignored(clerk: Any) -> None:
    assert len(rows_of(clerk.get("/t/?sort=password"))) == 2


def test_personal_condition_never_stands_in_an_address(clerk: Any) -> None:
    response = clerk.post("/t/", {"name": "黄岭", "code": "9999"})

    assert response.status_code == 302
    assert "黄" not in response.url
    assert "%E9" not in response.url
    assert "code=9999" in response.url
    assert rows_of(clerk.get(response.url)) == ["黄岭村"]


def test_sealed_condition_of_somebody_else_opens_nothing(
    clerk: Any, client_of: SignIn, township_leader: User
) -> None:
    address = clerk.post("/t/", {"name": "黄岭"}).url

    response = client_of(township_leader).get(address)

    assert len(rows_of(response)) == 2


def test_chip_drops_its_condition_and_keeps_the_others(clerk: Any) -> None:
    address = clerk.post("/t/", {"name": "黄岭", "code": "9999"}).url

    page = text_of(clerk.get(address))
    chips = re.findall(r'class="fp-chip" href="([^"]*)" aria-label="([^"]*)"', page)

    assert [label for _url, label in chips] == [
        "Drop the condition Name: 黄岭",
        "Drop the condition Code: 9999",
    ]
    assert len(rows_of(clerk.get(chips[0][0].replace("&amp;", "&")))) == 2


def test_condition_that_is_a_prefix_of_another_keeps_it_apart(clerk: Any) -> None:
    page = text_of(clerk.get("/t/?number_from=1&number_to=999999999&code=9999"))

    assert "Number: 1–999999999" in page


def test_no_match_names_the_condition_to_drop(clerk: Any) -> None:
    address = clerk.post("/t/", {"name": "没有", "code": "9999"}).url

    page = text_of(clerk.get(address))

    assert "Nothing meets these conditions" in page
    assert 'Without "Name: 没有" there would be 2.' in page


def test_condition_that_is_not_understood_shows_no_rows(clerk: Any) -> None:
    response = clerk.get("/t/?number_from=abc")

    assert rows_of(response) == []
    assert "A condition could not be understood" in text_of(response)


def test_answers_to_signed_in_people_are_not_stored(clerk: Any) -> None:
    assert clerk.get("/t/")["Cache-Control"] == "no-store"


# Forms --------------------------------------------------------------------------------------------


def test_wrong_form_keeps_what_was_typed_and_says_so(clerk: Any) -> None:
    response = clerk.post("/t/new/", {"name": " ", "pinyin": "shatian"})
    page = text_of(response)

    assert response.status_code == 422
    assert "<title>Error: New" in page
    assert '<a href="#id_name">Name: Please fill in.</a>' in page
    assert 'value="shatian"' in page
    assert 'aria-describedby="id_name_error"' in page
    assert "data-focus" in page


def test_refusal_of_the_service_stands_beside_the_field(clerk: Any, places: Any) -> None:
    response = clerk.post(f"/t/{places.village.pk}/edit/", {"name": "taken"})

    assert response.status_code == 422
    assert '<a href="#id_name">Name: This name is taken.</a>' in text_of(response)
    assert Region.objects.get(pk=places.village.pk).name == "黄岭村"


def test_refusal_of_the_act_stands_above_the_form(clerk: Any, places: Any) -> None:
    response = clerk.post(f"/t/{places.village.pk}/edit/", {"name": "closed"})

    assert response.status_code == 422
    assert "The year is closed." in text_of(response)


def test_two_presses_of_one_button_act_once(clerk: Any) -> None:
    form = {"name": "新村", "form_token": "abc"}

    first = clerk.post("/t/new/", form)
    second = clerk.post("/t/new/", form)

    assert (first.status_code, second.status_code) == (302, 302)
    assert first.url == second.url
    assert Region.objects.filter(name="新村").count() == 1


def test_refused_form_can_be_sent_again(clerk: Any) -> None:
    clerk.post("/t/new/", {"name": "", "form_token": "abc"})

    clerk.post("/t/new/", {"name": "新村", "form_token": "abc"})

    assert Region.objects.filter(name="新村").count() == 1


def test_success_is_told_on_the_next_page(clerk: Any, places: Any) -> None:
    response = clerk.post(f"/t/{places.village.pk}/edit/", {"name": "黄岭新村"}, follow=True)

    assert "黄岭新村 saved" in text_of(response)


# Two people ---------------------------------------------------------------------------------------


def stale_post(clerk: Any, village: Region, **typed: str) -> Any:
    """Post a form that was opened when the village was called 旧名."""
    seen = {"initial-name": "旧名", "initial-pinyin": "jiu", "initial-initials": "jm"}
    said = {"name": "旧名", "pinyin": "jiu", "initials": "jm", **typed}
    return clerk.post(f"/t/{village.pk}/edit/", {**seen, **said})


def hidden_of(page: str) -> dict[str, str]:
    pairs = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page)
    return dict(pairs)


def test_both_versions_are_shown_where_both_changed(clerk: Any, places: Any) -> None:
    response = stale_post(clerk, places.village, name="我的名")
    page = text_of(response)

    assert response.status_code == 409
    assert '<td data-label="Saved meanwhile">黄岭村</td><td data-label="Yours">我的名</td>' in page
    assert 'type="radio" name="name"' in page


def test_what_only_the_other_changed_is_taken_over(clerk: Any, places: Any) -> None:
    page = text_of(stale_post(clerk, places.village, pinyin="wode"))

    hidden = hidden_of(page)

    assert hidden["name"] == "黄岭村"
    assert hidden["initial-name"] == "黄岭村"
    assert 'type="radio" name="name"' not in page


def test_same_change_by_both_is_no_conflict(clerk: Any, places: Any) -> None:
    page = text_of(stale_post(clerk, places.village, name=" 黄岭村 "))

    assert 'type="radio"' not in page


def test_saving_as_chosen_keeps_both_peoples_changes(clerk: Any, places: Any) -> None:
    village = places.village
    Region.objects.filter(pk=village.pk).update(pinyin="jiu", initials="jm")
    page = text_of(stale_post(clerk, village, name="我的名", initials="wdm"))

    hidden = hidden_of(page)
    hidden.pop("csrfmiddlewaretoken", None)
    response = clerk.post(f"/t/{village.pk}/edit/", {**hidden, "name": "我的名"})

    assert response.status_code == 302
    village.refresh_from_db()
    assert (village.name, village.pinyin, village.initials) == ("我的名", "jiu", "wdm")


# Acts ---------------------------------------------------------------------------------------------


def test_delete_names_the_record_and_asks_why(clerk: Any, places: Any) -> None:
    page = text_of(clerk.get(f"/t/{places.village.pk}/delete/"))

    assert f"Delete: {places.village}" in page
    assert 'name="reason"' in page


def test_delete_without_a_reason_changes_nothing(clerk: Any, places: Any) -> None:
    response = clerk.post(f"/t/{places.village.pk}/delete/", {"reason": "  "})

    assert response.status_code == 422
    assert "Please say why." in text_of(response)
    assert Region.objects.filter(pk=places.village.pk).exists()


def test_delete_with_a_reason_goes_back_to_the_list(clerk: Any) -> None:
    village: Any = RegionFactory(code="999901100777", parent=Region.objects.get(name="安塘乡"))

    response = clerk.post(f"/t/{village.pk}/delete/", {"reason": "typed twice"})

    assert (response.status_code, response.url) == (302, "/t/")
    assert not Region.objects.filter(pk=village.pk).exists()


def test_act_hands_the_reason_to_the_service(clerk: Any, places: Any) -> None:
    clerk.post(f"/t/{places.village.pk}/rename/", {"reason": "新名字"})

    assert Region.objects.get(pk=places.village.pk).name == "新名字"


# The shell ----------------------------------------------------------------------------------------


def test_menu_shows_what_the_role_may(client_of: SignIn, clinic: User) -> None:
    client = client_of(clinic)
    client.cookies["django_language"] = "en"

    page = text_of(client.get("/accounts/sessions/"))

    menu = page[page.index('class="fp-nav"') : page.index("</nav>")]
    assert "Home" in menu
    assert "Import a roster" not in menu
    assert "/households/" not in menu


def test_text_size_is_kept_and_leads_back(clerk: Any) -> None:
    response = clerk.post("/display/text-size/", {"size": "larger", "next": "/t/?page=1"})

    assert response.url == "/t/?page=1"
    assert '<html lang="en" class="is-larger">' in text_of(clerk.get("/t/"))


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:x"])
def test_text_size_leads_nowhere_else(clerk: Any, target: str) -> None:
    assert clerk.post("/display/text-size/", {"size": "large", "next": target}).url == "/"


def test_every_icon_that_a_page_names_is_in_the_sprites_list() -> None:
    listed = set((settings.BASE_DIR / "static/icons.txt").read_text().split())

    named = set()
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        named |= set(re.findall(r'{% icon "([^"]+)"|icon="([a-z-]+)"', template.read_text()))
    for entry in (*menu.MENU, *menu.BIG_ENTRIES, *menu.PHONE_BAR):
        named.add((entry.icon, "") if isinstance(entry, menu.Business) else (entry[1], ""))

    assert {name for pair in named for name in pair if name} <= listed


def test_pages_hold_no_inline_script_or_style(clerk: Any, places: Any) -> None:
    for address in ("/t/", "/t/new/", f"/t/{places.village.pk}/delete/"):
        page = text_of(clerk.get(address))

        assert not re.search(r"<script(?![^>]*\ssrc=)", page)
        assert not re.search(r"<style|\sstyle=|\son\w+=|hx-on|js:", page)
