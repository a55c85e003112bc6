"""Every page of a roster's path as its users see it: axe, sideways scroll, console, other hosts.

Each page is looked at on a phone and on a desk in Chinese, and in English for its longer words.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize

from apps.accounts.choices import Role
from apps.core.panels import panels_of
from apps.home.views import WorkList
from tests.e2e.conftest import AXE, DESK, PHONE, RULES, enter, overflows
from tests.e2e.office import Office, last_entry, open_office
from tests.factories.accounts import PASSWORD

MEASURED_MS = 140  # static/js/app.js measures wide tables this long after a change of size
SUBMIT = "form.fp-form .fp-formbar button, form.fp-confirm .fp-formbar button"
EXPECTED = re.compile(r"status of (400|403|404|409|422|429)\b")  # the answers we asked for
Act = Callable[[Page], None]


@dataclass(frozen=True)
class Look:
    """A page, and what is done on it before it is looked at."""

    path: str
    act: Act | None = None


class Eyes:
    """One browser context that notes whatever is wrong on the pages it is led to."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.url = url
        self.context = context
        self.page = context.new_page()
        self.found: list[str] = []
        self.page.on("request", lambda request: self._same_host(request.url))
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self._note(f"script error: {error}"))
        self.page.on("dialog", lambda dialog: dialog.accept())

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.url}/accounts/login/")
        enter(self.page, username, PASSWORD)

    def speak(self, language: str) -> None:
        cookie = {"name": "django_language", "value": language, "url": self.url}
        self.context.add_cookies([cookie])  # type: ignore[list-item]

    def examine(self, look: Look) -> None:
        """Open a page and ask axe at both sizes."""
        self._open(look, PHONE)
        for size in (PHONE, DESK):
            if size is DESK:
                self._resize(DESK)
            for problem in axe_quickly(self.page):
                self._note(f"{size['width']}: {problem}")
            self._fits(size)

    def measure(self, look: Look) -> None:
        """Open a page and see whether it fits, at both sizes."""
        self._open(look, PHONE)
        self._fits(PHONE)
        self.page.set_viewport_size(DESK)
        self._fits(DESK)

    def _open(self, look: Look, size: ViewportSize) -> None:
        self.page.set_viewport_size(size)
        self.page.goto(f"{self.url}{look.path}")
        if look.act is not None:
            look.act(self.page)

    def _resize(self, size: ViewportSize) -> None:
        self.page.set_viewport_size(size)
        self.page.wait_for_timeout(MEASURED_MS)

    def _fits(self, size: ViewportSize) -> None:
        if overflows(self.page):
            self._note(f"{size['width']}: scrolls sideways")

    def _same_host(self, address: str) -> None:
        parts = urlsplit(address)
        if parts.scheme in {"http", "https"} and parts.netloc != urlsplit(self.url).netloc:
            self._note(f"request to {parts.netloc}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not EXPECTED.search(message.text):
            self._note(f"console: {message.text}")

    def _note(self, text: str) -> None:
        self.found.append(f"{self.page.url.removeprefix(self.url)} {text}")


def axe_quickly(page: Page) -> list[str]:
    """Like `axe`, but loads the checker once per page and asks for violations only."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "rules => axe.run({runOnly: rules, resultTypes: ['violations']})"
        ".then(result => result.violations.map(item => [item.id, item.nodes.map(n => n.html)]))",
        RULES,
    )
    return [f"{rule} {len(places)}: {places[0][:160]}" for rule, places in found]


def submit(page: Page) -> None:
    """Send the form of the page as it is."""
    with page.expect_navigation():
        page.locator(SUBMIT).first.click()


def typed(name: str, value: str) -> Act:
    """Fill in one field and send the form."""

    def act(page: Page) -> None:
        page.fill(f"[name={name}]", value)
        submit(page)

    return act


def searched(words: str) -> Act:
    """Search as the box of the page does, which phones have on the search page."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.locator("main form input[name=q], form[role=search] input[name=q]").last.evaluate(
                "(field, words) => { field.value = words; field.form.submit(); }", words
            )

    return act


def unfolded(selector: str) -> Act:
    """Open what is folded (menus, data tables)."""

    def act(page: Page) -> None:
        page.evaluate(
            "selector => document.querySelectorAll(selector).forEach(d => { d.open = true; })",
            selector,
        )

    return act


@pytest.fixture
def office(transactional_db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return open_office(tmp_path)


@pytest.fixture
def eyes(browser: Browser, live_server: Any) -> Iterator[Eyes]:
    context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
    yield Eyes(context, live_server.url)
    context.close()


def check(eyes: Eyes, looks: list[Look]) -> None:
    """Examine every page in Chinese, then see whether the longer English words fit as well."""
    eyes.speak("zh-hans")
    for look in looks:
        eyes.examine(look)
    eyes.speak("en")
    for look in looks:
        if look.act is None:
            eyes.measure(look)
    assert not eyes.found, "\n".join(eyes.found)


def tabs(page: str, office: Office, record: Any) -> list[Look]:
    """Every tab of a file."""
    clerk = office.users[Role.TOWNSHIP_CLERK]
    names = [panel.name for panel in panels_of(page, clerk, record)]
    assert len(names) > 1
    return [Look(f"{record.get_absolute_url()}?tab={name}") for name in names]


def register_pages(office: Office) -> list[Look]:
    """Households, people, life events, women, with their forms empty and refused."""
    home, person, woman = office.home.pk, office.son.pk, office.wife.pk
    kinds = ("birth", "death", "marriage", "divorce", "move_in", "move_out", "move_within")
    record = f"/households/people/{woman}/record"
    return [
        Look("/"),
        Look("/", unfolded("details")),
        Look("/search/"),
        Look("/search/", searched("周")),
        Look("/search/", searched("qqqq")),
        Look("/households/"),
        Look("/households/", unfolded("details")),
        Look("/households/?number=XXXX"),
        *tabs("households.household", office, office.home),
        Look("/households/new/"),
        Look("/households/new/", submit),
        Look(f"/households/{home}/edit/"),
        Look(f"/households/{home}/members/new/"),
        Look(f"/households/{home}/members/new/", typed("name", "周小山")),
        Look(f"/households/{home}/head/"),
        Look(f"/households/{home}/end/", submit),
        Look(f"/households/{home}/delete/", submit),
        Look(f"/households/{home}/categories/new/"),
        Look("/households/people/"),
        Look(f"/households/people/{person}/"),
        *tabs("households.person", office, office.wife),
        Look(f"/households/people/{person}/edit/"),
        Look(f"/households/people/{person}/edit/", typed("name", "")),
        Look(f"/households/people/{person}/unmask/"),
        Look(f"/households/people/{person}/delete/", submit),
        Look(f"/households/people/{person}/parents/new/", submit),
        Look("/households/events/"),
        Look(f"/households/events/{office.event.pk}/delete/"),
        Look(f"{record}/"),
        *(Look(f"{record}/{kind}/") for kind in (*kinds, "left_home", "came_home")),
        Look(f"{record}/birth/", submit),
        Look("/women/"),
        Look("/women/?on=20260630"),
        Look(f"/women/{woman}/"),
        Look(f"/women/{woman}/children/"),
        Look(f"/women/{woman}/methods/new/", submit),
        Look(f"/women/methods/{office.use.pk}/end/"),
        Look(f"/women/methods/{office.use.pk}/delete/"),
    ]


def import_pages(office: Office) -> list[Look]:
    """The wizard's steps with a good, a strange, a bad and a waiting file."""
    batches = {name: batch.pk for name, batch in office.batches.items()}
    checked, mapped, waiting = batches["checked"], batches["mapped"], batches["waiting"]
    return [
        Look("/imports/"),
        Look("/imports/new/"),
        Look("/imports/new/", submit),
        *(
            Look(f"/imports/{checked}/{step}/")
            for step in ("columns", "errors", "preview", "questions", "missing")
        ),
        Look(f"/imports/{checked}/cancel/"),
        Look(f"/imports/{mapped}/columns/"),
        Look(f"/imports/{waiting}/"),
        *(Look(f"/imports/{batches[name]}/") for name in ("done", "failed")),
        *(Look(f"/imports/{batches['failed']}/{step}/") for step in ("columns", "errors")),
        Look(f"/imports/{batches['done']}/errors/"),
    ]


def figure_pages(office: Office) -> list[Look]:
    """Dashboards, the rows behind a number, definitions, legacy series."""
    rows = f"/indicators/rows/?region={office.township.pk}&period=2026-06&measure"
    return [
        *(
            Look(f"/indicators/?region={region.pk}&period={period}")
            for region, period in (
                (office.village, "2026-06"),
                (office.township, "2026"),
                (office.county, "FY2026"),
            )
        ),
        Look(f"/indicators/?region={office.county.pk}&period=2026", unfolded("main details")),
        Look("/indicators/?period=1950"),
        Look(f"{rows}=population"),
        Look(f"{rows}=births"),
        Look("/indicators/catalogue/"),
        Look("/indicators/legacy/"),
        Look("/indicators/legacy/new/", submit),
        Look(f"/indicators/legacy/{office.legacy.pk}/"),
        Look(f"/indicators/legacy/{office.legacy.pk}/delete/"),
    ]


def administration_pages(office: Office) -> list[Look]:
    """Regions and users."""
    village, user = office.village.pk, office.users[Role.VILLAGE_WORKER].pk
    return [
        Look("/"),
        Look("/regions/"),
        Look(f"/regions/{office.township.pk}/"),
        Look(f"/regions/{village}/edit/", typed("name", "")),
        Look(f"/regions/{village}/new/", submit),
        Look(f"/regions/{village}/move/"),
        Look(f"/regions/{village}/merge/", submit),
        Look("/accounts/users/"),
        Look("/accounts/users/new/", submit),
        Look(f"/accounts/users/{user}/"),
        Look(f"/accounts/users/{user}/edit/"),
        Look(f"/accounts/users/{user}/reset-password/"),
    ]


def test_clerk_reads_and_fills_in_every_page_of_the_register(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.TOWNSHIP_CLERK)
    check(eyes, register_pages(office))


def test_clerk_reads_every_page_of_an_import(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.TOWNSHIP_CLERK)
    check(eyes, import_pages(office))


def test_officer_reads_every_page_of_figures(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.COUNTY_OFFICER)
    check(eyes, figure_pages(office))


def test_administrator_reads_every_page_of_regions_and_users(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.ADMINISTRATOR)
    check(eyes, administration_pages(office))


def test_auditor_reads_the_log_and_own_account(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.AUDITOR)
    own = [Look("/audit/"), Look(f"/audit/{last_entry().pk}/"), Look("/accounts/sessions/")]
    password = [Look("/accounts/password/"), Look("/accounts/password/", submit)]
    check(eyes, own + password)


def test_village_worker_reads_the_front_page(eyes: Eyes, office: Office) -> None:
    eyes.sign_in(Role.VILLAGE_WORKER)
    check(eyes, [Look("/"), Look("/households/"), Look(office.wife.get_absolute_url())])


def test_stranger_reads_the_sign_in_page_and_refusals(
    eyes: Eyes, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wrong(page: Page) -> None:
        page.fill("input[name=username]", Role.AUDITOR)
        page.fill("input[name=password]", "not the right one")
        with page.expect_navigation():
            page.keyboard.press("Enter")

    check(eyes, [Look("/accounts/login/"), Look("/accounts/login/", wrong), Look("/no/such/page/")])
    for _attempt in range(12):
        eyes.page.goto(f"{eyes.url}/accounts/login/")
        wrong(eyes.page)
    assert eyes.page.locator("input[name=password]").count() == 0  # locked for a while
    assert axe_quickly(eyes.page) == []

    eyes.sign_in(Role.VILLAGE_WORKER)
    check(eyes, [Look("/accounts/users/"), Look("/households/999999/")])
    monkeypatch.setattr(WorkList, "get", _broken)
    eyes.speak("zh-hans")
    eyes.examine(Look("/"))
    crash = "status of 500"
    assert [text for text in eyes.found if crash not in text] == []
    assert any(crash in text for text in eyes.found)


def _broken(*args: Any, **kwargs: Any) -> Any:
    raise RuntimeError("broken on purpose")
