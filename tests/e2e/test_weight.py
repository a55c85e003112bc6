"""How much a browser on a village's line fetches: the bars of the first and of later pages.

Pages count as the reverse proxy sends them (gzip), files of the front end as WhiteNoise sends
them (Brotli, made at set-up).
"""

import gzip
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli  # type: ignore[import-untyped]
import pytest
from playwright.sync_api import Page, Response

from apps.accounts.choices import Role
from tests.e2e.office import Office, open_office
from tests.factories.accounts import PASSWORD

KILOBYTE = 1024
FIRST_PAGE, LATER_PAGE, SIGN_IN_PAGE, SCRIPTS = (limit * KILOBYTE for limit in (150, 30, 60, 60))
REQUESTS, LATER_REQUESTS, NODES = 8, 2, 1500
SHRINKS = (".css", ".js", ".svg")


class Scales:
    """Weighs what a page fetches."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.answers: list[Response] = []
        page.on("response", lambda answer: self.answers.append(answer))

    def open(self, url: str) -> list[tuple[str, int]]:
        """Go to a page; returns path and weight of everything that came over the line."""
        self.answers.clear()
        self.page.goto(url, wait_until="networkidle")
        return self.weigh()

    def weigh(self) -> list[tuple[str, int]]:
        return [
            (urlsplit(answer.url).path, _weight(answer))
            for answer in self.answers
            if not _redirects(answer) and not answer.url.startswith("data:")
        ]


def _redirects(answer: Response) -> bool:
    return 300 <= answer.status < 400


def _weight(answer: Response) -> int:
    body, path = answer.body(), urlsplit(answer.url).path
    if path.startswith("/static/") and path.endswith(SHRINKS):
        return len(brotli.compress(body))
    return len(gzip.compress(body, compresslevel=6))


@pytest.fixture
def office(transactional_db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return open_office(tmp_path)


def test_first_visit_and_later_pages_are_light(
    page: Page, live_server: Any, office: Office
) -> None:
    scales = Scales(page)
    sign_in = scales.open(f"{live_server.url}/accounts/login/")
    assert _total(sign_in) <= SIGN_IN_PAGE, sign_in
    page.fill("input[name=username]", Role.TOWNSHIP_CLERK)
    page.fill("input[name=password]", PASSWORD)
    scales.answers.clear()
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/login" not in url)
    page.wait_for_load_state("networkidle")
    first = dict(sign_in) | dict(scales.weigh())  # a browser keeps what it has
    assert sum(first.values()) <= FIRST_PAGE, first
    assert len(first) <= REQUESTS + 1, first  # the page to sign in is one more
    scripts = {path: weight for path, weight in first.items() if path.endswith(".js")}
    assert sum(scripts.values()) <= SCRIPTS, scripts

    for path in _pages(office):
        later = scales.open(f"{live_server.url}{path}")
        pages = [(name, weight) for name, weight in later if not name.startswith("/static/")]
        assert _total(pages) <= LATER_PAGE, (path, pages)
        assert len(pages) <= LATER_REQUESTS, (path, pages)
        assert page.evaluate("document.querySelectorAll('*').length") <= NODES, path


def _pages(office: Office) -> list[str]:
    return [
        "/",
        "/households/?size=20",
        office.home.get_absolute_url(),
        office.wife.get_absolute_url(),
        f"/households/people/{office.son.pk}/edit/",
        "/women/",
        f"/imports/{office.batches['checked'].pk}/errors/",
        f"/imports/{office.batches['checked'].pk}/columns/",
        f"/indicators/?region={office.township.pk}&period=2026-06",
        "/indicators/rows/?measure=population&period=2026-06",
    ]


def _total(fetched: list[tuple[str, int]]) -> int:
    return sum(weight for _path, weight in fetched)
