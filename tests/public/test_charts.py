"""The chart of an indicator: plain numbers for the template to draw."""

from decimal import Decimal

import pytest

from projects.public.charts import BOTTOM, LEFT, RIGHT, TOP, line_chart, plain_number


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
    assert plain_number(Decimal(value)) == shown


def test_fewer_than_two_values_make_no_chart():
    assert line_chart([]) is None
    assert line_chart([("ม.ค.", Decimal(1))], Decimal(5)) is None


def test_the_highest_value_is_on_top_and_the_target_counts():
    chart = line_chart([("a", Decimal(95)), ("b", Decimal(48))], Decimal(30))
    assert [(dot.x, dot.label, dot.value) for dot in chart.dots] == [(LEFT, "a", "95"), (RIGHT, "b", "48")]
    assert (chart.dots[0].y, chart.target) == (TOP, BOTTOM)
    assert TOP < chart.dots[1].y < BOTTOM
    assert chart.points == f"{LEFT},{TOP} {RIGHT},{chart.dots[1].y}"


def test_equal_values_make_a_level_line_in_the_middle():
    chart = line_chart([("a", Decimal(5)), ("b", Decimal(5))])
    assert [dot.y for dot in chart.dots] == [(TOP + BOTTOM) // 2] * 2
    assert chart.target is None


def test_many_values_keep_few_words_and_always_the_newest():
    chart = line_chart([(str(n), Decimal(n)) for n in range(20)])
    assert [dot.label for dot in chart.dots if dot.label] == ["3", "7", "11", "15", "19"]
    assert len(chart.dots) == 20


def test_numbers_of_any_size_are_drawn():
    chart = line_chart([("a", Decimal("99999999999999.9999")), ("b", Decimal("-99999999999999.9999"))])
    assert [dot.y for dot in chart.dots] == [TOP, BOTTOM]
