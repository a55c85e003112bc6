"""Answers when something cannot be shown: what happened, what is kept, what to do next.

Each page carries a number that leads to the line in the log. The page of a crash uses neither
database nor session, since these may be what broke.
"""

import logging
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import TemplateDoesNotExist, loader
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.core import requests

log = logging.getLogger("fpms.errors")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that makes no sense."""
    return _page(request, 400, _("This request could not be understood."))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer somebody whose role does not include a page, and say who can help."""
    reason = str(exception or "")
    return _page(request, 403, _("Your role does not include this page."), reason)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that leads nowhere; the same for what is out of sight."""
    return _page(request, 404, _("There is nothing at this address, or not for your regions."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that is not from one of our pages, or was open for too long."""
    return _page(
        request, 403, _("This form was open for too long. Please go back and send it again.")
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer after a crash. The number finds the log line; nothing else is told."""
    number = requests.current().request_id or requests.new_request_id()
    log.error("error %s", number)
    context = _context(500, _("Something went wrong on our side."), "", number)
    try:
        text = loader.get_template("500.html").render(context)
    except TemplateDoesNotExist:
        text = f"<!doctype html><title>500</title><p>{escape(context['message'])} {number}</p>"
    return HttpResponse(text, status=500)


def _page(request: HttpRequest, status: int, message: str, reason: str = "") -> HttpResponse:
    number = requests.current().request_id or requests.new_request_id()
    context = _context(status, message, reason, number)
    text = loader.render_to_string(f"{status}.html", context, request)
    return HttpResponse(text, status=status)


def _context(status: int, message: str, reason: str, number: str) -> dict[str, Any]:
    return {
        "status": status,
        "title": message,
        "message": message,
        "reason": reason,
        "error_number": number,
        "lang": "en" if (get_language() or "").startswith("en") else "zh-Hans",
        "hotline": settings.HOTLINE,
        "office": settings.OFFICE_NAME,
    }
