"""Write what a person confirmed: wholly or not at all, once, however often it is started."""

from collections.abc import Iterator, Mapping

from django.db import connection, transaction
from django.db.models import Count, Min
from django.utils import timezone

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import bulk
from apps.core.frozen import thaw
from apps.imports import registry
from apps.imports.models import IMPORTABLE, WRITE_STATES, Batch, BatchState, Row
from apps.imports.records import CheckedRow, Written
from apps.imports.rules.compact import Values
from apps.imports.services.comparing import Place, answered_places, decisions_of
from apps.imports.services.portions import grouped
from apps.imports.services.running import (
    Finish,
    Progress,
    Stopped,
    no_progress,
    not_a_job,
    wait_for_turn,
)

READ_BLOCK = 2_000


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
    written: Batch = bulk.retrying(lambda: _write(batch, who, progress, finish))
    return written


def _begin(batch_id: int) -> Batch | None:
    with transaction.atomic():
        batch = (
            Batch.objects.select_for_update(of=("self",), no_key=True)
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
    with bulk.history(act="imports.batch.applied", batch=str(batch.pk)) as context:
        written, counts = _write_as_answered(batch, actor, progress)
    batch = _still_applying(batch)
    batch.result = {"rows": written, "left_out": batch.importable - written, **counts}
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


def _write_as_answered(
    batch: Batch, actor: User, progress: Progress
) -> tuple[int, Mapping[str, int]]:
    """Write rows; one whose answer does not fit any more, because the register changed, is left
    out, for nobody has decided about it as it is now. Returns rows written and counts."""
    answered = answered_places(batch)
    lost: set[Place] = set()
    while True:
        with transaction.atomic():
            writing = _Writing(batch, actor, lost, progress)
            found = writing.run()
            lost_now = {place for key, place in answered.items() if key not in writing.followed}
            if lost_now == lost:
                return found
            transaction.set_rollback(True)
        lost = lost_now


class _Writing:
    """One attempt to write all rows but the `lost` ones, portion by portion."""

    def __init__(self, batch: Batch, actor: User, lost: set[Place], progress: Progress) -> None:
        self.batch = batch
        self.lost = lost
        self.progress = progress
        self.portions = StagedPortions(batch)
        self.work = registry.get(batch.kind).work(
            actor=actor,
            villages=self.portions.villages,
            batch=str(batch.pk),
            as_of=batch.as_of,
            decisions=decisions_of(batch),
        )
        self.followed: set[str] = set()
        self.written = 0

    def run(self) -> tuple[int, Mapping[str, int]]:
        total = self.batch.importable
        self.work.hold()
        if len(self.portions) > 1:
            for rows in self._fitting():
                self.progress("write", 0, total)
                self.work.look_ahead(rows)
        done = 0
        for rows in self._fitting():
            self.progress("write", done, total)
            result = self.work.write(rows)
            self.followed |= result.followed
            self.written += len(result.subject_ids)
            _note_subjects(self.batch, result)
            done += len(rows)
        self.progress("link", total, total)
        return self.written, self.work.finish()

    def _fitting(self) -> Iterator[list[CheckedRow]]:
        for rows in self.portions:
            yield [row for row in rows if (row.sheet, row.row) not in self.lost]


def _still_applying(batch: Batch) -> Batch:
    """Lock the batch at the end; raises Stopped when it was cancelled or is done already."""
    locked = (
        Batch.objects.select_for_update(of=("self",), no_key=True)
        .select_related("region", "confirmed_by")
        .get(pk=batch.pk)
    )
    if locked.state != BatchState.APPLYING:
        raise Stopped
    return locked


class StagedPortions:
    """The importable rows of a batch village by village, to be gone through more than once."""

    def __init__(self, batch: Batch) -> None:
        self._rows = Row.objects.filter(batch=batch, status__in=IMPORTABLE)
        self._names = dict(batch.sheets.values_list("number", "name"))
        counted = self._rows.order_by().values_list("village_id", "village__code")
        found = counted.annotate(rows=Count("pk"), first=Min("pk")).order_by("first")
        self.villages = {code or "" for _village, code, _rows, _first in found}
        self._groups = list(grouped({village: rows for village, _code, rows, _first in found}))

    def __len__(self) -> int:
        return len(self._groups)

    def __iter__(self) -> Iterator[list[CheckedRow]]:
        for villages in self._groups:
            yield list(self._read(villages))

    def _read(self, villages: list[int | None]) -> Iterator[CheckedRow]:
        found = self._rows.order_by("sheet_number", "row_number").filter(village__in=villages)
        columns = ("sheet_number", "row_number", "status", "payload", "village__code")
        for sheet, row, status, payload, village in found.values_list(*columns).iterator(
            READ_BLOCK
        ):
            yield CheckedRow(
                sheet=self._names[sheet],
                row=row,
                status=status,
                values=Values(thaw(payload)["values"]),
                raw=(),
                region_code=village or "",
                issues=(),
            )


def staged_rows(batch: Batch) -> Iterator[CheckedRow]:
    """Yield the importable rows of a batch in their portions, as the checks left them."""
    for rows in StagedPortions(batch):
        yield from rows


def _note_subjects(batch: Batch, result: Written) -> None:
    """Keep which person each row is about, so that lists can be narrowed to this batch."""
    if not result.subject_ids:
        return
    numbers = dict(batch.sheets.values_list("name", "number"))
    lines = [(numbers[sheet], row, person) for (sheet, row), person in result.subject_ids.items()]
    bulk.staging_table("imports_subject", SUBJECT, lines)
    with connection.cursor() as cursor:
        cursor.execute(NOTE_SUBJECTS, [batch.pk])


SUBJECT = {"sheet_number": "smallint", "row_number": "integer", "person_id": "bigint"}
NOTE_SUBJECTS = """
    UPDATE imports_row r SET subject_id = s.person_id FROM imports_subject s
    WHERE r.batch_id = %s AND r.sheet_number = s.sheet_number AND r.row_number = s.row_number
        AND r.subject_id IS DISTINCT FROM s.person_id
"""


def came_in(batch: Batch) -> bool:
    """Tell whether writing this batch brought anything into the register or changed it."""
    result = batch.result
    counts = ("persons_created_any", "persons_changed", "households_created", "records_changed")
    return any(result.get(name) for name in counts)
