"""Pages for what went wrong: say what happened, what is kept, and what to do next."""

import logging

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext_lazy as _

from apps.core import requests

log = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int, title: object, reason: str = "") -> HttpResponse:
    context = {"title": title, "reason": reason, "number": _number() if status == 400 else ""}
    if "HX-Request" in request.headers and status == 403:
        return HttpResponse(reason or str(title), status=status, content_type="text/plain")
    return render(request, f"{status}.html", context, status=status)


def _number() -> str:
    return requests.current().request_id


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: the request could not be understood."""
    return _page(request, 400, _("This request could not be understood"))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but the role does not include this; says who can."""
    reason = str(exception) if exception and exception.args else ""
    return _page(request, 403, _("This page is not part of your role"), reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or outside the user's regions; both look the same."""
    return _page(request, 404, _("Not found"))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that was open too long."""
    return render(request, "403_csrf.html", {"title": _("This form is too old")}, status=403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429: asked too often."""
    response = _page(request, 429, _("Too many requests at once"))
    response["Retry-After"] = "60"
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Uses nothing that may be broken: no session, no menu, no database."""
    number = _number()
    log.error("error page shown, number %s", number)
    lang = "en" if (get_language() or "").startswith("en") else "zh-Hans"
    context = {
        "number": number,
        "lang": lang,
        "hotline": settings.HOTLINE,
        "office": settings.OFFICE_NAME,
    }
    return HttpResponse(render_to_string("500.html", context), status=500)
