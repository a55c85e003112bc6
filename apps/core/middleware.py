"""What every request gets: its language, its number, and the frame for row history."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import pghistory
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from apps.core import requests

READING = {"GET", "HEAD", "OPTIONS", "TRACE"}


class LanguageMiddleware:
    """Speak Chinese unless the user switched this browser to another language.

    The browser's own list of languages does not count: many offices run Chinese work on an
    English Windows.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        known = {code for code, _name in settings.LANGUAGES}
        language = chosen if chosen in known else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ["Cookie"])
        return response


class RequestContextMiddleware:
    """Number each request, tell row history who acts, keep personal pages out of caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        context = requests.RequestContext(
            requests.new_request_id(), requests.client_address(request)
        )
        with requests.using(context), _row_history(request, context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Name the act in row history, now that the address is understood."""
        if request.method not in READING and request.resolver_match:
            pghistory.context(act=request.resolver_match.view_name)


def _row_history(
    request: HttpRequest, context: requests.RequestContext
) -> AbstractContextManager[Any]:
    """Name user and request to row history; reading requests write no history."""
    if request.method in READING:
        return nullcontext()
    return pghistory.context(user=request.user.pk, request=context.request_id)
