"""Counting all measures of a month, against one `count(*)` and against a query per figure."""

from django.db import connection
from django.utils import timezone

from apps.core.periods import Period, month_start
from apps.households.models import Person
from apps.indicators import registry
from apps.indicators.records import BASES
from apps.indicators.selectors.rows import measure_rows, month_counts, spans_of
from apps.indicators.services import roll_up_month
from apps.regions.choices import RegionKind
from apps.regions.models import Region
from benchmarks import figures

SAMPLE_OF_VILLAGES = 3


def measure() -> None:
    """Measure one month of the whole tree, one village, and the two yardsticks."""
    month = month_start(timezone.localdate())
    count_seconds, tables = _count_tables()
    figures.write("rollup.count_star", count_seconds, "s", tables=tables)
    passes, _counts = figures.best_of(3, lambda: month_counts([month], BASES, timezone.localdate()))
    full, written = figures.best_of(3, lambda: roll_up_month(month))
    people = Person.objects.count()
    figures.write(
        "rollup.count_month",
        passes,
        "s",
        baseline=count_seconds,
        ratio=passes / count_seconds,
        rows=people,
        baseline_is="one count(*) over the same tables",
        target_at_most=15,
    )
    figures.write(
        "rollup.full_month",
        full,
        "s",
        baseline=count_seconds,
        ratio=full / count_seconds,
        rows=people,
        stored=written,
        measures=len(registry.measures()),
        baseline_is="one count(*) over the same tables",
        target_at_most=15,
    )
    villages = list(Region.objects.filter(kind=RegionKind.VILLAGE).order_by("pk"))
    _against_queries(full, Period(month, month), villages)
    _one_village(villages[len(villages) // 2], Period(month, month))


def _count_tables() -> tuple[float, list[str]]:
    """One count(*) of each table that the sources read."""
    tables = sorted({table for source, _own in registry.sources() for table in source.tables})

    def count() -> int:
        total = 0
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(f'SELECT count(*) FROM "{table}"')  # noqa: S608
                total += cursor.fetchone()[0]
        return total

    seconds, _total = figures.best_of(3, count)
    return seconds, tables


def _against_queries(full: float, period: Period, villages: list[Region]) -> None:
    """The way it is done without an engine: a query per village, basis and measure.

    Measured on a few villages and multiplied; all of them take minutes.
    """
    step = max(1, len(villages) // SAMPLE_OF_VILLAGES)
    sample = villages[::step][:SAMPLE_OF_VILLAGES]
    queries = 0
    with figures.timed() as watch:
        for village in sample:
            queries += _count_by_queries(village, period)
    each = watch.seconds * len(villages) / len(sample)
    figures.write(
        "rollup.against_queries",
        full,
        "s",
        baseline=each,
        ratio=each / full,
        queries=queries * len(villages) // len(sample),
        measured_on=f"{len(sample)} of {len(villages)} villages",
        baseline_is="one query per village, basis and measure",
        target=30,
    )


def _count_by_queries(village: Region, period: Period) -> int:
    queries = 0
    for found in registry.measures().values():
        span = spans_of(found, period)
        for basis in found.bases:
            rows = measure_rows(found, span, basis)
            source = found.source
            if source.basis:
                rows = rows.filter(**{source.basis: basis})
            rows.filter(**{source.region: village.pk}).count()
            queries += 1
    return queries


def _one_village(village: Region, period: Period) -> None:
    seconds, written = figures.best_of(5, lambda: roll_up_month(period.first, [village.pk]))
    figures.write(
        "rollup.one_village",
        seconds * 1000,
        "ms",
        stored=written,
        village_people=Person.objects.filter(registered_region=village).count(),
        target_at_most=50,
    )
