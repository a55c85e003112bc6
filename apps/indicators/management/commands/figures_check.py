"""Compare published figures with what the records give."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.indicators.selectors.published import NOT_COVERED, check_figures, coverage


class Command(BaseCommand):
    help = "Tell for each published figure which indicator it is, what it comes to, and coverage."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a catalogue such as seed_figures.yaml")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            checks = check_figures(options["file"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        found = coverage(checks)
        if options["json"]:
            rows = [asdict(check) for check in checks]
            answer = {"figures": rows, "coverage": found}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for check in checks:
            if check.state != NOT_COVERED:
                self.stdout.write(
                    f"{check.id} {check.name}: {check.published} / {check.computed} {check.state}"
                )
        self.stdout.write(", ".join(f"{name} {count}" for name, count in found.items()))
