"""Let one opened form be carried out once, however often its button is pressed.

Each form carries a random token. The first post claims it; a second one waits for the first and is
led to the same result page.
"""

import secrets
import time

from django.core.cache import cache

KEEP_SECONDS = 60 * 60
WAIT_SECONDS = 8.0
STEP_SECONDS = 0.1
RUNNING = "-"


def new_token() -> str:
    """Return the token for a newly opened form."""
    return secrets.token_urlsafe(12)


def _key(user_pk: object, token: str) -> str:
    return f"once:{user_pk}:{token[:40]}"


def claim(user_pk: object, token: str) -> bool:
    """Take the token; False when another post of the same form already has it."""
    return not token or cache.add(_key(user_pk, token), RUNNING, KEEP_SECONDS)


def release(user_pk: object, token: str) -> None:
    """Give the token back, because the form was refused and will be sent again."""
    if token:
        cache.delete(_key(user_pk, token))


def settle(user_pk: object, token: str, url: str) -> None:
    """Note where the finished act led to."""
    if token:
        cache.set(_key(user_pk, token), url, KEEP_SECONDS)


def result(user_pk: object, token: str) -> str:
    """Wait for the first post and return where it led to; "" when it is still at work."""
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        found = cache.get(_key(user_pk, token), "")
        if found != RUNNING:
            return str(found)
        time.sleep(STEP_SECONDS)
    return ""
