"""The rows of a file in portions of whole villages, so that memory does not follow the file.

What a roster says of one village does not depend on the others, but for what
registry.RosterWork.look_ahead notes.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeVar

from apps.imports.records import CheckedRow

PORTION_ROWS = 4_000
Key = TypeVar("Key")


class Portions:
    """Checked rows village by village, in file order within a portion; to be gone through often.

    Rows of an unknown village, which do not come in, are portioned as they stand.
    """

    def __init__(self, rows: Sequence[CheckedRow]) -> None:
        self._rows = rows
        places: dict[str | int, array[int]] = defaultdict(lambda: array("L"))
        lost = 0
        for position, row in enumerate(rows):
            places[row.region_code or lost // PORTION_ROWS].append(position)
            lost += row.region_code is None
        groups = grouped({key: len(found) for key, found in places.items()})
        self._portions = [
            array("L", sorted(p for key in group for p in places[key])) for group in groups
        ]

    def __len__(self) -> int:
        return len(self._portions)

    def __iter__(self) -> Iterator[list[CheckedRow]]:
        for positions in self._portions:
            yield [self._rows[position] for position in positions]


def grouped(counts: Mapping[Key, int]) -> Iterator[list[Key]]:
    """Put keys together, in their order, as long as they count PORTION_ROWS rows at most in all.

    A key that counts more stands alone.
    """
    group: list[Key] = []
    total = 0
    for key, count in counts.items():
        if group and total + count > PORTION_ROWS:
            yield group
            group, total = [], 0
        group.append(key)
        total += count
    if group:
        yield group
