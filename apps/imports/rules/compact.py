"""What is kept of each line of a large file, in little memory."""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from sys import intern
from typing import Any

from apps.core.spreadsheets.grid import Cell, cell_text


class Values(Mapping[str, Any]):
    """The values of one line by name; lines share names and equal texts."""

    __slots__ = ("_places", "_values")

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._places = _places(tuple(values))
        self._values = tuple([_shared(value) for value in values.values()])

    def __getitem__(self, name: str) -> Any:
        return self._values[self._places[name]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)

    def __repr__(self) -> str:
        return f"Values({dict(self)})"


def _shared(value: Any) -> Any:
    return intern(value) if value.__class__ is str else value


@lru_cache(maxsize=1_000)
def _places(names: tuple[str, ...]) -> dict[str, int]:
    return {name: place for place, name in enumerate(names)}


class RawCells(Sequence[str]):
    """The cells of one line as text, taken from the sheet's rows when they are asked for."""

    __slots__ = ("_row", "_rows")

    def __init__(self, rows: Sequence[Sequence[Cell]], row: int) -> None:
        self._rows = rows
        self._row = row

    def __getitem__(self, index: Any) -> Any:
        return self._texts()[index]

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts())

    def __len__(self) -> int:
        return len(self._rows[self._row])

    def _texts(self) -> list[str]:
        cells = self._rows[self._row]
        return [cell if cell.__class__ is str else cell_text(cell) for cell in cells]
