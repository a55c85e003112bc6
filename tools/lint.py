"""Run every static check and say at the end which failed: `python -m tools.lint`."""

import os
import subprocess
import sys
import time
from pathlib import Path

from fpms import embedded

PROJECT = Path(__file__).resolve().parent.parent
# Any values: the check looks at the settings that production derives from them.
PRODUCTION = {
    "FPMS_PRODUCTION": "1",
    "FPMS_SECRET_KEY": "only-for-the-check-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
    "FPMS_FIELD_KEYS": "1:" + "A" * 43 + "=",
    "DATABASE_URL": "postgresql://fpms@database/fpms",
    "REDIS_URL": "redis://broker",
    "FPMS_ALLOWED_HOSTS": "fpms.example",
    "FPMS_TRUSTED_ORIGINS": "https://fpms.example",
    "FPMS_PROXY_COUNT": "1",
}
PYTHON = [sys.executable]
LAYERS = "from importlinter.cli import lint_imports_command as run; run()"
CHECKS: dict[str, tuple[list[str], dict[str, str]]] = {
    "ruff check": ([*PYTHON, "-m", "ruff", "check", "--quiet", "."], {}),
    "ruff format": ([*PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."], {}),
    "mypy": ([*PYTHON, "-m", "mypy", "--no-error-summary"], {}),
    "layers": ([*PYTHON, "-c", LAYERS], {}),
    "migrations": ([*PYTHON, "manage.py", "makemigrations", "--check", "--dry-run", "-v1"], {}),
    "deployment": (
        [*PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        PRODUCTION,
    ),
    "catalogues": ([*PYTHON, "-m", "tools.catalogues", "check"], {}),
}


def main() -> int:
    """Run all checks, also after a failure; 1 when one failed."""
    with embedded.running():  # makemigrations compares with the database
        failed = [name for name in CHECKS if not passes(name)]
    print(f"Failed: {', '.join(failed)}." if failed else "All checks passed.")
    return 1 if failed else 0


def passes(name: str) -> bool:
    """Run one check; print its output only when it fails."""
    command, environment = CHECKS[name]
    begun = time.monotonic()
    done = subprocess.run(
        command,
        cwd=PROJECT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(f"{name}: {'failed' if done.returncode else 'ok'} ({time.monotonic() - begun:.1f} s)")
    if done.returncode:
        print(done.stdout)
    sys.stdout.flush()
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main())
