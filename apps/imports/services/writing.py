"""Write what a person confirmed: wholly or not at all, once, however often it is started."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import bulk
from apps.core.frozen import thaw
from apps.imports import registry
from apps.imports.models import IMPORTABLE, WRITE_STATES, Batch, BatchState, Row
from apps.imports.records import ApplyResult, CheckedRow
from apps.imports.rules.compact import Values
from apps.imports.services.comparing import answered_places, decisions_of
from apps.imports.services.reading import Finish, Progress, Stopped, no_progress, not_a_job

READ_BLOCK = 2_000
LOCK_CLASS = 0x494D50  # "IMP": the first half of the advisory lock's key


def apply_batch(
    *,
    batch_id: int,
    actor: User | None = None,
    progress: Progress = no_progress,
    finish: Finish = not_a_job,
) -> Batch:
    """Write the importable rows of a confirmed batch in one transaction.

    The batch is marked as written in that same transaction, so a second run finds nothing to do.
    Raises Stopped when it was cancelled before the end: then nothing is written. Two imports that
    meet at the same people are retried. `actor` is who confirmed it unless a command line says
    otherwise. `finish` is called in the transaction of the result.
    """
    batch = _begin(batch_id)
    if batch is None:
        return Batch.objects.get(pk=batch_id)
    progress("begin", 0, batch.importable)
    who = actor or batch.confirmed_by or batch.created_by
    return bulk.retrying(lambda: _write(batch, who, progress, finish))


def _begin(batch_id: int) -> Batch | None:
    with transaction.atomic():
        batch = (
            Batch.objects.select_for_update(of=("self",))
            .select_related("region", "confirmed_by")
            .get(pk=batch_id)
        )
        if batch.state not in WRITE_STATES:
            return None
        batch.state = BatchState.APPLYING
        batch.apply_started_at = timezone.now()
        batch.save(update_fields=["state", "apply_started_at", "updated_at"])
        return batch


def _write(batch: Batch, actor: User, progress: Progress, finish: Finish) -> Batch:
    """One attempt, inside a transaction of its own."""
    wait_for_turn(batch)
    if Batch.objects.values_list("state", flat=True).get(pk=batch.pk) != BatchState.APPLYING:
        raise Stopped
    rows = list(staged_rows(batch))
    progress("write", 0, len(rows))
    with bulk.history(act="imports.batch.applied", batch=str(batch.pk)) as context:
        result = _apply_as_answered(batch, actor, rows, progress)
    progress("link", len(rows), len(rows))
    _note_subjects(batch, result)
    batch = _still_applying(batch)
    written = len(result.subject_ids)
    batch.result = {"rows": written, "left_out": len(rows) - written, **result.counts}
    batch.state = BatchState.DONE
    batch.finished_at = timezone.now()
    batch.history_context = context
    batch.save(update_fields=["result", "state", "finished_at", "history_context", "updated_at"])
    audit.record(
        "imports.batch.applied",
        actor=actor,
        target=batch,
        after=batch.result,
        batch=batch.pk,
    )
    finish()
    return batch


def _apply_as_answered(
    batch: Batch, actor: User, rows: list[CheckedRow], progress: Progress
) -> ApplyResult:
    """Write rows; one whose answer does not fit any more, because the register changed, is left
    out, for nobody has decided about it as it is now."""
    kind, decisions = registry.get(batch.kind), decisions_of(batch)
    answered = answered_places(batch)
    while True:
        with transaction.atomic():
            result = kind.apply(
                rows,
                actor=actor,
                batch=str(batch.pk),
                as_of=batch.as_of,
                decisions=decisions,
                progress=lambda done, total: progress("write", done, total),
            )
            lost = {place for key, place in answered.items() if key not in result.followed}
            fitting = [row for row in rows if (row.sheet, row.row) not in lost]
            if len(fitting) == len(rows):
                return result
            transaction.set_rollback(True)
        rows = fitting


def wait_for_turn(batch: Batch) -> None:
    """Let one worker at a time write a batch or take it back; the row itself stays free for
    "cancel".

    The server may take a moment to notice that the worker of an earlier attempt was killed.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK_CLASS, batch.pk % 2**31])


def _still_applying(batch: Batch) -> Batch:
    """Lock the batch at the end; raises Stopped when it was cancelled or is done already."""
    locked = (
        Batch.objects.select_for_update(of=("self",))
        .select_related("region", "confirmed_by")
        .get(pk=batch.pk)
    )
    if locked.state != BatchState.APPLYING:
        raise Stopped
    return locked


def staged_rows(batch: Batch) -> Iterator[CheckedRow]:
    """Yield the importable rows of a batch in file order, as the checks left them."""
    names = dict(batch.sheets.values_list("number", "name"))
    rows = (
        Row.objects.filter(batch=batch, status__in=IMPORTABLE)
        .order_by("sheet_number", "row_number")
        .values_list("sheet_number", "row_number", "status", "payload", "village__code")
    )
    for sheet, row, status, payload, village in rows.iterator(chunk_size=READ_BLOCK):
        yield CheckedRow(
            sheet=names[sheet],
            row=row,
            status=status,
            values=Values(thaw(payload)["values"]),
            raw=(),
            region_code=village or "",
            issues=(),
        )


def _note_subjects(batch: Batch, result: ApplyResult) -> None:
    """Keep which person each row is about, so that lists can be narrowed to this batch."""
    names = dict(batch.sheets.values_list("name", "number"))
    wanted: Mapping[tuple[int, int], int] = {
        (names[sheet], row): person for (sheet, row), person in result.subject_ids.items()
    }
    found = Row.objects.filter(batch=batch, status__in=IMPORTABLE).values_list(
        "pk", "sheet_number", "row_number"
    )
    lines: list[tuple[Any, ...]] = [
        (pk, wanted[sheet, row]) for pk, sheet, row in found.iterator() if (sheet, row) in wanted
    ]
    bulk.update_rows(Row, ["id", "subject_id"], lines)


def came_in(batch: Batch) -> bool:
    """Tell whether writing this batch brought anything into the register or changed it."""
    result = batch.result
    counts = ("persons_created_any", "persons_changed", "households_created", "records_changed")
    return any(result.get(name) for name in counts)
