"""What the engine is told: where rows come from, what of them is counted, how numbers combine.

Plain data without a database; record apps build these in their `measures.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.db.models import Model, QuerySet

    from apps.core.periods import Period
    from apps.regions.models import Region

EVENT, STATUS = "event", "status"
REGISTERED, CURRENT = "registered", "current"
BASES = (REGISTERED, CURRENT)


@dataclass(frozen=True)
class Span:
    """The days a count is about, both included; a status is taken on the last one."""

    first: date
    last: date


@dataclass(frozen=True)
class Column:
    """One column of a drill-down list.

    `path` leads from a row to the value ("person__name"). kind: name (links to the row's record),
    text, date, region, choice (of the model), code (then `code_set` names the list).
    """

    label: Any
    path: str
    kind: str = "text"
    code_set: str = ""


@dataclass(frozen=True)
class Source:
    """Rows of one table that measures count, and what they may be cut by.

    `rows(span, basis)` is a selector without an order. Where `basis` names the column that tells
    the bases apart, it also takes None and then gives the rows of both, so one pass serves both.
    `region` is the path to the number of the region a row counts in, `date` the path of an event's
    day. `dimensions` maps a name to a path or to a function of the span that returns a database
    expression. `tables` are those that are read.

    A source whose rows are some of another's names it as `whole`, and in `among` which: the values
    of the whole's dimensions. Both are then counted in one pass. `joined(rows, span)` adds to the
    rows of the whole what the part's own dimensions need, at most one row to each; outside the part
    it should join nothing, so that there are no more groups than needed.
    """

    code: str
    label: Any
    kind: str
    rows: Callable[[Span, Any], QuerySet[Any]]
    region: str
    permission: str
    columns: tuple[Column, ...]
    tables: tuple[str, ...]
    record: Callable[[Any], Model]
    basis: str = ""
    date: str = ""
    dimensions: Mapping[str, Any] = field(default_factory=dict)
    bases: tuple[str, ...] = BASES
    related: tuple[str, ...] = ()
    order: tuple[str, ...] = ("pk",)
    whole: Source | None = None
    among: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    joined: Callable[[QuerySet[Any], Span], QuerySet[Any]] | None = None

    @property
    def cuts(self) -> Mapping[str, Any]:
        """All dimensions: those of the whole, if there is one, and its own."""
        return {**(self.whole.dimensions if self.whole else {}), **self.dimensions}


@dataclass(frozen=True)
class Pass:
    """One reading of a table: a source and the parts of it that are counted on the way."""

    source: Source
    parts: tuple[Source, ...] = ()

    @property
    def sources(self) -> tuple[Source, ...]:
        return (self.source, *self.parts)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(source.code for source in self.sources)

    @property
    def cuts(self) -> Mapping[str, Any]:
        """The dimensions that the rows are grouped by."""
        return {name: cut for source in self.sources for name, cut in source.dimensions.items()}


@dataclass(frozen=True)
class Measure:
    """One number per village and month: how many rows of a source fall into some cells.

    `where` maps dimensions of the source to the values that count; empty means every row.
    """

    code: str
    label: Any
    unit: str
    source: Source
    where: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.source.kind

    @property
    def bases(self) -> tuple[str, ...]:
        return self.source.bases


@dataclass(frozen=True)
class Term:
    """Measures added and taken away; each over the period, or averaged over its two ends."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    average: bool = False

    @property
    def codes(self) -> tuple[str, ...]:
        return self.plus + self.minus


@dataclass(frozen=True)
class Indicator:
    """A formula over measures (指标): numerator ÷ denominator × factor, divided after summing.

    Without a denominator it is the numerator itself. `places` are the decimals shown; `rule_…` says
    where the definition comes from. Texts are kept in both languages because the definitions are
    reference data.
    """

    code: str
    label_zh: str
    label_en: str
    unit: str
    numerator: Term
    denominator: Term | None = None
    factor: int = 1
    places: int = 0
    rule_zh: str = ""
    rule_en: str = ""
    definition_zh: str = ""
    definition_en: str = ""

    @property
    def codes(self) -> tuple[str, ...]:
        return self.numerator.codes + (self.denominator.codes if self.denominator else ())


@dataclass(frozen=True)
class MonthValues:
    """All measures of one region in one month: numbers by measure, the day they describe."""

    values: Mapping[str, int]
    as_of: date
    computed_at: datetime | None


@dataclass(frozen=True)
class Figure:
    """One number as it is shown: unrounded value, its parts, and since when it is known.

    `rounded` is the value at its own number of decimals. `value` is None when the denominator is
    zero or a month that is needed was not computed (`is_known` tells which). `as_of` is the day a
    status describes.
    """

    code: str
    region: Region
    period: Period
    basis: str
    value: Decimal | None
    rounded: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    places: int
    is_known: bool
    is_stored: bool
    as_of: date | None
    computed_at: datetime | None


@dataclass(frozen=True)
class LegacyRecord:
    """One total of an abolished figure as typed in."""

    series: Any
    region: Region
    period: str
    value: Decimal
    source: str
