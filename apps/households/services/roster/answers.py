"""Answers of the roster services in the words of the import engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from apps.households.roster_rows import RosterIssue, RosterPlan
from apps.households.roster_rows import RowOutcome as LineOutcome
from apps.households.services.roster.work import RosterWork
from apps.imports import registry
from apps.imports.records import CheckedRow, Column, Issue, PlanResult, RowOutcome, Written


def _plan_answer(
    plan: RosterPlan, rows: Sequence[CheckedRow], columns: Sequence[Column]
) -> PlanResult:
    """Return the preview of a file. `plan` has one outcome per row, whose line is its index."""
    fields = {column.target: column.field for column in columns if column.target}
    outcomes, issues, questions = [], [], []
    for row, found in zip(rows, plan.outcomes, strict=True):
        issues += [_issue(issue, row, rows, fields) for issue in found.issues]
        questions += [replace(q, places=((row.sheet, row.row),)) for q in found.questions]
        if not found.is_blocked:
            outcomes.append(_outcome(row, found))
    return PlanResult(outcomes, issues, questions)


def _outcome(row: CheckedRow, found: LineOutcome) -> RowOutcome:
    held = {name: (*pair, found.why[name]) for name, pair in found.withheld.items()}
    return RowOutcome(
        sheet=row.sheet,
        row=row.row,
        outcome=found.outcome,
        subject_id=found.person_id,
        changes=found.changes,
        older=found.older,
        held=held,
        held_since=found.since,
        stays=found.stays,
    )


def _issue(
    issue: RosterIssue, row: CheckedRow, rows: Sequence[CheckedRow], fields: dict[str, str]
) -> Issue:
    params: dict[str, Any] = dict(issue.params)
    if "line" in params:
        other = rows[params.pop("line")]
        params["place"] = f"{other.sheet} {other.row}"
    field = fields.get(issue.field, issue.field)
    return Issue(row.sheet, row.row, "", field, issue.kind, issue.severity, "", params)


def _written(plan: RosterPlan, rows: Sequence[CheckedRow]) -> Written:
    """Return what came in: the person of each written row, and the answers that were followed."""
    subjects = {
        (row.sheet, row.row): found.person_id
        for row, found in zip(rows, plan.outcomes, strict=True)
        if found.person_id is not None and not found.is_blocked
    }
    questions = (question for outcome in plan.outcomes for question in outcome.questions)
    return Written(subjects, frozenset(q.key for q in questions if q.answer))


class SheetWork(registry.RosterWork):
    """The bulk service of a kind of roster as the import engine asks for it.

    `line` makes what the service takes of (running number, village code, values) of a row.
    """

    def __init__(
        self, work: RosterWork, line: Callable[[int, str, Mapping[str, Any]], Any],
        columns: Sequence[Column],
    ) -> None:  # fmt: skip
        self._work = work
        self._line = line
        self._columns = columns

    def hold(self) -> None:
        self._work.hold()

    def look_ahead(self, rows: Sequence[CheckedRow]) -> None:
        self._work.look_ahead(self._lines(rows))

    def plan(self, rows: Sequence[CheckedRow]) -> PlanResult:
        return _plan_answer(self._work.plan(self._lines(rows)), rows, self._columns)

    def write(self, rows: Sequence[CheckedRow]) -> Written:
        return _written(self._work.write(self._lines(rows)), rows)

    def finish(self) -> Mapping[str, int]:
        result = self._work.finish()
        homes = {"households_created": result.households_created}
        return {
            "persons_created_any": result.persons_created,
            "persons_created_subjects": result.subjects_created,
            "persons_created_with_id": result.persons_created_with_id,
            "persons_changed": result.persons_changed,
            "records_changed": result.rows_written,
            **(homes if self._work.makes_households else {}),
        }

    def _lines(self, rows: Sequence[CheckedRow]) -> list[Any]:
        return [self._line(n, row.region_code or "", row.values) for n, row in enumerate(rows)]
