"""Print one figure with its parts."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.indicators import registry, selectors
from apps.indicators.selectors.figures import as_number
from apps.regions.models import Region


class Command(BaseCommand):
    help = "Print one indicator or measure of a region and period: value, parts, rows behind it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("code", help="see indicators_list")
        parser.add_argument("--region", required=True, help="code of the division")
        parser.add_argument("--period", required=True, help="2026-06, 2026, 2026Q2, FY2026, …")
        parser.add_argument("--basis", default="registered", help="registered or resident")
        parser.add_argument("--fresh", action="store_true", help="count now, use nothing stored")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            answer = self._answer(options)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            self.stdout.write(f"{answer['label']}: {answer['value']} {answer['unit']}")

    def _answer(self, options: dict[str, Any]) -> dict[str, Any]:
        region = Region.objects.filter(code=options["region"]).order_by("-valid_from").first()
        if region is None:
            raise CommandError(f"There is no region with the code {options['region']}.")
        found = registry.indicator(options["code"])
        figure = selectors.figure(
            options["code"], region, options["period"], options["basis"], fresh=options["fresh"]
        )
        return {
            "code": figure.code,
            "label": registry.label(found),
            "unit": found.unit,
            "region": region.code,
            "period": figure.period.code,
            "basis": figure.basis,
            "value": as_number(figure.rounded),
            "numerator": as_number(figure.numerator),
            "denominator": as_number(figure.denominator),
            "computed_at": figure.computed_at.isoformat() if figure.computed_at else None,
            "as_of": figure.as_of.isoformat() if figure.as_of else None,
            "stored": figure.is_stored,
            "rows": selectors.count_rows(found, region, figure.period, figure.basis),
        }
