"""A real browser on a real server, with a worker for the background jobs.

    def test_something(live_server, page, worker): page.goto(live_server.url)

Every page is watched: a request to another host, an error of the browser or a server error fails
the test. `axe(page)` returns what the accessibility checker finds.
"""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    Playwright,
    ViewportSize,
    sync_playwright,
)

from apps.core import jobs
from apps.core.choices import JobState
from apps.core.models import Job
from tools.browser import executable

# Playwright's own loop runs in the main thread, where the tests use the database as well.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK: ViewportSize = {"width": 1366, "height": 768}
PHONE: ViewportSize = {"width": 360, "height": 640}
WORKER_SECONDS = 0.2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything here as a browser test that needs committed data."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, or Playwright's own."""
    started = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
    yield started
    started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh profile. The policy against foreign scripts stays on; axe comes in beside it."""
    opened = browser.new_context(viewport=DESK, locale="zh-CN", timezone_id="Asia/Shanghai")
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext, live_server: Any) -> Iterator[Page]:
    """A page that fails the test on any error and on any request to another host."""
    opened = context.new_page()
    troubles: list[str] = []
    host = urlsplit(live_server.url).netloc

    def watch(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != host:
            troubles.append(f"request to {parts.netloc}")

    def judge(response: Any) -> None:
        if response.status >= 500 or (response.status == 404 and "/static/" in response.url):
            troubles.append(f"{response.status} {urlsplit(response.url).path}")

    opened.on("request", watch)
    opened.on("response", judge)
    opened.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
    yield opened
    assert troubles == []


@pytest.fixture
def worker(transactional_db: None) -> Iterator[None]:
    """Do background jobs as they come, as a Celery worker would, in a thread beside the server."""
    over = threading.Event()

    def work() -> None:
        try:
            while not over.wait(WORKER_SECONDS):
                for number in list(
                    Job.objects.filter(state=JobState.QUEUED).values_list("pk", flat=True)
                ):
                    jobs.run(number)
        finally:
            connection.close()

    thread = threading.Thread(target=work, name="worker", daemon=True)
    thread.start()
    yield
    over.set()
    thread.join(timeout=60)


@pytest.fixture
def sign_in(live_server: Any, page: Page) -> Callable[..., None]:
    """Sign a user in through the sign-in page."""

    def signed_in(username: str, password: str) -> None:
        page.goto(f"{live_server.url}/accounts/login/")
        enter(page, username, password)

    return signed_in


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A page without scripts at the sign-in form."""
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/")
    yield page
    context.close()


def enter(page: Page, username: str, password: str) -> None:
    """Fill in the sign-in form on the page and wait until it has gone."""
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", password)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/login" not in url)


def axe(page: Page) -> list[str]:
    """Return what axe finds on the page: rule, help and the first place."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [
        f"{item['id']}: {item['help']}: {item['nodes'][0]['html'][:160]}"
        for item in found["violations"]
    ]


def overflows(page: Page) -> bool:
    """Tell whether the page can be scrolled sideways."""
    return page.evaluate(
        "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    )
