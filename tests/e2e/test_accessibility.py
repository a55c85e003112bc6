"""Every page of a roster's path as its users see it: axe, sideways scroll, console, other hosts.

Each page is looked at on a phone and on a desk in Chinese, and in English for its longer words.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from apps.accounts.choices import Role
from apps.core.panels import panels_of
from apps.home.views import WorkList
from tests.e2e.conftest import DESK, PHONE
from tests.e2e.eyes import Act, Eyes, Look, axe_quickly
from tests.e2e.office import Office, last_entry, open_office
from tests.e2e.wizard import open_wizard

# Of the states that only differ in words, one or two.
IMPORT_STATES = (
    *("list", "list, nothing fits", "upload", "templates"),
    *("office mapped", "columns remembered", "written, columns"),
    *("office waiting", "reading", "reading, interrupted", "writing"),
    *("errors, first", "errors, left out", "errors notice name_inner_space", "written, errors"),
    *("steps of correction", "one step of correction", "errors, to be checked again"),
    *("error workbook", "error workbook, being made", "error workbook, failed"),
    *("preview, questions", "preview changed", "preview held", "preview, errors left"),
    *("question similar", "question older", "questions, one answered", "no questions"),
    *("missing people", "no row can be written", "stop"),
    *("written", "written, rows wait", "empty", "failed gave_up", "stopped", "taken back"),
    *("touched households.person", "touched, nothing"),
    *("undo, looking", "undo, preview", "undo, done", "undo, nothing to put back"),
)
SUBMIT = "form.fp-form .fp-formbar button, form.fp-confirm .fp-formbar button"


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
    """The wizard's pages in every state, its forms refused as well."""
    states = open_wizard(office)
    refused = [Look("/imports/new/", submit), Look("/imports/template/", region_taken_out)]
    correcting = Look(states["errors, first"], first_row_corrected)
    return [*(Look(states[name]) for name in IMPORT_STATES), *refused, correcting]


def region_taken_out(page: Page) -> None:
    """Ask for a template of no region."""
    page.locator("[name^=region]").evaluate_all("all => all.forEach(f => { f.value = ''; })")
    submit(page)


def first_row_corrected(page: Page) -> None:
    """Type what cannot be taken into the first row with an error."""
    page.locator("a[data-edit]").first.click()
    page.fill("[name=value]", "1")
    page.locator(".fp-editor .btn-primary").click()
    page.wait_for_selector("#e-why")


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
    """In Chinese axe looks at the desk and in English at the phone, where the words are longest."""
    eyes.sign_in(Role.TOWNSHIP_CLERK)
    looks = import_pages(office)
    eyes.speak("zh-hans")
    for look in looks:
        eyes.examine(look, axe_at=[DESK])
        eyes.read_chinese()
    eyes.speak("en")
    for look in looks:
        eyes.examine(look, axe_at=[PHONE])
    assert not eyes.found, "\n".join(eyes.found)


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
