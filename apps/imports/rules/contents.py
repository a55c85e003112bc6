"""What stands in the columns of a table: which share of the cells could be values of a field."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from apps.core.codes import code_set
from apps.core.dates import BadDate, parse_age, parse_date
from apps.core.identifiers import is_valid_id, normalise_id
from apps.core.spreadsheets.grid import Cell, cell_text
from apps.core.text import compact
from apps.imports.records import Column
from apps.imports.rules import vocabulary
from apps.imports.rules.places import Directory

_ID_LIKE = re.compile(r"\d{14,17}[\dX]")
_MOBILE_LIKE = re.compile(r"\+?(?:86)?-?1[3-9]\d[- ]?\d{4}[- ]?\d{4}.*")
_NAME_LIKE = re.compile(r"[\u3400-\u9fff·]{2,4}")
_GROUP_LIKE = re.compile(r"第?[\d一二三四五六七八九十]{1,3}(?:村民小组|小组|组|队|社|屯)")
_LONG_CODE = re.compile(r"[\dA-Za-z-]{10,40}")
_ANSWERS = vocabulary.YES | vocabulary.NO
_FEW = 3


class Contents:
    """What the first data lines of a table hold, column by column."""

    def __init__(self, rows: Iterable[Sequence[Cell]], directory: Directory, as_of: date) -> None:
        self._rows = list(rows)
        self._directory = directory
        self._as_of = as_of
        self._cells: dict[int, list[Cell]] = {}
        self._shares: dict[tuple[int, str], float] = {}

    def cells(self, column: int) -> list[Cell]:
        """Return the filled cells of a column."""
        if column not in self._cells:
            self._cells[column] = [
                row[column]
                for row in self._rows
                if column < len(row) and cell_text(row[column]).strip()
            ]
        return self._cells[column]

    def share(self, index: int, column: Column) -> float | None:
        """Return which share of the filled cells could be values of a field; None if unknown."""
        test = self._test(column)
        cells = self.cells(index)
        if test is None or len(cells) < _FEW:
            return None
        key = (index, column.key)
        if key not in self._shares:
            counted = Counter(map(cell_text, cells))
            good = sum(number for text, number in counted.items() if test(compact(text)))
            self._shares[key] = good / len(cells)
        return self._shares[key]

    def _test(self, column: Column) -> Callable[[str], bool] | None:
        tests: dict[str, Callable[[str], bool]] = {
            "id": lambda text: bool(_ID_LIKE.fullmatch(normalise_id(text))) or "E+1" in text,
            "sex": lambda text: text in vocabulary.SEXES,
            "phone": lambda text: bool(_MOBILE_LIKE.fullmatch(text)),
            "date": self._is_date,
            "birth": self._is_date,
            "age": lambda text: parse_age(text) is not None,
            "village": lambda text: bool(self._directory.resolve(text)),
            "name": lambda text: bool(_NAME_LIKE.fullmatch(text)),
        }
        if column.field == "groupno":
            return lambda text: text.isdigit() and len(text) < 4
        if column.field == "group":
            return lambda text: not text.isdigit()
        if column.field == "hh_code":
            return lambda text: bool(_LONG_CODE.fullmatch(text))
        if column.field == "hh_no":
            return lambda text: len(text) < 10
        if column.kind in ("code", "relation") and column.code_set:
            names = {*code_set(column.code_set).by_name_zh, *column.written} - _ANSWERS
            return lambda text: text in names or f"{text}族" in names
        return tests.get(column.kind)

    def _is_date(self, text: str) -> bool:
        try:
            return parse_date(text, today=self._as_of) is not None
        except BadDate:
            return False

    def share_of(self, index: int, test: Callable[[str], bool]) -> float:
        """Return which share of the filled cells passes a test; 0 if there are too few."""
        cells = self.cells(index)
        if len(cells) < _FEW:
            return 0.0
        return sum(test(compact(cell_text(cell))) for cell in cells) / len(cells)

    def looks_like_dates(self, index: int) -> bool:
        """Whether a column plainly holds days or months."""
        return self.share_of(index, lambda text: len(text) > 5 and self._is_date(text)) >= 0.8

    def looks_like_names(self, index: int, *, times: int = 2) -> bool:
        """Whether a column holds short Chinese words that stand there fewer than `times` times.

        The name of a head stands on each line of a household.
        """
        values = list(map(cell_text, self.cells(index)))
        is_name = self.share_of(index, lambda text: bool(_NAME_LIKE.fullmatch(text))) >= 0.9
        return is_name and len(values) > 5 and len(set(values)) * times > len(values)

    def speaks(self, index: int) -> bool:
        """Whether a column plainly holds numbers or dates, whatever its heading is like."""
        return self.looks_like_dates(index) or self.share_of(index, _is_number_like) >= 0.8

    def looks_like_groups(self, index: int) -> bool:
        """Whether a column holds 3组, 第三组 and the like."""
        return self.share_of(index, lambda text: bool(_GROUP_LIKE.fullmatch(text))) >= 0.8

    def ids_agree(self, id_column: int, birth_column: int) -> float:
        """Return the share of lines whose ID number fits the date in another column."""
        agreed = compared = 0
        for row in self._rows:
            if max(id_column, birth_column) >= len(row):
                continue
            number = normalise_id(cell_text(row[id_column]))
            if not is_valid_id(number):
                continue
            compared += 1
            agreed += cell_text(row[birth_column]).replace("-", "")[:4] == number[6:10]
        return agreed / compared if compared else 0.0

    def men(self, id_column: int) -> float | None:
        """Return which share of the ID numbers of a column are men's; None if there are few."""
        numbers = [normalise_id(cell_text(cell)) for cell in self.cells(id_column)]
        valid = [number for number in numbers if is_valid_id(number)]
        if len(valid) < _FEW:
            return None
        return sum(int(number[16]) % 2 for number in valid) / len(valid)

    def repeats(self, index: int) -> bool:
        """Whether a column says the same on several lines, or is filled on some lines only."""
        cells = list(map(cell_text, self.cells(index)))
        if len(cells) < _FEW:
            return False
        lines = sum(1 for row in self._rows if row)
        return len(set(cells)) < 0.7 * len(cells) or len(cells) < 0.6 * lines


def _is_number_like(text: str) -> bool:
    return bool(_MOBILE_LIKE.fullmatch(text) or _ID_LIKE.fullmatch(normalise_id(text)))
