"""The region tree of the benchmarks: one county of 26 townships and 507 villages."""

import csv
from pathlib import Path
from typing import Any

from benchmarks.rosters import Village

PROJECT = Path(__file__).resolve().parents[1]
FILE = PROJECT / "fixtures" / "demo" / "regions_county.csv"


def load_regions() -> None:
    """Load the tree by the command that an office uses."""
    from django.core.management import call_command

    call_command("load_regions", str(FILE), stdout=_Silent())


def villages() -> list[Village]:
    """Return the villages whose name belongs to one village only, so that a name is enough."""
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "village"]
    spellings: dict[str, int] = {}
    for row in rows:
        for text in {row["name"], *_aliases(row)}:
            spellings[text] = spellings.get(text, 0) + 1
    return [
        Village(row["code"], row["name"], tuple(a for a in _aliases(row) if spellings[a] == 1))
        for row in rows
        if spellings[row["name"]] == 1
    ]


def _aliases(row: dict[str, Any]) -> list[str]:
    return [text for text in (row["aliases"] or "").split("|") if text]


class _Silent:
    """An output that nobody reads."""

    def write(self, _text: str) -> None:
        """Drop the text."""
