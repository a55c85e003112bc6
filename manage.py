#!/usr/bin/env python
"""Django's command line; starts the embedded services for the command when no real ones are set."""

import os
import sys

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
    if _needs_services(sys.argv[1:]):
        with embedded.running():
            execute_from_command_line(sys.argv)
    else:
        execute_from_command_line(sys.argv)


def _needs_services(arguments: list[str]) -> bool:
    asks_for_help = {"-h", "--help", "--version"} & set(arguments)
    return bool(arguments) and not asks_for_help and arguments[0] not in WITHOUT_SERVICES


if __name__ == "__main__":
    main()
