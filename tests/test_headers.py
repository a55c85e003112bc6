"""What every answer carries for the browser: policy, no sniffing, no caching, no inline code."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core import error_pages
from tests.factories.accounts import PASSWORD
from tests.test_permissions import NAMES, PAGES, ask, records  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
}
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=\"|javascript:|hx-on", re.IGNORECASE
)
FOREIGN = re.compile(r"(?:src|href|action)=\"(?:https?:)?//")


def check(answer: Any) -> None:
    """Fail unless the answer has all headers and holds no code of its own."""
    policy = {part.strip() for part in answer["Content-Security-Policy"].split(";")}
    assert policy >= POLICY
    assert not any("unsafe" in part for part in policy)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "charset" in answer["Content-Type"] or not answer.content
    if "html" in answer["Content-Type"]:
        text = answer.content.decode()
        assert not INLINE.search(text), INLINE.search(text)
        assert not FOREIGN.search(text), FOREIGN.search(text)


@pytest.mark.parametrize("name", [name for name in PAGES if name in NAMES])
def test_every_page(name: str, records: dict[str, Any], request: Any, client_of: Any) -> None:  # noqa: F811
    entry = PAGES[name]
    personas = {"V": "village_worker", "C": "township_clerk", "L": "township_leader"}
    persona = next((personas[letter] for letter in entry.who if letter in personas), None)
    user = request.getfixturevalue(persona or ("administrator" if "M" in entry.who else "auditor"))

    answer = ask(client_of(user), name, entry, records)

    check(answer)
    assert "no-store" in answer["Cache-Control"]
    assert re.fullmatch(r"[0-9a-f]{12}", answer["X-Request-ID"])


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/accounts/login/", 200),
        ("/no-such-page/", 404),
        ("/households/", 302),
        ("/healthz", 200),
    ],
)
def test_answers_to_those_not_signed_in(path: str, status: int) -> None:
    answer = Client().get(path)

    assert answer.status_code == status
    check(answer)


def test_page_that_a_role_may_not_open(client_of: Any, clinic: Any) -> None:
    answer = client_of(clinic).get("/households/")

    assert answer.status_code == 403
    check(answer)


@pytest.mark.parametrize("path", ["/admin/", "/admin/regions/region/", "/admin/accounts/user/"])
def test_reference_data(path: str, client_of: Any, administrator: Any) -> None:
    answer = client_of(administrator).get(path)

    assert answer.status_code == 200
    check(answer)


def test_crash_shows_a_number_and_nothing_else(
    client_of: Any, township_clerk: Any, monkeypatch: Any
) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("张惠卿")

    monkeypatch.setattr("apps.home.selectors.due_items", crash)
    client = client_of(township_clerk)
    client.raise_request_exception = False

    answer = client.get("/")

    assert answer.status_code == 500
    assert "张惠卿" not in answer.content.decode()
    assert answer["X-Request-ID"] in answer.content.decode()
    check(answer)


def test_form_without_its_token_is_refused_kindly(client_of: Any, township_clerk: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(township_clerk, backend="django.contrib.auth.backends.ModelBackend")

    answer = client.post(reverse("home:search"), {"q": "张"})

    assert answer.status_code == 403
    check(answer)


def test_bad_request_page(rf: Any) -> None:
    request = rf.get("/")
    request.user = type("Nobody", (), {"is_authenticated": False})()

    assert error_pages.bad_request(request).status_code == 400


def test_cookies_are_out_of_reach_of_scripts_and_other_sites(township_clerk: Any) -> None:
    client = Client()
    client.get(reverse("accounts:login"))
    client.post(
        reverse("accounts:login"), {"username": township_clerk.username, "password": PASSWORD}
    )

    for cookie in client.cookies.values():
        assert cookie["httponly"], cookie.key
        assert cookie["samesite"] in {"Lax", "Strict"}, cookie.key


@pytest.mark.parametrize(
    ("cookie", "accepts", "language"),
    [(None, "en-US", "zh-Hans"), ("en", "zh-CN", "en"), ("xx", "en", "zh-Hans")],
)
def test_pages_are_chinese_until_somebody_switches(
    cookie: str | None, accepts: str, language: str
) -> None:
    client = Client(headers={"Accept-Language": accepts})
    if cookie:
        client.cookies["django_language"] = cookie

    page = client.get(reverse("accounts:login"))

    assert f'lang="{language}"' in page.content.decode()


def test_page_knows_its_own_methods_only(client_of: Any, township_clerk: Any) -> None:
    assert client_of(township_clerk).delete("/regions/").status_code == 405
