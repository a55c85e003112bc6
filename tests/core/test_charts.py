"""Charts: round axes, gaps, labels that do not collide, words and tables for everybody."""

import re
from collections import Counter

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from apps.core.charts import (
    NARROW,
    Chart,
    Plot,
    Series,
    bar_chart,
    goal_bar,
    line_chart,
    pyramid,
    sparkline,
    ticks,
)

MONTHS = [str(month) for month in range(1, 13)]


def births() -> Chart:
    """Half a year beside the whole year before."""
    urls = [f"/rows/{month}/" for month in MONTHS]
    now = Series("2026", [24, 19, 22, 20, 23, 20, *[None] * 6], urls)
    before = Series("2025", [26, 21, 24, 22, 20, 22, 21, 23, 25, 24, 22, 27])
    return bar_chart("births", "Births", "128 by June, 135 the year before.", MONTHS, now, before)


def drawn(chart: Chart) -> str:
    with translation.override("en"):
        return render_to_string("components/chart_panel.html", {"chart": chart})


@pytest.mark.parametrize(
    "low, high, whole, marks",
    [
        (0, 27, True, [0, 10, 20, 30]),
        (0, 1378, True, [0, 500, 1000, 1500]),
        (0, 2, True, [0, 1, 2]),
        (0, 0, True, [0, 1]),
        (-5, 4, True, [-5, 0, 5]),
        (33058, 33433, True, [33000, 33200, 33400, 33600]),
        (84.6, 93.0, False, [80, 85, 90, 95]),
        (0, 0.97, False, [0, 0.5, 1]),
    ],
)
def test_axis_has_few_round_marks_around_the_values(
    low: float, high: float, whole: bool, marks: list[float]
) -> None:
    assert ticks(low, high, whole=whole) == marks


def test_bars_stand_on_the_base_and_missing_months_stay_empty() -> None:
    plot = births().wide

    dark = [box for box in plot.boxes if box.css == "s1"]
    light = [box for box in plot.boxes if box.css == "s4"]

    assert (len(dark), len(light)) == (6, 12)
    ends = [float(box.y) + float(box.height) for box in dark]
    assert ends == pytest.approx([272.0] * 6, abs=0.2)


def test_only_this_years_bars_carry_values() -> None:
    values = [text.words for text in births().wide.texts if text.css == "v"]

    assert values == ["24", "19", "22", "20", "23", "20"]


def test_bar_below_zero_hangs_with_its_value_under_it() -> None:
    plot = bar_chart("n", "Change", "", ["1", "2"], Series("2026", [3, -5])).wide
    up, down = plot.boxes
    under = next(text for text in plot.texts if text.words == "−5" and text.css == "v")

    assert float(up.y) + float(up.height) == pytest.approx(float(down.y), abs=0.2)
    assert float(under.y) > float(down.y) + float(down.height)


@pytest.mark.parametrize("width", ["wide", "narrow"])
def test_nothing_is_drawn_outside_the_frame(width: str) -> None:
    ages = [f"{age}–{age + 4}" for age in range(0, 85, 5)]
    men, women = Series("Men", range(700, 717)), Series("Women", range(650, 667))
    charts = [
        births(),
        line_chart("l", "Line", "", MONTHS, Series("2026", [33265.0, None, 33058.0])),
        pyramid("p", "People", "", ages, men, women),
    ]
    for chart in charts:
        plot: Plot = getattr(chart, width)
        right = float(plot.width)
        assert all(float(box.x) >= 0 for box in plot.boxes)
        assert all(float(box.x) + float(box.width) <= right + 0.2 for box in plot.boxes)
        assert all(0 <= float(text.x) <= right for text in plot.texts)
        assert all(0 < float(text.y) <= float(plot.height) for text in plot.texts)


def test_narrow_twin_leaves_out_labels_that_would_collide() -> None:
    chart = births()
    long = bar_chart("b", "B", "", [f"2026年{month}月" for month in MONTHS], Series("x", [1] * 12))

    assert chart.narrow.width == f"{NARROW:.1f}"
    shown = [text.words for text in long.narrow.texts if text.words.startswith("2026")]
    assert shown == ["2026年1月", "2026年4月", "2026年7月", "2026年10月"]


def test_line_is_broken_where_a_value_is_missing() -> None:
    plot = line_chart("l", "L", "", MONTHS, Series("x", [1, 2, None, 3, 4])).wide

    assert [len(path.dots) for path in plot.paths] == [2, 2]


def test_legacy_series_is_dashed_and_says_its_source() -> None:
    series = Series("Rate", [84.6, 92.6])
    chart = line_chart(
        "l", "Rate", "", ["2005", "2015"], series, places=1, is_legacy=True, source="Summary 2015"
    )
    page = drawn(chart)

    assert chart.wide.paths[0].css == "l3 legacy"
    assert "Summary 2015" in page
    assert "Legacy series" in page


def test_pyramid_is_as_long_as_its_people() -> None:
    plot = pyramid("p", "P", "", ["0–4", "5–9"], Series("M", [50, 100]), Series("F", [25, 0])).wide
    men = [float(box.width) for box in plot.boxes if box.css == "s3"]
    women = [float(box.width) for box in plot.boxes if box.css == "s1"]

    assert men[0] == pytest.approx(men[1] / 2, abs=0.1)
    assert women == [pytest.approx(men[1] / 4, abs=0.1), 0.0]
    assert float(plot.boxes[0].y) > float(plot.boxes[2].y)


def test_chart_says_what_it_shows_and_names_are_unique() -> None:
    page = drawn(births())
    names = Counter(re.findall(r'\bid="([^"]+)"', page))

    assert page.count('role="img"') == 2
    assert page.count("<desc ") == 2
    assert max(names.values()) == 1
    for group in re.findall(r'aria-labelledby="([^"]+)"', page):
        assert all(name in names for name in group.split())


def test_every_known_figure_of_the_table_opens_its_rows() -> None:
    page = drawn(births())

    assert re.findall(r'<a class="q" href="/rows/(\d+)/">(\d+)</a>', page) == [
        ("1", "24"),
        ("2", "19"),
        ("3", "22"),
        ("4", "20"),
        ("5", "23"),
        ("6", "20"),
    ]


def test_empty_chart_is_drawn_without_values() -> None:
    chart = line_chart("e", "Empty", "", MONTHS, Series("x", [None] * 12))

    assert chart.wide.paths == []
    assert "<svg" in drawn(chart)


@pytest.mark.parametrize("values", [[], [5], [None, 5, None]])
def test_one_value_makes_no_sparkline(values: list[float | None]) -> None:
    assert sparkline(values) is None


def test_sparkline_runs_from_edge_to_edge() -> None:
    spark = sparkline([1, 3, 2])

    assert spark is not None
    assert spark.points == "4.0,24.0 44.0,6.0 84.0,15.0"
    assert (spark.end_x, spark.end_y) == ("84.0", "15.0")


def test_goal_beyond_one_keeps_target_on_the_line() -> None:
    bar = goal_bar(1.1, 1.25, 0.5)

    assert (bar.done, bar.target, bar.expected) == ("176.0", "200.0", "80.0")
