"""Row history by statement-level triggers (django-pghistory), written by the database itself."""

from typing import TypeVar

import pghistory
from django.db import connection, models

ModelType = TypeVar("ModelType", bound=type[models.Model])


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
    return decorate(model)


def attach_context(context_id: str, metadata_json: str) -> None:
    """Name the act for history rows written by COPY, which the library cannot prefix itself.

    Holds until the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [context_id, metadata_json],
        )
