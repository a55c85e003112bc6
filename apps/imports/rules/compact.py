"""What is kept of each line of a large file, in little memory."""

import pickle
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from functools import lru_cache
from typing import Any

from apps.core.spreadsheets.grid import Cell, cell_text


class Values(MutableMapping[str, Any]):
    """The values of one line by name, packed: 50,000 lines of them take a few megabytes.

    One line at a time stays unpacked, so that looking at the same line again costs nothing.
    """

    __slots__ = ("_names", "_packed")
    _open: "tuple[Values | None, dict[str, Any]]" = (None, {})

    def __init__(self, values: Mapping[str, Any]) -> None:
        self._pack(dict(values))

    def _pack(self, values: dict[str, Any]) -> None:
        self._names = _shared(tuple(values))
        self._packed = pickle.dumps(tuple(values.values()), pickle.HIGHEST_PROTOCOL)

    def _values(self) -> dict[str, Any]:
        owner, values = Values._open
        if owner is not self:
            # Packed by this very process, above.
            packed = pickle.loads(self._packed)  # noqa: S301
            values = dict(zip(self._names, packed, strict=True))
            Values._open = (self, values)
        return values

    def __getitem__(self, name: str) -> Any:
        return self._values()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __repr__(self) -> str:
        return f"Values({self._values()})"

    def __setitem__(self, name: str, value: Any) -> None:
        self.put({name: value})

    def __delitem__(self, name: str) -> None:
        self._keep({key: value for key, value in self._values().items() if key != name})

    def put(self, values: Mapping[str, Any]) -> None:
        """Set several values at once, which packs them only once."""
        self._keep({**self._values(), **values})

    def _keep(self, values: dict[str, Any]) -> None:
        self._pack(values)
        Values._open = (self, values)


@lru_cache(maxsize=1_000)
def _shared(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the one tuple that all lines with these names share."""
    return names


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
