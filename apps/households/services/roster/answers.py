"""Answers of the roster services in the words of the import engine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from apps.households.roster_rows import RosterIssue, RosterPlan, RosterResult
from apps.households.roster_rows import RowOutcome as LineOutcome
from apps.imports.records import ApplyResult, CheckedRow, Column, Issue, PlanResult, RowOutcome


def plan_answer(
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


def apply_answer(result: RosterResult, rows: Sequence[CheckedRow], **counts: int) -> ApplyResult:
    """Return what came in: the person of each written row, and the counts of the result page."""
    subjects = {
        (row.sheet, row.row): found.person_id
        for row, found in zip(rows, result.plan.outcomes, strict=True)
        if found.person_id is not None and not found.is_blocked
    }
    found = {
        "persons_created_any": result.persons_created,
        "persons_created_subjects": result.subjects_created,
        "persons_created_with_id": result.persons_created_with_id,
        "persons_changed": result.persons_changed,
        "records_changed": result.rows_written,
        **counts,
    }
    questions = (question for outcome in result.plan.outcomes for question in outcome.questions)
    return ApplyResult(subjects, found, frozenset(q.key for q in questions if q.answer))
