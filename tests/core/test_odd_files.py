"""Hostile files are refused in time and with reason; odd but honest ones are read exactly."""

import contextlib
import random
from pathlib import Path

import pytest
from django.utils import translation

from apps.core.spreadsheets import child
from apps.core.spreadsheets.gate import Refused
from apps.core.spreadsheets.package import sheet_details
from apps.core.spreadsheets.reader import REASONS, UnreadableFile, read_workbook
from tests.files import honest, honest_texts, hostile_xls
from tests.files.cost import child_kilobytes, child_seconds
from tests.files.honest import FILES as HONEST
from tests.files.hostile import FILES as HOSTILE

MOST_SECONDS = 5
MOST_KILOBYTES = 1_200_000


def saved(case, folder):
    path = folder / f"roster{Path(case.filename).suffix}"
    path.write_bytes(case.content())
    return path


def only_sheet(book):
    """The one visible sheet with content."""
    (sheet,) = [sheet for sheet in book.visible_sheets if sheet.rows]
    return sheet


def test_there_are_enough_files():
    assert len(HOSTILE) >= 60
    assert len(HONEST) >= 60


def outcome(path, filename=""):
    """What was read, or the refusal."""
    try:
        return read_workbook(path, filename), None
    except UnreadableFile as refusal:
        return None, refusal


@pytest.mark.parametrize("label", HOSTILE)
def test_hostile_file_is_refused_with_reason_and_remedy_or_read_as_harmless(label, tmp_path):
    case = HOSTILE[label]
    path = saved(case, tmp_path)
    before = child_seconds()

    book, refusal = outcome(path, case.filename)

    assert child_seconds() - before < MOST_SECONDS
    assert child_kilobytes() < MOST_KILOBYTES
    if refusal is None:
        assert only_sheet(book).rows == case.rows
    else:
        assert refusal.code == case.code
        with translation.override("en"):
            assert refusal.reason
            assert refusal.remedy
            assert "%(" not in str(refusal)


@pytest.mark.parametrize("label", HONEST)
def test_honest_file_is_read_exactly(label, tmp_path):
    case = HONEST[label]

    sheet = only_sheet(read_workbook(saved(case, tmp_path), case.filename))

    assert sheet.rows == case.rows
    assert sheet.hidden_rows == case.hidden_rows
    assert len(sheet.merges) == case.merges


ORIGINALS = {
    "xlsx": honest.packed,
    "xlsx with shared strings": honest.shared_strings,
    "xls": hostile_xls.plain,
    "text": honest_texts.text,
    "page": honest_texts.spanned_page,
}


@pytest.mark.parametrize("label", ORIGINALS)
def test_damage_ends_in_a_result_or_a_reason(label, tmp_path):
    """Flipped bytes, lost and doubled pieces: always read or refused, never slowly."""
    chance, path = random.Random(label), tmp_path / "roster"
    for _round in range(8):
        path.write_bytes(damaged(ORIGINALS[label](), chance))
        before = child_seconds()

        _book, refusal = outcome(path)

        assert refusal is None or refusal.code in REASONS
        assert child_seconds() - before < MOST_SECONDS


@pytest.mark.parametrize("label", ORIGINALS)
def test_no_damage_makes_our_own_part_of_the_reading_fail(label, tmp_path):
    """The same hundreds of times, without a process for each and without the value reader."""
    chance, path = random.Random(label), tmp_path / "roster"
    own_reader = {"page": child.read, "text": child.read}.get(label, child.inspect)
    for _round in range(150):
        path.write_bytes(damaged(ORIGINALS[label](), chance))
        with contextlib.suppress(Refused):
            (found, *_rest) = own_reader(path)
            if found == {"format": "xlsx"}:
                sheet_details(path)


def damaged(content, chance):
    """Return bytes with one kind of damage."""
    changed = bytearray(content)
    kind = chance.choice(("flip", "flip", "cut", "lose", "double"))
    start = chance.randrange(len(changed))
    if kind == "flip":
        for _ in range(chance.randrange(1, 40)):
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    elif kind == "cut":
        del changed[start:]
    elif kind == "lose":
        del changed[start : start + chance.randrange(1, 600)]
    else:
        changed[start:start] = changed[start : start + chance.randrange(1, 600)]
    return bytes(changed)
