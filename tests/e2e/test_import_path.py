"""The whole path of a roster in a browser: from the workbook to the figures of the dashboard.

What the pages show is compared with the sample's `.expected.json`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from apps.indicators import services as indicators
from tests.e2e.conftest import enter
from tests.e2e.office import ROSTER, SAMPLES, TOWNSHIP
from tests.e2e.steps import WAIT, clerk, look, number_in, refresh_until, upload
from tests.factories.accounts import PASSWORD

NAME = "01_户籍人口花名册"


def expected() -> dict[str, Any]:
    return json.loads((SAMPLES / f"{NAME}.expected.json").read_text(encoding="utf-8"))


def test_clerk_imports_a_roster_and_finds_people_and_figures(
    live_server: Any,
    page: Page,
    worker: None,
    sign_in: Callable[..., None],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    wanted = expected()
    problems: list[str] = []
    sign_in(clerk(tmp_path), PASSWORD)

    page.goto(f"{live_server.url}/imports/new/")
    look(page, problems)
    upload(page, SAMPLES / f"{NAME}.xlsx")
    page.wait_for_url("**/errors/", timeout=WAIT)

    figures = page.locator("dl.fp-strip dd").all_inner_texts()
    names = ("data_rows", "rows_importable", "rows_blocked", "rows_skipped", "rows_warned")
    assert [number_in(text) for text in figures[:5]] == [wanted[name] for name in names]
    look(page, problems)
    assert errors_shown(page) == cells_expected(wanted)

    batch = page.url.split("/imports/")[1].split("/")[0]
    page.goto(f"{live_server.url}/imports/{batch}/columns/")
    look(page, problems)

    page.goto(f"{live_server.url}/imports/{batch}/errors/")
    page.check("#take-good")
    page.click("form[action$='/errors/'] .btn-primary")
    page.wait_for_url("**/preview/")
    totals = page.locator("tr.total td").all_inner_texts()
    people = wanted["persons_created"]["subjects"]
    assert [number_in(text) for text in totals] == [
        wanted["data_rows"],
        people,
        0,
        0,
        wanted["rows_skipped"],
        0,  # nothing to be decided
        wanted["rows_blocked"],
    ]
    look(page, problems)

    page.click("form[action$='/confirm/'] .btn-primary")
    expect(page.locator("p.fp-note.ok")).to_be_visible(timeout=WAIT)
    note = page.locator("p.fp-note.ok").inner_text()
    written = [int(text.replace(",", "")) for text in re.findall(r"\d[\d,]*", note)]
    assert written == [people, people, 0, 0, wanted["households_created"]]
    look(page, problems)

    page.click("p.fp-note.ok a.right")
    assert number_in(page.locator(".fp-tablefoot b").first.inner_text()) == people
    page.goto(f"{live_server.url}/households/")
    assert (
        number_in(page.locator(".fp-tablefoot b").first.inner_text())
        == (wanted["households_created"])
    )
    page.goto(f"{live_server.url}/women/?on=20260630")
    women = wanted["indicators"]["after_import"]["women_15_49"]
    assert number_in(page.locator(".fp-tablefoot b").first.inner_text()) == women

    indicators.refresh()
    assert_dashboard(page, live_server.url, wanted)
    page.goto(f"{live_server.url}/imports/")
    look(page, problems)
    assert problems == []


def errors_shown(page: Page) -> Counter[tuple[str, str]]:
    """Open every kind of error, repetition and reminder and count the places of its rows."""
    links = page.locator(".fp-kinds > ul a")
    addresses = [link.get_attribute("href") for link in links.all()]
    found: Counter[tuple[str, str]] = Counter()
    base = page.url
    for address in addresses:
        page.goto(f"{base.split('?')[0]}{address}")
        for row in page.locator("table.err tbody tr:not(.edit)").all():
            place = row.locator("th").inner_text().strip()
            column = row.locator("td .id").first.inner_text().strip()
            found[place, column] += 1
    return found


def cells_expected(wanted: dict[str, Any]) -> Counter[tuple[str, str]]:
    return Counter((f"{cell['sheet']} {cell['row']}", cell["col"]) for cell in wanted["bad_cells"])


def assert_dashboard(page: Page, url: str, wanted: dict[str, Any]) -> None:
    """The tiles of the township show what the sample's figures say."""
    figures = wanted["indicators"]["after_import"]
    page.goto(f"{url}/indicators/?region={TOWNSHIP}&period=2026-06&basis=registered")
    tiles = {
        tile.locator("a").first.get_attribute("href"): tile.locator(".val").inner_text()
        for tile in page.locator("article.fp-tile").all()
        if tile.locator("a").count()
    }
    shown = {number_in(text) for text in tiles.values()}
    assert sum(figures["persons_by_sex"].values()) in shown
    assert figures["women_15_49"] in shown


def test_wizard_works_without_javascript(
    live_server: Any, plain: Page, worker: None, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    enter(plain, clerk(tmp_path), PASSWORD)

    plain.goto(f"{live_server.url}/imports/new/")
    upload(plain, ROSTER)
    refresh_until(plain, "form[action$='/errors/']")
    plain.check("#take-good")
    plain.click("form[action$='/errors/'] .btn-primary")
    plain.click("form[action$='/confirm/'] .btn-primary")
    refresh_until(plain, "p.fp-note.ok")

    assert number_in(plain.locator("p.fp-note.ok").inner_text()) == 28
