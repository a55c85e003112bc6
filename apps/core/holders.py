"""Which process of which machine holds something, and whether it is gone.

A process that was killed cannot say so. Whoever runs on the same machine can see it, though, and
need not wait until a lease ends. Nothing is concluded about other machines, other containers and
systems without /proc.
"""

import os
from functools import cache
from pathlib import Path

PROC = Path("/proc")


def me() -> str:
    """Name this process for others to look at: machine, number, when it began."""
    pid = os.getpid()
    return f"{_machine()} {pid} {_begun(pid)}"


def is_gone(holder: str) -> bool:
    """Tell whether a process named by `me` has surely ended; False when that cannot be known."""
    machine, _, rest = holder.partition(" ")
    if not machine or machine != _machine():
        return False
    pid, _, begun = rest.partition(" ")
    return _begun(int(pid)) != begun


@cache
def _machine() -> str:
    """Identify where process numbers mean the same: this start of the system, this container."""
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot}/{(PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _begun(pid: int) -> str:
    """When a process began, in ticks since the system's start; "" when it has ended.

    The number alone would not do: the system gives it to other processes later.
    """
    try:
        # The name in parentheses may hold anything, also spaces and parentheses.
        fields = (PROC / str(pid) / "stat").read_text(errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    # A killed child stays in the list, as a zombie, until its parent asks for it.
    return "" if fields[0] in "ZX" else fields[19]
