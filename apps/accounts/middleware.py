"""The rules of a session: idle time, longest time, first password."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from apps.accounts import services

# Writing down every click would be a write per page; once a minute is exact enough.
NOTE_EVERY_SECONDS = 60
OPEN_WITH_FIRST_PASSWORD = {
    "accounts:password_change",
    "accounts:logout",
    "set_language",
    "core:text_size",
    "healthz",
    "readyz",
}


class SessionRulesMiddleware:
    """End idle and old sessions, and ask for an own password before anything else.

    What was being typed when a session ended is kept (see services.expire).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now().timestamp()
            if _is_over(request, now):
                services.expire(request=request)
                return _ask_again(request)
            if now - request.session.get(services.SEEN, 0) >= NOTE_EVERY_SECONDS:
                services.note_activity(request=request, at=now)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> HttpResponse | None:
        """Lead somebody with a first password to the page that asks for an own one."""
        if not (request.user.is_authenticated and request.user.must_change_password):
            return None
        match = request.resolver_match
        if match and match.view_name in OPEN_WITH_FIRST_PASSWORD:
            return None
        return _go(request, redirect("accounts:password_change").url)


def _is_over(request: HttpRequest, now: float) -> bool:
    """Sessions not begun by services.sign_in have no time stamps; they begin now."""
    started = request.session.setdefault(services.STARTED, now)
    seen = request.session.setdefault(services.SEEN, now)
    idle = now - seen > settings.SESSION_IDLE_SECONDS
    return idle or now - started > settings.SESSION_COOKIE_AGE


def _ask_again(request: HttpRequest) -> HttpResponse:
    """Lead to the sign-in page and back to the form or page that was open."""
    back = request.get_full_path() if request.method == "GET" else request.path
    current = request.headers.get("HX-Current-URL")
    if "HX-Request" in request.headers and current:
        parts = urlsplit(current)
        back = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return _go(request, redirect_to_login(back).url)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """Redirect the whole page, also when htmx asked for a part of it."""
    if "HX-Request" not in request.headers:
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
