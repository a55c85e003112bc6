"""Read, check and compare one uploaded roster, and stage what was found for the wizard."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import crypto
from apps.core.frozen import freeze
from apps.imports import pipeline, registry
from apps.imports.models import (
    IMPORTABLE,
    READ_STATES,
    Batch,
    BatchState,
    QuestionKind,
    RowStatus,
    Severity,
    Sheet,
)
from apps.imports.records import (
    CheckedFile,
    CheckedRow,
    Issue,
    PlanResult,
    Question,
    RowOutcome,
    SheetShape,
)
from apps.imports.registry import SheetKind
from apps.imports.rules.corrections import Change
from apps.imports.services import comparing, remembered, repairs
from apps.imports.services.corrections import corrections_of, note_checked
from apps.imports.services.directory import directory_of, village_ids
from apps.imports.services.remembered import Recall
from apps.imports.services.so_far import SoFarNotes
from apps.imports.services.staging import Place, clear_staging, stage_issues, stage_rows
from apps.imports.services.uploads import clear_file

SAMPLES = 3
SAMPLE_LENGTH = 40
SHOWN_COLUMNS = 30


class Progress(Protocol):
    """Told how far the work is; raises Stopped when it shall not go on."""

    def __call__(self, stage: str, done: int, total: int) -> None: ...


class Stopped(Exception):
    """The work was cancelled, or another worker has taken it over."""


Finish = Callable[[], None]


def not_a_job() -> None:
    """For callers that are no background job and have nothing to mark as done."""


def no_progress(stage: str, done: int, total: int) -> None:
    """For callers whom nobody watches."""


@dataclass(frozen=True)
class Findings:
    """A checked file after the comparison with the register: what will be staged."""

    checked: CheckedFile
    issues: Sequence[Issue]
    statuses: Mapping[Place, str]
    outcomes: Mapping[Place, RowOutcome]
    questions: Sequence[Question] = ()


def read_batch(
    *,
    batch_id: int,
    actor: User | None = None,
    progress: Progress = no_progress,
    finish: Finish = not_a_job,
) -> Batch:
    """Read the file of a batch and bring the batch to its next state.

    That is: columns to be confirmed, checked, empty, or failed with a reason. May run twice; a
    batch that is past reading is left alone. `actor` is who uploaded the file unless a command
    line says otherwise. `finish` is called in the transaction of the result. Raises Stopped.
    """
    batch = _begin(batch_id)
    if batch is None:
        return Batch.objects.get(pk=batch_id)
    progress("read", 0, 0)
    try:
        with clear_file(batch) as path:
            workbook = pipeline.read_file(path, batch.filename)
        workbook, repair = repairs.recognise(batch, workbook, actor=actor or batch.created_by)
        checked, questions = _check_as_decided(batch, workbook, repair, progress)
    except (pipeline.UnreadableFile, pipeline.WrongKind) as refusal:
        return fail_batch(batch_id=batch.pk, code=refusal.code, params=refusal.params)
    except (crypto.Undecipherable, FileNotFoundError):
        return fail_batch(batch_id=batch.pk, code="file_lost", params={})
    if not batch.columns_confirmed and not columns_certain(checked, registry.get(batch.kind)):
        proposed = remembered.with_proposals(batch, registry.get(batch.kind), checked)
        return _ask_for_columns(batch, proposed, repair, finish)
    progress("compare", 0, checked.rows_importable)
    findings = _compare(batch, checked, questions, actor or batch.created_by)
    progress("stage", 0, checked.data_rows)
    try:
        return _stage(batch, findings, repair, finish)
    except repairs.TakenBackMeanwhile:
        return read_batch(batch_id=batch_id, actor=actor, progress=progress, finish=finish)


def _begin(batch_id: int) -> Batch | None:
    """Mark the batch as being read; None when there is nothing to read any more."""
    with transaction.atomic():
        batch = (
            Batch.objects.select_for_update(of=("self",))
            .select_related("region", "created_by")
            .get(pk=batch_id)
        )
        if batch.state not in READ_STATES:
            return None
        clear_staging(batch)
        batch.counts = {}
        batch.state = BatchState.READING
        batch.read_started_at = timezone.now()
        batch.save(update_fields=["counts", "state", "read_started_at", "updated_at"])
        return batch


def _check_as_decided(
    batch: Batch, workbook: Any, repair: repairs.Repair, progress: Progress
) -> tuple[CheckedFile, list[Question]]:
    """Check a file with the answers to questions about its own lines; return those questions."""
    decisions, gathered = comparing.decisions_of(batch), registry.get(batch.kind).gathered
    answered: dict[str, Question] = {}
    while True:
        changes = comparing.Settled.by(answered.values()).changes
        checked = _check(batch, workbook, repair, progress, changes)
        questions = comparing.file_questions(checked.rows, decisions, gathered)
        fresh = {q.key: q for q in questions if q.answer is not None and q.key not in answered}
        if not fresh:
            still_open = [q for q in questions if q.key not in answered]
            return _only_what_follows(batch, checked), [*answered.values(), *still_open]
        answered |= fresh


def _only_what_follows(batch: Batch, checked: CheckedFile) -> CheckedFile:
    """Of a file whose other rows are written already, keep the rows that waited."""
    if batch.follows is None:
        return checked
    wanted = comparing.places_left(batch.follows)
    return replace(checked, rows=tuple(r for r in checked.rows if (r.sheet, r.row) in wanted))


def _check(
    batch: Batch,
    workbook: Any,
    repair: repairs.Repair,
    progress: Progress,
    changes: Sequence[Change],
) -> CheckedFile:
    kind = registry.get(batch.kind)
    corrections = corrections_of(batch)
    corrections.add(changes)
    suggested = {} if batch.columns_confirmed else pipeline.suggest_mapping(workbook, kind)
    recalls = remembered.recalled(batch, kind, suggested)
    checked = pipeline.check_workbook(
        workbook,
        kind,
        directory_of(batch.region, on=batch.as_of),
        as_of=batch.as_of,
        mapping=_mapping(batch, recalls) | repairs.columns_of(repair, suggested),
        corrections=corrections,
        progress=lambda done, total: progress("check", done, total),
        watch=SoFarNotes(batch, [sheet.name for sheet in workbook.sheets]),
    )
    checked = remembered.marked(checked, recalls)
    return replace(checked, rows=tuple(map(repair.settle, checked.rows)))


# Columns ------------------------------------------------------------------------------------------


def _mapping(batch: Batch, recalls: Mapping[str, Recall]) -> dict[str, remembered.Choice]:
    """What the columns mean, {sheet: {letter: field}}: as confirmed, else as remembered.

    A sheet that is in neither is left to the pipeline's own suggestion.
    """
    if batch.columns_confirmed:
        return {
            sheet.name: {column["letter"]: column["field"] for column in sheet.columns}
            for sheet in batch.sheets.all()
            if sheet.is_data
        }
    return {name: found.choice for name, found in recalls.items()}


def columns_certain(checked: CheckedFile, kind: SheetKind) -> bool:
    """Tell whether every data sheet has what it needs and its columns are beyond doubt."""
    return not any(
        remembered.is_open(shape, kind) for shape in checked.sheets if shape.role == "data"
    )


def _ask_for_columns(
    batch: Batch, checked: CheckedFile, repair: repairs.Repair, finish: Finish
) -> Batch:
    with transaction.atomic():
        batch = _still_reading(batch)
        _store_sheets(batch, checked, repair)
        batch.counts = {"all": checked.data_rows}
        batch.state = BatchState.MAPPED
        batch.save(update_fields=["counts", "state", "updated_at"])
        finish()
    return batch


def _still_reading(batch: Batch) -> Batch:
    """Lock the batch; raises Stopped when it was cancelled meanwhile."""
    locked = Batch.objects.select_for_update(of=("self",)).select_related("region").get(pk=batch.pk)
    if locked.state != BatchState.READING:
        raise Stopped
    return locked


# Comparing with the register ----------------------------------------------------------------------


def _compare(
    batch: Batch, checked: CheckedFile, in_file: Sequence[Question], actor: User
) -> Findings:
    """Ask the kind what writing each row would do, and add what the register objects to.

    Rows that wait because of another import are not shown to the register, for writing will not
    see them either. Of lines of one number the first comes in, as it does without any question.
    """
    kind, decisions = registry.get(batch.kind), comparing.decisions_of(batch)
    across = comparing.questions_across(batch, checked.rows, decisions)
    away = comparing.left_out_across(across)
    kept_back = comparing.waiting_places(across) | away
    rows = [
        row
        for row in checked.rows
        if row.status in IMPORTABLE and (row.sheet, row.row) not in kept_back
    ]
    plan: PlanResult = kind.plan(rows, actor=actor, as_of=batch.as_of, decisions=decisions)
    issues = [*plan.issues, *(_decided_out(place) for place in sorted(away))]
    questions = [*in_file, *across, *plan.questions]
    statuses = {(row.sheet, row.row): str(row.status) for row in checked.rows}
    for issue in issues:
        place = (issue.sheet, issue.row)
        statuses[place] = _worse(statuses[place], issue.severity)
    for place in comparing.waiting_places([*across, *plan.questions]):
        if statuses[place] in IMPORTABLE:
            statuses[place] = RowStatus.WAITING
    columns = _columns_by_sheet(checked, kind)
    outcomes = {
        (outcome.sheet, outcome.row): _without_absent(outcome, columns[outcome.sheet])
        for outcome in plan.outcomes
        if statuses[outcome.sheet, outcome.row] in IMPORTABLE
    }
    return Findings(checked, [*checked.issues, *issues], statuses, outcomes, questions)


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


# Staging ------------------------------------------------------------------------------------------


def _stage(batch: Batch, findings: Findings, repair: repairs.Repair, finish: Finish) -> Batch:
    checked = findings.checked
    with transaction.atomic():
        batch = _still_reading(batch)
        clear_staging(batch)
        numbers = _store_sheets(batch, checked, repair)
        villages = village_ids(batch.region, on=batch.as_of)
        row_ids = stage_rows(
            batch,
            checked.rows,
            numbers=numbers,
            statuses=findings.statuses,
            outcomes=findings.outcomes,
            villages=villages,
        )
        stage_issues(batch, findings.issues, numbers=numbers, row_ids=row_ids)
        comparing.store_questions(
            batch,
            findings.questions,
            numbers=numbers,
            village_of={
                (row.sheet, row.row): villages.get(row.region_code or "") for row in checked.rows
            },
        )
        batch.counts = count(findings, villages)
        batch.checked_at = timezone.now()
        batch.state = BatchState.CHECKED if checked.data_rows else BatchState.EMPTY
        batch.finished_at = None if checked.data_rows else batch.checked_at
        batch.save(update_fields=["counts", "checked_at", "state", "finished_at", "updated_at"])
        note_checked(batch)
        repairs.replace_first(batch, repair)
        finish()
    return batch


def _store_sheets(batch: Batch, checked: CheckedFile, repair: repairs.Repair) -> dict[str, int]:
    """Write the sheets as understood and return their numbers by name."""
    samples = _samples(checked.rows)
    Sheet.objects.filter(batch=batch).delete()
    sheets = [
        _sheet(batch, number, shape, samples.get(shape.name, {}), shape.name in repair.sheets)
        for number, shape in enumerate(checked.sheets, start=1)
    ]
    Sheet.objects.bulk_create(sheets)
    return {sheet.name: sheet.number for sheet in sheets}


def _sheet(
    batch: Batch, number: int, shape: SheetShape, samples: dict[str, list[str]], has_marks: bool
) -> Sheet:
    return Sheet(
        batch=batch,
        number=number,
        name=shape.name,
        role=shape.role,
        is_hidden=shape.hidden,
        reason=shape.reason[:40],
        title=shape.title[:255],
        has_marks=has_marks,
        header_rows=list(shape.header_rows),
        first_data_row=shape.first_data_row,
        data_rows=shape.data_rows,
        village_code=shape.village,
        fingerprint=remembered.fingerprint(shape.columns) if shape.role == "data" else "",
        columns=[
            {
                "letter": column.letter,
                "header": " / ".join(column.header),
                "field": column.field,
                "how": column.how,
                "certain": column.certain,
                **({"memory": shape.memory} if column.how == "remembered" else {}),
            }
            for column in shape.columns
        ],
        samples=freeze(samples),
    )


def _samples(rows: Sequence[CheckedRow]) -> dict[str, dict[str, list[str]]]:
    """The first values of each column: {sheet: {letter: [text, …]}}."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    seen: Counter[str] = Counter()
    for row in rows:
        if seen[row.sheet] >= SAMPLES:
            continue
        seen[row.sheet] += 1
        for index, text in enumerate(row.raw):
            found[row.sheet][column_letter(index)].append(str(text or "")[:SAMPLE_LENGTH])
    return {sheet: dict(columns) for sheet, columns in found.items()}


def column_letter(index: int) -> str:
    """Name a column as spreadsheets do: 0 is A, 26 is AA."""
    letters = ""
    number = index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


# Counting -----------------------------------------------------------------------------------------


def count(findings: Findings, villages: Mapping[str, int]) -> dict[str, Any]:
    """Count a checked file for the wizard's pages.

    `all`, `clean`, `warned`, `blocked`, `skipped`, `waiting` are rows and add up; `importable` is
    clean and warned together; `undecided` are blocked rows that only wait for a decision;
    `notices` are cells; `kinds` lists each kind of finding with its rows and cells; `outcomes` and
    each of `villages` count importable rows by what writing them does; `held` are rows of which
    something is held back because the register is newer, `stays` empty cells by field.
    """
    by_status = Counter(findings.statuses.values())
    outcomes = Counter(outcome.outcome for outcome in findings.outcomes.values())
    return {
        "all": findings.checked.data_rows,
        "clean": by_status[RowStatus.CLEAN],
        "warned": by_status[RowStatus.WARN],
        "importable": by_status[RowStatus.CLEAN] + by_status[RowStatus.WARN],
        "blocked": by_status[RowStatus.BLOCKED],
        "skipped": by_status[RowStatus.SKIPPED],
        "waiting": by_status[RowStatus.WAITING],
        "undecided": _undecided(findings),
        "notices": sum(findings.checked.notices.values()),
        "kinds": [*_kinds(findings.issues), *_uncounted_notices(findings)],
        "outcomes": dict(outcomes),
        "older": sum(outcome.older for outcome in findings.outcomes.values()),
        "held": sum(bool(outcome.held) for outcome in findings.outcomes.values()),
        "stays": dict(Counter(f for outcome in findings.outcomes.values() for f in outcome.stays)),
        "questions": _questions(findings),
        "changes": sum(len(outcome.changes) for outcome in findings.outcomes.values()),
        "villages": _villages(findings, villages),
        "unknown_columns": list(findings.checked.unknown_columns[:SHOWN_COLUMNS]),
    }


def _undecided(findings: Findings) -> int:
    """Count blocked rows of open questions that have no error beside what is in question."""
    waiting = comparing.waiting_places(findings.questions)
    blocked = {place for place in waiting if findings.statuses.get(place) == RowStatus.BLOCKED}
    faulty = {
        (issue.sheet, issue.row)
        for issue in findings.issues
        if issue.severity == Severity.ERROR and issue.kind not in comparing.DECIDABLE
    }
    return len(blocked - faulty)


def _questions(findings: Findings) -> list[dict[str, Any]]:
    """Each kind of question with its groups, those still open, and their rows."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for question in findings.questions:
        count_of = found[question.kind]
        count_of["groups"] += 1
        count_of["open"] += question.answer is None
        count_of["rows"] += len(question.places)
    order = list(QuestionKind.values)
    return [{"kind": kind, **found[kind]} for kind in sorted(found, key=order.index)]


def _kinds(issues: Sequence[Issue]) -> list[dict[str, Any]]:
    """Each kind of finding with its severity, rows and cells; errors first, the frequent first."""
    rows: dict[tuple[str, str], set[Place]] = defaultdict(set)
    cells: Counter[tuple[str, str]] = Counter()
    for issue in issues:
        key = (issue.severity, issue.kind)
        rows[key].add((issue.sheet, issue.row))
        cells[key] += 1
    order = [str(severity) for severity in Severity]
    keys = sorted(rows, key=lambda key: (order.index(key[0]), -len(rows[key]), key[1]))
    return [
        {"kind": kind, "severity": severity, "rows": len(rows[key]), "cells": cells[key]}
        for key in keys
        for severity, kind in [key]
    ]


def _villages(findings: Findings, villages: Mapping[str, int]) -> list[dict[str, Any]]:
    """One line per village that the rows name; rows whose village is unknown come last."""
    lines: dict[int | None, Counter[str]] = defaultdict(Counter)
    for row in findings.checked.rows:
        place = (row.sheet, row.row)
        line = lines[villages.get(row.region_code or "")]
        line["rows"] += 1
        outcome = findings.outcomes.get(place)
        line[outcome.outcome if outcome else findings.statuses[place]] += 1
    known = sorted(key for key in lines if key is not None)
    return [{"id": key, **lines[key]} for key in [*known, *([None] if None in lines else [])]]


def _uncounted_notices(findings: Findings) -> list[dict[str, Any]]:
    """What was put right silently and is known by its number only, not by its cells."""
    listed = {issue.kind for issue in findings.issues}
    return [
        {"kind": kind, "severity": str(Severity.NOTICE), "rows": number, "cells": number}
        for kind, number in findings.checked.notices.items()
        if kind not in listed
    ]


# Failing ------------------------------------------------------------------------------------------


def fail_batch(*, batch_id: int, code: str, params: Mapping[str, Any]) -> Batch:
    """End a batch with the reason why it could not go on; nothing of it was written."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if not batch.is_open:
            return batch
        batch.state = BatchState.FAILED
        batch.failure = {"code": code, "params": dict(params)}
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "failure", "finished_at", "updated_at"])
    return batch
