"""Which field a column feeds: by its heading words, by what stands above, by its contents.

Headings decide; contents confirm or doubt them, tell fields apart that share their words, and
speak alone only where a column has no heading that is known.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from apps.core.codes import code_set
from apps.core.dates import BadDate, parse_age, parse_date
from apps.core.identifiers import is_valid_id, normalise_id
from apps.core.spreadsheets.grid import Cell, cell_text, column_letter
from apps.core.spreadsheets.tables import Path, Paths
from apps.core.text import compact
from apps.imports.records import Column, ShapeColumn
from apps.imports.registry import SheetKind
from apps.imports.rules import vocabulary
from apps.imports.rules.places import Directory

PERSONAL = frozenset(("name", "id", "sex", "birth", "age"))
_ENOUGH = 0.6
_CERTAIN = 0.9
_BRACKETS = re.compile(r"[(\[【{].*?[)\]】}]")
_SIGNS = re.compile(r"[:：*＊、,，.。/／\\\-—_\"“”'☆★?？!！]")
_ID_LIKE = re.compile(r"\d{14,17}[\dX]")
_MOBILE_LIKE = re.compile(r"\+?(?:86)?-?1[3-9]\d[- ]?\d{4}[- ]?\d{4}.*")
_NAME_LIKE = re.compile(r"[\u3400-\u9fff·]{2,4}")
_ANSWERS = vocabulary.YES | vocabulary.NO
_LONG_CODE = re.compile(r"[\dA-Za-z-]{10,40}")


@dataclass(frozen=True)
class Words:
    """The words of a kind's columns, prepared for comparing with headings."""

    kind: SheetKind

    @cached_property
    def by_column(self) -> Mapping[str, frozenset[str]]:
        return {column.key: frozenset(map(_plain, column.words)) for column in self.kind.columns}

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """All words by which a line is recognised as a heading."""
        return frozenset(word for words in self.by_column.values() for word in words)

    @cached_property
    def foreign(self) -> tuple[str, ...]:
        return tuple(map(_plain, self.kind.foreign_words))

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """(word, role), longest words first; a kind's own words go before the common ones."""
        common = {
            word: role
            for role, words in vocabulary.ROLE_WORDS.items()
            for word in map(_plain, words)
        }
        own = {
            word: role
            for role, words in self.kind.role_words.items()
            for word in map(_plain, words)
        }
        return tuple(sorted({**common, **own}.items(), key=lambda pair: -len(pair[0])))


def _plain(text: str) -> str:
    return _SIGNS.sub("", compact(text))


@dataclass(frozen=True)
class Reading:
    """One heading, prepared.

    `leaf` is the lowest text, `bare` the same without brackets, `stem` without role words and
    noise; `groups` the texts above. `role` says whose column it is, `group_role` the same by the
    texts above alone; None is nobody in particular.
    """

    leaf: str
    bare: str
    stem: str
    groups: str
    role: str | None
    group_role: str | None


def read_heading(path: Path, words: Words) -> Reading:
    """Take a heading path apart."""
    leaf = _plain(path[-1])
    bare = _plain(_BRACKETS.sub("", compact(path[-1]))) or leaf
    groups = "".join(map(_plain, path[:-1]))
    group_role = _role_in_groups(groups, words)
    role, stem = _role_in_leaf(leaf, bare, words)
    for noise in vocabulary.NOISE:
        stem = stem.replace(noise, "") or stem
    return Reading(leaf, bare, stem, groups, role or group_role, group_role)


def _role_in_leaf(leaf: str, bare: str, words: Words) -> tuple[str | None, str]:
    """Return whose column it is and the heading without that word: 丈夫姓名 → spouse, 姓名."""
    for word, role in words.roles:
        if len(word) > 1 and word in bare and bare != word:
            return role, bare.replace(word, "", 1)
        if len(word) == 1 and bare.startswith(word) and bare != word:
            return role, bare[1:]
        if bare != leaf and leaf == bare + word:  # 姓名（妻）
            return role, bare
    return None, bare


def _role_in_groups(groups: str, words: Words) -> str | None:
    for word, role in words.roles:
        if groups == word or (len(word) > 1 and word in groups):
            return role
    return None


class HeaderMatcher:
    """Scores columns of a kind against headings; remembers, since titles are tried repeatedly."""

    def __init__(self, kind: SheetKind) -> None:
        self.kind = kind
        self.words = Words(kind)
        self._readings: dict[Path, Reading] = {}
        self._scores: dict[tuple[Reading, str], float] = {}

    def reading(self, path: Path) -> Reading:
        if path not in self._readings:
            self._readings[path] = read_heading(path, self.words)
        return self._readings[path]

    def score(self, reading: Reading, column: Column) -> float:
        """Return from 0 to 1 how well a heading fits a column."""
        key = (reading, column.key)
        if key not in self._scores:
            self._scores[key] = self._score(reading, column)
        return self._scores[key]

    def _score(self, reading: Reading, column: Column) -> float:
        known = self.words.by_column[column.key]
        if {reading.bare, reading.stem} & set(column.short_words) and any(
            _plain(word) in reading.groups for word in column.group_words
        ):
            return 1.03  # 光荣证 / 编号 is more than a mere 编号
        if reading.leaf in known or reading.bare in known:
            fits = column.role == "row" or reading.group_role in (None, column.role)
            return 1.0 if fits else 0.0
        if not self._role_fits(reading, column):
            return 0.0
        if reading.groups + reading.leaf in known or reading.groups + reading.bare in known:
            return 0.98
        if reading.stem in known:
            return 0.95
        return max((_likeness(reading.stem, word) for word in known), default=0.0)

    @staticmethod
    def _role_fits(reading: Reading, column: Column) -> bool:
        """Whether a heading's person is the column's; facts of the whole row are anybody's."""
        if column.role == "row":
            return reading.role not in ("other", "father", "mother")
        if column.role == "subject":
            return reading.role in (None, "subject")
        return reading.role == column.role

    def best(self, reading: Reading) -> tuple[float, Column | None]:
        """Return the column that fits a heading best."""
        return max(
            ((self.score(reading, column), column) for column in self.kind.columns),
            key=lambda pair: pair[0],
            default=(0.0, None),
        )

    def points(self, paths: Paths) -> float:
        """Say how much a set of headings looks like those of this kind: fields recognised."""
        best: dict[str, float] = {}
        for path in paths.values():
            found, column = self.best(self.reading(path))
            if column and found >= _ENOUGH:
                best[column.key] = max(best.get(column.key, 0.0), found)
        return sum(best.values())

    def foreign_count(self, paths: Paths) -> int:
        """Return how many headings begin with words that no roster of this kind has."""
        return sum(
            any(_plain(part).startswith(self.words.foreign) for part in path)
            for path in paths.values()
        )


def _likeness(stem: str, word: str) -> float:
    """Score two texts of which one contains the other, or that differ by one character."""
    if len(stem) < 2 or len(word) < 2:
        return 0.0
    if word in stem:
        return 0.5 + 0.4 * len(word) / len(stem)
    if stem in word and len(stem) * 3 >= len(word) * 2:
        return 0.45 + 0.3 * len(stem) / len(word)
    if len(stem) > 3 and _one_apart(stem, word):
        return 0.7
    return 0.0


def _one_apart(first: str, second: str) -> bool:
    """Whether two texts differ by one character changed, added or left out."""
    if abs(len(first) - len(second)) > 1:
        return False
    start = 0
    while start < min(len(first), len(second)) and first[start] == second[start]:
        start += 1
    one = first[start:] if len(second) > len(first) else first[start + 1 :]
    other = second[start:] if len(first) > len(second) else second[start + 1 :]
    return one == other


# Contents ----------------------------------------------------------------------------------------


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
        if test is None or len(cells) < 3:
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


# Assigning ---------------------------------------------------------------------------------------

# Fields whose values are so peculiar that they speak without a heading.
_SELF_EVIDENT = frozenset(("id", "sex", "relation", "phone", "village"))
_PECULIAR_CODES = frozenset(("marital", "edu", "ethnic", "method"))


def map_columns(
    matcher: HeaderMatcher, paths: Paths, contents: Contents, width: int
) -> tuple[ShapeColumn, ...]:
    """Return what each column of a table feeds; each field is fed by one column at most."""
    readings = _with_inherited_roles(matcher, paths)
    scores = _header_scores(matcher, readings, contents)
    chosen = _assign(scores)
    taken = {column.key for column, _score, _how in chosen.values()}
    nameless = [i for i in range(width) if i not in chosen and _says_nothing(readings.get(i))]
    for index, column in _by_contents(matcher.kind, contents, chosen, taken, nameless):
        chosen[index] = (column, 0.0, "content")
    complete = _has_the_essentials(matcher.kind, {c.field for c, _s, _h in chosen.values()})
    return tuple(
        _shape(index, paths.get(index, ()), chosen.get(index), contents, complete)
        for index in range(width)
        if index in paths or contents.cells(index)
    )


def _shape(
    index: int,
    path: Path,
    found: tuple[Column, float, str] | None,
    contents: Contents,
    complete: bool,
) -> ShapeColumn:
    if found is None:
        return ShapeColumn(
            column_letter(index), path, None, "unknown", complete or not contents.cells(index)
        )
    column, score, how = found
    return ShapeColumn(column_letter(index), path, column.key, how, score >= _CERTAIN)


def _says_nothing(reading: Reading | None) -> bool:
    """Whether a heading leaves open whose column it is, so that contents may decide."""
    return reading is None or reading.role in (None, "subject")


def _has_the_essentials(kind: SheetKind, fields: set[str]) -> bool:
    """Whether a column that is not known can be left alone: what matters has been found."""
    return "id" in fields and all(set(group) & fields for group in kind.required)


def _with_inherited_roles(matcher: HeaderMatcher, paths: Paths) -> dict[int, Reading]:
    """Read 丈夫姓名 | 身份证号 | 妻子姓名 | 身份证号: a bare heading belongs to the name before it.

    Only where the same bare heading comes twice; otherwise it is the subject's.
    """
    readings = {index: matcher.reading(path) for index, path in sorted(paths.items())}
    bare = Counter(r.stem for r in readings.values() if r.role is None and not r.groups)
    role: str | None = None
    for index, reading in readings.items():
        _score, column = matcher.best(reading)
        if column and column.kind == "name":
            role = reading.role
        elif (
            column
            and column.kind in PERSONAL
            and role not in (None, "subject")
            and reading.role is None
            and bare[reading.stem] > 1
        ):
            readings[index] = Reading("", "", reading.stem, "", role, role)
    return readings


def _header_scores(
    matcher: HeaderMatcher, readings: Mapping[int, Reading], contents: Contents
) -> list[tuple[float, float, int, Column]]:
    """Return (score with contents, score of the heading, column number, column) of all pairs."""
    scores = []
    for index, reading in readings.items():
        for column in matcher.kind.columns:
            score = matcher.score(reading, column)
            if score >= _ENOUGH:
                fit = _fit(contents.share(index, column), column)
                scores.append((score * fit, score, index, column))
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


def _assign(
    scores: list[tuple[float, float, int, Column]],
) -> dict[int, tuple[Column, float, str]]:
    chosen: dict[int, tuple[Column, float, str]] = {}
    taken: set[str] = set()
    for _weighted, score, index, column in scores:
        if index not in chosen and column.key not in taken:
            chosen[index] = (column, score, "header")
            taken.add(column.key)
    return chosen


def _by_contents(
    kind: SheetKind,
    contents: Contents,
    chosen: Mapping[int, tuple[Column, float, str]],
    taken: set[str],
    free: list[int],
) -> Iterable[tuple[int, Column]]:
    """Yield columns that only their contents explain, for fields that nothing feeds yet."""
    for column in kind.columns:
        if column.key in taken or column.role not in ("subject", "row"):
            continue
        if column.kind in _SELF_EVIDENT or column.field in _PECULIAR_CODES:
            test = 0.8
        elif column.kind in ("birth", "name"):
            test = 0.9
        else:
            continue
        for index in free:
            if _explains(contents, index, column, chosen, test):
                free.remove(index)
                yield index, column
                break


def _explains(
    contents: Contents,
    index: int,
    column: Column,
    chosen: Mapping[int, tuple[Column, float, str]],
    least: float,
) -> bool:
    share = contents.share(index, column)
    if share is None or share < least:
        return False
    if column.kind == "birth":
        ids = [i for i, (c, _s, _h) in chosen.items() if c.kind == "id" and c.role == "subject"]
        return bool(ids) and contents.ids_agree(ids[0], index) >= 0.8
    if column.kind == "name":
        values = list(map(cell_text, contents.cells(index)))
        return len(set(values)) * 2 > len(values) and len(values) > 5
    return True
