"""What the check of a file has found so far, kept so that it can be seen while it goes on."""

import time

from django.db import transaction

from apps.core.spreadsheets.grid import sheet_of
from apps.imports.models import Batch, BatchState
from apps.imports.records import SoFar
from apps.imports.services.staging import clear_findings, stage_issues

NOTED_EVERY = 1.0  # seconds, unless one of the first findings is new


class SoFarNotes:
    """Keeps counts and the first findings of one batch until the results replace them."""

    def __init__(self, batch: Batch, sheets: list[str]) -> None:
        self._batch = batch
        self._sheets = sheets
        self._shown = 0
        self._noted_at = 0.0

    def __call__(self, found: SoFar) -> None:
        """Note what was found; nothing once the batch was cancelled."""
        is_new = len(found.first) > self._shown
        if not is_new and time.monotonic() - self._noted_at < NOTED_EVERY:
            return
        counts = {"rows": found.rows, "blocked": found.blocked, "warned": found.warned}
        reading = Batch.objects.filter(pk=self._batch.pk, state=BatchState.READING)
        with transaction.atomic():
            going_on = reading.update(counts={"so_far": {**counts, "sheets": self._sheets}})
            if going_on and is_new:
                self._stage(found)
        self._shown, self._noted_at = len(found.first), time.monotonic()

    def _stage(self, found: SoFar) -> None:
        # One of several tables of a sheet counts under the sheet.
        numbers = {
            issue.sheet: self._sheets.index(sheet_of(issue.sheet)) + 1 for issue in found.first
        }
        clear_findings(self._batch)
        stage_issues(self._batch, found.first, numbers=numbers, row_ids={})
