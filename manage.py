#!/usr/bin/env python
"""Django's command line; starts the embedded services for the command when no real ones are set."""

import os
import signal
import sys
from types import FrameType

from django.core.management import execute_from_command_line

from fpms import embedded

# Commands that read or write no record. Everything else gets the services (unknown commands too:
# a needless start costs a second, a missing database costs the work).
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "spectacular",
    "startapp",
    "version",
}


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fpms.settings")
    if needs_services(sys.argv[1:]):
        signal.signal(signal.SIGTERM, _leave)  # by the normal way out, which stops the services
        with embedded.running():
            execute_from_command_line(sys.argv)
    else:
        execute_from_command_line(sys.argv)


def needs_services(arguments: list[str]) -> bool:
    """Say whether a command line of manage.py may touch a record."""
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    return bool(arguments) and not asks_for_help and arguments[0] not in WITHOUT_SERVICES


def _leave(number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == "__main__":
    main()
