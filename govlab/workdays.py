"""Working days of government offices in Thailand, for periods that a rule counts in them."""

from datetime import date, datetime, timedelta
from functools import lru_cache

from holidays import GOVERNMENT, PUBLIC, country_holidays  # countries are loaded when one is first asked for

DAY = timedelta(days=1)
FRIDAY = 4
LABOUR_DAY = "วันแรงงานแห่งชาติ"
"""The package's name of 1 May, a holiday of banks and companies; its substitution day has the name in its own."""


@lru_cache(maxsize=64)
def holidays_of(year: int) -> frozenset[date]:
    """The official holidays of government offices in the whole country in this year of the Common Era.

    The package calls itself complete from 1997 to 2025. For later years it computes what follows from a rule: fixed
    days, lunar ones (Makha, Visakha and Asarnha Bucha, Buddhist Lent) and the substitution of a day that falls on a
    weekend. What is announced year by year is in it only once a version of the package knows it: extra and moved
    holidays of the Cabinet and the Royal Ploughing Ceremony; the version pinned here (0.109) has them up to 2026. Until
    then a period may end a day or two too early, so keep the day that people were told, and update the package each
    winter. Before 1914 and after 2100 it knows no holiday at all: only weekends count. Holidays of single provinces and
    ministries are none here.
    """
    # A fresh calendar each time: the package fills one in while it is read, which threads must not share.
    known = country_holidays("TH", years=year, categories=(PUBLIC, GOVERNMENT), language="th", expand=False)
    return frozenset(day for day in known if any(LABOUR_DAY not in name for name in known.get_list(day)))


def is_working_day(day: date) -> bool:
    """Whether government offices work on this day of Thailand; raises TypeError for a moment, which is no day yet."""
    if isinstance(day, datetime):
        raise TypeError("A moment lies on different days in different places: pass localdate(moment).")
    return day.weekday() <= FRIDAY and day not in holidays_of(day.year)


def add_working_days(start: date, days: int) -> date:
    """The last day of a period of so many working days that begins on the day after `start`; `start` itself for 0.

    Raises ValueError for a negative number. How far the holidays are known: see `holidays_of`.
    """
    if days < 0:
        raise ValueError("A period has no negative length.")
    day = start
    while days:
        day += DAY
        days -= is_working_day(day)
    return day
