"""Answer the questions of an import, and bring in later what waited for an answer."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core import jobs
from apps.core.errors import NotAllowedNow
from apps.imports import registry
from apps.imports.models import (
    OPEN_STATES,
    Batch,
    BatchState,
    Choice,
    Decision,
    Question,
    Sheet,
    allows,
)
from apps.imports.records import Verdict
from apps.imports.selectors import READ_JOB
from apps.imports.services.comparing import places_left
from apps.imports.services.decisions import lock_batch
from apps.imports.services.fixing import check_again


@transaction.atomic
def decide(*, actor: User, batch: Batch, answers: Mapping[str, Verdict | None]) -> int:
    """Keep answers by the key of their question; None takes an answer back. Returns how many.

    Keys that no question of this batch has any more are passed over: somebody was quicker, or the
    file was checked again. Raises ValidationError, with nothing kept, for an answer that does not
    fit its question. The file is checked again, at once where it is small.
    """
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    found = Question.objects.filter(batch=batch, key__in=answers)
    before = {each.key: each.verdict for each in Decision.objects.filter(batch=batch)}
    changed = [q for q in found if before.get(q.key) != answers[q.key]]
    for question in changed:
        _keep(actor, batch, question, answers[question.key])
    _finish(actor, batch, changed)
    return len(changed)


@transaction.atomic
def decide_all(*, actor: User, batch: Batch, kind: str, choice: str) -> int:
    """Give the same answer to all questions of a kind, or take all answers back ("").

    Answers that name a person or a line must be given one by one; "the same person" can be given
    to all where each question has one candidate only. Questions that it does not fit stay open.
    """
    batch = lock_batch(actor, batch, {BatchState.CHECKED})
    before = {each.key: each.verdict for each in Decision.objects.filter(batch=batch)}
    changed = []
    for question in Question.objects.filter(batch=batch, kind=kind):
        answer = _same_for_all(question, choice)
        if (answer is None and choice) or before.get(question.key) == answer:
            continue
        _keep(actor, batch, question, answer)
        changed.append(question)
    _finish(actor, batch, changed)
    return len(changed)


def _same_for_all(question: Question, choice: str) -> Verdict | None:
    """The answer to one question when all of its kind get this choice; None where it cannot be."""
    target = None
    if choice == Choice.SAME and len(question.candidates) == 1:
        target = question.candidates[0]
    if choice == Choice.KEEP:
        target = 0
    return Verdict(choice, target) if choice and allows(question.kind, choice, target) else None


def _keep(actor: User, batch: Batch, question: Question, answer: Verdict | None) -> None:
    if answer is None:
        Decision.objects.filter(batch=batch, key=question.key).delete()
        return
    _check(actor, batch, question, answer)
    Decision.objects.update_or_create(
        batch=batch,
        key=question.key,
        defaults={
            "kind": question.kind,
            "choice": answer.choice,
            "target": answer.target,
            "places": question.places,
            "decided_by": actor,
        },
    )


def _check(actor: User, batch: Batch, question: Question, answer: Verdict) -> None:
    """Refuse an answer that does not fit, or names a person whom the actor may not see."""
    fits = allows(question.kind, answer.choice, answer.target)
    if answer.choice == Choice.SAME:
        known = registry.get(batch.kind).candidates(
            [answer.target or 0], user=actor, on=batch.as_of
        )
        fits = fits and answer.target in question.candidates and bool(known)
    if answer.choice == Choice.KEEP:
        fits = fits and answer.target in range(len(question.places))
    if not fits:
        raise ValidationError(_("Please choose one of the answers offered."))


def _finish(actor: User, batch: Batch, changed: list[Question]) -> None:
    if not changed:
        return
    audit.record(
        "imports.batch.decided",
        actor=actor,
        target=batch,
        after={"kinds": sorted({question.kind for question in changed}), "count": len(changed)},
        batch=batch.pk,
    )
    check_again(batch)


# What waited --------------------------------------------------------------------------------------


def follow_up(*, actor: User, batch: Batch) -> Batch:
    """Open an import of the rows that waited for a decision when this batch was written.

    It is an import of its own, so that it can be looked through, written and undone like every
    other; it takes over columns, corrections and answers. A second press leads to the first.
    Raises NotAllowedNow when no row waits.
    """
    try:
        with transaction.atomic():
            return _open_follow_up(actor, batch)
    except IntegrityError:
        found = Batch.objects.filter(follows=batch, state__in=OPEN_STATES).first()
        if found is None:
            raise
        return found


def _open_follow_up(actor: User, batch: Batch) -> Batch:
    batch = lock_batch(actor, batch, {BatchState.DONE})
    known = open_follow_up(batch)
    if known is not None:
        return known
    if not places_left(batch):
        raise NotAllowedNow(_("No row of this import waits for a decision."))
    new = Batch.objects.create(
        kind=batch.kind,
        region=batch.region,
        as_of=batch.as_of,
        filename=batch.filename,
        size=batch.size,
        sha256=batch.sha256,
        stored_as=batch.stored_as,
        columns_confirmed=True,
        take=batch.take,
        follows=batch,
        created_by=actor,
    )
    Sheet.objects.bulk_create(_copies(Sheet.objects.filter(batch=batch), new))
    Decision.objects.bulk_create(_copies(Decision.objects.filter(batch=batch), new))
    audit.record("imports.batch.followed_up", actor=actor, target=new, batch=new.pk)
    jobs.enqueue(READ_JOB, new.pk, actor=actor)
    return new


def open_follow_up(batch: Batch) -> Batch | None:
    """Return the import that brings, or has brought, what waited in this one."""
    states = [*OPEN_STATES, BatchState.DONE]
    return Batch.objects.filter(follows=batch, state__in=states).order_by("-pk").first()


def _copies(rows: Iterable[Any], batch: Batch) -> Iterator[Any]:
    for row in rows:
        row.pk, row.batch = None, batch
        row._state.adding = True
        yield row
