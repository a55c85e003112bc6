"""`manage.py undo_import BATCH`: what the button that takes an import back does."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from apps.core.errors import Refusal
from apps.home.management.commands.import_roster import acting_user
from apps.imports import services
from apps.imports.models import Batch, Direction, Undo
from apps.indicators import services as indicators


class Command(BaseCommand):
    """Take a written import back, as far as nothing was changed since; or bring it in again.

    --json prints one object: batch, state (of the import), direction, restored and staying (people
    and households), rows (by table and what became of them), preview (whether nothing was done).
    """

    help = "Take back one import (its number), with --preview only say what would happen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", help="number of the import: 12, or 20260630-12")
        parser.add_argument("--again", action="store_true", help="bring it in again")
        parser.add_argument("--preview", action="store_true", help="change nothing")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--user", help="user name to act as; the system's own by default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            undo = self._undo(options)
        except Refusal as error:
            raise CommandError(str(error)) from error
        found = report(undo, is_preview=options["preview"])
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, value in found.items():
            self.stdout.write(f"{name}: {value}")

    def _undo(self, options: dict[str, Any]) -> Undo:
        actor = acting_user(options["user"])
        number = options["batch"].rpartition("-")[2]
        found = Batch.objects.visible_to(actor).filter(pk=number if number.isdecimal() else 0)
        batch = found.first()
        if batch is None:
            raise CommandError(_("There is no such import."))
        undo = services.ask_undo(
            actor=actor,
            batch=batch,
            direction=Direction.AGAIN if options["again"] else Direction.BACK,
            in_background=False,
        )
        undo = services.look_through(undo_id=undo.pk, actor=actor)
        if options["preview"]:
            return undo
        undo = services.confirm_undo(actor=actor, undo=undo, in_background=False)
        undo = services.carry_out_undo(undo_id=undo.pk, actor=actor)
        indicators.refresh()
        return undo


def report(undo: Undo, *, is_preview: bool) -> dict[str, Any]:
    """Say what became of the records, or would."""
    return {
        "batch": undo.batch_id,
        "state": str(Batch.objects.get(pk=undo.batch_id).state),
        "direction": str(undo.direction),
        "restored": undo.going,
        "staying": undo.staying,
        "rows": undo.counts["rows"],
        "preview": is_preview,
    }
