"""Servers, worker and clock of the driver's own: started, killed with -9, started again."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from billiard.util import set_pdeathsig

from fpms import embedded
from fpms.embedded import postgres, valkey
from fpms.embedded.places import command_line, exclusive, state_folder

READER = "apps.core.spreadsheets.child"


class Processes:
    """Everything that works on an import. Only what was started here is ever killed."""

    def __init__(self, environment: dict[str, str], log: Path, *, include: str = "") -> None:
        self._environment = environment
        self._log = log
        self._include = ["--include", include] if include else []
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Start worker and clock; the servers run already."""
        for name in ("worker", "beat"):
            self._start(name)

    def stop(self) -> None:
        """End worker and clock."""
        for process in self._running.values():
            process.kill()
            process.wait()
        self._running.clear()

    def revive(self) -> None:
        """Start again what has ended, as a service manager does."""
        for name, process in list(self._running.items()):
            if process.poll() is not None:
                self._start(name)

    def _start(self, name: str) -> None:
        options = {
            "worker": ["--concurrency", "2", *self._include],
            "beat": [f"--schedule={self._log.with_name('schedule')}", "--pidfile="],
        }[name]
        command = [sys.executable, "-m", "celery", "-A", "fpms", name, *options, "-l", "INFO"]
        with self._log.open("ab") as log:
            self._running[name] = subprocess.Popen(
                command,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: set_pdeathsig(signal.SIGKILL),  # nothing outlives the driver
            )

    # Killing -------------------------------------------------------------------------------------

    def kill(self, victim: str, holder: int | None, dice: random.Random) -> bool:
        """Kill one thing with -9 and bring back what nobody else brings back.

        `holder` is the process that works on the job now. False when there was nothing to kill.
        """
        return getattr(self, f"_kill_{victim.replace('-', '_')}")(holder, dice)

    def _kill_worker(self, _holder: int | None, dice: random.Random) -> bool:
        return self._kill_service("worker", dice)

    def _kill_beat(self, _holder: int | None, dice: random.Random) -> bool:
        return self._kill_service("beat", dice)

    def _kill_service(self, name: str, dice: random.Random) -> bool:
        process = self._running[name]
        process.kill()
        process.wait()
        time.sleep(dice.uniform(0.1, 1))
        self._start(name)
        return True

    def _kill_child(self, holder: int | None, dice: random.Random) -> bool:
        pool = children(self._running["worker"].pid)
        return bool(pool) and kill(holder if holder in pool else dice.choice(pool))

    def _kill_reader(self, _holder: int | None, _dice: random.Random) -> bool:
        found = self.reader()
        return found is not None and kill(found)

    def reader(self) -> int | None:
        """The process that reads a file at this moment."""
        for child in children(self._running["worker"].pid):
            for grandchild in children(child):
                if READER in command_line(grandchild):
                    return grandchild
        return None

    def _kill_postgres(self, _holder: int | None, dice: random.Random) -> bool:
        server = postgres._server_pid(state_folder("pg") / "data")
        if server is None or not kill(server):
            return False
        time.sleep(dice.uniform(0.1, 3))
        start_server("postgres")
        return True

    def _kill_backend(self, _holder: int | None, dice: random.Random) -> bool:
        """Kill one session; the server then ends all of them and recovers."""
        server = postgres._server_pid(state_folder("pg") / "data")
        sessions = [
            pid
            for pid in children(server or 0)
            if " fpms_faults " in (title := command_line(pid)) and "idle" not in title.split()[-1:]
        ]
        busy = sessions or [
            pid for pid in children(server or 0) if " fpms_faults " in command_line(pid)
        ]
        return bool(busy) and kill(dice.choice(busy))

    def _kill_broker(self, _holder: int | None, dice: random.Random) -> bool:
        server = valkey._server_pid()
        if server is None or not kill(server):
            return False
        time.sleep(dice.uniform(0, 3))
        start_server("valkey")
        return True

    def _kill_broker_with_data(self, _holder: int | None, dice: random.Random) -> bool:
        """Kill the broker and delete what it had kept."""
        server = valkey._server_pid()
        if server is None or not kill(server):
            return False
        shutil.rmtree(state_folder("valkey") / "appendonlydir", ignore_errors=True)
        time.sleep(dice.uniform(0, 3))
        start_server("valkey")
        return True


def start_server(name: str) -> None:
    """Bring a server back; it still ends with the driver."""
    with exclusive():
        embedded.SERVICES[name].start()


def kill(pid: int) -> bool:
    """Kill one process with -9; False when it had ended before."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def children(parent: int) -> list[int]:
    """The live processes that a process started."""
    return [pid for pid, above in _parents() if above == parent and command_line(pid)]


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            with contextlib.suppress(OSError):
                text = (folder / "stat").read_text(errors="replace")
                yield int(folder.name), int(text.rpartition(")")[2].split()[1])
