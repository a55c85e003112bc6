"""What the person at the wizard decides: columns, rows with errors, writing, giving up."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import bulk, jobs
from apps.core.errors import NotAllowedNow
from apps.imports import registry
from apps.imports.models import (
    Batch,
    BatchState,
    RememberedMapping,
    Sheet,
    Take,
)
from apps.imports.registry import SheetKind
from apps.imports.selectors import READ_JOB, WRITE_JOB
from apps.imports.services import remembered
from apps.imports.services.uploads import check_actor

COLUMNS_OPEN = {BatchState.MAPPED, BatchState.CHECKED, BatchState.EMPTY}
GAVE_UP = "gave_up"
CANCELLABLE = {
    BatchState.UPLOADED,
    BatchState.READING,
    BatchState.MAPPED,
    BatchState.CHECKED,
    BatchState.CONFIRMED,
    BatchState.APPLYING,
}


def lock_batch(actor: User, batch: Batch, allowed: set[BatchState]) -> Batch:
    """Lock a batch for a decision of this actor, in a state that allows it."""
    check_actor(actor, batch.region)
    held = Batch.objects.select_for_update(of=("self",), no_key=True)
    locked = held.select_related("region").get(pk=batch.pk)
    if locked.state not in allowed:
        raise NotAllowedNow(
            _("This import is in the state “%(state)s” now, so this can no longer be done.")
            % {"state": locked.get_state_display()}
        )
    return locked


@transaction.atomic
def confirm_columns(
    *,
    actor: User,
    batch: Batch,
    columns: Mapping[int, Mapping[str, str | None]],
    remember: bool = True,
    in_background: bool = True,
) -> Batch:
    """Take over what the columns mean, per sheet number {letter: field or None}, and read again.

    With `remember` the next file of the same header words skips this step. A field may stand
    one column of a sheet only. What was changed in one sheet holds for the others of the same
    header words, unless they were changed as well.
    """
    batch = lock_batch(actor, batch, COLUMNS_OPEN)
    sheets = {sheet.number: sheet for sheet in batch.sheets.all() if sheet.is_data}
    kind = registry.get(batch.kind)
    columns = _shared(sheets, columns)
    for number, chosen in columns.items():
        _check_columns(kind, sheets[number].name, chosen)
    for number, chosen in columns.items():
        sheet = sheets[number]
        sheet.columns = [
            {
                **column,
                "field": chosen.get(column["letter"], column["field"]),
                "how": _how(column, chosen),
                "certain": True,
            }
            for column in sheet.columns
        ]
        sheet.save(update_fields=["columns"])
        if remember and sheet.fingerprint:
            remembered.remember(actor=actor, batch=batch, columns=sheet.columns, chosen=chosen)
    batch.columns_confirmed = True
    batch.state = BatchState.UPLOADED
    batch.save(update_fields=["columns_confirmed", "state", "updated_at"])
    audit.record("imports.batch.columns_confirmed", actor=actor, target=batch, batch=batch.pk)
    if in_background:
        jobs.enqueue(READ_JOB, batch.pk, actor=actor)
    return batch


def _shared(
    sheets: Mapping[int, Sheet], columns: Mapping[int, Mapping[str, str | None]]
) -> dict[int, Mapping[str, str | None]]:
    """Take what was changed in a sheet over to those of the same layout that were left as is."""
    changed = {
        sheets[number].fingerprint: remembered.by_words(sheets[number].columns, chosen)
        for number, chosen in columns.items()
        if _is_changed(sheets[number], chosen)
    }
    return {
        number: chosen
        if _is_changed(sheets[number], chosen) or sheets[number].fingerprint not in changed
        else remembered.by_letter(sheets[number].columns, changed[sheets[number].fingerprint])
        for number, chosen in columns.items()
    }


def _is_changed(sheet: Sheet, chosen: Mapping[str, str | None]) -> bool:
    return any(
        chosen.get(column["letter"], column["field"]) != column["field"] for column in sheet.columns
    )


def _how(column: Mapping[str, object], chosen: Mapping[str, str | None]) -> object:
    same = chosen.get(str(column["letter"]), column["field"]) == column["field"]
    return column["how"] if same else "chosen"


def _check_columns(kind: SheetKind, sheet: str, chosen: Mapping[str, str | None]) -> None:
    """Refuse a meaning given twice, and a sheet in which what every row needs has no column."""
    seen: dict[str, str] = {}
    for letter, field in chosen.items():
        if field and field in seen:
            raise ValidationError(
                _(
                    "Sheet %(sheet)s: columns %(first)s and %(second)s have the same meaning. "
                    "Please choose another one for one of them."
                )
                % {"sheet": sheet, "first": seen[field], "second": letter}
            )
        if field:
            seen[field] = letter
    if missing := kind.lacking(seen):
        raise ValidationError(
            _("Sheet %(sheet)s: please say which column holds: %(fields)s.")
            % {"sheet": sheet, "fields": "、".join(map(kind.field_label, missing))}
        )


@transaction.atomic
def forget_columns(
    *, actor: User, batch: Batch, memory: RememberedMapping, in_background: bool = True
) -> Batch:
    """Forget what an office said about a layout, and read the file again without it.

    The actor must be allowed to import for that office. Raises OutOfScope otherwise, NotAllowedNow
    when the batch is past its columns.
    """
    check_actor(actor, memory.region)
    batch = lock_batch(actor, batch, COLUMNS_OPEN)
    before = {"region": memory.region.name, "columns": memory.columns}
    memory.delete()
    batch.columns_confirmed = False
    batch.state = BatchState.UPLOADED
    batch.save(update_fields=["columns_confirmed", "state", "updated_at"])
    audit.record(
        "imports.batch.columns_forgotten", actor=actor, target=batch, before=before, batch=batch.pk
    )
    if in_background:
        jobs.enqueue(READ_JOB, batch.pk, actor=actor)
    return batch


@transaction.atomic
def choose_take(*, actor: User, batch: Batch, take: str) -> Batch:
    """Note what happens to rows with errors: nothing is written yet, or the right rows only."""
    if take not in Take.values:
        raise ValidationError({"take": _("Please choose one of the two.")})
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    batch.take = take
    batch.save(update_fields=["take", "updated_at"])
    return batch


@transaction.atomic
def confirm_batch(*, actor: User, batch: Batch, in_background: bool = True) -> Batch:
    """Confirm that the importable rows shall be written, and have them written.

    Refused when no row can be written, or when rows with errors are left and the choice is to
    write only when every row is right.
    """
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    if batch.recheck_due:
        raise NotAllowedNow(
            _("Corrections were made since the last check. Please have the file checked again.")
        )
    if not batch.importable:
        raise NotAllowedNow(_("No row of this file can be written."))
    if batch.faulty and batch.take == Take.ALL:
        raise NotAllowedNow(
            _(
                "Rows with errors are left. Correct them, leave them out, or choose to write the "
                "right rows now."
            )
        )
    batch.state = BatchState.CONFIRMED
    batch.confirmed_by = actor
    batch.confirmed_at = timezone.now()
    batch.save(update_fields=["state", "confirmed_by", "confirmed_at", "updated_at"])
    audit.record(
        "imports.batch.confirmed",
        actor=actor,
        target=batch,
        after={"rows": batch.importable, "take": batch.take},
        batch=batch.pk,
    )
    if in_background:
        jobs.enqueue(WRITE_JOB, batch.pk, actor=actor)
    return batch


def cancel_batch(*, actor: User, batch: Batch) -> Batch:
    """Give up a batch that is not written yet; nothing of it comes into the register.

    A writing that is under way sees the new state before it commits, and leaves no trace. One that
    is committing at this moment comes first: then this is refused, for the rows are written.
    """
    # The sweeper takes job and batch in the other order.
    return bulk.retrying(lambda: _cancel(actor, batch))


def _cancel(actor: User, batch: Batch) -> Batch:
    batch = lock_batch(actor, batch, CANCELLABLE)
    batch.state = BatchState.CANCELLED
    batch.finished_at = timezone.now()
    batch.save(update_fields=["state", "finished_at", "updated_at"])
    audit.record("imports.batch.cancelled", actor=actor, target=batch, batch=batch.pk)
    for kind in (READ_JOB, WRITE_JOB):
        job = jobs.open_job(kind, batch.pk)
        if job is not None:
            jobs.request_cancel(job)
    return batch


def may_retry(batch: Batch) -> bool:
    """Tell whether a failed batch can be begun again: the failure was ours, the file is there."""
    return batch.state == BatchState.FAILED and batch.failure.get("code") == GAVE_UP


@transaction.atomic
def retry_batch(*, actor: User, batch: Batch) -> Batch:
    """Take a batch up again whose work broke off on our side, at the step that broke off.

    What was confirmed stays confirmed. Refused when the same file was uploaded again meanwhile.
    """
    batch = lock_batch(actor, batch, {BatchState.FAILED})
    if not may_retry(batch):
        raise NotAllowedNow(_("This file cannot be taken as it is. Please upload another one."))
    was_confirmed = batch.confirmed_at is not None
    batch.state = BatchState.CONFIRMED if was_confirmed else BatchState.UPLOADED
    batch.failure, batch.finished_at = {}, None
    try:
        with transaction.atomic():
            batch.save(update_fields=["state", "failure", "finished_at", "updated_at"])
    except IntegrityError:
        raise NotAllowedNow(
            _("This file has been uploaded once more meanwhile. Please go on with that import.")
        ) from None
    audit.record("imports.batch.retried", actor=actor, target=batch, batch=batch.pk)
    jobs.enqueue(WRITE_JOB if was_confirmed else READ_JOB, batch.pk, actor=actor)
    return batch


@transaction.atomic
def close_cancelled(*, batch_id: int, states: Collection[str]) -> None:
    """Mark a batch as cancelled because its background work was.

    `states` are those in which it waits for that work; in any other one it stays as it is.
    """
    batch = Batch.objects.select_for_update(no_key=True).get(pk=batch_id)
    if batch.state in states:
        batch.state = BatchState.CANCELLED
        batch.finished_at = timezone.now()
        batch.save(update_fields=["state", "finished_at", "updated_at"])
