"""Totals of abolished figures, as a township's old summaries printed them. Fictional but for 2014.

The totals of 2014 are those of "township FP summary 20xx" in the seed figures (S1-007 to S1-009).
"""

from decimal import Decimal

from apps.accounts.models import User
from apps.indicators.models import LegacySeries, LegacyValue
from apps.regions.models import Region

SOURCE = "{town} {year} 年人口和计划生育工作总结"
SERIES: dict[str, tuple[str, str, dict[int, str]]] = {
    "in_policy_birth_rate": (
        "符合政策生育率",
        "%",
        {
            2006: "81.40",
            2007: "82.15",
            2008: "82.93",
            2009: "83.10",
            2010: "84.02",
            2011: "84.66",
            2012: "84.31",
            2013: "84.87",
            2014: "85.12",
        },
    ),
    "in_policy_births": ("政策内出生数", "人", {2014: "286"}),
    "out_of_policy_births": ("政策外出生数", "人", {2014: "50"}),
}


def load_legacy(township: Region, entered_by: User) -> int:
    """Enter the totals of one township; returns how many there are. A second call adds none."""
    points = []
    for code, (name, unit, totals) in SERIES.items():
        series, _made = LegacySeries.objects.get_or_create(
            code=code, defaults={"name": name, "unit": unit}
        )
        points += [
            LegacyValue(
                series=series,
                region=township,
                period=str(year),
                value=Decimal(value),
                source=SOURCE.format(town=township.name, year=year),
                entered_by=entered_by,
            )
            for year, value in totals.items()
        ]
    LegacyValue.objects.bulk_create(points, ignore_conflicts=True)
    return len(points)
