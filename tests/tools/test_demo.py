"""The demo's supervisor ends what it started, and says which part ended by itself."""

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from tools import demo

# A server with a child of its own, as the web server and the worker are.
PARENT = (
    "import subprocess, sys, time;"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
    "open(sys.argv[1], 'w').write(str(child.pid)); {then}"
)


@pytest.fixture
def parts(tmp_path, monkeypatch):
    """Return a function that replaces the three servers by one that ends as the text says."""
    monkeypatch.setattr(demo, "_folder", lambda name: tmp_path)
    note = tmp_path / "child"

    def choose(then: str) -> Path:
        commands = {"web": ["-c", PARENT.format(then=then), str(note)]}
        monkeypatch.setattr(demo, "_commands", lambda port: commands)
        return note

    return choose


def _child_of(note: Path) -> int:
    limit = time.monotonic() + 20
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < limit
        time.sleep(0.05)
    return int(note.read_text())


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def _ends(pid: int) -> bool:
    limit = time.monotonic() + 10  # the kernel takes a moment to end a killed process
    while _lives(pid) and time.monotonic() < limit:
        time.sleep(0.05)
    return not _lives(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_end_of_the_demo_ends_servers_and_their_children(parts):
    note = parts("time.sleep(60)")

    with demo._servers(0) as servers:
        child = _child_of(note)
        process = servers["web"]
        assert _lives(child)

    assert process.poll() is not None
    assert _ends(child)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_server_that_does_not_listen_is_ended_by_force(parts, monkeypatch):
    monkeypatch.setattr(demo, "END_SECONDS", 0.5)
    note = parts("import signal; signal.signal(15, signal.SIG_IGN); time.sleep(60)")

    with demo._servers(0) as servers:
        child = _child_of(note)
        process = servers["web"]
        time.sleep(0.3)  # until it ignores the signal

    assert process.returncode == -9
    assert _ends(child)


def test_server_that_ends_by_itself_is_named_with_its_last_words(parts):
    parts("sys.exit('no memory left')")

    with demo._servers(0) as servers, pytest.raises(demo.Failed) as failure:
        demo._watch(servers)

    assert "web ended by itself (1)" in str(failure.value)
    assert "no memory left" in str(failure.value)


def test_demo_ends_when_make_is_gone(parts, monkeypatch):
    parents = iter([100, 100, 1])
    monkeypatch.setattr(os, "getppid", lambda: next(parents))
    parts("time.sleep(60)")

    with demo._servers(0) as servers:
        demo._watch(servers)

    assert next(parents, None) is None


def test_taken_port_is_said_with_a_way_out():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        with pytest.raises(demo.Failed, match=f"PORT={port + 1}"):
            demo._check_port(port)
