"""The chart of an indicator: plain numbers for the template to draw."""

import datetime as dt
from decimal import Decimal
from itertools import pairwise

import pytest

from projects.charts import (
    ABOVE,
    BELOW,
    BOTTOM,
    CHARACTER,
    EDGE,
    LEVEL_ABOVE,
    LEVEL_BELOW,
    TOP,
    WIDTH,
    Level,
    Value,
    line_chart,
)
from projects.models.indicators import number_text


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("95.0000", "95"),
        ("48.5000", "48.5"),
        ("1284.0000", "1,284"),
        ("0.0000", "0"),
        ("-3.2500", "-3.25"),
        ("100", "100"),
    ],
)
def test_a_number_is_shown_without_idle_zeros(value, shown):
    assert number_text(Decimal(value)) == shown


def values(*pairs):
    """Readings as (day of 2019, value or None); the label says the day."""
    return [
        Value(dt.date(2019, 1, 1) + dt.timedelta(day), f"day {day}", None if value is None else Decimal(value))
        for day, value in pairs
    ]


def level(kind, value):
    """A level with its words."""
    return kind, f"{kind} {value}", Decimal(value)


def test_where_nothing_is_to_compare_there_is_no_chart():
    assert line_chart([], [level("baseline", 1), level("target", 2)]) is None
    assert line_chart(values((0, 1))) is None


def test_one_reading_stands_in_the_middle_between_baseline_and_target():
    chart = line_chart(values((40, 48)), [level("baseline", 95), level("target", 30)])
    (dot,) = chart.dots
    assert (dot.label, dot.value, TOP < dot.y < BOTTOM) == ("day 40", "48", True)
    assert chart.levels == [
        Level("baseline", "baseline 95", TOP, TOP + LEVEL_ABOVE),
        Level("target", "target 30", BOTTOM, BOTTOM + LEVEL_ABOVE),
    ]
    assert EDGE + CHARACTER * len("baseline 95") < dot.x < WIDTH - EDGE


def test_readings_stand_to_the_scale_of_time_whatever_their_order():
    chart = line_chart(values((0, 1), (400, 5), (100, 2)))
    first, second, last = chart.dots
    assert round((second.x - first.x) / (last.x - first.x), 2) == 0.25
    assert [dot.value for dot in chart.dots] == ["1", "2", "5"]
    assert chart.lines == [" ".join(f"{dot.x},{dot.y}" for dot in chart.dots)]
    assert chart.gaps == []


def test_the_line_is_broken_where_there_was_no_number():
    chart = line_chart(values((0, 1), (10, 2), (20, None), (30, 3), (40, None), (50, 4), (60, 5)))
    assert [dot.value for dot in chart.dots] == ["1", "2", "3", "4", "5"]
    at = [f"{dot.x},{dot.y}" for dot in chart.dots]
    assert chart.lines == [f"{at[0]} {at[1]}", f"{at[3]} {at[4]}"]
    first, second = chart.gaps
    assert chart.dots[1].x < first < chart.dots[2].x < second < chart.dots[3].x


@pytest.mark.parametrize("days", [((0, None), (9, 5)), ((0, 5), (9, None)), ((0, None), (9, 5), (18, None))])
def test_a_gap_at_either_end_has_its_place_on_the_scale_of_time(days):
    chart = line_chart(values(*days), [level("target", 9)])
    assert (len(chart.dots), chart.lines, len(chart.gaps)) == (1, [], len(days) - 1)
    assert all(EDGE < x < WIDTH for x in chart.gaps)


def test_where_no_time_gave_a_number_there_is_no_chart():
    assert line_chart(values((0, None), (9, None)), [level("baseline", 1), level("target", 2)]) is None


def test_the_highest_value_is_on_top_and_a_level_counts():
    chart = line_chart(values((0, 95), (9, 48)), [level("target", 30)])
    assert (chart.dots[0].y, chart.levels[0].y) == (TOP, BOTTOM)
    assert TOP < chart.dots[1].y < BOTTOM


def test_equal_values_make_a_level_line_in_the_middle():
    chart = line_chart(values((0, 5), (9, 5)))
    assert [dot.y for dot in chart.dots] == [(TOP + BOTTOM) // 2] * 2
    assert chart.levels == []


def test_the_words_of_two_levels_that_lie_close_stand_on_either_side():
    chart = line_chart(values((0, 0), (9, 100)), [level("target", 51), level("baseline", 50)])
    upper, lower = chart.levels
    assert [(row.kind, row.label_y - row.y) for row in (upper, lower)] == [
        ("target", LEVEL_ABOVE),
        ("baseline", LEVEL_BELOW),
    ]
    same = line_chart(values((0, 5), (9, 5)), [level("baseline", 5), level("target", 5)])
    assert [row.label_y - row.y for row in same.levels] == [LEVEL_ABOVE, LEVEL_BELOW]


@pytest.mark.parametrize(("target", "last"), [([], BELOW), ([level("target", 2)], ABOVE)])
def test_a_number_stands_where_neither_the_line_comes_from_nor_a_level_runs(target, last):
    chart = line_chart(values((0, 9), (9, 1), (18, 5), (27, 3)), target)
    assert [dot.value_y - dot.y for dot in chart.dots] == [ABOVE, BELOW, ABOVE, last]


@pytest.mark.parametrize("days", [range(20), [0, 1, 2, 300], [0, 299, 300], [0, 0, 300, 300], [7, 7, 7]])
def test_the_first_and_the_last_have_their_words_and_no_words_touch(days):
    rows = values(*((day, 1000 + n) for n, day in enumerate(days)))
    chart = line_chart(rows, [level("target", 5000)])
    shown = [dot for dot in chart.dots if dot.value]
    assert len(chart.dots) == len(rows)
    assert shown[-1].value == number_text(rows[-1].value)
    assert shown[0].x == chart.dots[0].x
    halves = [CHARACTER * max(len(dot.label), len(dot.value)) // 2 for dot in shown]
    edges = [(dot.x - half, dot.x + half) for dot, half in zip(shown, halves, strict=True)]
    assert all(left < right for (_start, left), (right, _end) in pairwise(edges))
    assert edges[0][0] > EDGE + CHARACTER * len("target 5000")
    assert edges[-1][1] <= WIDTH


def test_numbers_of_any_size_are_drawn():
    chart = line_chart(values((0, "99999999999999.9999"), (9, "-99999999999999.9999")), [level("target", 10**14)])
    assert [dot.y for dot in chart.dots] == [TOP, BOTTOM]
    assert all(0 < dot.x < WIDTH for dot in chart.dots)
