"""Fixing a file that is too large to be checked at each step, and fixing by the keyboard alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.imports.models import Batch
from apps.imports.services.fixing import AT_ONCE_ROWS
from tests.e2e.steps import WAIT, clerk
from tests.e2e.test_import_fixing import Hand, bring, errors_left, ugly_roster
from tests.factories.accounts import PASSWORD

EACH = 200


@pytest.fixture
def signed_in(sign_in: Callable[..., None], worker: None, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    sign_in(clerk(tmp_path), PASSWORD)


def button(page: Page, name: str) -> Locator:
    return page.locator(f"button[name=do][value={name}]")


def counted(page: Page, reach: str) -> str:
    """The words of one choice of how far a value reaches."""
    return page.locator(f"#e-reach option[value={reach}]").inner_text()


def test_large_file_is_fixed_step_by_step_and_checked_once(
    live_server: Any, page: Page, signed_in: None
) -> None:
    assert 6 * EACH > AT_ONCE_ROWS
    batch = bring(page, live_server.url, ugly_roster(EACH))
    hand = Hand(page)

    def kind(name: str) -> None:
        hand.press(page.locator(f".fp-kinds a[href*='kind={name}']"))

    # One row, then all below it, then a step back, then the same content everywhere.
    kind("village_unknown")
    assert f"{EACH} 行" in counted(page, "all")
    hand.type("沙田村")
    hand.press(page.locator(".fp-editor .btn-primary"))
    assert f"{EACH - 1} 行" in counted(page, "all")
    hand.type("沙田村")
    hand.choose("all")
    hand.press(page.locator(".fp-editor .btn-primary"))
    expect(button(page, "leave_out")).to_have_count(0)
    hand.press(page.locator("button[name=do][value^='back:']"))
    page.reload()
    kind("village_unknown")
    hand.press(page.locator("[data-edit]").nth(8))
    assert f"{EACH - 10} 行" in counted(page, "below")
    hand.type("沙田村")
    hand.choose("below")
    hand.press(page.locator(".fp-editor .btn-primary"))
    kind("village_unknown")
    hand.press(page.locator("[data-edit]").first)
    hand.type("沙田村")
    hand.choose("same")
    hand.press(page.locator(".fp-editor .btn-primary"))
    for name in ("id_char", "id_birth_mismatch", "sex_invalid"):
        kind(name)
        expect(button(page, "accept")).to_contain_text(f"{EACH}")
        hand.press(button(page, "accept"))
    kind("name_missing")
    hand.press(button(page, "leave_out"))

    # Nothing of it is lost when the page is left, and one check takes all in.
    page.goto(f"{live_server.url}/imports/{batch.pk}/errors/?severity=fixed")
    expect(page.locator("table.fp-table tbody tr")).to_have_count(7)
    assert errors_left(batch) == 5 * EACH
    page.goto(f"{live_server.url}/imports/{batch.pk}/errors/")
    page.click("button[name=do][value=recheck]")
    page.wait_for_url(f"**/imports/{batch.pk}/preview/", timeout=WAIT)

    assert errors_left(batch) == 0
    batch.refresh_from_db()
    assert (batch.counts["importable"], batch.counts["skipped"]) == (5 * EACH, EACH)
    assert not batch.recheck_due


def settled(page: Page, row: int) -> None:
    """Wait until a row is open and ready to be typed into."""
    expect(page.locator("tr.is-current th")).to_have_text(f"名册 {row}", timeout=WAIT)
    expect(page.locator("#e-value")).to_be_focused()


def test_rows_are_corrected_by_the_keys_of_a_spreadsheet(
    live_server: Any, page: Page, signed_in: None
) -> None:
    batch, first = bring(page, live_server.url, ugly_roster(10)), 52
    errors = f"{live_server.url}/imports/{batch.pk}/errors/"
    page.goto(f"{errors}?severity=error&kind=name_missing&edit=1-{first}-B")
    settled(page, first)
    # So is a row that was opened with the page, by its link.
    page.goto(f"{errors}?severity=error&kind=name_missing")
    link = page.locator("[data-edit]").first
    page.goto(f"{errors}{link.get_attribute('href')}")
    settled(page, first + 1)
    page.keyboard.press("ArrowUp")
    settled(page, first)
    # Arrows only move as long as nothing was typed, Escape takes back what was.
    page.keyboard.press("ArrowDown")
    settled(page, first + 1)
    page.keyboard.press("ArrowUp")
    settled(page, first)
    page.keyboard.type("王一")
    page.keyboard.press("Escape")
    expect(page.locator("#e-value")).to_have_value("")
    settled(page, first)
    # An arrow after typing saves, as Enter does; so does going up.
    page.keyboard.type("王一")
    page.keyboard.press("ArrowDown")
    settled(page, first + 1)
    assert errors_left(batch) == 49
    page.keyboard.press("ArrowDown")
    settled(page, first + 2)
    page.keyboard.type("王三")
    page.keyboard.press("ArrowUp")
    settled(page, first + 1)
    page.keyboard.type("王二")
    page.keyboard.press("Enter")
    settled(page, first + 3)
    assert errors_left(batch) == 47
    page.keyboard.press("ArrowDown")
    settled(page, first + 4)
    page.keyboard.type("王五")
    page.keyboard.press("Shift+Enter")
    settled(page, first + 3)
    # Tab goes on to how far the value reaches; Enter there saves, too.
    page.keyboard.type("王四")
    page.keyboard.press("Tab")
    expect(page.locator("#e-reach")).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("#e-reach")).to_have_value("all")
    page.keyboard.press("Enter")
    expect(page.locator(".fp-kinds a[href*='kind=name_missing']")).to_have_count(0, timeout=WAIT)
    assert errors_left(batch) == 40
    assert Batch.objects.count() == 1
