"""Short keys that name a record on paper or in a workbook and tell when one was mistyped.

1024-K7QX: the record's number and four letters of a keyed digest. Not a secret: what a key may
open is decided by the user's regions, as everywhere.
"""

import base64
import re

from apps.core import crypto

PURPOSE = "core.keys"
LETTERS = 4
_KEY = re.compile(r"(\d{1,18})-([A-Z2-7]{4})")


def record_key(number: int) -> str:
    """Return the key of a record."""
    return f"{number}-{_letters(number)}"


def read_key(text: str) -> int | None:
    """Return the number that a key names, None if it is none or was changed."""
    found = _KEY.fullmatch(text.strip().upper())
    if found is None or _letters(int(found[1])) != found[2]:
        return None
    return int(found[1])


def _letters(number: int) -> str:
    return base64.b32encode(crypto.digest(PURPOSE, str(number)))[:LETTERS].decode()
