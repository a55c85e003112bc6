"""How many different people a large file names at least, told by their numbers.

Titles, totals and repeated lines of a roster count for nobody, so the number of filled rows alone
refuses no file of up to MAX_ROWS of them. A column with more different ID numbers than people may
come in settles it without looking for the tables. Imports nothing of Django.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from apps.core.spreadsheets.gate import STATED_ROWS, too_many_rows

# Also with blanks in between or partly masked; whoever writes so differs from line to line, too.
NUMBER = r"\d{6}[\dXx* ]{8,18}"
_NUMBER = re.compile(rf"\s*'?({NUMBER})\s*")
# Columns with numbers are looked for in so many rows; testing all cells would take seconds.
SEARCHED_ROWS = 2_000


class People:
    """Gathers different numbers by the column they stand in, over all sheets of a file.

    Only the columns are compared, so that husbands beside their wives are not counted as rows.
    """

    def __init__(self) -> None:
        self._found: dict[Any, set[Any]] = defaultdict(set)

    def add(self, column: Any, numbers: set[Any]) -> None:
        """Take the numbers of a column. Raises Refused when they are too many people."""
        found = self._found[column]
        found |= numbers
        if len(found) > STATED_ROWS:
            raise too_many_rows()


def check_people(rows: Sequence[Sequence[Any]], people: People) -> None:
    """Take the rows of one sheet as they were read. Raises Refused for too many people."""
    columns = {
        index
        for row in rows[:SEARCHED_ROWS]
        for index, cell in enumerate(row)
        if cell.__class__ is str and _NUMBER.fullmatch(cell)
    }
    for column in columns:
        cells = {row[column] for row in rows if column < len(row)}
        people.add(column, {c for c in cells if c.__class__ is str and _NUMBER.fullmatch(c)})
