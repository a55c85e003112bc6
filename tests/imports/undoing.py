"""What the tests of taking back share: batches written by the services, and the whole register."""

from collections.abc import Callable
from datetime import date
from itertools import count
from threading import Barrier, Thread
from typing import Any

from django.db import connection
from django.utils import timezone, translation

from apps.accounts.models import User
from apps.core import bulk
from apps.core.history import tracked_models
from apps.imports import services
from apps.imports.models import Batch, BatchState, Direction, Undo
from apps.regions.models import Region

JUNE = date(2026, 6, 30)
JULY = date(2026, 7, 31)
_files = count(1)


def written(actor: User, region: Region, register: Any, rows: Any, **values: Any) -> Batch:
    """Write lines of a roster as a batch does it, in one act of the row history."""
    kind = values.pop("kind", "household_roster")
    as_of = values.pop("as_of", JUNE)
    now = timezone.now()
    batch = Batch.objects.create(
        kind=kind,
        region=region,
        as_of=as_of,
        filename="名册.xlsx",
        size=1,
        sha256=f"{next(_files):064d}",
        stored_as="imports/none",
        state=BatchState.DONE,
        created_by=actor,
        confirmed_by=actor,
        confirmed_at=now,
        apply_started_at=now,
        finished_at=now,
        counts={"all": len(rows), "importable": len(rows), "blocked": 0, "outcomes": {}},
        result={"rows": len(rows)},
    )
    with bulk.history(act="imports.batch.applied", batch=str(batch.pk)) as context:
        register(actor=actor, rows=rows, as_of=as_of, batch=str(batch.pk))
    batch.history_context = context
    batch.save(update_fields=["history_context"])
    return batch


def looked(actor: User, batch: Batch, direction: str = Direction.BACK) -> Undo:
    """Ask for a taking back and look it through."""
    undo = services.ask_undo(actor=actor, batch=batch, direction=direction)
    return services.look_through(undo_id=undo.pk)


def done(actor: User, batch: Batch, direction: str = Direction.BACK) -> Undo:
    """Take a batch back, or bring it in again, from the question to the end."""
    undo = services.confirm_undo(actor=actor, undo=looked(actor, batch, direction))
    return services.carry_out_undo(undo_id=undo.pk)


def register_of_all() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every case table with all columns, as text, by number."""
    found = {}
    with connection.cursor() as cursor:
        for model in tracked_models():
            table = model._meta.db_table
            cursor.execute(f'SELECT t.id, t::text FROM "{table}" t ORDER BY t.id')  # noqa: S608
            found[table] = cursor.fetchall()
    return found


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of it at the same time, each on a connection of its own; their results in order."""
    gate, results = Barrier(len(acts)), [None] * len(acts)
    errors: list[BaseException] = []

    def act(number: int) -> None:
        try:
            with translation.override("en"):
                gate.wait()
                results[number] = acts[number]()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=act, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results
