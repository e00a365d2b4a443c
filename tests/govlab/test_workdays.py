"""Working days of government offices: weekends, fixed and lunar holidays, substitution days; 1 May is worked."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govlab.workdays import add_working_days, holidays_of, is_working_day


def worked(first: str, last: str) -> list[str]:
    """The working days from one day to another, both included."""
    day, end, found = date.fromisoformat(first), date.fromisoformat(last), []
    while day <= end:
        if is_working_day(day):
            found.append(day.isoformat())
        day += timedelta(days=1)
    return found


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        pytest.param(
            "2025-04-04", "2025-04-18", "04 08 09 10 11 17 18", id="Chakri Day and Songkran 2568, each with a Sunday"
        ),
        pytest.param("2023-04-12", "2023-04-18", "12 18", id="Songkran 2566, Thursday to Saturday: Monday instead"),
        pytest.param("2025-12-30", "2026-01-06", "30 05 06", id="New Year 2569 with the extra day of 2 January"),
        pytest.param("2025-02-11", "2025-02-13", "11 13", id="Makha Bucha 2568"),
        pytest.param("2026-03-02", "2026-03-04", "02 04", id="Makha Bucha 2569"),
        pytest.param("2027-02-19", "2027-02-23", "19 23", id="Makha Bucha 2570 on a Sunday: Monday instead"),
        pytest.param("2025-05-02", "2025-05-14", "02 06 07 08 13 14", id="Coronation, ploughing, Visakha Bucha 2568"),
        pytest.param("2021-10-22", "2021-10-26", "22 26", id="Chulalongkorn Day 2564 on a Saturday: Monday instead"),
        pytest.param("2025-04-30", "2025-05-02", "30 01 02", id="Labour Day is no holiday of government offices"),
        pytest.param("2021-04-30", "2021-05-05", "30 03 05", id="nor is its substitution day"),
        pytest.param("2021-12-09", "2021-12-13", "09 13", id="Constitution Day"),
    ],
)
def test_offices_work_on_these_days(first, last, days):
    assert [day[-2:] for day in worked(first, last)] == days.split()


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        ("2021-11-23", 10, "2021-12-08"),  # ten working days to contest, past 5 December (a Sunday) and its Monday
        ("2025-04-11", 1, "2025-04-17"),
        ("2025-04-13", 1, "2025-04-17"),  # from the midst of the holidays
        ("2025-12-29", 3, "2026-01-06"),
        ("2025-04-30", 1, "2025-05-01"),
        ("2025-04-12", 0, "2025-04-12"),
    ],
)
def test_a_period_begins_on_the_day_after_and_ends_on_a_working_day(start, days, last):
    assert add_working_days(date.fromisoformat(start), days) == date.fromisoformat(last)


@given(start=st.dates(date(1990, 1, 1), date(2095, 1, 1)), days=st.integers(1, 60))
def test_a_period_holds_just_so_many_working_days(start, days):
    last = add_working_days(start, days)
    walked = [start + timedelta(days=n) for n in range(1, 400)]
    assert [day for day in walked if day.weekday() < 5 and day not in holidays_of(day.year)][days - 1] == last


@given(start=st.dates(date(1990, 1, 1), date(2095, 1, 1)), first=st.integers(0, 30), then=st.integers(0, 30))
def test_two_periods_one_after_the_other_are_one(start, first, then):
    assert add_working_days(add_working_days(start, first), then) == add_working_days(start, first + then)


def test_years_without_data_know_weekends_only_and_a_negative_period_is_refused():
    assert (holidays_of(2101), holidays_of(1900)) == (frozenset(), frozenset())
    assert worked("2101-04-13", "2101-04-18") == [f"2101-04-{day}" for day in (13, 14, 15, 18)]
    with pytest.raises(ValueError, match="negative"):
        add_working_days(date(2025, 1, 1), -1)


def test_a_moment_is_refused_as_its_day_depends_on_the_place():
    for moment in (datetime(2025, 4, 13, 18, tzinfo=UTC), datetime(2025, 4, 14, 9)):
        with pytest.raises(TypeError, match="localdate"):
            is_working_day(moment)


def test_threads_that_ask_at_once_get_whole_years():
    years = [*range(2000, 2030)] * 4
    holidays_of.cache_clear()
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(holidays_of, years))
    holidays_of.cache_clear()
    assert found == [holidays_of(year) for year in years]


def test_the_countries_are_loaded_only_when_a_day_is_asked_for():
    code = "import sys, govlab.workdays; print([m for m in sys.modules if m.startswith('holidays.countries')])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
