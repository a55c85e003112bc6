"""The digests by which sealed numbers of persons are found: one place, so that all agree."""

from apps.core import crypto

ID_COLUMN = "households_person.id_number"
PHONE_COLUMN = "households_person.phone"


def id_digest(number: str) -> bytes:
    """Return the digest of a normalised identity number (18 characters, capital X)."""
    return crypto.digest(ID_COLUMN, number)


def id_tail(number: str) -> bytes:
    """Return the short digest of the last six characters, by which clerks search."""
    return crypto.tail_digest(ID_COLUMN, number)


def phone_digest(number: str) -> bytes:
    """Return the digest of a telephone number in digits."""
    return crypto.digest(PHONE_COLUMN, number)


def seal_id(number: str) -> bytes:
    """Return the sealed form of an identity number, as the column stores it."""
    return crypto.encrypt(ID_COLUMN, number)


def seal_phone(number: str) -> bytes:
    """Return the sealed form of a telephone number, as the column stores it."""
    return crypto.encrypt(PHONE_COLUMN, number)
