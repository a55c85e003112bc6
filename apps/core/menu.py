"""The left menu by business, the four entries of the phone bar, and where a page belongs.

Entries name pages by URL name and are shown to those whose role has the permission. A page
belongs to the entry with the same URL name, else to the one with the same model
(`households:person_detail` belongs to `households:person_list`, before it to any other page of
that model), else to its app's business.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_urlconf, reverse
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Page:
    """One page of a business: its name, URL name and the permission it asks for."""

    title: Any
    url_name: str
    permission: str
    also: tuple[str, ...] = ()  # beginnings of the URL names of further pages that belong to it

    @property
    def family(self) -> str:
        """The part of the URL name that its detail and edit pages share."""
        return self.url_name.rsplit("_", 1)[0] + "_"


@dataclass(frozen=True)
class Business:
    """One entry of the left menu with its pages."""

    title: Any
    icon: str
    pages: tuple[Page, ...]


HOME = Page(_("Home"), "home:worklist", "")
HOUSEHOLDS = Page(_("Households"), "households:household_list", "households.view")
DASHBOARD = Page(_("Dashboard"), "indicators:dashboard", "indicators.view")

MENU = (
    Business(HOME.title, "home", (HOME,)),
    Business(
        _("Households"),
        "users",
        (
            HOUSEHOLDS,
            Page(_("People"), "households:person_list", "households.view"),
            Page(_("Life events"), "households:event_list", "households.view"),
        ),
    ),
    Business(
        _("Women's services"),
        "heart-handshake",
        (Page(_("Women of childbearing age"), "women:casefile_list", "women.view"),),
    ),
    Business(
        _("Statistics"),
        "chart-bar",
        (
            DASHBOARD,
            Page(_("Legacy series"), "indicators:legacy_list", "indicators.view"),
        ),
    ),
    Business(
        _("Imports"),
        "table-import",
        (
            Page(_("Import a roster"), "imports:batch_create", "imports.run"),
            Page(
                _("Import history"),
                "imports:batch_list",
                "imports.view",
                also=("imports:undo_", "imports:error_"),
            ),
        ),
    ),
    Business(
        _("Administration"),
        "settings",
        (
            Page(_("Regions"), "regions:region_list", "regions.view"),
            Page(_("Users"), "accounts:user_list", "accounts.view"),
            Page(_("Audit log"), "audit:entry_list", "audit.view"),
            Page(_("Reference data"), "admin:index", "accounts.manage"),
        ),
    ),
)

# Apps whose other pages are about the user's own account and belong to no business.
PERSONAL = {"accounts"}

PHONE_BAR = (
    (HOME, "home", _("Home")),
    (HOUSEHOLDS, "search", _("Find a family")),
    (DASHBOARD, "chart-bar", _("Figures")),
)


# What is done most in a village: big buttons on the phone's home page.
BIG_ENTRIES = (
    (
        Page(_("Record an event"), "households:person_list", "households.record_event"),
        "square-plus",
        _("Birth, death, marriage, move: first find the person"),
    ),
    (
        Page(_("Find a family"), "households:household_list", "households.view"),
        "search",
        _("By name, pinyin or household number"),
    ),
)


@dataclass(frozen=True)
class PageLink:
    """A menu entry as one user sees it on one page."""

    title: Any
    url: str
    icon: str
    is_open: bool
    current: str
    pages: tuple["PageLink", ...] = ()
    hint: Any = ""


@lru_cache(maxsize=256)
def _address(urlconf: str | None, name: str, args: tuple[Any, ...]) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def address(name: str, *args: Any) -> str:
    """Return the address of a named page, "" when there is none (an app may be left out)."""
    return _address(get_urlconf(), name, args)


def may_open(user: Any, page: Page) -> bool:
    """Tell whether this user may open the page. Home is for everybody who is signed in."""
    return bool(address(page.url_name)) and (not page.permission or user.may(page.permission))


def _closeness(page: Page, view_name: str) -> int:
    """How closely a page is the one on screen: 4 itself, 3 the list of its model, 2 its model.

    1 stands for its app, 0 for not at all.
    """
    if page.url_name == view_name:
        return 4
    if view_name.startswith((page.family, *page.also)):
        return 3 if page.url_name.endswith("_list") else 2
    app = view_name.split(":")[0]
    return int(app == page.url_name.split(":")[0] and app not in PERSONAL)


def _visible(user: Any) -> Iterator[tuple[Business, list[Page]]]:
    for business in MENU:
        pages = [page for page in business.pages if may_open(user, page)]
        if pages:
            yield business, pages


def place_of(user: Any, view_name: str) -> tuple[Business, Page] | None:
    """Return the business and page that a view belongs to, as far as the user may see them."""
    found = [
        (_closeness(page, view_name), business, page)
        for business, pages in _visible(user)
        for page in pages
    ]
    best = max(found, key=lambda item: item[0], default=(0, None, None))
    return (best[1], best[2]) if best[0] and best[1] and best[2] else None


def _page_link(page: Page, icon: str, view_name: str, here: Page | None) -> PageLink:
    exact = page.url_name == view_name
    near = page is here and _closeness(page, view_name) > 1
    current = "page" if exact else "true" if near else ""
    return PageLink(page.title, address(page.url_name), icon, page is here, current)


def menu_for(user: Any, view_name: str) -> list[PageLink]:
    """Build the left menu of one user; only the business on screen shows its pages."""
    place = place_of(user, view_name)
    business_here, page_here = place or (None, None)
    links = []
    for business, pages in _visible(user):
        is_open = business is business_here
        inner = tuple(_page_link(page, "", view_name, page_here) for page in pages)
        shown = inner if is_open and len(inner) > 1 else ()
        current = "" if shown or not is_open else inner[0].current
        first = inner[0].url
        links.append(PageLink(business.title, first, business.icon, is_open, current, shown))
    return links


def phone_bar_for(user: Any, view_name: str) -> list[PageLink]:
    """Build the entries of the phone bar that stand before "more"."""
    place = place_of(user, view_name)
    here = place[1] if place else None
    return [
        replace(_page_link(page, icon, view_name, here), title=title)
        for page, icon, title in PHONE_BAR
        if may_open(user, page)
    ]


def big_entries_for(user: Any) -> list[PageLink]:
    """Build the big buttons of the phone's home page."""
    return [
        PageLink(page.title, address(page.url_name), icon, False, "", hint=hint)
        for page, icon, hint in BIG_ENTRIES
        if may_open(user, page)
    ]
