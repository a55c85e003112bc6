"""Write docs/indicators.md from the registry, or tell whether it is up to date."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from apps.indicators import registry
from apps.indicators.choices import Basis, Kind, Unit
from apps.indicators.records import Measure, Term

PATH = settings.BASE_DIR / "docs" / "indicators.md"
HEAD = """# Indicators

Written by `manage.py indicators_doc`; do not edit by hand.

A *measure* counts rows of one source by village and month. An *indicator* is a formula over
measures: divided after summing, never averaged over regions, unrounded inside, a half rounded up
when shown. A zero denominator gives no value (shown as “—”). Rates are not annualised. Every figure
names its basis: registered (户籍) or current (常住). An event counts in the months of a period, a
status is taken on the last day of the period (today while the month runs). `average(x)` is the mean
of the month before the period and its last month.

A status of a past day comes from intervals. Whoever has a place since nobody knows when is counted
as there since birth; `population_start_unknown` says how many these are.
"""


class Command(BaseCommand):
    help = "Write docs/indicators.md from what is registered."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="only tell whether it is current")

    def handle(self, *args: Any, **options: Any) -> None:
        text = document()
        if not options["check"]:
            PATH.write_text(text, encoding="utf-8")
        elif not PATH.exists() or PATH.read_text(encoding="utf-8") != text:
            raise CommandError("docs/indicators.md is out of date: run manage.py indicators_doc.")


def document() -> str:
    """Return the whole document, in English."""
    with translation.override("en"):
        return "\n".join([HEAD, *_formulas(), *_measures()]) + "\n"


def _formulas() -> list[str]:
    lines = [
        "## Formulas",
        "",
        "| Code | Name | 名称 | Formula | Unit | Decimals | Source of the definition |",
        "|---|---|---|---|---|---|---|",
    ]
    for found in registry.formulas().values():
        formula = _term(found.numerator)
        if found.denominator is not None:
            formula += f" ÷ {_term(found.denominator)}"
        if found.factor != 1:
            formula += f" × {found.factor}"
        lines.append(
            f"| `{found.code}` | {found.label_en} | {found.label_zh} | `{formula}` | "
            f"{Unit(found.unit).label} | {found.places} | {found.rule_en} |"
        )
    lines += ["", "Definitions:", ""]
    lines += [f"- `{found.code}`: {found.definition_en}" for found in registry.formulas().values()]
    return lines


def _term(term: Term) -> str:
    text = " + ".join(term.plus) + "".join(f" - {code}" for code in term.minus)
    if term.average:
        return f"average({text})"
    return f"({text})" if len(term.codes) > 1 else text


def _measures() -> list[str]:
    lines = ["", "## Measures"]
    for source, measures in registry.sources():
        bases = ", ".join(str(Basis(basis).label) for basis in source.bases)
        lines += [
            "",
            f"### {source.code}: {source.label}",
            "",
            f"{Kind(source.kind).label}. Basis: {bases}. Reads {', '.join(source.tables)}.",
            "",
            "| Code | Name | Unit | Counted rows |",
            "|---|---|---|---|",
            *(_line(measure) for measure in measures),
        ]
    return lines


def _line(measure: Measure) -> str:
    cells = "; ".join(
        f"{name} in {', '.join(str(value) for value in values)}"
        for name, values in measure.where.items()
    )
    unit = Unit(measure.unit).label
    return f"| `{measure.code}` | {measure.label} | {unit} | {cells or 'all'} |"
