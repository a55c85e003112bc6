"""The application served as in production, and a browser's way of signing in."""

import http.client
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from django.urls import reverse

PROJECT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Server:
    """A running server: its port and the number of its main process."""

    port: int
    pid: int


@contextmanager
def serve(application: str = "fpms.wsgi:application") -> Iterator[Server]:
    """Serve with granian, two workers, for the length of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
            *("--port", str(port), "--workers", "2", "--blocking-threads", "4", application),
        ],
        cwd=PROJECT,
        env={**os.environ, "FPMS_ALLOWED_HOSTS": "127.0.0.1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait(port)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _turn in range(300):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


def sign_in(port: int, username: str, password: str) -> str:
    """Sign in as a browser does and return the cookies."""
    address = reverse("accounts:login")
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    line.request("GET", address)
    answer = line.getresponse()
    token = token_of(answer.read().decode())
    cookies = _cookies(answer)
    form = {"username": username, "password": password, "csrfmiddlewaretoken": token}
    headers = {
        "Cookie": cookies,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": f"http://127.0.0.1:{port}{address}",
    }
    line.request("POST", address, urlencode(form), headers)
    answer = line.getresponse()
    answer.read()
    if answer.status != 302:
        raise AssertionError(f"could not sign in: {answer.status}")
    return _cookies(answer)


def token_of(page: str) -> str:
    """Return the token that a page's forms carry."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or [])
