"""Which field each column of a table feeds: headings decide, contents confirm or doubt.

Contents tell fields apart that share their words, and speak alone only where a column has no
heading that is known. What is not sure is marked, so that a person is asked.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from apps.core.spreadsheets.grid import cell_text, column_letter
from apps.core.spreadsheets.tables import Path, Paths
from apps.imports.records import Column, ShapeColumn
from apps.imports.registry import SheetKind
from apps.imports.rules.contents import Contents
from apps.imports.rules.headers import CERTAIN, ENOUGH, HeaderMatcher, Reading
from apps.imports.rules.owners import PERSONAL, settle_owners

# Fields whose values are so peculiar that they speak without a heading.
_SELF_EVIDENT = frozenset(("id", "sex", "relation", "phone", "village"))
_PECULIAR_CODES = frozenset(("marital", "edu", "ethnic", "method"))
# Kinds whose values have a form; contents of another form contradict the heading.
_FORMED = frozenset(("id", "sex", "phone", "date", "birth", "age", "name"))
_CONTRADICTED = 0.3
# Kinds whose values are words of a list.
_LISTED = frozenset(("code", "relation", "sex"))
_PLAINLY = 0.8
_TIMES = re.compile(r"年月日|年月|日期|时间")


@dataclass(frozen=True)
class _Choice:
    """What a column was taken for; `score` 0 if only its contents say so."""

    column: Column
    score: float
    how: str


def map_columns(
    matcher: HeaderMatcher, paths: Paths, contents: Contents, width: int
) -> tuple[ShapeColumn, ...]:
    """Return what each column of a table feeds; each field is fed by one column at most."""
    readings, doubtful = settle_owners(matcher, paths, contents)
    chosen = _assign(_header_scores(matcher, readings, contents))
    _neighbours(matcher, readings, contents, chosen)
    left = [index for index in range(width) if index not in chosen]
    free = [index for index in left if _may_speak(matcher, readings.get(index))]
    of_head = [index for index in left if index in readings and readings[index].role == "head"]
    for index, column in _by_contents(matcher.kind, contents, chosen, free, of_head):
        chosen[index] = _Choice(column, 0.0, "content")
    judge = _Judge(matcher, readings, contents, chosen, doubtful)
    return tuple(
        judge.shape(index, paths.get(index, ()))
        for index in range(width)
        if index in paths or contents.cells(index)
    )


def _header_scores(
    matcher: HeaderMatcher, readings: Mapping[int, Reading], contents: Contents
) -> list[tuple[float, float, int, Column]]:
    """Return (score with contents, score of the heading, column number, column) of all pairs."""
    scores = []
    for index, reading in readings.items():
        for column in matcher.kind.columns:
            score = matcher.score(reading, column)
            if score < ENOUGH:
                continue
            share = contents.share(index, column)
            if score < CERTAIN and share is not None and share < 0.1:
                continue  # a vague heading over contents that are nothing of the sort
            scores.append((score * _fit(share, column), score, index, column))
    return sorted(scores, key=lambda item: (-item[0], item[2]))


def _fit(share: float | None, column: Column) -> float:
    """Return by how much contents strengthen or weaken what a heading says."""
    if share is None:
        return 1.0
    if column.field in ("group", "groupno", "hh_no", "hh_code"):
        return 1.02 if share >= 0.5 else 0.8
    if share >= 0.5:
        return 1.02
    return 0.9 if share < 0.1 and column.kind in ("id", "sex", "phone", "date", "birth") else 1.0


def _assign(scores: list[tuple[float, float, int, Column]]) -> dict[int, _Choice]:
    chosen: dict[int, _Choice] = {}
    taken: set[str] = set()
    for _weighted, score, index, column in scores:
        if index not in chosen and column.key not in taken:
            chosen[index] = _Choice(column, score, "header")
            taken.add(column.key)
    return chosen


def _neighbours(
    matcher: HeaderMatcher,
    readings: Mapping[int, Reading],
    contents: Contents,
    chosen: dict[int, _Choice],
) -> None:
    """Read 措施 | 时间 and 子女数 | 男 | 女: a short word goes with the group right before it."""
    taken = {choice.column.key for choice in chosen.values()}
    group = ""
    for index, reading in sorted(readings.items()):
        if index in chosen:
            group = reading.bare or reading.stem
            continue
        for column in matcher.kind.columns:
            if column.key in taken or reading.bare not in matcher.words.shorts[column.key]:
                continue
            if not any(word in group for word in matcher.words.groups[column.key]):
                continue
            if _contradicts(contents.share(index, column), column):
                continue
            chosen[index] = _Choice(column, CERTAIN if column.kind == "integer" else 0.85, "header")
            taken.add(column.key)
            break


def _by_contents(
    kind: SheetKind,
    contents: Contents,
    chosen: Mapping[int, _Choice],
    free: list[int],
    of_head: list[int],
) -> Iterable[tuple[int, Column]]:
    """Yield columns that only their contents explain, for fields that nothing feeds yet.

    A heading that speaks of the head may be that of the relation to the head.
    """
    fed = {choice.column.key for choice in chosen.values()}
    targets = {choice.column.target for choice in chosen.values()}
    for column in kind.columns:
        if column.key in fed or column.role not in ("subject", "row"):
            continue
        if column.target and column.target in targets:
            continue
        for index in [*free, *(of_head if column.kind == "relation" else ())]:
            if _explains(contents, index, column, chosen):
                (free if index in free else of_head).remove(index)
                targets.add(column.target)
                yield index, column
                break


def _explains(
    contents: Contents, index: int, column: Column, chosen: Mapping[int, _Choice]
) -> bool:
    """Whether a column's contents can hardly be anything else than values of a field."""
    if column.field == "group":
        return contents.looks_like_groups(index)
    share = contents.share(index, column)
    if share is None:
        return False
    if column.kind == "sex":
        words = contents.share_of(index, lambda text: not text.isdigit())
        return share >= 0.8 and words >= 0.5
    if column.kind in _SELF_EVIDENT:
        return share >= 0.8
    if column.field in _PECULIAR_CODES:
        return share >= 0.6
    if column.kind == "birth":
        ids = [i for i, c in chosen.items() if c.column.kind == "id" and c.column.role == "subject"]
        return share >= 0.9 and bool(ids) and contents.ids_agree(ids[0], index) >= 0.8
    if column.kind == "name":
        values = list(map(cell_text, contents.cells(index)))
        return share >= 0.9 and len(set(values)) * 2 > len(values) and len(values) > 5
    return False


def _may_speak(matcher: HeaderMatcher, reading: Reading | None) -> bool:
    """Whether a heading leaves open what the column is, so that contents may decide."""
    return reading is None or (
        reading.role in (None, "subject") and not matcher.is_not_kept(reading)
    )


def _contradicts(share: float | None, column: Column) -> bool:
    return share is not None and share < _CONTRADICTED and column.kind in _FORMED


class _Judge:
    """Says of every column whether somebody needs to look at it."""

    def __init__(
        self,
        matcher: HeaderMatcher,
        readings: Mapping[int, Reading],
        contents: Contents,
        chosen: Mapping[int, _Choice],
        doubtful: frozenset[int],
    ) -> None:
        self._matcher = matcher
        self._readings = readings
        self._contents = contents
        self._chosen = chosen
        self._doubtful = doubtful
        fed = {choice.column.field for choice in chosen.values()}
        self._fed = fed
        # Whether a column that is not known can be left alone: what matters has been found.
        self._complete = "id" in fed and all(set(group) & fed for group in matcher.kind.required)

        # The birth of the only child named may be that of the youngest.
        self._children_born = [
            index
            for index, reading in readings.items()
            if reading.role == "child"
            and index not in chosen
            and not matcher.is_not_kept(reading)
            and contents.looks_like_dates(index)
        ]

    def shape(self, index: int, path: Path) -> ShapeColumn:
        """Return what a column feeds, and whether that is beyond doubt."""
        choice = self._chosen.get(index)
        letter = column_letter(index)
        if choice is None:
            return ShapeColumn(letter, path, None, "unknown", self._may_be_left(index))
        share = self._contents.share(index, choice.column)
        # Half a word over the words of a list is as good as the whole word.
        listed = choice.column.kind in _LISTED and (share or 0.0) >= _PLAINLY
        certain = (
            (choice.score >= CERTAIN or (choice.score >= ENOUGH and listed))
            and index not in self._doubtful
            and not _contradicts(share, choice.column)
        )
        return ShapeColumn(letter, path, choice.column.key, choice.how, certain)

    def _may_be_left(self, index: int) -> bool:
        """Whether a column that feeds nothing surely has nothing to feed."""
        if not self._contents.cells(index):
            return True
        if index in self._doubtful or not self._complete:
            return False
        reading = self._readings.get(index)
        if reading is None:
            return True
        if self._looks_like_a_code_that_lacks(index):
            return False
        if not _may_speak(self._matcher, reading):
            return self._children_born != [index] or not self._lacks_a_date()
        score, column = self._matcher.best(reading)
        if column and score >= CERTAIN:  # a second column of the same words
            return column.kind not in PERSONAL
        if score >= ENOUGH:
            return False
        if self._looks_like_names_that_lack(index):
            return False
        return not (self._contents.looks_like_dates(index) and self._may_date(reading))

    def _looks_like_names_that_lack(self, index: int) -> bool:
        """Whether an unknown heading stands over names while somebody's name is not fed."""
        return any(
            column.kind == "name"
            and column.role in ("subject", "head")
            and column.field not in self._fed
            and (self._contents.share(index, column) or 0.0) >= CERTAIN
            for column in self._matcher.kind.columns
        )

    def _looks_like_a_code_that_lacks(self, index: int) -> bool:
        """Whether contents are words of a list that nothing feeds yet, whatever the heading."""
        return any(
            column.kind in ("code", "relation")
            and column.field not in self._fed
            and (self._contents.share(index, column) or 0.0) >= _PLAINLY
            for column in self._matcher.kind.columns
        )

    @property
    def _dates_lacking(self) -> list[Column]:
        return [
            column
            for column in self._matcher.kind.columns
            if column.kind == "date" and column.field not in self._fed
        ]

    def _lacks_a_date(self) -> bool:
        return bool(self._dates_lacking)

    def _may_date(self, reading: Reading) -> bool:
        """Whether a heading over dates shares more than 时间 with that of a date that lacks."""
        core = _TIMES.sub("", reading.bare)
        pairs = [core[start : start + 2] for start in range(len(core) - 1)]
        words = "|".join(
            word
            for column in self._dates_lacking
            for word in self._matcher.words.by_column[column.key]
        )
        return bool(words) and (not pairs or any(pair in words for pair in pairs))
