"""Sessions: new at sign-in, ended by time or by their owner; what was typed is not lost."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import SignIn
from apps.audit.models import Entry
from tests.factories.accounts import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(township_clerk):
    """A browser in which the clerk has just signed in by the page."""
    return signed_in("township_clerk")


def signed_in(username, **headers):
    client = Client(**headers)
    answer = client.post(reverse("accounts:login"), {"username": username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def age(client, *, seen=0, started=0):
    """Make a session look as if it had been used and begun so many seconds ago."""
    session = client.session
    now = timezone.now().timestamp()
    session[services.SEEN] = now - seen
    session[services.STARTED] = now - max(started, seen)
    session.save()


def codes():
    return list(Entry.objects.order_by("id").values_list("code", flat=True))


def test_signing_in_begins_a_new_session(township_clerk):
    client = Client()
    client.get(reverse("accounts:login"))
    session = client.session
    session["planted"] = 1
    session.save()
    before = session.session_key

    client.post(reverse("accounts:login"), {"username": "township_clerk", "password": PASSWORD})

    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()
    assert codes() == ["accounts.user.signed_in"]


def test_signing_in_leads_to_where_one_wanted_to_go_but_never_elsewhere(township_clerk):
    data = {"username": "township_clerk", "password": PASSWORD}
    own = Client().post(reverse("accounts:login"), {**data, "next": "/regions/?kind=village"})
    foreign = Client().post(reverse("accounts:login"), {**data, "next": "https://evil.example/"})

    assert own.url == "/regions/?kind=village"
    assert foreign.url == "/"


def test_idle_session_ends(browser, settings):
    age(browser, seen=settings.SESSION_IDLE_SECONDS + 1)

    answer = browser.get("/regions/?kind=village")

    assert answer.status_code == 302
    assert answer.url == "/accounts/login/?next=/regions/%3Fkind%3Dvillage"
    assert SignIn.objects.count() == 0
    assert codes()[-1] == "accounts.user.session_expired"


def test_session_used_in_time_goes_on(browser, settings):
    age(browser, seen=settings.SESSION_IDLE_SECONDS - 5)

    assert browser.get("/regions/").status_code == 200
    assert timezone.now().timestamp() - browser.session[services.SEEN] < 5


def test_session_ends_after_ten_hours_however_busy(browser, settings):
    age(browser, seen=1, started=settings.SESSION_COOKIE_AGE + 1)

    assert browser.get("/regions/").status_code == 302


def test_htmx_request_of_an_ended_session_leaves_the_whole_page(browser, settings):
    age(browser, seen=settings.SESSION_IDLE_SECONDS + 1)

    answer = browser.get(
        "/regions/tree/",
        headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/regions/?kind=village"},
    )

    assert answer.status_code == 204
    assert answer["HX-Redirect"] == "/accounts/login/?next=/regions/%3Fkind%3Dvillage"


def test_form_typed_while_the_session_ended_comes_back_filled(administrator, places, settings):
    client = signed_in("administrator")
    address = reverse("regions:region_edit", args=[places.village.pk])
    age(client, seen=settings.SESSION_IDLE_SECONDS + 1)
    client.post(address, {"name": "黄岭新村", "aliases": "黄岭", "form_token": "abc"})

    answer = client.post(
        reverse("accounts:login"), {"username": "administrator", "password": PASSWORD}
    )
    assert answer.url == reverse("accounts:kept_form")
    offer = client.get(answer.url).content.decode()
    shown = client.post(address, {"show_again": "1", "name": "黄岭新村", "aliases": "黄岭"})

    assert f'action="{address}"' in offer
    assert 'value="黄岭新村"' in offer
    assert "abc" not in offer
    assert 'value="黄岭新村"' in shown.content.decode()
    places.village.refresh_from_db()
    assert places.village.name == "黄岭村"


def test_kept_form_is_for_the_same_person_only(administrator, outsider, places, settings):
    client = signed_in("administrator")
    age(client, seen=settings.SESSION_IDLE_SECONDS + 1)
    client.post(reverse("regions:region_edit", args=[places.village.pk]), {"name": "黄岭新村"})

    answer = client.post(reverse("accounts:login"), {"username": "outsider", "password": PASSWORD})

    assert answer.url == "/"
    assert services.KEPT_FORM not in client.session


def test_kept_form_is_sealed_and_holds_no_password(township_clerk, settings):
    client = signed_in("township_clerk")
    age(client, seen=settings.SESSION_IDLE_SECONDS + 1)
    client.post(reverse("accounts:password_change"), {"old_password": PASSWORD, "note": "黄岭村"})

    stored = str(client.session[services.KEPT_FORM])

    assert PASSWORD not in stored
    assert "黄岭村" not in stored
    assert PASSWORD.encode().hex() not in stored


def test_signing_out_ends_the_session_and_clears_the_browser(browser):
    key = browser.session.session_key

    answer = browser.post(reverse("accounts:logout"))

    assert answer.url == reverse("accounts:login")
    assert answer["Clear-Site-Data"] == '"storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert SignIn.objects.count() == 0


def test_signing_out_by_a_link_is_not_possible(browser):
    assert browser.get(reverse("accounts:logout")).status_code == 405


def test_closed_account_is_out_at_its_next_request(browser, township_clerk):
    township_clerk.is_active = False
    township_clerk.save()

    assert browser.get("/regions/").url.startswith("/accounts/login/")


def test_own_sign_ins_are_listed_and_one_is_ended(browser):
    other = signed_in("township_clerk", REMOTE_ADDR="10.0.0.9")
    page = browser.get(reverse("accounts:session_list"))
    there = SignIn.objects.get(address="10.0.0.9")

    answer = browser.post(reverse("accounts:session_end", args=[there.pk]))

    assert page.content.decode().count("<tr") == 3
    assert answer.status_code == 302
    assert other.get("/regions/").status_code == 302
    assert browser.get("/regions/").status_code == 200


def test_all_other_sign_ins_are_ended_at_once(browser):
    others = [signed_in("township_clerk") for _n in range(2)]

    browser.post(reverse("accounts:session_end_others"))

    assert [other.get("/regions/").status_code for other in others] == [302, 302]
    assert browser.get("/regions/").status_code == 200


def test_sign_in_of_somebody_else_cannot_be_ended(browser, outsider):
    signed_in("outsider")
    row = SignIn.objects.get(user=outsider)

    assert browser.post(reverse("accounts:session_end", args=[row.pk])).status_code == 404
    assert SignIn.objects.filter(pk=row.pk).exists()


def test_administrator_ends_a_sign_in_of_the_county(browser, administrator, township_clerk):
    boss = signed_in("administrator")
    row = SignIn.objects.get(user=township_clerk)

    boss.post(reverse("accounts:sign_in_end", args=[row.pk]))

    assert browser.get("/regions/").status_code == 302


def test_changing_the_password_ends_the_other_sign_ins_only(browser):
    other = signed_in("township_clerk")
    words = "nine-slow-otters-swim"

    answer = browser.post(
        reverse("accounts:password_change"),
        {"old_password": PASSWORD, "new_password": words, "again": words},
    )

    assert answer.status_code == 302
    assert browser.get("/regions/").status_code == 200
    assert other.get("/regions/").status_code == 302
    assert SignIn.objects.count() == 1


def test_first_password_has_to_be_changed_before_anything_else(places):
    UserFactory(username="new", regions=[places.village], must_change_password=True)
    client = signed_in("new")
    words = "nine-slow-otters-swim"

    assert client.get("/regions/").url == reverse("accounts:password_change")
    assert client.get(reverse("accounts:password_change")).status_code == 200
    client.post(
        reverse("accounts:password_change"),
        {"old_password": PASSWORD, "new_password": words, "again": words},
    )

    assert client.get("/regions/").status_code == 200


def test_scope_changes_with_the_very_next_request(browser, township_clerk, places):
    inside = reverse("regions:region_detail", args=[places.village.pk])
    assert browser.get(inside).status_code == 200

    township_clerk.regions.set([places.elsewhere])

    assert browser.get(inside).status_code == 404


def test_activity_is_noted_at_most_once_a_minute(browser, django_assert_num_queries):
    browser.get("/regions/tree/")
    row = SignIn.objects.get()
    row.seen_at = timezone.now() - timedelta(hours=1)
    row.save()

    browser.get("/regions/tree/")
    untouched = SignIn.objects.get().seen_at
    age(browser, seen=61)
    browser.get("/regions/tree/")

    assert untouched == row.seen_at
    assert SignIn.objects.get().seen_at > row.seen_at
