"""What each figure means."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from apps.core.views import Screen
from apps.indicators import registry
from apps.indicators.choices import Basis, Kind, Unit
from apps.indicators.records import Indicator, Term


class Catalogue(Screen):
    """Every formula and measure with its definition, unit, date and basis."""

    permission = "indicators.view"
    template_name = "indicators/catalogue.html"
    title = _("What the figures mean")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show()

    def extra_context(self) -> dict[str, Any]:
        return {
            "formulas": [_entry(found) for found in registry.formulas().values()],
            "sources": [
                (source, Kind(source.kind).label, [_entry(_as_formula(m.code)) for m in measures])
                for source, measures in registry.sources()
            ],
        }


def _as_formula(code: str) -> Indicator:
    return registry.indicator(code)


def _entry(found: Indicator) -> dict[str, Any]:
    return {
        "code": found.code,
        "label": registry.label(found),
        "definition": registry.definition(found),
        "unit": Unit(found.unit).label,
        "numerator": term_text(found.numerator, alone=found.denominator is None),
        "denominator": term_text(found.denominator) if found.denominator else "",
        "factor": found.factor,
        "places": found.places,
        "rule": registry.rule(found),
        "bases": [Basis(basis).label for basis in registry.bases_of(found)],
    }


def term_text(term: Term, alone: bool = False) -> str:
    """Write a term with the names of its measures; a sum that is divided stands in brackets."""
    names = registry.measures()
    plus = " + ".join(str(names[code].label) for code in term.plus)
    minus = "".join(f" − {names[code].label}" for code in term.minus)
    text = plus + minus
    if term.average:
        return str(_("average of %(what)s at beginning and end")) % {"what": text}
    return text if alone or len(term.codes) == 1 else f"({text})"
