"""A browser that notes whatever is wrong on the pages it is led to."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, ViewportSize

from tests.e2e.conftest import AXE, DESK, PHONE, RULES, enter, overflows
from tests.factories.accounts import PASSWORD

MEASURED_MS = 140  # static/js/app.js measures wide tables this long after a change of size
EXPECTED = re.compile(r"status of (400|403|404|409|422|429)\b")  # the answers we asked for
LATIN = re.compile(r"[A-Za-z]{3,}")
NAMES = {"xlsx", "xls", "csv", "Excel", "WPS", "Enter", "Sheet"}
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

    def examine(self, look: Look, *, axe_at: Sequence[ViewportSize] = (PHONE, DESK)) -> None:
        """Open a page, see whether it fits at both sizes, and ask axe at these sizes."""
        self._open(look, PHONE)
        for size in (PHONE, DESK):
            if size is DESK:
                self._resize(DESK)
            for problem in axe_quickly(self.page) if size in axe_at else []:
                self._note(f"{size['width']}: {problem}")
            self._fits(size)

    def read_chinese(self) -> None:
        """Note every English word that the Chinese page on screen shows."""
        words = LATIN.findall(self.page.locator("main").inner_text())
        for word in sorted(set(words) - NAMES):
            self._note(f"not translated: {word}")

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
