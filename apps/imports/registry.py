"""Kinds of rosters that the record apps declare in their `sheets.py`.

A kind says which columns its rosters may have and what must hold in a row; the engine does the
rest. A further kind of roster costs one declaration and nothing here.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.core import crypto
from apps.core.codes import code_label
from apps.core.frozen import freeze
from apps.imports.records import (
    ELSEWHERE,
    NO_DECISIONS,
    Candidate,
    CheckedRow,
    Column,
    Decisions,
    PlanResult,
    Written,
)

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from apps.accounts.models import User
    from apps.imports.rules.drafts import Draft, FileContext
    from apps.regions.models import Region

TemplateLine = Mapping[str, str]


@dataclass(frozen=True)
class Coverage:
    """Whom a roster names. `villages`: numbers of the regions that its rows are of.

    `found`: a query for the numbers of the persons of the register its rows are about; `others`:
    the values of the rows of which that is not known, for example because of an error; `asked`:
    numbers of persons whom an open question names, so that perhaps they are in the roster.
    """

    villages: Sequence[int]
    found: "QuerySet[Any, Any]"
    others: Sequence[Mapping[str, Any]]
    asked: Sequence[int] = ()


class SheetKind(ABC):
    """One kind of roster. Subclasses are declarations; an instance is handed to `register`.

    `required` lists groups of fields of which each needs one column in a sheet. `foreign_words`
    are header words that no roster of this kind has: two of them mean another kind of list, unless
    more columns feed its `peculiar` fields, which hardly another list has together.
    `gathered` are values that `check_file` sets from other lines than the row's own.
    `role_words` say whose column it is (丈夫 → spouse), `role_sex` the sex that a role implies.
    """

    name: ClassVar[str]
    label: ClassVar[str | Promise]
    columns: ClassVar[tuple[Column, ...]]
    required: ClassVar[tuple[tuple[str, ...], ...]] = (("name",),)
    foreign_words: ClassVar[tuple[str, ...]] = ()
    peculiar: ClassVar[frozenset[str]] = frozenset()
    role_words: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    role_sex: ClassVar[Mapping[str, str]] = {}
    gathered: ClassVar[tuple[str, ...]] = ()

    # For the pages of the import: what a row is about and where to see it, or its person.
    unit: ClassVar[str | Promise] = _("people")
    subject_url_name: ClassVar[str] = ""
    person_url_name: ClassVar[str] = ""
    list_url_name: ClassVar[str] = ""
    field_labels: ClassVar[Mapping[str, str | Promise]] = {}

    # The columns of the template and of today's roster, by field, in their order; headings where
    # a column's first word would not do; the words for such a roster in titles and file names.
    # All are Chinese in every language, as rosters are.
    template: ClassVar[tuple[str, ...]] = ()
    template_headings: ClassVar[Mapping[str, str]] = {}
    file_words: ClassVar[str] = ""

    def column(self, field: str) -> Column | None:
        """Return the declaration of a field."""
        return next((column for column in self.columns if column.field == field), None)

    def lacking(self, fields: Collection[str | None]) -> list[str]:
        """Return what every sheet needs and no column feeds, each group by its first field."""
        return [group[0] for group in self.lacking_groups(fields)]

    def lacking_groups(self, fields: Collection[str | None]) -> list[tuple[str, ...]]:
        """Return the groups of fields of which every sheet needs one and none is fed."""
        return [group for group in self.required if not any(field in fields for field in group)]

    def field_label(self, field: str) -> str:
        """Return what a field (of a column or of a value) is called in the current language."""
        return str(self.field_labels.get(field, field))

    def value_label(self, field: str, value: Any) -> str:
        """Return a normalised value as text for a preview; codes by their names."""
        if value is None or value == "":
            return ""
        if value == ELSEWHERE and field.endswith("_region"):
            return gettext("somewhere else")
        for column in self.columns:
            if column.target == field and column.code_set:
                return code_label(column.code_set, str(value))
        return str(value)

    def check_row(self, draft: "Draft", context: "FileContext") -> None:  # noqa: B027
        """Check one row beyond what every kind has in common; add issues by `draft.add`.

        Called once per row in file order, after its values are converted and its village, ID
        number, sex and birth date are settled.
        """

    def check_file(self, drafts: Sequence["Draft"], context: "FileContext") -> None:  # noqa: B027
        """Check across rows (households, totals) after all rows; add issues by `draft.add`."""

    def people_of(self, region: "Region", *, actor: "User", on: date) -> Iterable[TemplateLine]:
        """Yield today's roster of a village, {field: text} per person, as far as the actor sees it.

        Texts are such that importing them again on the same day changes nothing.
        """
        return ()

    @abstractmethod
    def work(
        self,
        *,
        actor: "User",
        villages: Collection[str],
        as_of: date,
        batch: str = "",
        decisions: Decisions = NO_DECISIONS,
    ) -> "RosterWork":
        """Begin to compare the importable rows of a file with the register, or to write them.

        `villages` are the codes of all villages that the rows are of, `as_of` is the day that they
        describe, `batch` the id of the import for audit and history, `decisions` (key of a
        question → answer) what people answered. Raises OutOfScope for a village out of reach.
        """

    def candidates(self, ids: Sequence[int], *, user: "User", on: date) -> list[Candidate]:
        """Return what the user may see of persons whom a question names; the others are left out.

        `on` is the day of the roster.

        Kinds whose `plan` asks no questions with candidates need not answer.
        """
        return []

    def missing(
        self, roster: "Coverage", *, user: "User", as_of: date, name: str = ""
    ) -> "QuerySet[Any, dict[str, Any]] | None":
        """Return the people whom a complete roster would have named and this one does not.

        The rows are dicts with person (its number), name, sex, birth_date, village (a region's
        number) and household (text), village by village; only people whom the user may see, and
        with `name` only those called or sounding like that. None when this kind of roster is
        never complete.
        """
        return None


class RosterWork(ABC):
    """The rows of one file against the register, a portion after the other.

    A portion is a sequence of rows in file order that holds all rows of its villages. If there are
    several, the engine goes through all of them twice, in the same order: first `look_ahead`, then
    either `plan` or `write`.
    """

    @abstractmethod
    def hold(self) -> None:
        """Begin to write: let no other roster of these villages in until the transaction ends."""

    @abstractmethod
    def look_ahead(self, rows: Sequence[CheckedRow]) -> None:
        """Note of whom the rows speak, so that the portions add up to what the file says."""

    @abstractmethod
    def plan(self, rows: Sequence[CheckedRow]) -> PlanResult:
        """Compare rows with the register and say what writing them would do. Writes nothing.

        Issues that only the register can know (id_conflict, person_in_two_places, ambiguous_match)
        come back in the result; each row that may be written has an outcome. What a person can
        decide comes back as a question, also when it is answered; an answer whose key fits no
        question any more is not followed.
        """

    @abstractmethod
    def write(self, rows: Sequence[CheckedRow]) -> Written:
        """Write rows by the app's bulk service, inside the caller's transaction.

        `rows` are those that `plan` found no error in; a row that raises a new question is left
        out. Writing the same rows again changes nothing. May raise IntegrityError or
        OperationalError when another import meets the same people; the caller tries again.
        """

    @abstractmethod
    def finish(self) -> Mapping[str, int]:
        """Do what needs all portions, in the same transaction; return what was written.

        At least persons_created_any, persons_created_subjects, persons_created_with_id,
        persons_changed, records_changed and, for kinds with households, households_created.
        """


class PutBack(NamedTuple):
    """What a taking back of an import did: `concerned` holds, by model, a query's SQL for the
    numbers of all rows it was about; `is_whole` says that none of them stayed as it was."""

    concerned: Mapping[type["Model"], str]
    is_whole: bool


_KINDS: dict[str, SheetKind] = {}
_FOLLOWERS: list[Callable[[PutBack], None]] = []


def after_put_back(follower: Callable[[PutBack], None]) -> None:
    """Have `follower` called in the transaction of every taking back, once the rows are written.

    There a record app brings up to date what it keeps for lists (columns in NOW), where some rows
    stayed, and asks for new figures.
    """
    if follower not in _FOLLOWERS:
        _FOLLOWERS.append(follower)


def follow(done: PutBack) -> None:
    """Let every record app follow a taking back."""
    for follower in _FOLLOWERS:
        follower(done)


def question_key(kind: str, *facts: Any) -> str:
    """Digest what the answer to a question depends on; without the key nobody can guess it."""
    return crypto.digest("imports.question", freeze([kind, *facts])).hex()[:32]


def register(kind: SheetKind) -> SheetKind:
    """Make a kind of roster known; called at the end of an app's `sheets.py`."""
    if kind.name in _KINDS:
        raise ValueError(f"roster kind registered twice: {kind.name}")
    _KINDS[kind.name] = kind
    return kind


def unregister(name: str) -> None:
    """Forget a kind again; for tests that bring their own."""
    _KINDS.pop(name, None)


def kinds() -> list[SheetKind]:
    """Return all kinds in the order of their registration."""
    return list(_KINDS.values())


def get(name: str) -> SheetKind:
    """Return the kind of that name. Raises KeyError."""
    return _KINDS[name]
