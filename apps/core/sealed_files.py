"""Keep uploaded files sealed on disk: in chunks, so that memory stays flat.

A sealed file is a row of chunks, each with its length (4 bytes) before it. The chunk's number,
whether it is the last, and the file's purpose are authenticated with it, so a file that was cut,
re-ordered or put in place of another is refused.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

from apps.core import crypto

CHUNK_BYTES = 1024 * 1024
LENGTH_BYTES = 4


def seal_to(path: Path, pieces: Iterable[bytes], purpose: str) -> None:
    """Write `pieces` sealed to a new file that only this account may read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as target:
        held = b""
        number = 0
        for chunk in _chunks(pieces):
            if number:
                _write(target, held, purpose, number, last=False)
            held, number = chunk, number + 1
        _write(target, held, purpose, max(number, 1), last=True)


def open_sealed(path: Path, purpose: str) -> Iterator[bytes]:
    """Yield the clear chunks of a sealed file. Raises crypto.Undecipherable when it was altered."""
    with path.open("rb") as source:
        number, size = 1, source.read(LENGTH_BYTES)
        while size:
            body = source.read(int.from_bytes(size, "big"))
            size = source.read(LENGTH_BYTES)
            yield crypto.decrypt_bytes(_label(purpose, number, last=not size), body)
            number += 1
        if number == 1:
            raise crypto.Undecipherable(purpose)


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Cut any pieces into chunks of CHUNK_BYTES."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def _label(purpose: str, number: int, *, last: bool) -> str:
    return f"{purpose}#{number}{'.' if last else ''}"


def _write(target: BinaryIO, chunk: bytes, purpose: str, number: int, *, last: bool) -> None:
    sealed = crypto.encrypt_bytes(_label(purpose, number, last=last), chunk)
    target.write(len(sealed).to_bytes(LENGTH_BYTES, "big") + sealed)
