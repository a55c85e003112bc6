"""Compare checked rows with the register, portion by portion, and add what it objects to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from apps.accounts.models import User
from apps.imports import registry
from apps.imports.models import IMPORTABLE, Batch, RowStatus, Severity
from apps.imports.records import CheckedFile, CheckedRow, Issue, PlanResult, Question, RowOutcome
from apps.imports.registry import SheetKind
from apps.imports.services import comparing
from apps.imports.services.portions import Portions
from apps.imports.services.staging import Place


@dataclass(frozen=True)
class Findings:
    """Some checked rows after the comparison with the register: what will be staged.

    `in_question` are those of them that an open question is about.
    """

    rows: Sequence[CheckedRow]
    issues: Sequence[Issue]
    statuses: Mapping[Place, str]
    outcomes: Mapping[Place, RowOutcome]
    in_question: set[Place]


class Comparison:
    """Asks the kind what writing each row would do.

    Rows that wait because of another import are not shown to the register, for writing will not
    see them either. Of lines of one number the first comes in, as it does without any question.
    `questions` are all that were raised so far, of the file itself (`in_file`) too.
    """

    def __init__(
        self, batch: Batch, checked: CheckedFile, in_file: Sequence[Question], actor: User
    ) -> None:
        kind, decisions = registry.get(batch.kind), comparing.decisions_of(batch)
        across = comparing.questions_across(batch, checked.rows, decisions)
        self.questions = [*in_file, *across]
        self._away = comparing.left_out_across(across)
        self._waiting = comparing.waiting_places(across)
        self._in_question = comparing.waiting_places(self.questions)
        self._kept_back = self._waiting | self._away
        self._columns = _columns_by_sheet(checked, kind)
        self._portions = Portions(checked.rows)
        villages = {row.region_code or "" for row in checked.rows if self._is_compared(row)}
        self._work = kind.work(
            actor=actor, villages=villages, as_of=batch.as_of, decisions=decisions
        )

    def findings(self, progress: Callable[[int], None]) -> Iterator[Findings]:
        """Yield what was found about each portion; `progress` is told the rows compared so far."""
        if len(self._portions) > 1:
            for rows in self._portions:
                progress(0)
                self._work.look_ahead(self._compared(rows))
        done = 0
        for rows in self._portions:
            progress(done)
            yield self._compare(rows)
            done += len(rows)

    def _compare(self, rows: Sequence[CheckedRow]) -> Findings:
        plan = self._work.plan(self._compared(rows))
        self.questions += plan.questions
        statuses = {(row.sheet, row.row): str(row.status) for row in rows}
        away = [_decided_out(place) for place in sorted(self._away & statuses.keys())]
        issues = [*plan.issues, *away]
        for issue in issues:
            place = (issue.sheet, issue.row)
            statuses[place] = _worse(statuses[place], issue.severity)
        asked = comparing.waiting_places(plan.questions)
        for place in asked | (self._waiting & statuses.keys()):
            if statuses[place] in IMPORTABLE:
                statuses[place] = RowStatus.WAITING
        return Findings(
            rows=rows,
            issues=[*(issue for row in rows for issue in row.issues), *issues],
            statuses=statuses,
            outcomes=self._outcomes(plan, statuses),
            in_question=asked | (self._in_question & statuses.keys()),
        )

    def _outcomes(self, plan: PlanResult, statuses: Mapping[Place, str]) -> dict[Place, RowOutcome]:
        return {
            (outcome.sheet, outcome.row): _without_absent(outcome, self._columns[outcome.sheet])
            for outcome in plan.outcomes
            if statuses[outcome.sheet, outcome.row] in IMPORTABLE
        }

    def _compared(self, rows: Sequence[CheckedRow]) -> list[CheckedRow]:
        return list(filter(self._is_compared, rows))

    def _is_compared(self, row: CheckedRow) -> bool:
        return row.status in IMPORTABLE and (row.sheet, row.row) not in self._kept_back


def _columns_by_sheet(checked: CheckedFile, kind: SheetKind) -> dict[str, set[str]]:
    """The values that each sheet has a column for."""
    targets = {column.key: column.target for column in kind.columns}
    return {
        shape.name: {targets.get(column.field or "", "") for column in shape.columns}
        for shape in checked.sheets
    }


def _without_absent(outcome: RowOutcome, there: set[str]) -> RowOutcome:
    """Of empty cells, keep those that the sheet has a column for; the others say nothing."""
    if not outcome.stays:
        return outcome
    return replace(outcome, stays=tuple(name for name in outcome.stays if name in there))


def _decided_out(place: Place) -> Issue:
    return Issue(*place, "", "", "decided_out", Severity.SKIP, "")


def _worse(status: str, severity: str) -> str:
    """The status of a row after one more finding."""
    found = {
        Severity.ERROR: RowStatus.BLOCKED,
        Severity.SKIP: RowStatus.SKIPPED,
        Severity.WARNING: RowStatus.WARN,
    }.get(severity, RowStatus.CLEAN)  # type: ignore[call-overload]
    order = [RowStatus.CLEAN, RowStatus.WARN, RowStatus.SKIPPED, RowStatus.BLOCKED]
    return str(max(status, found, key=order.index))
