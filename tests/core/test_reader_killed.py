"""A reading process that is killed from outside says nothing about the file."""

import os
import threading
from pathlib import Path

import pytest

from apps.core.spreadsheets.reader import UnreadableFile, read_workbook
from fpms.embedded.places import command_line
from tools.faults.processes import READER, children, kill

LINES = "姓名,性别\n韦大山,男\n"


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "roster.csv"
    path.write_text(LINES, encoding="utf-8")
    return path


def kill_readers(count: int, own: int, over: threading.Event) -> None:
    """Kill the first `count` reading processes of this process."""
    killed: set[int] = set()
    while len(killed) < count and not over.is_set():
        for pid in children(own):
            if pid not in killed and READER in command_line(pid) and kill(pid):
                killed.add(pid)


@pytest.fixture
def killing(request):
    """Kill as many as the test says, while it runs."""
    over = threading.Event()
    thread = threading.Thread(target=kill_readers, args=(request.param, os.getpid(), over))
    thread.start()
    yield
    over.set()
    thread.join()


@pytest.mark.parametrize("killing", [4], indirect=True)
def test_file_is_read_though_four_readers_were_killed(killing, roster):
    book = read_workbook(roster)

    assert [list(row) for row in book.sheets[0].rows] == [["姓名", "性别"], ["韦大山", "男"]]


@pytest.mark.parametrize("killing", [5], indirect=True)
def test_fifth_kill_ends_the_reading_with_a_reason(killing, roster):
    with pytest.raises(UnreadableFile) as refusal:
        read_workbook(roster)

    assert refusal.value.code == "too_slow"
