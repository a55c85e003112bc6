"""Build what the server reads and nobody commits: `python -m tools.assets`.

Front-end libraries, compiled translations, and the collected, hashed and compressed static files.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

from tools import catalogues, frontend

PROJECT = Path(__file__).resolve().parent.parent


def build() -> None:
    """Build what changed since the last time."""
    frontend.main()
    catalogues.compile_all()
    _collect()


def _collect() -> None:
    """Run collectstatic, unless the same files were collected before (it takes seconds)."""
    stamp, state = PROJECT / "staticfiles" / ".stamp", _state()
    if stamp.exists() and stamp.read_text() == state:
        return
    print("Collecting the static files …", flush=True)
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "--clear", "-v0"]
    subprocess.run(command, cwd=PROJECT, check=True)
    stamp.write_text(state)


def _state() -> str:
    """Return a digest of everything that decides the collected files."""
    digest = hashlib.sha256((PROJECT / "requirements.txt").read_bytes())
    for folder in ("static", "apps"):
        for path in sorted((PROJECT / folder).rglob("*")):
            if path.is_file() and (folder == "static" or "static" in path.parts):
                digest.update(path.relative_to(PROJECT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    build()
