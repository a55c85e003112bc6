"""What is known about the request being answered, for code that gets no request object."""

import ipaddress
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class RequestContext:
    """Which request this is, and the address it came from (None for jobs and commands)."""

    request_id: str = ""
    address: str | None = None


_current: ContextVar[RequestContext | None] = ContextVar("request_context", default=None)
OUTSIDE = RequestContext()


def current() -> RequestContext:
    """Return the context of the request being answered; an empty one outside of requests."""
    return _current.get() or OUTSIDE


@contextmanager
def using(context: RequestContext) -> Iterator[RequestContext]:
    """Make `context` the current one for the time of a block."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


def new_request_id() -> str:
    """Return a number that can be read out on the telephone: twelve hexadecimal digits."""
    return secrets.token_hex(6)


def client_address(request: HttpRequest) -> str | None:
    """Return the address of the browser.

    X-Forwarded-For counts only as far as our own proxies wrote it (settings.PROXY_COUNT entries
    from its end); what a client puts there itself is ignored.
    """
    nearest = request.META.get("REMOTE_ADDR") or ""
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    count = settings.PROXY_COUNT
    if count and len(forwarded) >= count and _is_address(forwarded[-count]):
        return forwarded[-count]
    return nearest if _is_address(nearest) else None


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
