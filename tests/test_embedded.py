"""The embedded services really start, survive a kill, and stop; in folders of their own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import redis

import manage
from fpms import embedded
from fpms.embedded import places, postgres, valkey

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def home_with_data(tmp_path_factory) -> Iterator[Path]:
    """Make one home for the whole file, with a space and Chinese letters in its path."""
    home = tmp_path_factory.mktemp("embedded") / "计生 数据"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FPMS_HOME", str(home))
        yield home
        embedded.remove()


@pytest.fixture
def own_home(home_with_data, monkeypatch) -> Iterator[Path]:
    """Give the test that home with nothing running in it."""
    monkeypatch.setenv("FPMS_HOME", str(home_with_data))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.delenv("REDIS_URL", raising=False)
    yield home_with_data
    embedded.stop()


def _command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "fpms.embedded", *arguments],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _wait_until(condition: Callable[[], bool]) -> bool:
    limit = time.monotonic() + 30
    while time.monotonic() < limit:
        if condition():
            return True
        time.sleep(0.1)
    return False


def _server_pid() -> int:
    pid_file = postgres.state_folder("pg") / "data" / "postmaster.pid"
    return int(pid_file.read_text().splitlines()[0])


def test_services_start_hold_data_through_a_kill_and_stop(own_home):
    embedded.ensure()
    with psycopg2.connect(embedded.database_url()) as connection:
        connection.cursor().execute("CREATE TABLE kept AS SELECT generate_series(1, 1000)")
    connection.close()
    client = redis.Redis.from_url(embedded.redis_client_url(embedded.redis_url()))
    client.rpush("queue", "job")
    os.kill(_server_pid(), signal.SIGKILL)
    broker = valkey._server_pid()
    assert broker
    os.kill(broker, signal.SIGKILL)

    embedded.ensure()

    with psycopg2.connect(embedded.database_url()) as connection:
        cursor = connection.cursor()
        cursor.execute("SELECT count(*) FROM kept")
        assert cursor.fetchone() == (1000,)
    connection.close()
    assert client.lrange("queue", 0, -1) == [b"job"]
    client.close()
    embedded.stop()
    assert not embedded.is_running("postgres")
    assert not embedded.is_running("valkey")


def test_server_has_the_extensions_and_listens_on_no_network(own_home):
    embedded.ensure(("postgres",))

    connection = psycopg2.connect(embedded.database_url())
    cursor = connection.cursor()
    cursor.execute("SELECT name FROM pg_available_extensions")
    names = {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT current_setting('listen_addresses'), lower('É')")
    setting = cursor.fetchone()
    connection.close()

    assert {"pg_trgm", "ltree", "btree_gist"} <= names
    assert setting == ("", "é")


def test_two_starts_at_once_make_one_server(own_home):
    starts = [_command("start") for _ in range(3)]

    results = [(process.communicate()[0], process.returncode) for process in starts]

    assert results == [("", 0)] * 3
    assert embedded.is_running("postgres")
    assert embedded.is_running("valkey")


def test_pid_file_of_a_foreign_process_does_not_block_the_start(own_home):
    embedded.ensure(("postgres",))
    data = postgres.state_folder("pg") / "data"
    lines = (data / "postmaster.pid").read_text().splitlines()
    os.kill(int(lines[0]), signal.SIGKILL)
    assert _wait_until(lambda: not embedded.is_running("postgres"))
    owner = places.account()
    foreign = subprocess.Popen(["/bin/sleep", "60"], **owner.popen_options())
    (data / "postmaster.pid").write_text("\n".join([str(foreign.pid), *lines[1:]]) + "\n")

    embedded.ensure(("postgres",))

    assert embedded.is_running("postgres")
    assert foreign.poll() is None
    foreign.kill()
    foreign.wait()


def test_last_user_of_a_running_block_stops_the_services(own_home):
    with embedded.running():
        with embedded.running():
            assert embedded.is_running("postgres")
        assert embedded.is_running("postgres")
        assert embedded.is_running("valkey")

    assert not embedded.is_running("postgres")
    assert not embedded.is_running("valkey")


def test_running_block_leaves_services_that_were_there_before(own_home):
    embedded.ensure()

    with embedded.running():
        pass

    assert embedded.is_running("postgres")


def test_services_of_a_killed_process_are_stopped(own_home):
    code = "import time\nfrom fpms import embedded\nwith embedded.running(): time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", code], cwd=PROJECT)
    assert _wait_until(lambda: embedded.is_running("valkey"))

    process.kill()
    process.wait()

    assert _wait_until(lambda: not embedded.is_running("postgres"))
    assert _wait_until(lambda: not embedded.is_running("valkey"))


def test_url_command_creates_the_database(own_home):
    embedded.ensure(("postgres",))

    output, _ = _command("url", "another").communicate()

    assert output.strip() == embedded.database_url("another")
    psycopg2.connect(output.strip()).close()


def test_status_says_stopped_and_exits_with_3(own_home):
    process = _command("status")
    output, _ = process.communicate()

    assert "postgres stopped\nvalkey stopped" in output
    assert process.returncode == 3


def test_urls_are_known_without_a_server_and_fit_a_socket_path(tmp_path, monkeypatch):
    monkeypatch.setenv("FPMS_HOME", str(tmp_path / ("long" * 60)))

    assert embedded.database_url("x").startswith("postgresql://postgres@/x?host=/tmp/fpms-")
    assert embedded.redis_url().startswith("redis+socket:///tmp/fpms-")
    assert len(f"{places.socket_folder()}/.s.PGSQL.5432.lock") < 107
    assert not (tmp_path / ("long" * 60)).exists()


def test_socket_folder_of_somebody_else_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("FPMS_HOME", str(tmp_path))
    folder = places.socket_folder()
    folder.mkdir()
    owner = places.account()
    monkeypatch.setattr(
        places, "account", lambda: places.Account(owner.uid + 1, owner.gid, drop=False)
    )

    with pytest.raises(embedded.EmbeddedError, match="belongs to another user"):
        places.prepare_socket_folder()

    folder.rmdir()


@pytest.mark.parametrize(
    "variables, services",
    [
        ({}, ("postgres", "valkey")),
        ({"DATABASE_URL": "postgresql://db/x"}, ("valkey",)),
        ({"DATABASE_URL_FILE": "/run/secrets/db", "REDIS_URL": "redis://r"}, ()),
    ],
)
def test_only_services_without_a_variable_are_needed(monkeypatch, variables, services):
    for name in ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert embedded.needed_services() == services


@pytest.mark.parametrize(
    "arguments, needed",
    [
        (["migrate"], True),
        (["import_roster", "a.xlsx"], True),
        (["import_roster", "--help"], False),
        (["help"], False),
        (["check", "--deploy"], False),
        (["collectstatic"], False),
        ([], False),
    ],
)
def test_command_gets_services_only_if_it_needs_them(arguments, needed):
    assert manage.needs_services(arguments) is needed
