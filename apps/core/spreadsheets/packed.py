"""Rows of a sheet kept as the text they came in: a large sheet takes little memory."""

import json
import zlib
from array import array
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, overload

from apps.core.spreadsheets.grid import Cell

# Text that begins with a zero byte stands for a date; no other text may hold one.
DATE_MARK = "\0"
_MARKED = b'"\\u0000'
BLOCK_ROWS = 500
_OPEN_BLOCKS = 3

Row = Sequence[Cell]


class PackedRows(Sequence[Row]):
    """Rows in blocks, each packed until it is asked for; only the last few stay unpacked.

    Going through from top to bottom is as fast as with a list, jumping about is not.
    """

    def __init__(self) -> None:
        self.lengths = array("I")
        self._blocks: list[bytes] = []
        self._open: dict[int, list[Row]] = {}

    def add(self, block: bytes, lengths: Sequence[int]) -> None:
        """Append a block of rows as JSON; all blocks but the last hold BLOCK_ROWS rows."""
        self._blocks.append(zlib.compress(block, 1))
        self.lengths.extend(lengths)

    def __len__(self) -> int:
        return len(self.lengths)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        if isinstance(index, slice):
            return [self[number] for number in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        number = index // BLOCK_ROWS
        block = self._open.get(number) or self._unpack(number)
        return block[index % BLOCK_ROWS]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and list(self) == list(other)

    def __hash__(self) -> int:
        return id(self)

    def _unpack(self, number: int) -> list[Row]:
        text = zlib.decompress(self._blocks[number])
        rows: list[Any] = json.loads(text)
        if _MARKED in text:
            for row in rows:
                _read_dates(row)
        if len(self._open) == _OPEN_BLOCKS:
            del self._open[next(iter(self._open))]
        self._open[number] = rows
        return rows


def _read_dates(row: list[Any]) -> None:
    for index, cell in enumerate(row):
        if cell.__class__ is str and cell[:1] == DATE_MARK:
            row[index] = _date(cell[1:])


def _date(text: str) -> Cell:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
