"""The whole path of a roster in a browser: from the workbook to the figures of the dashboard.

What the pages show is compared with the sample's `.expected.json`.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from playwright.sync_api import Page, expect

from apps.indicators import services as indicators
from apps.regions.models import Region
from tests.e2e.conftest import DESK, PHONE, axe, overflows
from tests.factories.accounts import PASSWORD, UserFactory

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "samples"
NAME = "01_户籍人口花名册"
TOWNSHIP = "999901100000"
WAIT = 60_000


def expected() -> dict[str, Any]:
    return json.loads((SAMPLES / f"{NAME}.expected.json").read_text(encoding="utf-8"))


def clerk(tmp_path: Path) -> str:
    """Load the county with the township of the sample, and its clerk; returns the user name."""
    lines = (SAMPLES / "regions.csv").read_text(encoding="utf-8-sig").splitlines()
    few = [line for line in lines if line.startswith(("code", "999901000000", "999901100"))]
    file = tmp_path / "regions.csv"
    file.write_text("\n".join(few), encoding="utf-8")
    call_command("load_regions", file, stdout=StringIO())
    township = Region.objects.get(code=TOWNSHIP)
    UserFactory(username="clerk", display_name="黄晓岚", regions=[township])
    return "clerk"


def look(page: Page, problems: list[str]) -> None:
    """Note what axe finds on this page, on a desk and on a phone, and whether it overflows."""
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        place = f"{page.url} {size['width']}"
        problems += [f"{place}: {found}" for found in axe(page)]
        if overflows(page):
            problems.append(f"{place}: scrolls sideways")


def number_in(text: str) -> int:
    """The first number of a text such as "共 1,234 条"."""
    found = re.search(r"\d[\d,]*", text)
    assert found, text
    return int(found[0].replace(",", ""))


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
    page.set_input_files("input[type=file]", SAMPLES / f"{NAME}.xlsx")
    page.check("input[name=kind][value=household_roster]")
    page.fill("input[name=as_of]", "20260630")
    page.click("form.fp-form .btn-primary")
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
    live_server: Any,
    browser: Any,
    worker: None,
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    user = clerk(tmp_path)
    context = browser.new_context(java_script_enabled=False, viewport=DESK)
    page = context.new_page()
    page.goto(f"{live_server.url}/accounts/login/?next=/imports/new/")
    page.fill("input[name=username]", user)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/new/")

    page.set_input_files("input[type=file]", SAMPLES / "10_人员信息补报表.xlsx")
    page.check("input[name=kind][value=household_roster]")
    page.fill("input[name=as_of]", "20260630")
    page.click("form.fp-form .btn-primary")
    refresh_until(page, "form[action$='/errors/']")
    page.check("#take-good")
    page.click("form[action$='/errors/'] .btn-primary")
    page.click("form[action$='/confirm/'] .btn-primary")
    refresh_until(page, "p.fp-note.ok")

    assert number_in(page.locator("p.fp-note.ok").inner_text()) == 28
    context.close()


def refresh_until(page: Page, selector: str) -> None:
    """Press the refresh link until the work is over."""
    for _attempt in range(120):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.goto(page.url)
    raise AssertionError(f"{selector} never came")
