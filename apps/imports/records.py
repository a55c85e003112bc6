"""What the pipeline passes on: declared columns, what was found in a file, what is wrong with it.

Pure data, no database. Rows count from 1 and columns have letters, as in a spreadsheet program.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple

ERROR, SKIP, WARNING, NOTICE = "error", "skip", "warning", "notice"
# A place in a preview that has no name here: outside of the county, or out of the reader's sight.
ELSEWHERE = "elsewhere"
CLEAN, WARN, BLOCKED, SKIPPED = "clean", "warn", "blocked", "skipped"
NO_PARAMS: Mapping[str, Any] = MappingProxyType({})


def no_params() -> Mapping[str, Any]:
    """Return the one empty mapping that all records without parameters share."""
    return NO_PARAMS


@dataclass(frozen=True)
class Column:
    """One column that a kind of roster may have.

    `field` names it in mappings and issues, `target` names its value in `CheckedRow.values`
    (empty: the value is used for checks only). `kind` chooses the converter: name, id, sex, date,
    birth, age, code, integer, phone, village, town, group, household, relation, text, key, serial,
    account, amount, tick or ignored. `role` says whose value it is (subject, spouse, head, father,
    mother, row): a header belongs to a role other than the subject if one of the role's words
    stands in it or in a heading above it (丈夫 / 姓名). `words` are header words; `group_words`
    such as 子女 must stand in the headings above for the `short_words` (男, 女, 合计) to count;
    `pattern` is a regular expression for whole headings that are put together from many parts.
    `written` maps ways of writing to codes of `code_set`, beside the names of the code list.
    `severity` overrides how grave a wrong value in this column is; `after_birth` demands that a
    date does not lie before the subject's birth. `option` is the value that a tick (√) stands for
    where one field is spread over several columns.
    """

    field: str
    kind: str
    words: tuple[str, ...]
    role: str = "subject"
    target: str = ""
    code_set: str = ""
    written: Mapping[str, str | None] = attribute(default_factory=no_params, repr=False)
    group_words: tuple[str, ...] = ()
    short_words: tuple[str, ...] = ()
    pattern: str = ""
    severity: str = ""
    after_birth: bool = False
    option: str = ""
    max_length: int = 500

    @property
    def key(self) -> str:
        """The name of this column in a mapping: its field, with the option if it has one."""
        return f"{self.field}:{self.option}" if self.option else self.field


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing about one cell (or, with an empty letter, one row) that somebody should know.

    `raw` is the cell as text; `params` fill the message of the kind; `suggestion` is a value that
    would be right, if one can be told for certain.
    """

    sheet: str
    row: int
    column_letter: str
    field: str
    kind: str
    severity: str
    raw: str
    params: Mapping[str, Any] = attribute(default_factory=no_params)
    suggestion: str = ""


class Spot(NamedTuple):
    """Where a finding stands: its kind and severity, number of the sheet, row, column letter."""

    kind: str
    severity: str
    sheet_number: int
    row_number: int
    column: str


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """One line that carries a person, after all checks.

    `values` holds the normalised values by `Column.target` (text, whole numbers, dates, booleans
    or None); `raw` all cells of the line as text; `region_code` is the village, None if unknown.
    """

    sheet: str
    row: int
    status: str
    values: Mapping[str, Any]
    raw: Sequence[str]
    region_code: str | None
    issues: tuple[Issue, ...]

    @property
    def importable(self) -> bool:
        return self.status in (CLEAN, WARN)


class SoFar(NamedTuple):
    """What the checks have found while they go on: lines looked at, and of them with errors, with
    reminders; the first error of each of the first lines that have one."""

    rows: int
    blocked: int
    warned: int
    first: tuple[Issue, ...]


class ShapeColumn(NamedTuple):
    """One column of a sheet: letter, heading path, the field it feeds and how that was told.

    `how`: header, content, position, chosen (by a person), remembered (from an earlier file) or
    unknown. `certain` says that nobody needs to look at it.
    """

    letter: str
    header: tuple[str, ...]
    field: str | None
    how: str
    certain: bool = True


@dataclass(frozen=True)
class SheetShape:
    """What was understood of one sheet, or of one of several tables on it (Sheet1 [G:K]).

    `role` is data or other; `reason` says why it is other. `memory` is the number of the
    remembered mapping that explained its columns.

    `first_data_row` is the first row below the headings; notes or section lines may stand there.
    """

    name: str
    role: str
    hidden: bool = False
    header_rows: tuple[int, ...] = ()
    first_data_row: int | None = None
    columns: tuple[ShapeColumn, ...] = ()
    data_rows: int = 0
    title: str = ""
    village: str = ""
    reason: str = ""
    memory: int | None = None


@dataclass(frozen=True)
class CheckedFile:
    """A whole file after all checks. `notices` counts by kind what was put right silently.

    `unknown_columns` are the headings of columns that are not kept, each once.
    """

    filename: str
    kind: str
    as_of: date
    sheets: tuple[SheetShape, ...]
    rows: tuple[CheckedRow, ...]
    unknown_columns: tuple[str, ...] = ()
    notices: Mapping[str, int] = attribute(default_factory=no_params)

    @property
    def data_rows(self) -> int:
        return len(self.rows)

    @property
    def issues(self) -> list[Issue]:
        """All issues, notices too, in the order of the file."""
        return [issue for row in self.rows for issue in row.issues]

    def count(self, *statuses: str) -> int:
        """Return how many rows have one of these statuses."""
        return sum(row.status in statuses for row in self.rows)

    @property
    def rows_clean(self) -> int:
        return self.count(CLEAN)

    @property
    def rows_warned(self) -> int:
        return self.count(WARN)

    @property
    def rows_importable(self) -> int:
        return self.count(CLEAN, WARN)

    @property
    def rows_blocked(self) -> int:
        return self.count(BLOCKED)

    @property
    def rows_skipped(self) -> int:
        return self.count(SKIPPED)


class RegionRef(NamedTuple):
    """A division as the pipeline sees it; `path`: the codes from the top, each with a slash."""

    code: str
    name: str
    path: str
    level: str = "village"

    def inside(self, other: "RegionRef") -> bool:
        """Whether this division is the other one or lies in it."""
        return self.path.startswith(other.path)


@dataclass(frozen=True, slots=True)
class RowOutcome:
    """What writing one row does. `outcome`: new, changed or same; `changes`: field → (old, new).

    `older`: a later roster has spoken about this person since. `held`: field → (register, file,
    why) for what the file says differently and does not bring in, because the register's value is
    newer; why: roster (a later one), hand (entered since) or dated (a dated change stands in the
    way, which no choice can overrule). `stays`: fields that the row leaves empty and the
    register knows. `held_since` is the day since which the register's values stand.
    """

    sheet: str
    row: int
    outcome: str
    subject_id: int | None = None
    changes: Mapping[str, tuple[Any, Any]] = attribute(default_factory=no_params)
    older: bool = False
    held: Mapping[str, tuple[Any, Any, str]] = attribute(default_factory=no_params)
    held_since: date | None = None
    stays: tuple[str, ...] = ()


class Verdict(NamedTuple):
    """What a person answered to a question: a choice and, where it names one, its target.

    `choice` is one of models.Choice; `target` is the number of a person of the register (same)
    or of one of the question's rows (keep: its position in `Question.places`).
    """

    choice: str
    target: int | None = None


Decisions = Mapping[str, Verdict]
NO_DECISIONS: Decisions = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Question:
    """Something about a group of rows that only a person can decide.

    `kind` is one of models.QuestionKind. `key` is a digest of everything that the answer depends
    on, so that an answer holds for a later check as long as nothing of that has changed. `places`
    are the rows (sheet, row), `candidates` persons of the register who could be meant. `answer`
    is the answer that was followed, None while the question is open.
    """

    kind: str
    key: str
    places: tuple[tuple[str, int], ...]
    candidates: tuple[int, ...] = ()
    answer: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PlanResult:
    """The preview of some rows: an outcome per row, and what the register objects to.

    Rows of open questions have no outcome, except for those about an older file.
    """

    outcomes: list[RowOutcome]
    issues: list[Issue] = attribute(default_factory=list)
    questions: list[Question] = attribute(default_factory=list)


class Candidate(NamedTuple):
    """One person of the register as a page shows her beside a row; masked where the house masks.

    `values` are by field, as in a row.
    """

    id: int
    village: str
    household: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """What came in of some rows: (sheet, row) → id of the person it is about.

    `followed` are the keys of the questions whose answers were followed.
    """

    subject_ids: Mapping[tuple[str, int], int]
    followed: frozenset[str] = frozenset()
