"""What only a person can decide about a file's rows: find it, keep the answers, follow them.

Questions inside the file are found here, those about the register by the kind of roster. Answers
are data on the batch; each check asks anew and follows the answers whose questions still stand.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from apps.core import crypto
from apps.core.frozen import freeze
from apps.imports.models import (
    NOT_WAITING,
    OPEN_STATES,
    Batch,
    Choice,
    Decision,
    Question,
    QuestionKind,
    Row,
    RowStatus,
    Sheet,
)
from apps.imports.records import CheckedRow, Decisions, Verdict
from apps.imports.records import Question as Asked
from apps.imports.registry import question_key
from apps.imports.rules.corrections import Change
from apps.imports.rules.repeats import agreeing_births

Place = tuple[str, int]
REPEATS = ("id_conflict", "dup_in_file", "person_in_two_places")
# Errors that a decision takes away; a row with any other one must be corrected.
DECIDABLE = {"id_conflict", "ambiguous_match", "person_in_two_places"}
LEFT_OUT = {"left_out", "decided_out"}
DIGEST = "imports_row.number"
ABOUT_REGISTER = (QuestionKind.OTHER_NAME, QuestionKind.AMBIGUOUS, QuestionKind.SIMILAR)


def decisions_of(batch: Batch) -> Decisions:
    """Return the answers given so far, by the key of their question."""
    rows = Decision.objects.filter(batch=batch).values_list("key", "choice", "target")
    return {key: Verdict(choice, target) for key, choice, target in rows}


def number_digest(number: str) -> bytes:
    """Return the digest by which the same ID number is found in other imports."""
    return crypto.digest(DIGEST, number)


# Inside the file ----------------------------------------------------------------------------------


def file_questions(
    rows: Sequence[CheckedRow], decisions: Decisions, gathered: Sequence[str] = ()
) -> list[Asked]:
    """Find lines that name the same number or the same person and do not agree.

    `gathered` are values that do not come from the line itself and say nothing about it.
    """
    return _FileQuestions(rows, decisions, gathered).found()


def _is_left_out(row: CheckedRow) -> bool:
    return any(issue.kind in LEFT_OUT for issue in row.issues)


def _has(row: CheckedRow, *kinds: str) -> bool:
    return any(issue.kind in kinds and issue.field == "id" for issue in row.issues)


class _FileQuestions:
    """The search for lines of one file that need a decision."""

    def __init__(
        self, rows: Sequence[CheckedRow], decisions: Decisions, gathered: Sequence[str]
    ) -> None:
        self.rows = [row for row in rows if not _is_left_out(row)]
        self.decisions = decisions
        self.ignored = {*gathered, "is_own_person"}

    def found(self) -> list[Asked]:
        """Return all questions, those about numbers first, in file order."""
        return [*self._by_number(), *self._without_number()]

    def _by_number(self) -> Iterable[Asked]:
        repeated = {row.values.get("id_number") for row in self.rows if _has(row, *REPEATS)}
        groups: dict[str, list[CheckedRow]] = defaultdict(list)
        for row in self.rows:
            number = row.values.get("id_number") or ""
            if number and number in repeated:
                groups[number].append(row)
        for group in groups.values():
            kind = self._kind_of(group)
            if kind:
                yield self._asked(kind, group)

    def _kind_of(self, group: Sequence[CheckedRow]) -> str:
        """What is in question about lines of one number; "" when they say the same."""
        if len({row.values.get("name") for row in group}) > 1:
            return QuestionKind.SAME_NUMBER
        if len({row.region_code for row in group if row.region_code}) > 1:
            return QuestionKind.TWO_PLACES
        return QuestionKind.REPEATED if self._differ(group) else ""

    def _differ(self, group: Sequence[CheckedRow]) -> bool:
        return len(set(map(self._content, group))) > 1

    def _content(self, row: CheckedRow) -> str:
        """What a line says about its person; where it stands in the file does not count."""
        said = row.values.items()
        return freeze(
            sorted((k, v) for k, v in said if k not in self.ignored and v not in (None, ""))
        )

    def _without_number(self) -> Iterable[Asked]:
        """Lines without a number that repeat another line, or could mean several others."""
        waiting = [
            row
            for row in self.rows
            if not row.values.get("id_number") and _has(row, "dup_in_file", "ambiguous_match")
        ]
        if not waiting:
            return
        alike: dict[tuple[object, ...], list[CheckedRow]] = defaultdict(list)
        for row in self.rows:
            alike[_likeness(row)].append(row)
        asked: set[tuple[Place, ...]] = set()
        for row in waiting:
            group = [
                other
                for other in alike[_likeness(row)]
                if other is row or agreeing_births(row.values, other.values)
            ]
            if _has(row, "ambiguous_match"):
                others = [other for other in group if other is not row]
                yield self._asked(QuestionKind.UNCLEAR, [row, *others])
                continue
            places = tuple((each.sheet, each.row) for each in group)
            if places not in asked and self._differ(group):
                asked.add(places)
                yield self._asked(QuestionKind.REPEATED, group)

    def _asked(self, kind: str, group: Sequence[CheckedRow]) -> Asked:
        places = tuple((row.sheet, row.row) for row in group)
        lines = [(row.sheet, row.row, row.region_code, self._content(row)) for row in group]
        key = question_key(kind, lines)
        answer = self.decisions.get(key)
        if answer is not None and answer.choice == Choice.KEEP:
            answer = answer if answer.target in range(len(places)) else None
        return Asked(kind, key, places, answer=answer)


def _likeness(row: CheckedRow) -> tuple[object, ...]:
    return row.region_code, row.values.get("name"), row.values.get("sex")


@dataclass
class Settled:
    """What answers to questions inside the file do to its lines.

    Answering one question can raise or settle another, so a file is checked again until nothing
    new is answered; the same answers always lead to the same end.
    """

    left_out: set[Place] = field(default_factory=set)
    own_people: set[Place] = field(default_factory=set)

    @classmethod
    def by(cls, questions: Iterable[Asked]) -> "Settled":
        """Sum up the answers of questions."""
        settled = cls()
        for question in questions:
            if question.answer is not None:
                settled._follow(question, question.answer)
        return settled

    def _follow(self, question: Asked, answer: Verdict) -> None:
        if answer.choice == Choice.NEW:
            self.own_people.add(question.places[0])
        elif answer.choice == Choice.KEEP:
            kept = question.places[answer.target or 0]
            self.left_out |= set(question.places) - {kept}
        elif question.kind == QuestionKind.UNCLEAR:
            self.left_out.add(question.places[0])
        else:
            self.left_out |= set(question.places)

    @property
    def changes(self) -> list[Change]:
        """The same as changes of the file's lines (rules.corrections)."""
        return [
            *(Change(sheet, row, "", "decided_out", None) for sheet, row in sorted(self.left_out)),
            *(Change(sheet, row, "", "own_person", None) for sheet, row in sorted(self.own_people)),
        ]


def waiting_places(questions: Iterable[Asked]) -> set[Place]:
    """The rows that open questions keep out, of the file or of the register."""
    return {
        place
        for question in questions
        if question.answer is None and question.kind not in NOT_WAITING
        for place in (
            question.places[:1] if question.kind == QuestionKind.UNCLEAR else question.places
        )
    }


# Across files -------------------------------------------------------------------------------------


def questions_across(batch: Batch, rows: Sequence[CheckedRow], decisions: Decisions) -> list[Asked]:
    """Find people whom another import, not yet written, brings for another village."""
    others = _open_batches(batch)
    if not others:
        return []
    digests = {
        number_digest(number): row for row in rows if (number := row.values.get("id_number"))
    }
    found = Row.objects.filter(
        batch__in=others,
        status__in=[RowStatus.CLEAN, RowStatus.WARN, RowStatus.WAITING],
        number_digest__isnull=False,
        village__isnull=False,
    ).values_list("number_digest", "village__code", "batch_id")
    questions = {}
    for digest, village, batch_id in found.iterator(chunk_size=5_000):
        row = digests.get(bytes(digest or b""))
        if row is None or village == row.region_code:
            continue
        place = (row.sheet, row.row)
        facts = (place, row.region_code, row.values["id_number"], batch_id, village)
        key = question_key(QuestionKind.OTHER_FILE, *facts)
        questions[place] = Asked(
            QuestionKind.OTHER_FILE, key, (place,), (batch_id,), decisions.get(key)
        )
    return [questions[place] for place in sorted(questions)]


def _open_batches(batch: Batch) -> list[int]:
    """Other imports whose regions meet this one's and that are not written yet."""
    open_ones = Batch.objects.filter(state__in=OPEN_STATES).exclude(pk=batch.pk)
    path = batch.region.path
    return [
        pk
        for pk, other in open_ones.values_list("pk", "region__path")
        if other.startswith(path) or path.startswith(other)
    ]


def left_out_across(questions: Iterable[Asked]) -> set[Place]:
    """The rows that somebody left to the other import."""
    return {
        question.places[0]
        for question in questions
        if question.answer is not None and question.answer.choice == Choice.OUT
    }


# Keeping ------------------------------------------------------------------------------------------


def store_questions(
    batch: Batch,
    questions: Sequence[Asked],
    *,
    numbers: Mapping[str, int],
    village_of: Mapping[Place, int | None],
) -> None:
    """Replace the questions of a batch by those of this check, in the order of their kinds."""
    order = list(QuestionKind.values)
    ranked = sorted(questions, key=lambda each: order.index(each.kind))
    Question.objects.filter(batch=batch)._raw_delete("default")
    Question.objects.bulk_create(
        (
            Question(
                batch=batch,
                number=number,
                kind=question.kind,
                key=question.key,
                village_id=village_of.get(question.places[0]),
                places=[[numbers[sheet], row] for sheet, row in question.places],
                candidates=list(question.candidates),
                is_open=question.answer is None,
            )
            for number, question in enumerate(ranked, start=1)
        ),
        batch_size=2_000,
    )


def answered_places(batch: Batch) -> dict[str, Place]:
    """Return the rows that are written because of an answer about the register, by its key."""
    names = dict(Sheet.objects.filter(batch=batch).values_list("number", "name"))
    keys = Decision.objects.filter(batch=batch, choice__in=[Choice.SAME, Choice.NEW]).values("key")
    asked = Question.objects.filter(
        batch=batch, is_open=False, key__in=keys, kind__in=ABOUT_REGISTER
    )
    return {
        key: (names[places[0][0]], places[0][1])
        for key, places in asked.values_list("key", "places")
    }


def places_left(batch: Batch) -> set[Place]:
    """Return the rows of a written batch that still wait for a decision."""
    names = dict(Sheet.objects.filter(batch=batch).values_list("number", "name"))
    waiting = Question.objects.filter(batch=batch, is_open=True).exclude(kind__in=NOT_WAITING)
    asked = {
        (sheet, row)
        for kind, places in waiting.values_list("kind", "places")
        for sheet, row in (places[:1] if kind == QuestionKind.UNCLEAR else places)
    }
    not_written = Row.objects.filter(
        batch=batch, status__in=[RowStatus.WAITING, RowStatus.BLOCKED]
    ).values_list("sheet_number", "row_number")
    return {(names[sheet], row) for sheet, row in set(not_written) & asked}
