"""Count what a check has found, portion by portion, for the wizard's pages."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from apps.imports.models import QuestionKind, RowStatus, Severity
from apps.imports.records import CheckedFile, Issue, Question
from apps.imports.services import comparing
from apps.imports.services.comparison import Findings

SHOWN_COLUMNS = 30


class Tally:
    """Counts over all portions of a file. `villages`: code → region id."""

    def __init__(self, villages: Mapping[str, int]) -> None:
        self._villages = villages
        self._statuses: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()
        self._stays: Counter[str] = Counter()
        self._rows: Counter[tuple[str, str]] = Counter()
        self._cells: Counter[tuple[str, str]] = Counter()
        self._lines: dict[int | None, Counter[str]] = defaultdict(Counter)

    def add(self, findings: Findings) -> None:
        """Count one portion."""
        self._statuses.update(findings.statuses.values())
        for outcome in findings.outcomes.values():
            self._outcomes[outcome.outcome] += 1
            self._sums["older"] += outcome.older
            self._sums["held"] += bool(outcome.held)
            self._sums["changes"] += len(outcome.changes)
            self._stays.update(outcome.stays)
        self._count_kinds(findings.issues)
        self._count_villages(findings)
        self._sums["undecided"] += _undecided(findings)

    def _count_kinds(self, issues: Sequence[Issue]) -> None:
        self._cells.update((issue.severity, issue.kind) for issue in issues)
        found = {(issue.sheet, issue.row, issue.severity, issue.kind) for issue in issues}
        self._rows.update((severity, kind) for _sheet, _row, severity, kind in found)

    def _count_villages(self, findings: Findings) -> None:
        for row in findings.rows:
            place = (row.sheet, row.row)
            line = self._lines[self._villages.get(row.region_code or "")]
            line["rows"] += 1
            outcome = findings.outcomes.get(place)
            line[outcome.outcome if outcome else findings.statuses[place]] += 1

    def counts(self, checked: CheckedFile, questions: Sequence[Question]) -> dict[str, Any]:
        """Return the counts as batches keep them.

        `all`, `clean`, `warned`, `blocked`, `skipped`, `waiting` are rows and add up; `importable`
        is clean and warned together; `undecided` are blocked rows that only wait for a decision;
        `notices` are cells; `kinds` lists each kind of finding with its rows and cells; `outcomes`
        and each of `villages` count importable rows by what writing them does; `held` are rows of
        which something is held back because the register is newer, `stays` empty cells by field.
        """
        by_status = self._statuses
        return {
            "all": checked.data_rows,
            "clean": by_status[RowStatus.CLEAN],
            "warned": by_status[RowStatus.WARN],
            "importable": by_status[RowStatus.CLEAN] + by_status[RowStatus.WARN],
            "blocked": by_status[RowStatus.BLOCKED],
            "skipped": by_status[RowStatus.SKIPPED],
            "waiting": by_status[RowStatus.WAITING],
            "undecided": self._sums["undecided"],
            "notices": sum(checked.notices.values()),
            "kinds": [*self._kinds(), *self._uncounted_notices(checked)],
            "outcomes": dict(self._outcomes),
            "older": self._sums["older"],
            "held": self._sums["held"],
            "stays": dict(self._stays),
            "questions": _questions(questions),
            "changes": self._sums["changes"],
            "villages": self._village_lines(),
            "unknown_columns": list(checked.unknown_columns[:SHOWN_COLUMNS]),
        }

    def _kinds(self) -> list[dict[str, Any]]:
        """Each kind of finding with its rows and cells; errors first, the frequent first."""
        order = [str(severity) for severity in Severity]
        keys = sorted(self._rows, key=lambda key: (order.index(key[0]), -self._rows[key], key[1]))
        return [
            {
                "kind": kind,
                "severity": severity,
                "rows": self._rows[severity, kind],
                "cells": self._cells[severity, kind],
            }
            for severity, kind in keys
        ]

    def _uncounted_notices(self, checked: CheckedFile) -> list[dict[str, Any]]:
        """What was put right silently and is known by its number only, not by its cells."""
        listed = {kind for _severity, kind in self._cells}
        return [
            {"kind": kind, "severity": str(Severity.NOTICE), "rows": number, "cells": number}
            for kind, number in checked.notices.items()
            if kind not in listed
        ]

    def _village_lines(self) -> list[dict[str, Any]]:
        """One line per village that the rows name; rows whose village is unknown come last."""
        lines = self._lines
        known = sorted(key for key in lines if key is not None)
        return [{"id": key, **lines[key]} for key in [*known, *([None] if None in lines else [])]]


def _undecided(findings: Findings) -> int:
    """Count blocked rows of open questions that have no error beside what is in question."""
    blocked = {
        place for place in findings.in_question if findings.statuses[place] == RowStatus.BLOCKED
    }
    faulty = {
        (issue.sheet, issue.row)
        for issue in findings.issues
        if issue.severity == Severity.ERROR and issue.kind not in comparing.DECIDABLE
    }
    return len(blocked - faulty)


def _questions(questions: Sequence[Question]) -> list[dict[str, Any]]:
    """Each kind of question with its groups, those still open, and their rows."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for question in questions:
        count_of = found[question.kind]
        count_of["groups"] += 1
        count_of["open"] += question.answer is None
        count_of["rows"] += len(question.places)
    order = list(QuestionKind.values)
    return [{"kind": kind, **found[kind]} for kind in sorted(found, key=order.index)]
