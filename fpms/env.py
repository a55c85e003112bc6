"""Read settings from environment variables, loudly.

Each variable NAME may instead be given as NAME_FILE, the path of a file that holds the value
(Docker and Kubernetes secrets).
"""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}


def text(name: str, default: str | None = None) -> str:
    """Return the value of `name`, of the file `name`_FILE, or the default.

    Raises ImproperlyConfigured when there is none of them or the file cannot be read.
    """
    if name in os.environ:
        return os.environ[name]
    if path := os.environ.get(f"{name}_FILE"):
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}") from error
    if default is None:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE).")
    return default


def flag(name: str, default: bool) -> bool:
    """Return a yes/no value; anything but 1/0, true/false, yes/no, on/off is refused."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0.")


def number(name: str, default: int, *, least: int = 0) -> int:
    """Return a whole number of at least `least`."""
    value = text(name, str(default))
    try:
        result = int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error
    if result < least:
        raise ImproperlyConfigured(f"{name} must be at least {least}.")
    return result


def items(name: str, default: str = "") -> list[str]:
    """Return a comma-separated value as a list without blanks."""
    return [part.strip() for part in text(name, default).split(",") if part.strip()]
