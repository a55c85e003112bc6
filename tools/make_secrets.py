"""Make the secrets of an installation with containers: `python3 tools/make_secrets.py`.

Writes deploy/secrets/* once and never changes a file that is there: without the field keys the
encrypted columns cannot be read again. Needs nothing but Python.
"""

import base64
import secrets
from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent / "deploy" / "secrets"


def main() -> None:
    """Write what is missing and say so."""
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    (FOLDER / ".gitignore").write_text("*\n")
    password = _keep("database_password", secrets.token_hex(24))
    _keep("database_url", f"postgresql://fpms:{password}@postgres:5432/fpms")
    _keep("secret_key", secrets.token_urlsafe(48))
    _keep("field_keys", "1:" + base64.b64encode(secrets.token_bytes(32)).decode())


def _keep(name: str, value: str) -> str:
    """Return the content of the file, written now if there is none."""
    path = FOLDER / name
    if not path.exists():
        path.write_text(value)
        # Containers read it under another user; the folder itself is closed to everybody else.
        path.chmod(0o444)
        print(f"made {path}")
    return path.read_text()


if __name__ == "__main__":
    main()
