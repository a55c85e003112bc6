"""Command line of the embedded services (`python -m fpms.embedded --help`)."""

import argparse
import sys

from fpms import embedded
from fpms.embedded import postgres
from fpms.embedded.places import home

NOT_RUNNING = 3  # exit code of `status`, as service managers use it


def main() -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args()
    try:
        return COMMANDS[options.command](options)
    except embedded.EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fpms.embedded", description=embedded.__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("start", "stop", "status", "redis-url", "remove", "keep"):
        commands.add_parser(name)
    url = commands.add_parser("url", help="print DATABASE_URL; create the database if it can")
    url.add_argument("database", nargs="?", default=embedded.DEFAULT_DATABASE)
    return parser


def _start(_options: argparse.Namespace) -> int:
    embedded.ensure()
    return 0


def _stop(_options: argparse.Namespace) -> int:
    embedded.stop()
    return 0


def _remove(_options: argparse.Namespace) -> int:
    embedded.remove()
    return 0


def _keep(_options: argparse.Namespace) -> int:
    embedded.keep()
    return 0


def _status(_options: argparse.Namespace) -> int:
    answers = {name: embedded.is_running(name) for name in embedded.SERVICES}
    print(f"home {home()}")
    for name, answer in answers.items():
        print(f"{name} {'running' if answer else 'stopped'}")
    return 0 if all(answers.values()) else NOT_RUNNING


def _url(options: argparse.Namespace) -> int:
    if postgres.is_running():
        postgres.ensure_database(options.database)
    print(embedded.database_url(options.database))
    return 0


def _redis_url(_options: argparse.Namespace) -> int:
    print(embedded.redis_url())
    return 0


COMMANDS = {
    "start": _start,
    "stop": _stop,
    "status": _status,
    "url": _url,
    "redis-url": _redis_url,
    "remove": _remove,
    "keep": _keep,
}

if __name__ == "__main__":
    sys.exit(main())
