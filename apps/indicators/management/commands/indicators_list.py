"""List every measure and formula."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.indicators import registry


class Command(BaseCommand):
    help = "List the codes of all measures and formulas with their names."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [*registry.formulas(), *registry.measures()]
        found = [registry.indicator(code) for code in codes]
        if options["json"]:
            rows = [
                {
                    "code": item.code,
                    "label": registry.label(item),
                    "unit": str(item.unit),
                    "kind": registry.kind_of(item),
                    "formula": item.code not in registry.measures(),
                    "bases": list(registry.bases_of(item)),
                }
                for item in found
            ]
            self.stdout.write(json.dumps(rows, ensure_ascii=False))
            return
        for item in found:
            self.stdout.write(f"{item.code:40} {registry.label(item)}")
