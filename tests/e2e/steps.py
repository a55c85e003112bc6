"""Steps of the import wizard that several browser tests take, and whom they sign in."""

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from apps.regions.models import Region
from tests.e2e.conftest import DESK, PHONE, axe, overflows
from tests.e2e.office import TOWNSHIP, load_regions
from tests.factories.accounts import UserFactory

WAIT = 60_000


def clerk(folder: Path) -> str:
    """Load the county with the township of the sample, and its clerk; returns the user name."""
    load_regions(folder)
    township = Region.objects.get(code=TOWNSHIP)
    UserFactory(username="clerk", display_name="黄晓岚", regions=[township])
    return "clerk"


def upload(page: Page, file: Any) -> None:
    """Fill in and send the open page of a new import; `file` as Playwright's input takes it."""
    page.set_input_files("input[type=file]", file)
    page.check("input[name=kind][value=household_roster]")
    page.fill("input[name=as_of]", "20260630")
    page.click("form.fp-form .btn-primary")


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


def refresh_until(page: Page, selector: str) -> None:
    """Press the refresh link until the work is over."""
    for _attempt in range(120):
        if page.locator(selector).count():
            return
        page.wait_for_timeout(500)
        page.goto(page.url)
    raise AssertionError(f"{selector} never came")
