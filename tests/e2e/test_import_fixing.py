"""Fixing in the browser: 200 errors in few actions, the sample to zero errors, no JavaScript."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from apps.core.identifiers import check_digit
from apps.imports.models import Batch, RowIssue, Severity
from tests.e2e.conftest import enter
from tests.e2e.office import SAMPLES
from tests.e2e.steps import WAIT, clerk, look, refresh_until, upload
from tests.factories.accounts import PASSWORD
from tests.imports.rosters import id_number

HEADER = ("户号", "姓名", "与户主关系", "性别", "公民身份号码", "出生日期", "村名")
EACH = 40
MOST_ACTIONS = 15
WATCH = """() => {
  delete document.documentElement.dataset.settled;
  const note = () => { document.documentElement.dataset.settled = "1"; };
  document.addEventListener("htmx:afterSettle", note, {once: true});
}"""


def ugly_roster(each: int = EACH) -> dict[str, Any]:
    """A file to upload: five kinds of error, so many rows of each, and as many rows in order."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEADER)
    for number in range(6 * each):
        born = date(1960, 3, 10) + timedelta(days=number % 15_000)
        row = {
            "户号": number + 1,
            "姓名": f"{'赵钱孙李周吴'[number // each]}{'一二三四五六七八九十'[number % 10]}甲",
            "与户主关系": "户主",
            "性别": "男",
            "公民身份号码": id_number(born, "男", number // 15_000 + 1),
            "出生日期": born.isoformat(),
            "村名": "沙田村",
        }
        writer.writerow((row | wrong(number // each, row)).values())
    content = text.getvalue().encode("utf-8-sig")
    return {"name": "名册.csv", "mimeType": "text/csv", "buffer": content}


def wrong(kind: int, row: dict[str, Any]) -> dict[str, Any]:
    """What is wrong with a row of each kind."""
    return [
        {},
        {"村名": "沙填村"},
        {"公民身份号码": row["公民身份号码"].replace("0", "O", 1)},
        {"出生日期": "1950-01-01"},
        {"性别": "不明"},
        {"姓名": ""},
    ][kind]


class Hand:
    """Presses, types and chooses, and counts each time; waits until the list has been replaced."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def press(self, place: Locator) -> None:
        self.actions += 1
        self.page.evaluate(WATCH)
        place.click()
        expect(self.page.locator("html[data-settled]")).to_have_count(1, timeout=WAIT)

    def type(self, text: str) -> None:
        self.actions += 1
        self.page.fill("#e-value", text)

    def choose(self, reach: str) -> None:
        self.actions += 1
        self.page.select_option("#e-reach", reach)


def bring(page: Page, url: str, file: Any) -> Batch:
    """Upload a roster and wait for its errors."""
    page.goto(f"{url}/imports/new/")
    upload(page, file)
    page.wait_for_url("**/errors/", timeout=WAIT)
    return Batch.objects.latest("pk")


def errors_left(batch: Batch) -> int:
    return RowIssue.objects.filter(batch=batch, severity=Severity.ERROR).count()


def test_200_errors_of_5_kinds_are_settled_in_few_actions(
    live_server: Any,
    page: Page,
    worker: None,
    sign_in: Callable[..., None],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    sign_in(clerk(tmp_path), PASSWORD)
    batch = bring(page, live_server.url, ugly_roster())
    assert errors_left(batch) == 5 * EACH
    hand = Hand(page)

    def kind(name: str) -> None:
        """Open a kind of finding unless the page shows it already."""
        link = page.locator(f".fp-kinds a[href*='kind={name}']")
        if link.get_attribute("aria-current") is None:
            hand.press(link)

    kind("village_unknown")
    hand.type("沙田村")
    hand.choose("all")
    hand.press(page.locator(".fp-editor .btn-primary"))
    for name in ("id_char", "id_birth_mismatch", "sex_invalid"):
        kind(name)
        hand.press(page.locator("button[name=do][value=accept]"))
    kind("name_missing")
    hand.press(page.locator("button[name=do][value=leave_out]"))

    assert errors_left(batch) == 0
    assert hand.actions <= MOST_ACTIONS
    batch.refresh_from_db()
    assert (batch.counts["importable"], batch.counts["skipped"]) == (5 * EACH, EACH)


def test_sample_is_fixed_in_the_page_and_imported_without_errors(
    live_server: Any,
    page: Page,
    worker: None,
    sign_in: Callable[..., None],
    settings: Any,
    tmp_path: Path,
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    problems: list[str] = []
    sign_in(clerk(tmp_path), PASSWORD)
    batch = bring(page, live_server.url, SAMPLES / "01_户籍人口花名册.xlsx")
    rows = batch.counts["all"]
    hand = Hand(page)

    correct_check_characters(page, hand, problems)
    for _kind in range(30):
        if not errors_left(batch):
            break
        proposals = page.locator("button[name=do][value=accept]")
        everything = page.locator("button[name=do][value=leave_out]")
        hand.press(proposals if proposals.count() else everything)
    page.goto(f"{live_server.url}/imports/{batch.pk}/errors/?severity=fixed")
    look(page, problems)
    page.click("table.fp-table tbody th a >> nth=0")
    page.wait_for_url("**step=*")
    look(page, problems)

    assert errors_left(batch) == 0
    batch.refresh_from_db()
    counts = batch.counts
    assert counts["blocked"] == 0
    assert counts["importable"] + counts["skipped"] == rows
    page.goto(f"{live_server.url}/imports/{batch.pk}/preview/")
    page.click("form[action$='/confirm/'] .btn-primary")
    expect(page.locator("p.fp-note.ok")).to_be_visible(timeout=WAIT)
    batch.refresh_from_db()
    assert batch.result["rows"] == counts["importable"]
    assert problems == []


def correct_check_characters(page: Page, hand: Hand, problems: list[str]) -> None:
    """Type each number with its right last character; Enter leads to the next row."""
    hand.press(page.locator(".fp-kinds a[href*='kind=id_checksum']"))
    number = page.locator("table.err tbody tr").count()
    hand.press(page.locator("[data-edit]").first)
    look(page, problems)
    for left in range(number, 0, -1):
        field = page.locator("#e-value")
        expect(field).to_be_focused()
        wrong_number = field.input_value()
        if left == number:
            refused(page, hand, problems)
        field.fill(wrong_number[:17] + check_digit(wrong_number[:17]))
        field.press("Enter")
        rows = page.locator("table.err tbody tr:not(.edit)")
        if left > 1:
            expect(rows).to_have_count(left - 1, timeout=WAIT)
            expect(page.locator("#e-value")).not_to_have_value(wrong_number)
    expect(page.locator(".fp-kinds a[href*='kind=id_checksum']")).to_have_count(0, timeout=WAIT)


def refused(page: Page, hand: Hand, problems: list[str]) -> None:
    """A number that is wrong again is refused beside the field and stays there."""
    page.locator("#e-value").fill("123")
    hand.press(page.locator(".fp-editor .btn-primary"))
    expect(page.locator("#e-why")).to_be_visible()
    expect(page.locator("#e-value")).to_have_value("123")
    look(page, problems)


def test_errors_are_fixed_without_javascript(
    live_server: Any, plain: Page, worker: None, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
    enter(plain, clerk(tmp_path), PASSWORD)
    plain.goto(f"{live_server.url}/imports/new/")
    upload(plain, ugly_roster())
    refresh_until(plain, ".fp-kinds")
    batch = Batch.objects.latest("pk")

    plain.click(".fp-kinds a[href*='kind=village_unknown']")
    plain.fill("#e-value", "沙田村")
    plain.press("#e-value", "Enter")
    plain.wait_for_url(re.compile("after="))
    assert errors_left(batch) == 5 * EACH - 1
    plain.click(".fp-kinds a[href*='kind=name_missing']")
    plain.click("button[name=do][value=leave_out]")
    assert errors_left(batch) == 4 * EACH - 1
    plain.click("button[name=do][value^='back:']")

    assert errors_left(batch) == 5 * EACH - 1
