"""Secrets of a local installation (demo, tests), generated once and kept outside the code.

A production installation never uses these: its settings refuse to start without its own.
"""

import base64
import os
import secrets as random
from pathlib import Path

from fpms import embedded


def _folder() -> Path:
    folder = embedded.home() / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def local(name: str) -> str:
    """Return the local secret `name` (text of 64 characters), made at the first call."""
    path = _folder() / name
    if not path.exists():
        _write_once(path, random.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def local_field_keys() -> str:
    """Return the local keys for encrypted columns, "version:base64 of 32 bytes"."""
    path = _folder() / "field_keys"
    if not path.exists():
        _write_once(path, "1:" + base64.b64encode(random.token_bytes(32)).decode())
    return path.read_text(encoding="ascii").strip()


def _write_once(path: Path, value: str) -> None:
    """Create the file with its full content in one step, so two starts agree on one value."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(value, encoding="ascii")
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
