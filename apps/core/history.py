"""Row history by statement-level triggers (django-pghistory), written by the database itself.

Two class attributes of a tracked model tell how its rows hang together when an act is taken back
(apps.imports.services.undoing):

    PART_OF = "person"                 # whose row it is: a person's residence goes with the person
    NOW = ("head", "member_count")     # kept by services for lists; not what anybody entered
"""

from typing import TypeVar

import pghistory
from django.db import connection, models

ModelType = TypeVar("ModelType", bound=type[models.Model])
_tracked: list[type[models.Model]] = []


def tracked(model: ModelType) -> ModelType:
    """Keep every version of each row of a case table, also those written by bulk SQL.

    Statement level: one trigger call per statement keeps COPY fast (row level costs 17 times).
    """
    decorate = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        level=pghistory.Statement,
        # History rows are read from their own table, so the record gets no `events` of theirs.
        obj_field=pghistory.ObjForeignKey(related_name="+"),
    )
    _tracked.append(model)
    return decorate(model)


def tracked_models() -> list[type[models.Model]]:
    """Return all models whose rows have a history, in the order of their declaration."""
    return list(_tracked)


def event_table(model: type[models.Model]) -> str:
    """Return the table of a model's versions: its columns, and pgh_id, pgh_label, pgh_obj_id,
    pgh_context_id. A version written by a deletion holds the last values."""
    return str(model.pgh_event_model._meta.db_table)  # type: ignore[attr-defined]


def attach_context(context_id: str, metadata_json: str) -> tuple[str, str]:
    """Name the act for history rows written by COPY, which the library cannot prefix itself.

    Holds until the end of the transaction, or until it is called again; returns what was named
    before, empty for nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('pghistory.context_id', true),"
            " current_setting('pghistory.context_metadata', true)"
        )
        former_id, former_metadata = cursor.fetchone()
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [context_id, metadata_json],
        )
    return former_id or "", former_metadata or ""
