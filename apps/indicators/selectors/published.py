"""Published figures of office documents compared with what the records give."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.indicators import rules
from apps.indicators.models import LegacyValue
from apps.indicators.selectors.figures import as_number, figure
from apps.regions.models import Region

LINKS = settings.BASE_DIR / "fixtures" / "reference" / "figure_links.csv"
LEGACY = "legacy:"
EQUAL, DIFFERS, NOT_COVERED = "equal", "differs", "not_covered"


@dataclass(frozen=True)
class Check:
    """One published figure and what the system has for it."""

    id: str
    name: str
    doc: str
    indicator: str | None
    region: str | None
    period: str | None
    basis: str | None
    published: Any
    computed: int | float | None
    state: str


def check_figures(path: Path) -> list[Check]:
    """Compare each figure of a catalogue file with its indicator, in the order of the file.

    Raises ValidationError for a file that is no such catalogue.
    """
    with LINKS.open(encoding="utf-8", newline="") as file:
        links = {row["figure"]: row for row in csv.DictReader(file)}
    return [_check(row, links.get(row["id"])) for row in _read(path)]


def coverage(checks: Iterable[Check]) -> dict[str, int]:
    """Count the published figures by state."""
    states = Counter(check.state for check in checks)
    total = states.total()
    return {
        "total": total,
        "covered": total - states[NOT_COVERED],
        **{state: states[state] for state in (EQUAL, DIFFERS, NOT_COVERED)},
    }


def _read(path: Path) -> list[dict[str, Any]]:
    try:
        rows = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ValidationError(_("The file cannot be read as a catalogue of figures.")) from error
    if not isinstance(rows, list) or not all(isinstance(r, dict) and "id" in r for r in rows):
        raise ValidationError(_("The file cannot be read as a catalogue of figures."))
    return rows


def _check(row: Mapping[str, Any], link: Mapping[str, str] | None) -> Check:
    computed = _computed(link) if link else None
    published = row.get("value")
    covered = computed is not None and published is not None
    same = covered and rules.equals_published(computed, Decimal(str(published)))
    return Check(
        id=row["id"],
        name=row.get("name_zh", ""),
        doc=row.get("doc", ""),
        indicator=link["indicator"] if link else None,
        region=link["region"] if link else None,
        period=link["period"] if link else None,
        basis=link["basis"] if link else None,
        published=published,
        computed=_shown(computed),
        state=(EQUAL if same else DIFFERS) if covered else NOT_COVERED,
    )


def _computed(link: Mapping[str, str]) -> Decimal | None:
    region = Region.objects.filter(code=link["region"]).first()
    if region is None:
        return None
    if link["indicator"].startswith(LEGACY):
        return _entered(link["indicator"].removeprefix(LEGACY), region, link["period"])
    return figure(link["indicator"], region, link["period"], link["basis"]).value


def _entered(series: str, region: Region, period: str) -> Decimal | None:
    """Return a legacy total as it was entered; legacy figures are never computed."""
    points = LegacyValue.objects.filter(series__code=series, region=region, period=period)
    return points.values_list("value", flat=True).first()


def _shown(value: Decimal | None) -> int | float | None:
    return as_number(None if value is None else rules.round_half_up(value, 4))
