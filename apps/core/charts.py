"""Charts drawn on the server as SVG, each with a narrow twin and the figures behind it as a table.

A chart is computed here down to coordinates (strings with one decimal, in units of the viewBox)
and printed by `components/chart_*.html`; pages write

    {% include "components/chart_panel.html" with chart=births %}

The narrow twin is drawn for 304 units, so that text stays 12 px on a phone. Missing values (None)
leave a gap. Only the first series carries value labels; there are about three grid lines.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.core.templatetags.fp import figure

WIDE = 620.0
FULL = 820.0  # a chart that has the page's whole width
NARROW = 304.0
SPARK_WIDTH, SPARK_HEIGHT = 88.0, 28.0
LINE = 12.0  # height of a line of text
ROW = 14.5  # one age group of a pyramid
BAR = 12.5
MIDDLE = 56.0  # column of the age groups
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)

Value = float | None


@dataclass(frozen=True)
class Series:
    """One run of values, with the addresses of the rows behind each."""

    name: str
    values: Sequence[Value]
    urls: Sequence[str] = ()


@dataclass(frozen=True)
class Text:
    """A word in a plot."""

    x: str
    y: str
    words: str
    anchor: str = "middle"
    css: str = ""


@dataclass(frozen=True)
class Mark:
    """A line or a box in a plot: position and size; a line has its ends instead of a size."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True)
class Path:
    """A run of connected points, and the single points on it."""

    css: str
    points: str
    dots: tuple[tuple[str, str], ...] = ()


@dataclass
class Plot:
    """One drawing: viewBox size and everything in it."""

    width: str
    height: str
    suffix: str
    lines: list[Mark] = field(default_factory=list)
    boxes: list[Mark] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """One figure of the data table; with an address it opens its rows."""

    text: str
    url: str = ""


@dataclass(frozen=True)
class Chart:
    """A chart as the templates take it: words, key, both drawings, data table."""

    id: str
    title: str
    description: str
    key: tuple[tuple[str, str], ...]
    wide: Plot
    narrow: Plot
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]
    note: str = ""
    is_legacy: bool = False
    source: str = ""

    @property
    def opens_rows(self) -> bool:
        """Whether a figure of the table leads to a list."""
        return any(cell.url for _name, cells in self.rows for cell in cells)


@dataclass(frozen=True)
class Sparkline:
    """A line without axes beside a figure; decoration, the figure says it."""

    points: str
    end_x: str
    end_y: str


@dataclass(frozen=True)
class GoalBar:
    """How far a share has come (0 to 1): the bar, the target and what is expected by now."""

    done: str
    target: str
    expected: str = ""


# Small pieces -------------------------------------------------------------------------------------


def _n(value: float) -> str:
    return f"{value:.1f}"


def ticks(low: float, high: float, *, whole: bool = True) -> list[float]:
    """Return about four round values that span `low` to `high`, both included.

    `whole` keeps to whole numbers. An empty span is given a height of one.
    """
    if high <= low:
        high = low + 1
    rough = (high - low) / 3
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(step * size for step in STEPS if step * size >= rough * 0.999)
    if whole:
        step = max(1.0, float(math.ceil(step)))
    first = math.floor(low / step + 1e-9)
    last = math.ceil(high / step - 1e-9)
    return [round(number * step, 10) for number in range(first, last + 1)]


def _known(series: Sequence[Series]) -> list[float]:
    return [value for run in series for value in run.values if value is not None]


def _text_width(words: str) -> float:
    """Estimate the width of 12 px text: Chinese characters are twice as wide as digits."""
    return sum(12.0 if ord(char) > 0x2E80 else 6.8 for char in words)


def _every(labels: Sequence[str], room: float) -> int:
    """Tell how many labels to step, so that they do not run into each other."""
    widest = max((_text_width(label) for label in labels), default=0) + 6
    return max(1, math.ceil(widest / room)) if room else 1


class _Scale:
    """Places values between the top and the base line of a plot."""

    def __init__(self, marks: Sequence[float], top: float, bottom: float) -> None:
        self.low, self.high = marks[0], marks[-1]
        self._top, self._span = top, bottom - top

    def y(self, value: float) -> float:
        return self._top + self._span * (self.high - value) / (self.high - self.low)


def _grid(plot: Plot, marks: Sequence[float], scale: _Scale, left: float, right: float) -> None:
    """Draw the grid lines with their values; the line at zero is the base."""
    base = 0.0 if marks[0] <= 0 <= marks[-1] else marks[0]
    for mark in marks:
        y = scale.y(mark)
        css = "base" if mark == base else "grid"
        plot.lines.append(Mark(css, _n(left), _n(y), _n(right), _n(y)))
        words = figure(mark if mark != int(mark) else int(mark))
        plot.texts.append(Text(_n(left - 6), _n(y + 4), words, "end", "ax"))


def _left_of(marks: Sequence[float]) -> float:
    return 10.0 + max(_text_width(figure(m if m != int(m) else int(m))) for m in marks)


def _table_rows(series: Sequence[Series], places: int) -> tuple[tuple[str, tuple[Cell, ...]], ...]:
    return tuple((run.name, tuple(_cells(run, places))) for run in series)


def _cells(run: Series, places: int) -> Iterator[Cell]:
    for at, value in enumerate(run.values):
        url = run.urls[at] if at < len(run.urls) else ""
        yield Cell("" if value is None else figure(value, places), url if value is not None else "")


# Bars ---------------------------------------------------------------------------------------------


def bar_chart(
    id: str,
    title: str,
    description: str,
    labels: Sequence[str],
    now: Series,
    before: Series | None = None,
    *,
    places: int = 0,
    note: str = "",
) -> Chart:
    """Compare months (or other groups) of this year with last year's: dark and light bars."""
    series = [now] if before is None else [now, before]
    narrow, wide = (
        _bar_plot(width, height, suffix, labels, now, before, places)
        for width, height, suffix in ((NARROW, 230.0, "n"), (WIDE, 298.0, "w"))
    )
    key = [("k1", now.name)] + ([("k4", before.name)] if before else [])
    rows = _table_rows(series, places)
    return Chart(id, title, description, tuple(key), wide, narrow, tuple(labels), rows, note=note)


def _bar_plot(
    width: float,
    height: float,
    suffix: str,
    labels: Sequence[str],
    now: Series,
    before: Series | None,
    places: int,
) -> Plot:
    plot = Plot(_n(width), _n(height), suffix)
    runs = [before, now] if before else [now]
    known = _known([run for run in runs if run])
    marks = ticks(min([0.0, *known]), max([0.0, *known]), whole=places == 0)
    left, bottom = _left_of(marks), height - 26
    scale = _Scale(marks, 18.0, bottom)
    _grid(plot, marks, scale, left, width)
    room = (width - left) / max(len(labels), 1)
    bar = min(room * 0.36, 28.0) if before else min(room * 0.6, 40.0)
    step = _every(labels, room)
    for at, label in enumerate(labels):
        middle = left + room * (at + 0.5)
        if at % step == 0:
            plot.texts.append(Text(_n(middle), _n(height - 8), label))
        if before:
            _bar(plot, scale, "s4", middle - bar - 0.5, bar, _at(before, at))
        start = middle + 0.5 if before else middle - bar / 2
        value = _at(now, at)
        _bar(plot, scale, "s1", start, bar, value)
        if value is not None and _text_width(figure(value, places)) < room + 2:
            y = scale.y(value) + (LINE if value < 0 else -4)
            plot.texts.append(
                Text(_n(start + bar / 2), _n(y), figure(value, places), "middle", "v")
            )
    return plot


def _at(run: Series, at: int) -> Value:
    return run.values[at] if at < len(run.values) else None


def _bar(plot: Plot, scale: _Scale, css: str, x: float, width: float, value: Value) -> None:
    if value is None:
        return
    top, base = scale.y(max(value, 0.0)), scale.y(min(value, 0.0))
    plot.boxes.append(Mark(css, _n(x), _n(top), _n(width), _n(base - top)))


# Lines --------------------------------------------------------------------------------------------


def line_chart(
    id: str,
    title: str,
    description: str,
    labels: Sequence[str],
    now: Series,
    before: Series | None = None,
    *,
    places: int = 0,
    note: str = "",
    is_legacy: bool = False,
    source: str = "",
) -> Chart:
    """Show how a figure went. A legacy series is dashed, with hollow points and its source."""
    series = [now] if before is None else [now, before]
    wide_size = (FULL, 150.0) if is_legacy else (WIDE, 220.0)
    narrow, wide = (
        _line_plot(width, height, suffix, labels, series, places, is_legacy)
        for width, height, suffix in ((NARROW, 190.0, "n"), (*wide_size, "w"))
    )
    key = [("k3" if is_legacy else "k1", now.name)] + ([("k4", before.name)] if before else [])
    return Chart(
        id,
        title,
        description,
        tuple(key),
        wide,
        narrow,
        tuple(labels),
        _table_rows(series, places),
        note=note,
        is_legacy=is_legacy,
        source=source,
    )


def _line_plot(
    width: float,
    height: float,
    suffix: str,
    labels: Sequence[str],
    series: Sequence[Series],
    places: int,
    is_legacy: bool,
) -> Plot:
    plot = Plot(_n(width), _n(height), suffix)
    known = _known(series) or [0.0]
    marks = ticks(min(known), max(known), whole=places == 0)
    left, bottom = _left_of(marks), height - 26
    scale = _Scale(marks, 18.0, bottom)
    _grid(plot, marks, scale, left, width)
    room = (width - left) / max(len(labels), 1)
    step = _every(labels, room)
    for at in range(0, len(labels), step):
        plot.texts.append(Text(_n(left + room * (at + 0.5)), _n(height - 8), labels[at]))
    for number, run in reversed(list(enumerate(series))):
        css = ("l3 legacy" if is_legacy else "l1") if number == 0 else "l4"
        points = [
            (left + room * (at + 0.5), scale.y(value), value)
            for at, value in enumerate(run.values)
            if value is not None
        ]
        for part in _unbroken(run.values, left, room, scale):
            plot.paths.append(_path(css, part, dots=number == 0))
        if number == 0:
            _end_labels(plot, points, width, places)
    return plot


def _unbroken(
    values: Sequence[Value], left: float, room: float, scale: _Scale
) -> Iterator[list[tuple[float, float]]]:
    """Split a run into its parts without gaps."""
    part: list[tuple[float, float]] = []
    for at, value in enumerate(values):
        if value is not None:
            part.append((left + room * (at + 0.5), scale.y(value)))
        elif part:
            yield part
            part = []
    if part:
        yield part


def _path(css: str, part: Sequence[tuple[float, float]], *, dots: bool) -> Path:
    points = " ".join(f"{_n(x)},{_n(y)}" for x, y in part)
    return Path(css, points, tuple((_n(x), _n(y)) for x, y in part) if dots else ())


def _end_labels(
    plot: Plot, points: Sequence[tuple[float, float, float]], width: float, places: int
) -> None:
    """Write the value at the first and the last point."""
    ends = [points[0], points[-1]] if len(points) > 1 else list(points)
    for x, y, value in ends:
        words = figure(value, places)
        half = _text_width(words) / 2
        place = min(max(x, half), width - half)
        plot.texts.append(Text(_n(place), _n(max(y - 8, LINE)), words, "middle", "v"))


# Pyramid ------------------------------------------------------------------------------------------


def pyramid(
    id: str,
    title: str,
    description: str,
    ages: Sequence[str],
    men: Series,
    women: Series,
    *,
    note: str = "",
) -> Chart:
    """Show people by age group and sex, the youngest at the bottom, men at the left."""
    narrow, wide = (
        _pyramid_plot(width, suffix, ages, men, women)
        for width, suffix in ((NARROW, "n"), (520.0, "w"))
    )
    rows = tuple(
        (age, (*_cells(_one(men, at), 0), *_cells(_one(women, at), 0)))
        for at, age in enumerate(ages)
    )
    key = (("k3", men.name), ("k1", women.name))
    head = (men.name, women.name)
    return Chart(id, title, description, key, wide, narrow, head, rows, note=note)


def _one(run: Series, at: int) -> Series:
    return Series(run.name, [_at(run, at)], run.urls[at : at + 1])


def _pyramid_plot(
    width: float, suffix: str, ages: Sequence[str], men: Series, women: Series
) -> Plot:
    top, side = 20.0, (width - MIDDLE) / 2
    bottom = top + ROW * len(ages)
    plot = Plot(_n(width), _n(bottom + 20), suffix)
    most = max([1.0, *_known([men, women])])
    marks = [mark for mark in ticks(0, most) if mark > 0]
    unit = (side - 2) / max(most, 1.0)
    for run, x, anchor in ((men, side - 4, "end"), (women, side + MIDDLE + 4, "start")):
        total = figure(sum(value for value in run.values if value is not None))
        words = _("%(group)s: %(number)s") % {"group": run.name, "number": total}
        plot.texts.append(Text(_n(x), _n(LINE), words, anchor))
    for mark in marks:
        if mark * unit > side - 2:
            continue
        for x in (side - mark * unit, side + MIDDLE + mark * unit):
            plot.lines.append(Mark("grid", _n(x), _n(top), _n(x), _n(bottom)))
            plot.texts.append(Text(_n(x), _n(bottom + 15), figure(mark), "middle", "ax"))
    for at, age in enumerate(ages):
        y = bottom - ROW * (at + 1)
        left, right = (_at(men, at) or 0.0) * unit, (_at(women, at) or 0.0) * unit
        plot.boxes.append(Mark("s3", _n(side - left), _n(y), _n(left), _n(BAR)))
        plot.boxes.append(Mark("s1", _n(side + MIDDLE), _n(y), _n(right), _n(BAR)))
        plot.texts.append(Text(_n(width / 2), _n(y + 10.5), age, "middle", "ax"))
    return plot


# Beside a figure ----------------------------------------------------------------------------------


def sparkline(values: Sequence[Value]) -> Sparkline | None:
    """Draw the course of a figure in 88 by 28 units; None with fewer than two values."""
    known = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _at, value in known), max(value for _at, value in known)
    across, down = SPARK_WIDTH - 8, SPARK_HEIGHT - 10
    last = len(values) - 1
    points = [
        (4 + across * at / last, 6 + (down * (high - value) / (high - low) if high > low else 9))
        for at, value in known
    ]
    return Sparkline(
        " ".join(f"{_n(x)},{_n(y)}" for x, y in points), _n(points[-1][0]), _n(points[-1][1])
    )


def goal_bar(share: float, target: float, expected: float | None = None) -> GoalBar:
    """Place a share, its target and what is expected by now on a line of 200 units.

    All are parts of one (0.955 is 95.5 %); the line ends at the target or at one.
    """
    whole = max(target, 1.0)

    def place(part: float) -> str:
        return _n(200 * min(max(part, 0.0), whole) / whole)

    return GoalBar(place(share), place(target), "" if expected is None else place(expected))


@dataclass(frozen=True)
class Tile:
    """One figure of a dashboard with its comparison (see components/tile.html)."""

    title: Any
    value: Value
    places: int = 0
    unit: Any = ""
    url: str = ""
    note: Any = ""
    change: Value = None
    change_places: int = 0
    change_unit: Any = ""
    change_text: Any = ""
    spark: Sparkline | None = None
    goal: GoalBar | None = None
    goal_text: Any = ""
