"""Dates as people write them."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.core.dates import BadDate, age_on, parse_age, parse_date

TODAY = date(2026, 6, 30)


@pytest.mark.parametrize(
    ("raw", "on", "precision"),
    [
        ("2026-05-01", date(2026, 5, 1), "day"),
        ("2026-5-1", date(2026, 5, 1), "day"),
        ("2026.5.1", date(2026, 5, 1), "day"),
        ("2026.05.01", date(2026, 5, 1), "day"),
        ("2026/5/1", date(2026, 5, 1), "day"),
        ("2026年5月1日", date(2026, 5, 1), "day"),
        ("2026 年 5 月 1 号", date(2026, 5, 1), "day"),
        ("2026年5月1", date(2026, 5, 1), "day"),
        ("20260501", date(2026, 5, 1), "day"),
        (20260501, date(2026, 5, 1), "day"),
        (20260501.0, date(2026, 5, 1), "day"),
        ("２０２６．５．１", date(2026, 5, 1), "day"),
        ("2026-05-01 00:00:00", date(2026, 5, 1), "day"),
        ("2026-05-01T08:30", date(2026, 5, 1), "day"),
        ("2026 5 1", date(2026, 5, 1), "day"),
        (date(2026, 5, 1), date(2026, 5, 1), "day"),
        (datetime(2026, 5, 1, 12, 30, tzinfo=UTC), date(2026, 5, 1), "day"),
        (" 1985.3.5\n", date(1985, 3, 5), "day"),
        ("85.3.5", date(1985, 3, 5), "day"),
        ("85年3月5日", date(1985, 3, 5), "day"),
        ("850305", date(1985, 3, 5), "day"),
        ("一九八五年三月五日", date(1985, 3, 5), "day"),
        ("二〇〇一年十二月三十一日", date(2001, 12, 31), "day"),
        ("八五年腊月廿五", date(1985, 12, 25), "day"),
        ("25/12/1985", date(1985, 12, 25), "day"),
        ("12/25/1985", date(1985, 12, 25), "day"),
        (29221, date(1980, 1, 1), "day"),
        ("29221", date(1980, 1, 1), "day"),
        (29221.5, date(1980, 1, 1), "day"),
        ("1985.03", date(1985, 3, 1), "month"),
        ("1985-3", date(1985, 3, 1), "month"),
        ("1985年3月", date(1985, 3, 1), "month"),
        ("1985年3月份", date(1985, 3, 1), "month"),
        ("198503", date(1985, 3, 1), "month"),
        (198503, date(1985, 3, 1), "month"),
        (1985.03, date(1985, 3, 1), "month"),
        (1985.12, date(1985, 12, 1), "month"),
        ("200712", date(2007, 12, 1), "month"),
        ("1985", date(1985, 1, 1), "year"),
        (1985, date(1985, 1, 1), "year"),
        ("1985年", date(1985, 1, 1), "year"),
    ],
)
def test_written_date_is_read(raw, on, precision):
    found = parse_date(raw, today=TODAY)

    assert (found.on, found.precision) == (on, precision)


@pytest.mark.parametrize(
    "raw",
    [
        "1985-02-30",
        "1985年2月30日",
        "1985.6.31",
        "19851332",
        "1985-13-01",
        "1985.00",
        1985.13,
        "2023-02-29",
        "1985-1-0",
    ],
)
def test_day_that_does_not_exist_is_impossible(raw):
    with pytest.raises(BadDate) as refusal:
        parse_date(raw, today=TODAY)

    assert refusal.value.code == "impossible"


@pytest.mark.parametrize(
    "raw",
    [
        "不详",
        "记不清",
        "同上",
        "春节前后",
        "",
        "-",
        None,
        True,
        34,
        "34",
        "0",
        0,
        1e300,
        -1,
        float("nan"),
        float("inf"),
        "农历正月初五",
        "3/4/1985",
        "1234567",
        "123456789",
        "1500-01-01",
        "9" * 500,
        "１２３",
    ],
)
def test_other_text_is_no_date(raw):
    with pytest.raises(BadDate) as refusal:
        parse_date(raw, today=TODAY)

    assert refusal.value.code == "unparseable"


@pytest.mark.parametrize(
    ("raw", "on"),
    [
        ("26.6.30", date(2026, 6, 30)),
        ("26.7.1", date(1926, 7, 1)),
        ("03.8.3", date(2003, 8, 3)),
        ("27.1.1", date(1927, 1, 1)),
        ("26.06", date(2026, 6, 1)),
    ],
)
def test_year_of_two_digits_is_the_latest_that_is_not_in_the_future(raw, on):
    found = parse_date(raw, today=TODAY)

    assert found.on == on
    assert found.two_digit_year


def test_number_that_lost_its_zero_may_be_january_or_october():
    found = parse_date(1985.1, today=TODAY)

    assert found.ambiguous_month
    assert found.agrees_with(date(1985, 1, 9))
    assert found.agrees_with(date(1985, 10, 9))
    assert not found.agrees_with(date(1985, 3, 9))
    assert not parse_date("1985.10", today=TODAY).ambiguous_month


def test_rougher_date_agrees_with_the_full_one():
    assert parse_date("1985.03", today=TODAY).agrees_with(date(1985, 3, 9))
    assert not parse_date("1985.04", today=TODAY).agrees_with(date(1985, 3, 9))
    assert parse_date("1985", today=TODAY).agrees_with(date(1985, 3, 9))
    assert parse_date("24.3.9", today=TODAY).agrees_with(date(1924, 3, 9))
    assert not parse_date("1985-03-08", today=TODAY).agrees_with(date(1985, 3, 9))


@pytest.mark.parametrize(
    ("raw", "age"),
    [
        (41, 41),
        (41.0, 41),
        ("41", 41),
        ("41岁", 41),
        ("41周岁", 41),
        ("４１", 41),
        (0, 0),
        (131, None),
        ("1985", None),
        ("不详", None),
        (41.5, None),
        (True, None),
        (None, None),
    ],
)
def test_age_is_read(raw, age):
    assert parse_age(raw) == age


def test_age_is_completed_on_the_birthday():
    assert age_on(date(2000, 7, 1), TODAY) == 25
    assert age_on(date(2000, 6, 30), TODAY) == 26


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_way_of_writing_gives_the_same_day(day):
    year, month, number = day.year, day.month, day.day
    for raw in (
        day.isoformat(),
        f"{year}.{month}.{number}",
        f"{year}/{month}/{number}",
        f"{year}年{month}月{number}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
    ):
        assert parse_date(raw, today=TODAY)[:2] == (day, "day")
    if day > TODAY - timedelta(days=36_000):
        assert parse_date(f"{day:%y}.{month}.{number}", today=TODAY).on == day


@given(
    st.one_of(
        st.text(max_size=30),
        st.integers(),
        st.floats(),
        st.none(),
        st.booleans(),
        st.dates(),
        st.datetimes(),
        st.text("0123456789年月日.-/ 一二十廿正冬", max_size=14),
    )
)
def test_no_cell_makes_the_reading_fail(raw):
    parse_age(raw)
    with suppress(BadDate):
        assert 1800 <= parse_date(raw, today=TODAY).on.year <= 9999
