"""`manage.py import_roster FILE --kind KIND`: the whole import of a roster without a browser.

It stands here because it ends with fresh figures, and imports know no indicators.
"""

import json
from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.audit import services as audit
from apps.core.errors import Refusal
from apps.imports import registry, selectors, services
from apps.imports.models import Batch, BatchState, Take
from apps.imports.pipeline import why_refused
from apps.indicators import services as indicators
from apps.regions.models import Region


class Command(BaseCommand):
    """Without --commit everything is tried and taken back, so the figures are those of a real run.

    --json prints one object: sheets, data_rows, rows_clean, rows_warned, rows_importable,
    rows_blocked, rows_skipped, bad_cells, persons_created, households_created, batch, state.
    """

    help = "Check a roster (xlsx, xls, csv) and with --commit import it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--kind", required=True, choices=[k.name for k in registry.kinds()])
        parser.add_argument("--region", help="code of the region the roster is for")
        parser.add_argument("--as-of", type=_day, help="date of the roster, YYYY-MM-DD")
        parser.add_argument("--commit", action="store_true", help="write what can be written")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--user", help="user name to act as; the system's own by default")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self._import(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        except Refusal as error:
            raise CommandError(str(error)) from error

    def _import(self, options: dict[str, Any]) -> None:
        actor = acting_user(options["user"])
        batch = _receive(actor, options)
        batch = _read(actor, batch)
        result: dict[str, Any] = {}
        if batch.state == BatchState.CHECKED and batch.importable:
            batch, result = _write(actor, batch, commit=options["commit"])
        state = batch.state
        self._print(report(actor, batch, result, state), as_json=options["json"])
        if batch.is_open:
            services.cancel_batch(actor=actor, batch=batch)
        if state == BatchState.DONE:
            indicators.refresh()
        if not result:
            raise CommandError(_why_nothing(batch, state))

    def _print(self, found: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            return
        for name, value in found.items():
            shown = len(value) if name in {"bad_cells", "sheets"} else value
            self.stdout.write(f"{name}: {shown}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ArgumentTypeError(_("Write the date as 2026-06-30.")) from error


def acting_user(name: str | None) -> User:
    """Return the user of that name, without one the system's own. Raises CommandError."""
    if not name:
        return services.system_user()
    user = User.objects.filter(username=name, is_active=True).first()
    if user is None:
        raise CommandError(_("There is no active user %(name)s.") % {"name": name})
    return user


def _region(code: str | None) -> Region:
    """The region of that code; without one the county, if there is exactly one root."""
    found = Region.objects.filter(code=code) if code else Region.objects.filter(parent=None)
    regions = list(found.order_by("-valid_from")[:2])
    if not regions:
        raise CommandError(_("There is no such region. Load the regions first."))
    if not code and len(regions) > 1:
        raise CommandError(_("There are several counties. Please name one with --region."))
    return regions[0]


def _receive(actor: User, options: dict[str, Any]) -> Batch:
    """Hand the file over; what an interrupted run of the same user left open is cancelled."""
    path: Path = options["file"]
    arguments = {
        "actor": actor,
        "kind": options["kind"],
        "region": _region(options["region"]),
        "as_of": options["as_of"] or timezone.localdate(),
        "in_background": False,
    }
    try:
        with path.open("rb") as source:
            received = services.receive_roster(file=File(source, name=path.name), **arguments)
            if not received.is_new and received.batch.created_by_id == actor.pk:
                services.cancel_batch(actor=actor, batch=received.batch)
                received = services.receive_roster(file=File(source, name=path.name), **arguments)
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read.") % {"file": path.name}) from error
    if not received.is_new:
        raise CommandError(
            _("This file is already being imported (%(number)s). Finish or cancel that first.")
            % {"number": received.batch.number}
        )
    return received.batch


def _read(actor: User, batch: Batch) -> Batch:
    """Read and check; columns that are not certain are taken as suggested."""
    batch = services.read_batch(batch_id=batch.pk, actor=actor)
    if batch.state != BatchState.MAPPED:
        return batch
    columns = {
        sheet.number: {column["letter"]: column["field"] for column in sheet.columns}
        for sheet in selectors.sheets(batch)
        if sheet.is_data
    }
    services.confirm_columns(
        actor=actor, batch=batch, columns=columns, remember=False, in_background=False
    )
    return services.read_batch(batch_id=batch.pk, actor=actor)


def _write(actor: User, batch: Batch, *, commit: bool) -> tuple[Batch, dict[str, Any]]:
    """Write the importable rows; without `commit` take everything back and keep the figures."""
    services.choose_take(actor=actor, batch=batch, take=Take.GOOD)
    if commit:
        services.confirm_batch(actor=actor, batch=batch, in_background=False)
        batch = services.apply_batch(batch_id=batch.pk, actor=actor)
        return batch, batch.result
    with transaction.atomic():
        services.confirm_batch(actor=actor, batch=batch, in_background=False)
        result = services.apply_batch(batch_id=batch.pk, actor=actor).result
        transaction.set_rollback(True)
    batch.refresh_from_db()
    return batch, result


def report(actor: User, batch: Batch, result: dict[str, Any], state: str) -> dict[str, Any]:
    """Say what was found and what came in, with the keys that design.md names."""
    counts = batch.counts
    cells = [
        {
            "sheet": sheet,
            "row": issue.row_number,
            "col": issue.column,
            "field": issue.field,
            "kind": issue.kind,
            "severity": issue.severity,
            "raw": issue.facts["raw"],
        }
        for issue, sheet in selectors.bad_cells(batch)
    ]
    # The cells hold numbers of people in clear: whoever takes them out is on record.
    audit.record("imports.batch.findings_taken_out", actor=actor, target=batch, batch=batch.pk)
    return {
        "batch": batch.pk,
        "state": str(state),
        "sheets": [_sheet(sheet) for sheet in selectors.sheets(batch)],
        "data_rows": counts.get("all", 0),
        "rows_clean": counts.get("clean", 0),
        "rows_warned": counts.get("warned", 0),
        "rows_importable": counts.get("importable", 0),
        "rows_blocked": counts.get("blocked", 0),
        "rows_skipped": counts.get("skipped", 0),
        "bad_cells": cells,
        "persons_created": {
            "subjects": result.get("persons_created_subjects", 0),
            "all_roles_with_id": result.get("persons_created_with_id", 0),
            "any": result.get("persons_created_any", 0),
        },
        "persons_changed": result.get("persons_changed", 0),
        "households_created": result.get("households_created"),
    }


def _sheet(sheet: Any) -> dict[str, Any]:
    found = {
        "name": sheet.name,
        "role": sheet.role,
        "hidden": sheet.is_hidden,
        "data_rows": sheet.data_rows,
    }
    if sheet.is_data:
        found["header_rows"] = sheet.header_rows
        found["first_data_row"] = sheet.first_data_row
        found["columns"] = [
            {"col": column["letter"], "header": column["header"], "field": column["field"]}
            for column in sheet.columns
        ]
    return found


def _why_nothing(batch: Batch, state: str) -> str:
    if state == BatchState.FAILED:
        code, params = batch.failure.get("code", ""), batch.failure.get("params", {})
        return " ".join(why_refused(code, params))
    if state == BatchState.EMPTY:
        return _("No rows with people were found in this file, so nothing was imported.")
    return _("No row of this file can be written.")
