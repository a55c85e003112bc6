"""What can be counted: record apps register their measures here, formulas come from a file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from apps.indicators.records import Indicator, Measure, Pass, Source
from apps.indicators.rules import parse_term

FORMULAS = settings.BASE_DIR / "fixtures" / "reference" / "indicators.yaml"

_measures: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Add measures of a record app. Raises ValueError for a code that is taken or a bad cut."""
    for measure in measures:
        if measure.code in _measures:
            raise ValueError(f"Measure {measure.code} is registered twice.")
        unknown = set(measure.where) - set(measure.source.cuts)
        if unknown:
            raise ValueError(f"{measure.code}: {measure.source.code} has no {sorted(unknown)}.")
        _measures[measure.code] = measure
    fingerprint.cache_clear()
    zeros.cache_clear()


def measures() -> dict[str, Measure]:
    """Return all measures by code, in the order of registration."""
    return _measures


def sources(codes: Iterable[str] | None = None) -> list[tuple[Source, list[Measure]]]:
    """Return the measures grouped by source; only those of `codes`, if given."""
    wanted = set(_measures) if codes is None else set(codes)
    grouped: dict[str, tuple[Source, list[Measure]]] = {}
    for measure in _measures.values():
        if measure.code in wanted:
            grouped.setdefault(measure.source.code, (measure.source, []))[1].append(measure)
    return list(grouped.values())


def passes(codes: Iterable[str] | None = None) -> list[Pass]:
    """Return what has to be read for the measures: each source once, parts with their whole."""
    wanted = [source for source, _own in sources(codes)]
    wholes = {source.code: source for source in (part.whole or part for part in wanted)}
    return [
        Pass(source, tuple(part for part in wanted if part.whole is source))
        for source in wholes.values()
    ]


def source(code: str) -> Source:
    """Return the source of that code."""
    return next(m.source for m in _measures.values() if m.source.code == code)


def kinds() -> dict[str, str]:
    """Return event or status for each measure."""
    return {code: measure.kind for code, measure in _measures.items()}


@lru_cache(maxsize=1)
def fingerprint() -> str:
    """Return a digest of what is measured; a stored month with another one lacks something."""
    text = repr([(m.code, m.source.code, sorted(m.where.items())) for m in _measures.values()])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@lru_cache(maxsize=2)
def zeros(basis: str) -> dict[str, int]:
    """Return a 0 for every measure counted on a basis. Not to be changed."""
    return {code: 0 for code, measure in _measures.items() if basis in measure.bases}


@lru_cache(maxsize=1)
def formulas() -> dict[str, Indicator]:
    """Return the indicators that are formulas, by code, in the order of their file."""
    with FORMULAS.open(encoding="utf-8") as file:
        rows = yaml.safe_load(file)
    return {row["code"]: _formula(row) for row in rows}


def _formula(row: dict[str, Any]) -> Indicator:
    terms = {name: parse_term(row[name]) for name in ("numerator", "denominator") if row.get(name)}
    return Indicator(**{**row, **terms})


def indicator(code: str) -> Indicator:
    """Return the formula of that code; a measure is the formula that takes it as it is.

    Raises ValidationError for a code that is neither.
    """
    found = formulas().get(code)
    if found is not None:
        return found
    if code not in _measures:
        raise ValidationError(
            _("There is no indicator “%(code)s”. `manage.py indicators_list` lists them all."),
            params={"code": code},
        )
    return as_indicator(_measures[code])


def as_indicator(measure: Measure) -> Indicator:
    """Return a measure as an indicator, so that both are evaluated and shown alike."""
    label = str(measure.label)
    return Indicator(
        code=measure.code,
        label_zh=label,
        label_en=label,
        unit=measure.unit,
        numerator=parse_term(measure.code),
    )


def label(found: Indicator) -> str:
    """Return an indicator's name in the current language."""
    if found.code in _measures:
        return str(_measures[found.code].label)
    return found.label_en if _is_english() else found.label_zh


def definition(found: Indicator) -> str:
    """Return an indicator's definition in the current language."""
    return found.definition_en if _is_english() else found.definition_zh


def rule(found: Indicator) -> str:
    """Return where an indicator's definition comes from, in the current language."""
    return found.rule_en if _is_english() else found.rule_zh


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


def bases_of(found: Indicator) -> tuple[str, ...]:
    """Return the bases for which all measures of an indicator are counted."""
    known = [_measures[code].bases for code in found.codes]
    return tuple(basis for basis in known[0] if all(basis in bases for bases in known))


def kind_of(found: Indicator) -> str:
    """Return event when an indicator is about what happened in a period, else status."""
    return _measures[found.numerator.codes[0]].kind
