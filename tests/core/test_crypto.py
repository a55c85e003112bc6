"""Sealed values and keyed digests."""

import base64
import os

import pytest
from django.core.exceptions import ImproperlyConfigured

from apps.core import crypto

COLUMN = "households_person.id_number"
NUMBER = "11010519491231002X"


def key(version: int = 1) -> str:
    return f"{version}:{base64.b64encode(os.urandom(32)).decode()}"


OLD, NEW = key(1), key(2)


@pytest.fixture(params=["aes-256-gcm", "sm4-gcm"], autouse=True)
def cipher(request, settings):
    settings.FIELD_CIPHER = request.param
    settings.FIELD_KEYS = OLD


def test_sealed_text_opens_again():
    for text in (NUMBER, "", "张惠卿𠮷", "x" * 4000):
        assert crypto.decrypt(COLUMN, crypto.encrypt(COLUMN, text)) == text


def test_sealed_text_does_not_show_what_it_is():
    assert NUMBER.encode() not in crypto.encrypt(COLUMN, NUMBER)


def test_equal_numbers_are_never_sealed_alike():
    assert len({crypto.encrypt(COLUMN, NUMBER) for _n in range(10_000)}) == 10_000


def test_every_flipped_byte_is_refused():
    sealed = crypto.encrypt(COLUMN, NUMBER)
    for place in range(len(sealed)):
        bad = bytearray(sealed)
        bad[place] ^= 1
        with pytest.raises(crypto.Undecipherable):
            crypto.decrypt(COLUMN, bytes(bad))


def test_value_moved_to_another_column_is_refused():
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt("households_person.phone", crypto.encrypt(COLUMN, NUMBER))


@pytest.mark.parametrize("sealed", [b"", b"\x00", b"\x00\x01short", bytes(40)])
def test_rubbish_is_refused(sealed):
    with pytest.raises(crypto.Undecipherable):
        crypto.decrypt(COLUMN, sealed)


def test_after_rotation_old_values_open_and_new_ones_use_the_new_key(settings):
    old = crypto.encrypt(COLUMN, NUMBER)

    settings.FIELD_KEYS = f"{NEW},{OLD}"
    new = crypto.encrypt(COLUMN, NUMBER)

    assert crypto.decrypt(COLUMN, old) == crypto.decrypt(COLUMN, new) == NUMBER
    assert (crypto.key_version(old), crypto.key_version(new)) == (1, 2)
    assert crypto.newest_key_version() == 2


def test_digest_survives_rotation(settings):
    before = crypto.digest("id", NUMBER)

    settings.FIELD_KEYS = f"{NEW},{OLD}"

    assert crypto.digest("id", NUMBER) == before


def test_digests_differ_by_purpose_value_and_key(settings):
    one = crypto.digest("id", NUMBER)
    others = [crypto.digest("phone", NUMBER), crypto.digest("id", NUMBER[:-1] + "1")]
    settings.FIELD_KEYS = NEW
    others.append(crypto.digest("id", NUMBER))

    assert len(one) == 32
    assert one not in others


def test_tail_digest_finds_by_the_last_six():
    assert crypto.tail_digest("id", NUMBER) == crypto.tail_digest("id", "31002X")
    assert len(crypto.tail_digest("id", NUMBER)) == 3


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:abc",
        f"0:{base64.b64encode(os.urandom(32)).decode()}",
        f"x:{base64.b64encode(os.urandom(32)).decode()}",
        f"1:{base64.b64encode(os.urandom(16)).decode()}",
        f"1:{base64.b64encode(bytes(32)).decode()}",
        f"1:{base64.b64encode(b'a' * 32).decode()}",
    ],
    ids=["none", "no key", "short", "version 0", "no version", "16 bytes", "zeros", "example"],
)
def test_missing_short_and_example_keys_are_refused(text):
    with pytest.raises(ImproperlyConfigured):
        crypto.parse_keys(text)
