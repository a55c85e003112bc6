"""A question as its page shows it: its members side by side, what differs, the answers offered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.identifiers import mask
from apps.imports.models import Batch, Choice, Decision, Question, QuestionKind, Row
from apps.imports.records import Candidate
from apps.imports.tables import HeldCell, held_cells, show

IDENTITY = ("name", "sex", "birth_date", "id_number")
MORE_FIELDS = 5
# Fields that only say where a line stands or are derived from other lines.
NOT_SHOWN = {"household_key", "is_own_person", "is_head", "birth_precision", "head_id", "village"}


@dataclass(frozen=True)
class Member:
    """One row of the file or one person of the register; `cells` are (label, text, differs)."""

    title: str
    url: str
    is_register: bool
    village: str
    household: str
    values: Mapping[str, Any]
    cells: list[tuple[str, str, bool]] = field(default_factory=list)


@dataclass(frozen=True)
class Option:
    """One answer offered: what is posted, its words, whether it is the present one."""

    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class Group:
    """One question with everything that is needed to answer it."""

    question: Question
    columns: list[str]
    members: list[Member]
    options: list[Option]
    decision: Decision | None
    held: list[HeldCell] = field(default_factory=list)
    since: Any = None

    @property
    def name(self) -> str:
        """The form field of the answer."""
        return f"a-{self.question.key}"


class Groups:
    """Builds the groups of one page with a handful of queries."""

    def __init__(
        self,
        *,
        kind: Any,
        sheets: Mapping[int, str],
        rows: Mapping[tuple[int, int], Row],
        people: Sequence[Candidate],
        batches: Mapping[int, Batch],
        answers: Mapping[str, Decision],
        url_of: Callable[[int], str],
    ) -> None:
        self.kind = kind
        self.sheets = sheets
        self.rows = rows
        self.people = {person.id: person for person in people}
        self.batches = batches
        self.answers = answers
        self.url_of = url_of

    def group(self, question: Question) -> Group:
        """Return one question ready for the page."""
        decision = self.answers.get(question.key)
        rows = [
            self.rows[sheet, row] for sheet, row in question.places if (sheet, row) in self.rows
        ]
        if question.kind == QuestionKind.OLDER:
            return self._older(question, rows, decision)
        people = [self.people[number] for number in question.candidates if number in self.people]
        members = [self._line(row) for row in rows]
        if question.kind == QuestionKind.OTHER_FILE:
            members += [self._other_file(number) for number in question.candidates]
        else:
            members += [self._person(person) for person in people]
        fields = _fields_to_show(members)
        for member in members:
            member.cells.extend(self._cell(member, name, members) for name in fields)
        return Group(
            question,
            [str(self.kind.field_label(name)) for name in fields],
            members,
            self._options(question, members, people, decision),
            decision,
        )

    def _older(self, question: Question, rows: Sequence[Row], decision: Decision | None) -> Group:
        cells = held_cells(rows[0], self.kind) if rows else []
        since = rows[0].held_back["since"] if rows else None
        taken = decision.choice if decision else ""
        options = [
            Option("", _("Keep what the register has"), not taken),
            Option(Choice.TAKE.value, str(Choice.TAKE.label), taken == Choice.TAKE),
        ]
        members = [self._line(row) for row in rows]
        return Group(question, [], members, options, decision, cells, since)

    def _line(self, row: Row) -> Member:
        values = row.values
        return Member(
            title=f"{self.sheets[row.sheet_number]} {row.row_number}",
            url="",
            is_register=False,
            village=str(row.village or ""),
            household=str(values.get("household_no") or ""),
            values=values,
        )

    def _person(self, person: Candidate) -> Member:
        url = self.url_of(person.id)
        title = _("Known person")
        return Member(title, url, True, person.village, person.household, person.values)

    def _other_file(self, number: int) -> Member:
        other = self.batches.get(number)
        if other is None:
            return Member(_("Another import"), "", True, "", "", {})
        title = _("Import %(number)s") % {"number": other.number}
        return Member(title, other.get_absolute_url(), True, str(other.region), "", {})

    def _cell(self, member: Member, name: str, members: Sequence[Member]) -> tuple[str, str, bool]:
        value = member.values.get(name)
        text = mask(str(value or "")) if name == "id_number" else show(self.kind, name, value)
        differs = any(
            name in other.values and not _same(other.values.get(name), value) for other in members
        )
        return str(self.kind.field_label(name)), text, differs and name in member.values

    def _options(
        self,
        question: Question,
        members: Sequence[Member],
        people: Sequence[Candidate],
        decision: Decision | None,
    ) -> list[Option]:
        chosen = posted(decision.choice, decision.target) if decision else ""
        found = [("", _("Decide later"))]
        if question.kind == QuestionKind.REPEATED:
            found = [("", _("Decide later; the first line counts"))]
        for choice in map(Choice, question.allowed):
            if choice == Choice.SAME:
                found += [(posted(choice, p.id), _same_words(p, people)) for p in people]
            elif choice == Choice.KEEP:
                found += [(posted(choice, n), _keep_words(m.title)) for n, m in enumerate(members)]
            else:
                found.append((choice.value, str(choice.label)))
        return [Option(value, label, value == chosen) for value, label in found]


def _same(one: Any, other: Any) -> bool:
    return (one or "") == (other or "")


def _fields_to_show(members: Sequence[Member]) -> list[str]:
    """Who it is, and what else the lines of the file say differently."""
    lines = [member.values for member in members if not member.is_register]
    names = dict.fromkeys(name for values in lines for name in values)
    differing = [
        name
        for name in names
        if name not in IDENTITY
        and name not in NOT_SHOWN
        and not all(_same(values.get(name), lines[0].get(name)) for values in lines)
    ]
    return [*IDENTITY, *differing[:MORE_FIELDS]]


def _keep_words(line: str) -> str:
    return _("Keep %(line)s, leave the others out") % {"line": line}


def _same_words(person: Candidate, people: Sequence[Candidate]) -> str:
    if len(people) == 1:
        return str(Choice.SAME.label)
    facts = {
        "name": person.values["name"],
        "village": person.village,
        "household": person.household,
    }
    return _("The same person as %(name)s, %(village)s, household %(household)s") % facts


def posted(choice: str, target: int | None) -> str:
    """Return an answer as a form field says it: new, same:123."""
    return f"{choice}:{target}" if target is not None else str(choice)
