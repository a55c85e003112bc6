"""Refresh stored values: what changed, or everything."""

import json
import sys
import time
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.indicators import services
from apps.indicators.models import Run

# A run that broke off is taken over once it has been silent for a minute.
PATIENCE_SECONDS = 90
PAUSE_SECONDS = 2


class Command(BaseCommand):
    help = (
        "Count again what changed since the last count; with --full all stored months of all "
        "regions. A run that broke off is taken over."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--full", action="store_true", help="count everything anew")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        work = services.roll_up if options["full"] else services.refresh
        say = self._say if not options["json"] and sys.stderr.isatty() else None
        until = time.monotonic() + PATIENCE_SECONDS
        outcome = work(say)
        while outcome.state == "busy" and time.monotonic() < until:
            time.sleep(PAUSE_SECONDS)
            outcome = work(say)
        if options["json"]:
            self.stdout.write(json.dumps(asdict(outcome)))
        else:
            self.stdout.write(
                f"rollup {outcome.kind}: {outcome.state}, {outcome.months} months, "
                f"{outcome.regions} regions, {outcome.rows_written} rows, {outcome.seconds} s"
            )

    def _say(self, run: Run) -> None:
        self.stderr.write(f"{run.months_done} of {run.months_total} months")
