"""Counting some months of some regions, summing up the tree, and keeping the result."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from django.db import connection
from django.utils import timezone

from apps.indicators import registry, rules
from apps.indicators.models import Run, Snapshot
from apps.indicators.records import BASES
from apps.indicators.selectors.rows import Counts, month_counts
from apps.indicators.services.tree import Tree

# Above this share of the regions one pass over everything is cheaper than looking them up.
FEW_REGIONS = 0.25
KEEP = """
    INSERT INTO indicators_snapshot AS kept
        (region_id, month, basis, values, fingerprint, as_of, computed_at, run_id)
    SELECT region_id, month, basis, values, %(mark)s, as_of, %(now)s, %(run)s
    FROM unnest(%(regions)s::bigint[], %(months)s::date[], %(bases)s::text[], %(values)s::jsonb[],
                %(days)s::date[]) AS new (region_id, month, basis, values, as_of)
    ON CONFLICT (region_id, month, basis) DO UPDATE
    SET values = EXCLUDED.values, fingerprint = EXCLUDED.fingerprint, as_of = EXCLUDED.as_of,
        computed_at = EXCLUDED.computed_at, run_id = EXCLUDED.run_id
"""


def store(months: list[date], regions: set[int], tree: Tree, run: Run | None) -> int:
    """Count some months of `regions`, which include all above them; return the rows written."""
    today = timezone.localdate()
    few = len(regions) <= FEW_REGIONS * len(tree.deepest_first)
    if few:
        _read_alone()
    fed_by = tree.feeding(regions) if few else None
    counted = month_counts(months, BASES, today, regions=fed_by)
    totals = _totals(months, regions, tree, counted)
    _keep(totals, today, run)
    return len(totals)


def _read_alone() -> None:
    """Let no parallel workers be started: that takes longer than reading a village."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL max_parallel_workers_per_gather = 0")


def _totals(months: list[date], regions: set[int], tree: Tree, counted: Counts) -> Counts:
    """Sum up the tree: what a region's own rows say plus what its children came to.

    Every region gets its numbers, none at all where nothing is recorded; a 0 is left out.
    """
    totals: Counts = {
        (basis, region, month): defaultdict(int)
        for region in tree.deepest_first
        if region in regions
        for basis in BASES
        for month in months
    }
    for (basis, region, month), numbers in counted.items():
        target = totals.get((basis, tree.keeper[region], month))
        if target is not None:
            _add(target, numbers)
    for (basis, region, month), numbers in _kept_of(tree.children(regions), months).items():
        _add(totals[basis, tree.above(region), month], numbers)
    for (basis, region, month), numbers in totals.items():
        if tree.parents[region] is not None:
            _add(totals[basis, tree.above(region), month], numbers)
    return totals


def _add(target: dict[str, int], numbers: Mapping[str, int]) -> None:
    for code, number in numbers.items():
        target[code] += number


def _kept_of(regions: list[int], months: list[date]) -> Counts:
    """Read the stored values of regions that did not change."""
    if not regions:
        return {}
    rows = Snapshot.objects.filter(region__in=regions, month__in=months).order_by()
    return {
        (basis, region, month): values
        for basis, region, month, values in rows.values_list("basis", "region", "month", "values")
    }


def _keep(totals: Counts, today: date, run: Run | None) -> None:
    """Write all rows by one statement, over those that are there."""
    rows = [
        (region, month, basis, json.dumps(numbers), rules.status_day(month, today))
        for (basis, region, month), numbers in totals.items()
    ]
    names = ("regions", "months", "bases", "values", "days")
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    mark, now = registry.fingerprint(), timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(KEEP, {**columns, "mark": mark, "now": now, "run": run.pk if run else None})
