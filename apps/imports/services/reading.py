"""Read, check and compare one uploaded roster, and stage what was found for the wizard."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core import crypto
from apps.imports import pipeline, registry
from apps.imports.models import READ_STATES, Batch, BatchState
from apps.imports.records import CheckedFile, Question
from apps.imports.registry import SheetKind
from apps.imports.rules.corrections import Change
from apps.imports.services import comparing, remembered, repairs
from apps.imports.services.comparison import Comparison
from apps.imports.services.corrections import corrections_of, note_checked
from apps.imports.services.counting import Tally
from apps.imports.services.directory import directory_of, village_ids
from apps.imports.services.remembered import Recall
from apps.imports.services.running import (
    Finish,
    Progress,
    Stopped,
    no_progress,
    not_a_job,
    wait_for_turn,
)
from apps.imports.services.shapes import store_sheets
from apps.imports.services.so_far import SoFarNotes
from apps.imports.services.staging import clear_staging, stage_issues, stage_rows
from apps.imports.services.uploads import clear_file


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
    del workbook
    progress("compare", 0, checked.data_rows)
    who = actor or batch.created_by
    try:
        return _compared(batch, checked, questions, repair, who, progress, finish)
    except repairs.TakenBackMeanwhile:
        return read_batch(batch_id=batch_id, actor=actor, progress=progress, finish=finish)


def _begin(batch_id: int) -> Batch | None:
    """Mark the batch as being read; None when there is nothing to read any more."""
    with transaction.atomic():
        batch = (
            Batch.objects.select_for_update(of=("self",), no_key=True)
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
        store_sheets(batch, checked, repair)
        batch.counts = {"all": checked.data_rows}
        batch.state = BatchState.MAPPED
        batch.save(update_fields=["counts", "state", "updated_at"])
        finish()
    return batch


def _still_reading(batch: Batch) -> Batch:
    """Lock the batch; raises Stopped when it was cancelled meanwhile."""
    held = Batch.objects.select_for_update(of=("self",), no_key=True)
    locked = held.select_related("region").get(pk=batch.pk)
    if locked.state != BatchState.READING:
        raise Stopped
    return locked


# Comparing and staging ----------------------------------------------------------------------------


def _stage(
    batch: Batch,
    checked: CheckedFile,
    comparison: Comparison,
    repair: repairs.Repair,
    progress: Progress,
) -> dict[str, Any]:
    """Write sheets, rows and findings, a portion after the other; return the counts."""
    clear_staging(batch)
    numbers = store_sheets(batch, checked, repair)
    villages = village_ids(batch.region, on=batch.as_of)
    tally = Tally(villages)
    for findings in comparison.findings(lambda done: progress("compare", done, checked.data_rows)):
        row_ids = stage_rows(
            batch,
            findings.rows,
            numbers=numbers,
            statuses=findings.statuses,
            outcomes=findings.outcomes,
            villages=villages,
        )
        stage_issues(batch, findings.issues, numbers=numbers, row_ids=row_ids)
        tally.add(findings)
    progress("stage", checked.data_rows, checked.data_rows)
    _store_questions(batch, checked, comparison.questions, numbers, villages)
    return tally.counts(checked, comparison.questions)


def _store_questions(
    batch: Batch,
    checked: CheckedFile,
    questions: Sequence[Question],
    numbers: Mapping[str, int],
    villages: Mapping[str, int],
) -> None:
    firsts = {question.places[0] for question in questions}
    village_of = {
        place: villages.get(row.region_code or "")
        for row in checked.rows
        if (place := (row.sheet, row.row)) in firsts
    }
    comparing.store_questions(batch, questions, numbers=numbers, village_of=village_of)


def _compared(
    batch: Batch,
    checked: CheckedFile,
    in_file: Sequence[Question],
    repair: repairs.Repair,
    actor: User,
    progress: Progress,
    finish: Finish,
) -> Batch:
    """Compare the file with the register and keep what was found, wholly or not at all."""
    with transaction.atomic():
        wait_for_turn(batch)
        if Batch.objects.values_list("state", flat=True).get(pk=batch.pk) != BatchState.READING:
            raise Stopped
        counts = _stage(
            batch, checked, Comparison(batch, checked, in_file, actor), repair, progress
        )
        batch = _still_reading(batch)
        batch.counts = counts
        batch.checked_at = timezone.now()
        batch.state = BatchState.CHECKED if checked.data_rows else BatchState.EMPTY
        batch.finished_at = None if checked.data_rows else batch.checked_at
        batch.save(update_fields=["counts", "checked_at", "state", "finished_at", "updated_at"])
        note_checked(batch)
        repairs.replace_first(batch, repair)
        finish()
    return batch


# Failing ------------------------------------------------------------------------------------------


def fail_batch(*, batch_id: int, code: str, params: Mapping[str, Any]) -> Batch:
    """End a batch with the reason why it could not go on; nothing of it was written."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
        if not batch.is_open:
            return batch
        batch.state = BatchState.FAILED
        batch.failure = {"code": code, "params": dict(params)}
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "failure", "finished_at", "updated_at"])
    return batch
