"""The corrections of a batch for the check, and that a check has seen them."""

from apps.imports.models import Batch, Correction, Fix, FixAct
from apps.imports.rules.corrections import Change, Corrections

READ_BLOCK = 2_000


def corrections_of(batch: Batch) -> Corrections:
    """Return everything that people corrected in a batch, step by step."""
    rows = (
        Correction.objects.filter(fix__batch__in=_line(batch))
        .select_related("fix")
        .order_by("fix_id", "pk")
    )
    return Corrections(_change(row) for row in rows.iterator(chunk_size=READ_BLOCK))


def _line(batch: Batch) -> list[int]:
    """The batch and those of the same file before it, whose rows were corrected there."""
    found = [batch.pk]
    while batch.follows is not None:
        batch = batch.follows
        found.append(batch.pk)
    return found


def _change(row: Correction) -> Change:
    text = row.value or ""
    return Change(
        row.sheet_name,
        row.row_number,
        row.column,
        row.field,
        None if row.fix.act == FixAct.LEAVE_OUT else text,
    )


def note_checked(batch: Batch) -> None:
    """Mark all corrections as seen, in the transaction of the check's result.

    Corrections are made to a checked batch only, so none can come in while a check is going on.
    """
    Fix.objects.filter(batch=batch, is_pending=True).update(is_pending=False)
    if batch.recheck_due:
        batch.recheck_due = False
        batch.save(update_fields=["recheck_due", "updated_at"])
