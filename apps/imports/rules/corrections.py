"""What people changed on top of a file: the file itself stays as it was uploaded.

A correction is text that is read as if it had been typed into a cell, or into a column that the
sheet does not have (the village of its lines). A line that somebody left out is not imported.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from apps.core.spreadsheets.grid import Cell, column_index

Place = tuple[str, int]


class Change(NamedTuple):
    """One thing that was changed, named as people name it: sheet, row from 1, column letter.

    Without a letter `field` names what the sheet has no column for; without either the whole line
    is meant, which is left out (`text` None) or taken in again. The fields decided_out and
    own_person stand for decisions about the line: it is left out, or a person of its own.
    """

    sheet: str
    row: int
    letter: str
    field: str
    text: str | None


@dataclass(slots=True)
class LineCorrections:
    """What was changed in one line: texts by column from 0 and by field, whether it is left out.

    `decided`: "" or what somebody decided about it, decided_out or own_person.
    """

    cells: dict[int, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    left_out: bool = False
    decided: str = ""

    def applied_to(self, cells: Sequence[Cell]) -> Sequence[Cell]:
        """Return the cells of the line as corrected; the given ones stay untouched."""
        if not self.cells:
            return cells
        width = max(len(cells), *(index + 1 for index in self.cells))
        changed = [*cells, *[""] * (width - len(cells))]
        for index, text in self.cells.items():
            changed[index] = text
        return changed


AS_WRITTEN = LineCorrections()
DECIDED = ("decided_out", "own_person")
Lines = Mapping[int, LineCorrections]


class Corrections:
    """All corrections of a file; of several for one cell the last counts."""

    def __init__(self, changes: Iterable[Change] = ()) -> None:
        self._sheets: dict[str, dict[int, LineCorrections]] = defaultdict(dict)
        self.add(changes)

    def add(self, changes: Iterable[Change]) -> None:
        """Take in more changes, which go before the earlier ones."""
        for change in changes:
            self._add(change)

    def of(self, sheet: str) -> Lines:
        """Return the corrected lines of one sheet by their number (from 1)."""
        return self._sheets.get(sheet, {})

    def _add(self, change: Change) -> None:
        line = self._sheets[change.sheet].setdefault(change.row, LineCorrections())
        if change.letter:
            line.cells[column_index(change.letter)] = change.text or ""
        elif change.field in DECIDED:
            line.decided = change.field
        elif change.field:
            line.fields[change.field] = change.text or ""
        else:
            line.left_out = change.text is None


UNCORRECTED = Corrections()
