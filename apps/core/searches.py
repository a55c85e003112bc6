"""Keep names and numbers that somebody searches for out of addresses and server logs.

A query form with personal conditions is posted; its personal values travel on as one sealed,
opaque token that only the same user can open again.
"""

import base64
import binascii
import json

from apps.core import crypto

MAX_TOKEN = 4000


def seal(values: dict[str, str], user_pk: object) -> str:
    """Return the token for these values; "" when there is nothing to keep."""
    kept = {name: value for name, value in values.items() if value}
    if not kept:
        return ""
    plain = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    sealed = crypto.encrypt(_purpose(user_pk), plain)
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def unseal(token: str, user_pk: object) -> dict[str, str]:
    """Open a token of the same user; anything else is an empty search."""
    if not token or len(token) > MAX_TOKEN:
        return {}
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        values = json.loads(crypto.decrypt(_purpose(user_pk), sealed))
    except (binascii.Error, ValueError, crypto.Undecipherable):
        return {}
    return {str(name): str(value) for name, value in values.items()}


def _purpose(user_pk: object) -> str:
    return f"search:{user_pk}"
