"""Take a written import back within a time, and bring it in again.

Row history knows what every row said before the import wrote it and what it said afterwards. A
row that still says the latter gets its former state again, with its number, its times and all
columns, so that the register equals, row by row, what it was. What was changed since stays, and
so does what others rely on; both are listed by name (looking.py has the rules). Bringing in again
is the same act with the two sides exchanged, so it needs no notes of the taking back.

Taking back puts back what the register said **before this import**, whatever became of earlier
imports: import A writes y over x, import B writes z over y. While B stands, taking A back leaves z
alone, because it was changed since. Taking B back then gives y, as it was before B. Now A is the
last that spoke about the row again, so taking back the rest of A gives x.

Figures that were reported from an import will be asked here once they exist: what a closed report
counts has to stay, with the report named as the reason.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import bulk, jobs
from apps.core.errors import NotAllowedNow
from apps.imports import registry
from apps.imports.models import (
    IMPORTABLE,
    OPEN_UNDO,
    Batch,
    BatchState,
    Direction,
    Row,
    Undo,
    UndoState,
)
from apps.imports.selectors import UNDO_JOB, UNDO_LOOK_JOB
from apps.imports.services import repairs
from apps.imports.services.running import (
    Finish,
    Progress,
    Stopped,
    no_progress,
    not_a_job,
    wait_for_turn,
)
from apps.imports.services.undoing import counting
from apps.imports.services.undoing.looking import Look
from apps.imports.services.undoing.putting import put_back
from apps.imports.services.uploads import check_actor
from apps.regions.models import Region

ACTS = {Direction.BACK: "imports.batch.undone", Direction.AGAIN: "imports.batch.redone"}
# What the work tells of itself: statements done, of about so many.
STATEMENTS = 300
# Why one was given up that nobody had confirmed: the other direction was asked for.
REPLACED = "replaced"


# Asking -------------------------------------------------------------------------------------------


@transaction.atomic
def ask_undo(
    *, actor: User, batch: Batch, direction: str = Direction.BACK, in_background: bool = True
) -> Undo:
    """Have it looked through what taking a batch back (or bringing it in again) would do.

    Writes nothing to the register. An open taking back of the batch is looked through anew; one
    that is under way is returned as it is. Raises NotAllowedNow when the time is over, when the
    batch was not written, or for the other direction while one is open.
    """
    check_actor(actor, batch.region)
    batch = Batch.objects.select_for_update(of=("self",)).select_related("region").get(pk=batch.pk)
    _check_state(batch, direction)
    undo = _open_undo(batch)
    if undo is not None and undo.state == UndoState.WAITING:
        return undo
    if undo is None or undo.direction != direction:
        if undo is not None:
            _give_up(undo, REPLACED)
        undo = Undo(batch=batch, direction=direction)
    undo.asked_by = actor
    undo.state = UndoState.PLANNING
    undo.save()
    if in_background:
        jobs.enqueue(UNDO_LOOK_JOB, undo.pk, actor=actor)
    return undo


def _open_undo(batch: Batch) -> Undo | None:
    """Lock and return what is open: somebody else may be confirming it at this moment."""
    return batch.undos.select_for_update(of=("self",)).filter(state__in=OPEN_UNDO).first()


def _check_state(batch: Batch, direction: str) -> None:
    """Refuse what this batch does not allow now, with what the user can know."""
    if batch.state not in (BatchState.DONE, BatchState.UNDONE) or batch.history_context is None:
        raise NotAllowedNow(_("Only an import that has been written can be taken back."))
    if direction == Direction.AGAIN and batch.state == BatchState.DONE:
        raise NotAllowedNow(_("This import stands in the register; it was not taken back."))
    if direction == Direction.BACK and batch.state == BatchState.UNDONE and not left_of(batch):
        raise NotAllowedNow(_("This import has been taken back already."))
    if undo_until(batch) < timezone.now():
        raise NotAllowedNow(
            _(
                "This was done more than %(days)s days ago and can no longer be changed as a "
                "whole. Please correct single records in the register."
            )
            % {"days": settings.IMPORT_UNDO_DAYS}
        )


def last_undo(batch: Batch) -> Undo | None:
    """Return the last taking back or bringing in again that was done."""
    return batch.undos.filter(state=UndoState.DONE).order_by("-finished_at", "-pk").first()


def left_of(batch: Batch) -> int:
    """Return how many people and households stayed when the batch was taken back."""
    last = last_undo(batch)
    return last.staying if last is not None and last.is_back else 0


def undo_until(batch: Batch) -> datetime:
    """Return until when the last act on the batch (writing, taking back) can be reversed."""
    last = last_undo(batch)
    since = last.finished_at if last is not None else batch.finished_at
    return (since or batch.created_at) + timedelta(days=settings.IMPORT_UNDO_DAYS)


# Looking ------------------------------------------------------------------------------------------


def look_through(
    *,
    undo_id: int,
    actor: User | None = None,
    progress: Progress = no_progress,
    finish: Finish = not_a_job,
) -> Undo:
    """Find out what a taking back would do and keep it as the preview; the register stays.

    `actor` is who asked for it unless a command line says otherwise.
    """
    with transaction.atomic():
        undo = _locked(undo_id)
        if undo.state != UndoState.PLANNING:
            return undo
        look = _look(undo, actor or undo.asked_by, progress)
        counting.note_lines(undo, look)
        undo.counts = counting.counted(undo, look)
        undo.state = UndoState.PLANNED
        undo.planned_at = timezone.now()
        undo.save(update_fields=["counts", "state", "planned_at", "updated_at"])
        finish()
    return undo


def _look(undo: Undo, actor: User, progress: Progress) -> Look:
    regions = Region.objects.visible_to(actor).values_list("pk", flat=True)
    return Look(
        str(undo.batch.history_context),
        again=undo.direction == Direction.AGAIN,
        regions=list(regions),
        step=_steps("look", progress),
    )


def _steps(stage: str, progress: Progress) -> Callable[[], None]:
    """Count statements, so that the work can be followed and stopped between them."""
    done = 0

    def step() -> None:
        nonlocal done
        done = min(done + 1, STATEMENTS)
        progress(stage, done, STATEMENTS)

    return step


def _locked(undo_id: int) -> Undo:
    """Lock one undo. Joined to nothing: a row whose user changes meanwhile would not be found."""
    return Undo.objects.select_for_update().get(pk=undo_id)


# Confirming and doing -----------------------------------------------------------------------------


@transaction.atomic
def confirm_undo(*, actor: User, undo: Undo, in_background: bool = True) -> Undo:
    """Confirm a taking back that was looked through, and have it done.

    A second press finds it under way and returns it. Raises NotAllowedNow when nothing can be put
    back, or when the batch does not allow it any more.
    """
    check_actor(actor, undo.batch.region)
    undo = _locked(undo.pk)
    if undo.state in (UndoState.WAITING, UndoState.DONE):
        return undo
    if undo.state != UndoState.PLANNED:
        raise NotAllowedNow(_("This is still being looked through. Please wait a moment."))
    _check_state(undo.batch, undo.direction)
    if not undo.going:
        raise NotAllowedNow(_("Nothing can be put back; everything was changed since."))
    undo.state = UndoState.WAITING
    undo.confirmed_by = actor
    undo.confirmed_at = timezone.now()
    undo.save(update_fields=["state", "confirmed_by", "confirmed_at", "updated_at"])
    audit.record(
        "imports.undo.confirmed",
        actor=actor,
        target=undo.batch,
        after={"direction": undo.direction, "records": undo.going, "stays": undo.staying},
        batch=undo.batch_id,
    )
    if in_background:
        jobs.enqueue(UNDO_JOB, undo.pk, actor=actor)
    return undo


def carry_out_undo(
    *,
    undo_id: int,
    actor: User | None = None,
    progress: Progress = no_progress,
    finish: Finish = not_a_job,
) -> Undo:
    """Put the rows back in one transaction; the batch and the undo are marked in the same one.

    It looks anew first: what others changed since the preview stays. A second run waits for the
    first and finds nothing to do; when somebody comes in between it begins again. `finish` is
    called in the transaction of the result; `actor` is who confirmed it unless a command line
    says otherwise. Raises Stopped when it was given up meanwhile.
    """
    undo: Undo = bulk.retrying(lambda: _carry_out(undo_id, actor, progress, finish))
    return undo


def _carry_out(undo_id: int, actor: User | None, progress: Progress, finish: Finish) -> Undo:
    wait_for_turn(Batch.objects.get(undos=undo_id))
    undo = Undo.objects.select_related("batch__region", "confirmed_by", "asked_by").get(pk=undo_id)
    if undo.state != UndoState.WAITING:
        return undo
    undo.started_at = timezone.now()
    batch, actor = undo.batch, actor or undo.confirmed_by or undo.asked_by
    check_actor(actor, batch.region)
    _hold_villages(batch)
    act = ACTS[Direction(undo.direction)]
    with bulk.history(act=act, batch=str(batch.pk), undo=undo.pk, user=actor.pk):
        look = _look(undo, actor, progress)
        counting.note_lines(undo, look)
        undo.counts = counting.counted(undo, look)
        look.step = _steps("write", progress)
        put_back(look)
        registry.follow(
            registry.PutBack(counting.concerned(look), is_whole=counting.is_whole(look))
        )
        _check_references()
    _mark_history(undo)
    _close(undo, actor)
    finish()
    return undo


def _hold_villages(batch: Batch) -> None:
    """Wait for rosters of the same villages, which hold these rows too, and keep others waiting."""
    found = Row.objects.filter(batch=batch, status__in=IMPORTABLE, village__isnull=False)
    villages = found.order_by().values_list("village", flat=True).distinct()
    rows = Region.objects.select_for_update(no_key=True).filter(pk__in=list(villages))
    list(rows.order_by("pk").values_list("pk"))


def _check_references() -> None:
    """Have all references checked now, so that a missed one is told here and not at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _mark_history(undo: Undo) -> None:
    """Note at the import's act that it does not stand any more, or stands again.

    A roster that was taken back no longer counts as a later word on anybody.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pghistory_context SET metadata ="
            " (metadata - 'undone') || CASE WHEN %s THEN '{\"undone\": true}' ELSE '{}' END::jsonb"
            " WHERE id = %s",
            [undo.is_back, undo.batch.history_context],
        )


def _close(undo: Undo, actor: User) -> None:
    """Mark undo and batch; raises Stopped when another worker was quicker.

    Batches are locked before the undo, as by who asks for one.
    """
    if undo.is_back:
        repairs.lock_repairing(undo.batch)
    batch = Batch.objects.select_for_update(of=("self",)).get(pk=undo.batch_id)
    if _locked(undo.pk).state != UndoState.WAITING:
        raise Stopped
    batch.state = BatchState.UNDONE if undo.is_back else BatchState.DONE
    batch.save(update_fields=["state", "updated_at"])
    if undo.is_back:
        repairs.read_anew(batch, actor=actor)
    undo.state = UndoState.DONE
    undo.finished_at = timezone.now()
    undo.save(update_fields=["state", "counts", "started_at", "finished_at", "updated_at"])
    audit.record(
        ACTS[Direction(undo.direction)],
        actor=actor,
        target=batch,
        after={"records": undo.counts["records"], "rows": undo.counts["rows"]},
        batch=batch.pk,
    )


@transaction.atomic
def fail_undo(*, undo_id: int, code: str) -> None:
    """Give up a taking back whose background work ended without it; nothing was put back."""
    undo = _locked(undo_id)
    if undo.is_busy:
        _give_up(undo, code)


def _give_up(undo: Undo, code: str) -> None:
    undo.state = UndoState.FAILED
    undo.failure = code
    undo.finished_at = timezone.now()
    undo.save(update_fields=["state", "failure", "finished_at", "updated_at"])
