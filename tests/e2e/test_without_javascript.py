"""The path works in a browser that runs no scripts."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from apps.accounts.choices import Role
from tests.e2e.conftest import enter
from tests.e2e.office import ROSTER, Office, open_office
from tests.e2e.steps import upload
from tests.factories.accounts import PASSWORD


@pytest.fixture
def office(transactional_db: None, settings: Any, tmp_path: Path) -> Office:
    settings.MEDIA_ROOT = tmp_path / "media"
    return open_office(tmp_path)


def test_clerk_signs_in_searches_opens_a_file_and_corrects_it_without_scripts(
    plain: Page, office: Office
) -> None:
    plain.fill("input[name=username]", Role.TOWNSHIP_CLERK)
    plain.fill("input[name=password]", PASSWORD)
    plain.click("main button[type=submit], main form .btn-primary")
    assert plain.locator("form.fp-search").count() == 1

    plain.fill("form.fp-search input[name=q]", "周小")
    plain.press("form.fp-search input[name=q]", "Enter")
    found = plain.locator("main table th[scope=row] a, main table td a").all_inner_texts()
    assert {"周小山", "周小禾"} <= {name.strip() for name in found}

    plain.click("main table a:has-text('周小山')")
    assert plain.locator("h1").first.inner_text().strip() == "周小山"
    plain.locator("nav.fp-tabs a").nth(1).click()
    assert "李梅" in plain.locator("#fp-tab").inner_text()

    plain.click(f"a[href$='/people/{office.son.pk}/edit/']")
    plain.fill("input[name=name]", "")
    plain.click("form.fp-form .btn-primary")
    assert plain.locator(".fp-summary a[href='#id_name']").count() == 1
    plain.fill("input[name=name]", "周大山")
    plain.click("form.fp-form .btn-primary")
    assert plain.locator("h1").first.inner_text().strip() == "周大山"
    office.son.refresh_from_db()
    assert office.son.name == "周大山"


def test_clerk_narrows_a_list_and_uploads_a_roster_without_scripts(
    plain: Page, office: Office, live_server: Any
) -> None:
    enter(plain, Role.TOWNSHIP_CLERK, PASSWORD)

    plain.goto(f"{live_server.url}/women/")
    everyone = plain.locator("main table tbody tr").count()
    plain.fill(".fp-query input[name=name]", "李梅")
    plain.click(".fp-query .btn-primary")
    assert plain.locator("main table tbody tr").count() == 1 < everyone

    plain.goto(f"{live_server.url}/imports/new/")
    upload(plain, {"name": "新.xlsx", "mimeType": "application/xlsx", "buffer": _other_roster()})
    assert plain.url.removeprefix(live_server.url).strip("/").split("/")[0] == "imports"
    assert plain.locator("#fp-running a[href$='/']").count()  # a link to look again


def _other_roster() -> bytes:
    """The sample with one byte more, so that it is another file."""
    return ROSTER.read_bytes() + b"\0"
