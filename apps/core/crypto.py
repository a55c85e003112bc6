"""Encrypt sensitive values and make keyed digests of them.

A stored value is: key version (2 bytes), nonce (12), ciphertext, tag (16). The column's name is
authenticated with it, so a value moved to another column is refused. A digest is HMAC-SHA256
under a key derived per column, so equal numbers can be found without being readable.
Keys come from settings.FIELD_KEYS: "2:base64,1:base64", newest first; the oldest key also
derives the digest keys, which therefore survive a rotation of the encryption key.
"""

import base64
import binascii
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

NONCE_BYTES = 12
TAG_BYTES = 16
VERSION_BYTES = 2


class Undecipherable(Exception):
    """A stored value was altered, moved, or written with a key that is not configured."""


def parse_keys(text: str) -> dict[int, bytes]:
    """Read "version:base64" pairs, newest first. Each key has 32 bytes, versions 1 to 65535.

    Raises ImproperlyConfigured on anything else, also on a key of equal bytes (an example key).
    """
    keys: dict[int, bytes] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        version, _, encoded = pair.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
            number = int(version)
        except (binascii.Error, ValueError) as error:
            raise ImproperlyConfigured("FPMS_FIELD_KEYS must be version:base64 pairs.") from error
        if len(key) != 32 or not 1 <= number <= 65535 or len(set(key)) < 8:
            raise ImproperlyConfigured("Each field key needs a version and 32 random bytes.")
        keys[number] = key
    if not keys:
        raise ImproperlyConfigured("FPMS_FIELD_KEYS is empty.")
    return keys


class AesGcm:
    """AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def encrypt(self, nonce: bytes, plain: bytes, column: bytes) -> bytes:
        return self._cipher.encrypt(nonce, plain, column)

    def decrypt(self, nonce: bytes, sealed: bytes, column: bytes) -> bytes:
        return self._cipher.decrypt(nonce, sealed, column)


class Sm4Gcm:
    """SM4-GCM (GB/T 32907), chosen by FPMS_FIELD_CIPHER=sm4-gcm. Uses 16 bytes of the key."""

    def __init__(self, key: bytes) -> None:
        self._key = hashlib.sha256(b"sm4" + key).digest()[:16]

    def encrypt(self, nonce: bytes, plain: bytes, column: bytes) -> bytes:
        work = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        work.authenticate_additional_data(column)
        return work.update(plain) + work.finalize() + work.tag

    def decrypt(self, nonce: bytes, sealed: bytes, column: bytes) -> bytes:
        body, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        work = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, tag)).decryptor()
        work.authenticate_additional_data(column)
        return work.update(body) + work.finalize()


CIPHERS: dict[str, type[AesGcm] | type[Sm4Gcm]] = {"aes-256-gcm": AesGcm, "sm4-gcm": Sm4Gcm}


@lru_cache(maxsize=8)
def _ring(text: str, cipher: str) -> tuple[int, dict[int, AesGcm | Sm4Gcm], bytes]:
    keys = parse_keys(text)
    if cipher not in CIPHERS:
        raise ImproperlyConfigured(f"FPMS_FIELD_CIPHER must be one of {', '.join(CIPHERS)}.")
    ciphers = {version: CIPHERS[cipher](key) for version, key in keys.items()}
    newest = next(iter(keys))
    return newest, ciphers, keys[min(keys)]


def _current() -> tuple[int, dict[int, AesGcm | Sm4Gcm], bytes]:
    return _ring(settings.FIELD_KEYS, settings.FIELD_CIPHER)


def encrypt(column: str, plain: str) -> bytes:
    """Seal a text for a column such as "households_person.id_number"."""
    return encrypt_bytes(column, plain.encode())


def decrypt(column: str, sealed: bytes) -> str:
    """Open a sealed value of that column. Raises Undecipherable rather than return garbage."""
    return decrypt_bytes(column, sealed).decode()


def encrypt_bytes(column: str, plain: bytes) -> bytes:
    """Seal any bytes, for example a piece of an uploaded file."""
    version, ciphers, _ = _current()
    nonce = os.urandom(NONCE_BYTES)
    sealed = ciphers[version].encrypt(nonce, plain, column.encode())
    return version.to_bytes(VERSION_BYTES, "big") + nonce + sealed


def decrypt_bytes(column: str, sealed: bytes) -> bytes:
    """Open sealed bytes. Raises Undecipherable rather than return garbage."""
    _, ciphers, _ = _current()
    version = int.from_bytes(sealed[:VERSION_BYTES], "big")
    nonce = bytes(sealed[VERSION_BYTES : VERSION_BYTES + NONCE_BYTES])
    body = bytes(sealed[VERSION_BYTES + NONCE_BYTES :])
    if version not in ciphers or len(body) < TAG_BYTES:
        raise Undecipherable(column)
    try:
        return ciphers[version].decrypt(nonce, body, column.encode())
    except InvalidTag as error:
        raise Undecipherable(column) from error


def key_version(sealed: bytes) -> int:
    """Tell with which key version a value was sealed."""
    return int.from_bytes(sealed[:VERSION_BYTES], "big")


def newest_key_version() -> int:
    """Tell the key version that new values are sealed with."""
    return _current()[0]


@lru_cache(maxsize=64)
def _digest_key(text: str, cipher: str, purpose: str) -> bytes:
    oldest = _ring(text, cipher)[2]
    return hmac.new(oldest, b"digest:" + purpose.encode(), hashlib.sha256).digest()


def digest(purpose: str, plain: str) -> bytes:
    """Return the 32-byte keyed digest by which an encrypted value is found."""
    key = _digest_key(settings.FIELD_KEYS, settings.FIELD_CIPHER, purpose)
    return hmac.digest(key, plain.encode(), "sha256")


def tail_digest(purpose: str, plain: str, length: int = 6) -> bytes:
    """Return a 3-byte digest of the last characters; several people share one on purpose."""
    return digest(f"{purpose}.tail{length}", plain[-length:])[:3]
