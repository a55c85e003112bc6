"""`manage.py undo_import`: the whole register as before, and the import again."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.households.models import Household, Person

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).resolve().parent.parent / "data" / "samples" / "10_人员信息补报表.xlsx"


def run(name: str, *arguments: Any) -> dict[str, Any]:
    output = StringIO()
    call_command(name, *arguments, "--json", stdout=output)
    found: dict[str, Any] = json.loads(output.getvalue())
    return found


@pytest.fixture
def batch() -> int:
    call_command("load_regions", SAMPLE.with_name("regions.csv"), stdout=StringIO())
    found = run(
        "import_roster", SAMPLE, "--kind", "household_roster", "--as-of", "2026-06-30", "--commit"
    )
    return int(found["batch"])


def counts() -> tuple[int, int]:
    return Person.objects.count(), Household.objects.count()


def test_import_is_taken_back_and_brought_in_again(batch: int) -> None:
    before = counts()
    assert before[0] == 28

    looked = run("undo_import", batch, "--preview")
    assert (looked["preview"], looked["state"], counts()) == (True, "done", before)

    back = run("undo_import", f"20260630-{batch}")
    assert (back["state"], back["restored"], back["staying"]) == ("undone", sum(before), 0)
    assert counts() == (0, 0)
    assert looked["restored"] == back["restored"]

    again = run("undo_import", batch, "--again")
    assert (again["state"], counts()) == ("done", before)


def test_import_that_is_not_there_is_refused_in_words(batch: int) -> None:
    with pytest.raises(CommandError):
        call_command("undo_import", batch + 1)
    run("undo_import", batch)
    with pytest.raises(CommandError):
        call_command("undo_import", batch)
