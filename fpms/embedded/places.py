"""Where the embedded services keep their files, as whom they run, and who may act now."""

import contextlib
import fcntl
import hashlib
import os
import platform
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO, Any

PROJECT_FOLDER = Path(__file__).resolve().parent.parent.parent
# Used only by root, when the project lies in a folder that the unprivileged account cannot enter.
SHARED_FOLDER = Path("/var/lib/fpms")
# A unix socket path holds at most 107 characters: too few for some project folders.
SOCKET_ROOT = Path("/tmp")  # noqa: S108  (the folder below is ours alone: mode 700, owner checked)
ACCOUNT_NAMES = ("postgres", "nobody", "daemon")
STATE_NAMES = ("pg", "valkey", "programs")


class EmbeddedError(RuntimeError):
    """An embedded service cannot be started or stopped; the text says what to do."""


@dataclass(frozen=True)
class Account:
    """The account that runs the servers; `drop` is true when root steps down to it."""

    uid: int
    gid: int
    drop: bool

    def popen_options(self) -> dict[str, Any]:
        """Return `subprocess` options that run a program as this account, in a bare environment."""
        options: dict[str, Any] = {"env": {"PATH": os.defpath, "LC_ALL": "C", "HOME": "/"}}
        if self.drop:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options


def home() -> Path:
    """Return the folder of all run-time data (`FPMS_HOME`, else `.fpms` in the project folder)."""
    return Path(os.environ.get("FPMS_HOME") or PROJECT_FOLDER / ".fpms").resolve()


def socket_folder() -> Path:
    """Return the short folder of both sockets; it depends on FPMS_HOME alone and need not exist."""
    digest = hashlib.sha256(os.fsencode(home())).hexdigest()
    return SOCKET_ROOT / f"fpms-{digest[:12]}"


def prepare_home() -> Path:
    """Create FPMS_HOME: private, but passable for the account when root runs this."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    if folder.stat().st_uid == os.geteuid():
        folder.chmod(0o711 if os.geteuid() == 0 else 0o700)
    return folder


def prepare_socket_folder() -> Path:
    """Create the socket folder for the account alone; refuse one that somebody else made."""
    folder, owner = socket_folder(), account()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        os.chown(folder, owner.uid, owner.gid)
    facts = folder.lstat()
    if not stat.S_ISDIR(facts.st_mode) or facts.st_uid != owner.uid:
        raise EmbeddedError(f"{folder} belongs to another user; remove it and start again.")
    folder.chmod(0o700)
    return folder


def account() -> Account:
    """Choose the account of the servers: ours, or for root the owner of the data or a system one.

    PostgreSQL refuses to run as root, and Valkey need not.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drop=False)
    return _owner_of_data() or _system_account()


def state_folder(name: str) -> Path:
    """Return the folder of one kind of state, made for the account and reachable by it.

    It is `FPMS_HOME/<name>`, or a link from there into SHARED_FOLDER when the account cannot get to
    FPMS_HOME (a project under /root).
    """
    place = prepare_home() / name
    if place.is_dir():
        return place.resolve()
    place.unlink(missing_ok=True)  # a dead link
    owner = account()
    if can_enter(owner, place.parent):
        place.mkdir(mode=0o700)
    else:
        place.symlink_to(_shared_state(name), target_is_directory=True)
    os.chown(place, owner.uid, owner.gid)
    return place.resolve()


def state_exists(name: str) -> bool:
    """Say whether that state was ever created, without creating it."""
    return (home() / name).is_dir()


def remove_state() -> None:
    """Delete the data of both services, the copied programs and the sockets."""
    with contextlib.suppress(FileNotFoundError):
        if socket_folder().lstat().st_uid == account().uid:
            shutil.rmtree(socket_folder())
    for name in STATE_NAMES:
        place = home() / name
        if place.is_symlink():
            shutil.rmtree(place.resolve(), ignore_errors=True)
            place.unlink()
        elif place.exists():
            shutil.rmtree(place)


def program_folder(package: Path, inner: str) -> Path:
    """Return the folder `inner` of an installed package, or of a copy that the account may run."""
    owner = account()
    if can_enter(owner, package / inner):
        return package / inner
    label = hashlib.sha256(f"{package}|{package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = state_folder("programs") / label
    if not copy.is_dir():
        _copy_package(package, copy)
    return copy / package.name / inner


def can_enter(owner: Account, folder: Path) -> bool:
    """Try, as that account, to change into the folder: no other test knows all access rules."""
    trial = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    return _run_quietly(owner, trial) == 0


@contextlib.contextmanager
def exclusive() -> Iterator[None]:
    """Hold the one lock of this FPMS_HOME: starts and stops wait for each other."""
    with (prepare_home() / "services.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def use() -> IO[str]:
    """Register this process as a user of the services until the returned file is closed."""
    holder = (prepare_home() / "users.lock").open("a")
    fcntl.flock(holder, fcntl.LOCK_SH)
    return holder


def in_use_by_others() -> bool:
    """Say whether any process still holds `use()`; killed processes do not count."""
    with (prepare_home() / "users.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def wait_until_unused() -> None:
    """Sleep until no process holds `use()`."""
    with (prepare_home() / "users.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


def run_as(owner: Account, command: list[str], *, cwd: Path | None = None) -> str:
    """Run a program as the account and return what it printed; raise EmbeddedError on failure."""
    # A file, not a pipe: a server that stays behind would keep a pipe open for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd or "/",
            check=False,
            **owner.popen_options(),
        )
        output.seek(0)
        text = output.read().decode(errors="replace").strip()
    if done.returncode:
        raise EmbeddedError(f"{Path(command[0]).name} failed ({done.returncode}): {text}")
    return text


def command_line(pid: int) -> str:
    """Return the command line of a live process, or "" when it is gone or a zombie."""
    if platform.system() == "Linux":  # a small system may lack `ps`
        with contextlib.suppress(OSError):
            # Of a zombie the file is empty.
            return Path(f"/proc/{pid}/cmdline").read_text(errors="replace").replace("\0", " ")
        return ""
    command = ["/bin/ps", "-ww", "-o", "stat=,args=", "-p", str(pid)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    state, _, arguments = done.stdout.strip().partition(" ")
    return "" if state.startswith("Z") else arguments.strip()


def _owner_of_data() -> Account | None:
    for name in STATE_NAMES:
        place = home() / name
        if place.is_dir() and place.stat().st_uid != 0:
            facts = place.stat()
            return Account(facts.st_uid, facts.st_gid, drop=True)
    return None


@cache
def _system_account() -> Account:
    for name in ACCOUNT_NAMES:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            candidate = Account(entry.pw_uid, entry.pw_gid, drop=True)
            if entry.pw_uid and _run_quietly(candidate, ["/bin/sh", "-c", ":"]) == 0:
                return candidate
    raise EmbeddedError(
        "PostgreSQL does not run as root and no system account can be used; "
        "start as a normal user, or set DATABASE_URL and REDIS_URL."
    )


def _shared_state(name: str) -> Path:
    SHARED_FOLDER.mkdir(mode=0o711, parents=True, exist_ok=True)
    SHARED_FOLDER.chmod(0o711)
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=SHARED_FOLDER))


def _copy_package(package: Path, target: Path) -> None:
    """Copy the package and the folder of shared libraries that its wheel keeps beside it."""
    owner = account()
    unfinished = target.with_name(f"{target.name}.new")
    shutil.rmtree(unfinished, ignore_errors=True)
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, unfinished / source.name, symlinks=True)
    for place in (unfinished, *unfinished.rglob("*")):
        os.chown(place, owner.uid, owner.gid, follow_symlinks=False)
    unfinished.rename(target)


def _run_quietly(owner: Account, command: list[str]) -> int:
    try:
        return subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
            check=False,
            **owner.popen_options(),
        ).returncode
    except (OSError, subprocess.SubprocessError):
        return -1
