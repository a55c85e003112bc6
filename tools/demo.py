"""Run the whole demo: `python -m tools.demo [--scale county] [--port 8000]`.

Sets up what is missing, loads the fictional data once, starts web server, worker and beat, prints
the address and the passwords, and stops everything it started on Ctrl-C, on SIGTERM, when one of
them ends, and when make itself is killed.
"""

import argparse
import contextlib
import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from fpms import embedded
from tools import assets

PROJECT = Path(__file__).resolve().parent.parent
READY_SECONDS = 90
END_SECONDS = 15
PR_SET_PDEATHSIG = 1
Servers = dict[str, subprocess.Popen[bytes]]


class Failed(Exception):
    """The demo cannot go on; the text says why."""


def main() -> int:
    """Run the demo until somebody ends it; 0 when it was asked to end."""
    options = _options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        _check_port(options.port)
        assets.build()
        with embedded.running():
            _load(options.scale)
            with _servers(options.port) as servers:
                _wait_until_ready(servers, options.port)
                _greet(options.port)
                _watch(servers)
    except Failed as failure:
        print(failure, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nFPMS has stopped.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.demo", description=__doc__)
    parser.add_argument("--scale", choices=("township", "county"), default="township")
    parser.add_argument("--port", type=int, default=8000)
    return parser.parse_args()


def _leave(_number: int, _frame: object) -> None:
    # Further signals (a second Ctrl-C, make's own) must not interrupt the stopping.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    raise KeyboardInterrupt


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise Failed(f"Port {port} is taken; try `make demo PORT={port + 1}`.") from None


def _load(scale: str) -> None:
    command = [sys.executable, "-m", "tools.demo_data", "--scale", scale]
    if subprocess.run(command, cwd=PROJECT, check=False).returncode:
        raise Failed("The demo data could not be loaded; see above.")


@contextlib.contextmanager
def _servers(port: int) -> Iterator[Servers]:
    """Start web server, worker and beat; end them, with all their children, at the end."""
    servers: Servers = {}
    try:
        for name, arguments in _commands(port).items():
            servers[name] = _start(name, arguments)
        yield servers
    finally:
        _end(list(servers.values()))


def _commands(port: int) -> dict[str, list[str]]:
    celery = ["-m", "celery", "-A", "fpms"]
    return {
        "web": [
            *("-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
            *("--workers", "2", "--blocking-threads", "4", "fpms.wsgi:application"),
        ],
        "worker": [*celery, "worker", "--concurrency", "2", "--loglevel", "INFO"],
        "beat": [*celery, "beat", "--schedule", str(_folder("beat") / "schedule"), "--pidfile="],
    }


def _start(name: str, arguments: list[str]) -> subprocess.Popen[bytes]:
    log = _folder("logs") / f"{name}.log"
    if log.exists():
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its own process group, which we end as a whole
            preexec_fn=_end_with_parent,
        )


def _end_with_parent() -> None:
    """Ask Linux to end this child when the demo is killed without a chance to do so itself."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """End the process groups: politely, and after END_SECONDS by force."""
    for process in processes:
        _signal(process, signal.SIGTERM)
    limit = time.monotonic() + END_SECONDS
    for process in processes:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(max(0.1, limit - time.monotonic()))
    for process in processes:
        _signal(process, signal.SIGKILL)  # the leader may be gone and a child still there
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        if number == signal.SIGKILL:
            os.killpg(process.pid, number)
        elif process.poll() is None:
            process.send_signal(number)  # the leader ends its children in good order


def _wait_until_ready(servers: Servers, port: int) -> None:
    limit = time.monotonic() + READY_SECONDS
    while not _answers(port):
        _check_alive(servers)
        if time.monotonic() > limit:
            raise Failed(f"The web server does not answer; see {_folder('logs') / 'web.log'}.")
        time.sleep(0.2)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _watch(servers: Servers) -> None:
    """Return when make is gone; raise Failed when a server ends by itself."""
    parent = os.getppid()
    while os.getppid() == parent:
        _check_alive(servers)
        time.sleep(0.5)


def _check_alive(servers: Servers) -> None:
    for name, process in servers.items():
        if process.poll() is not None:
            log = _folder("logs") / f"{name}.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-20:])
            raise Failed(f"{name} ended by itself ({process.returncode}); from {log}:\n{tail}")


def _greet(port: int) -> None:
    print(f"\nFPMS runs at http://127.0.0.1:{port}/ — fictional data; Ctrl-C stops it.\n")
    print((embedded.home() / "demo-passwords.txt").read_text(encoding="utf-8"))
    print(f"Logs: {_folder('logs')}", flush=True)


def _folder(name: str) -> Path:
    folder = embedded.home() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
