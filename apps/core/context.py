"""What every page's shell shows: menu, region, text size, languages, office."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from apps.core import menu as menus

TEXT_COOKIE = "fp_text"
TEXT_SIZES = {"normal": "", "large": "is-large", "larger": "is-larger"}
MORE_COOKIE = "fp_more"


@dataclass(frozen=True)
class Crumb:
    """One step of "you are here"; the last one has no address."""

    title: Any
    url: str = ""


def text_size(request: HttpRequest) -> str:
    """Return the text size the user chose in this browser: normal, large or larger."""
    chosen = request.COOKIES.get(TEXT_COOKIE, "normal")
    return chosen if chosen in TEXT_SIZES else "normal"


class Shell:
    """The shell of one page. Everything is computed on first use, so fragments cost nothing."""

    office = settings.OFFICE_NAME
    hotline = settings.HOTLINE
    version = settings.VERSION
    filing_number = getattr(settings, "FILING_NUMBER", "")  # 等保备案号, if the site has one

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @property
    def _view_name(self) -> str:
        match = self.request.resolver_match
        return match.view_name if match else ""

    @property
    def signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return bool(user and user.is_authenticated)

    @cached_property
    def menu(self) -> list[menus.PageLink]:
        return menus.menu_for(self.request.user, self._view_name) if self.signed_in else []

    @cached_property
    def phone_bar(self) -> list[menus.PageLink]:
        return menus.phone_bar_for(self.request.user, self._view_name) if self.signed_in else []

    @cached_property
    def big_entries(self) -> list[menus.PageLink]:
        return menus.big_entries_for(self.request.user) if self.signed_in else []

    @property
    def may_search(self) -> bool:
        user = self.request.user
        return self.signed_in and bool(user.may("households.open_person"))  # type: ignore[union-attr]

    @cached_property
    def trail(self) -> list[Crumb]:
        """The steps above the page on screen: home, business, list."""
        place = menus.place_of(self.request.user, self._view_name) if self.signed_in else None
        home = Crumb(menus.HOME.title, menus.address(menus.HOME.url_name))
        if not place or place[1] is menus.HOME:
            return [] if self._view_name == menus.HOME.url_name else [home]
        business, page = place
        steps = [home]
        if str(business.title) != str(page.title):
            steps.append(Crumb(business.title, menus.address(business.pages[0].url_name)))
        if page.url_name != self._view_name:
            steps.append(Crumb(page.title, menus.address(page.url_name)))
        return steps

    @property
    def region(self) -> Any:
        """The region the user chose to look at; set on the request by the regions' middleware."""
        return getattr(self.request, "region", None)

    @property
    def text_size(self) -> str:
        return text_size(self.request)

    @property
    def html_class(self) -> str:
        return TEXT_SIZES[self.text_size]

    @property
    def next_text_size(self) -> str:
        """The size that the large-print button goes to: normal, large, larger, normal."""
        sizes = list(TEXT_SIZES)
        return sizes[(sizes.index(self.text_size) + 1) % len(sizes)]

    @property
    def html_lang(self) -> str:
        return "en" if (get_language() or "").startswith("en") else "zh-Hans"

    @property
    def other_language(self) -> tuple[str, str]:
        """Code and own name of the language to switch to."""
        code = "zh-hans" if self.html_lang == "en" else "en"
        return code, dict(settings.LANGUAGES).get(code, code)

    @property
    def here(self) -> str:
        """The address to come back to after switching language, size or region."""
        if self.request.method == "GET":
            return self.request.get_full_path()
        return self.request.path

    @property
    def more_is_open(self) -> bool:
        """Whether the user left the further conditions of query forms open."""
        return self.request.COOKIES.get(MORE_COOKIE) == "1"


def shell(request: HttpRequest) -> dict[str, Any]:
    """Give every template its shell."""
    return {"shell": Shell(request)}
