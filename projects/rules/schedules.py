"""What a cohort is asked to report: staff set the rhythm; which periods follow from it is plain arithmetic of dates."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import dropwhile, islice, takewhile
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from govlab.thai import format_date
from projects.models import Asked, Cohort, Rhythm, Schedule, ScheduleException

MONTHS = {Rhythm.MONTHLY: 1, Rhythm.QUARTERLY: 3}
"""How many calendar months a period of this rhythm has."""
MOST_LATE = 4
"""How many rounds that fell due already a schedule may open at once: more is a slip in the first day."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """What one round asks about, and its days."""

    start: date
    end: date
    opens_on: date
    due_on: date
    closes_on: date | None


def every_period(schedule: Schedule, dates: Iterable[date], after: date | None = None) -> Iterator[Period]:
    """All periods of the schedule in their order, perhaps without end; `dates` are its named ones.

    Months and quarters are those of the calendar that lie wholly within the schedule; a named date's period begins the
    day after the date before. `after` is the last day that was asked about already: nothing up to it comes again.
    """
    for start, end in _spans(schedule, dates):
        if schedule.ends_on and end > schedule.ends_on:
            return
        if after is None or end > after:
            closes = None if schedule.closes_after is None else end + timedelta(days=schedule.closes_after)
            yield Period(
                start=start if after is None else max(start, after + DAY),
                end=end,
                opens_on=end + timedelta(days=schedule.opens_after),
                due_on=end + timedelta(days=schedule.due_after),
                closes_on=closes,
            )


def _spans(schedule: Schedule, dates: Iterable[date]) -> Iterator[tuple[date, date]]:
    start = schedule.starts_on
    if schedule.rhythm == Rhythm.NAMED:
        for end in sorted(day for day in dates if day >= start):
            yield start, end
            start = end + DAY
        return
    step = MONTHS[Rhythm(schedule.rhythm)]
    months = 12 * start.year + start.month - 1 + (start.day > 1)  # the first whole month
    months += -months % step
    while True:
        yield _first(months), _first(months + step) - DAY
        months += step


def _first(months: int) -> date:
    """The first day of a month that is counted from the year 0."""
    return date(months // 12, months % 12 + 1, 1)


def periods(schedule: Schedule, dates: Iterable[date], today: date, after: date | None = None) -> list[Period]:
    """Those whose reporting has opened by today."""
    return list(takewhile(lambda period: period.opens_on <= today, every_period(schedule, dates, after)))


def upcoming(
    schedule: Schedule, dates: Iterable[date], today: date, after: date | None = None, count: int = 3
) -> list[Period]:
    """The next ones that open after today."""
    return list(islice(dropwhile(lambda period: period.opens_on <= today, every_period(schedule, dates, after)), count))


def last_asked(schedule: Schedule) -> date | None:
    """The last day that a round of the schedule asked about."""
    return schedule.rounds.order_by("-period_end").values_list("period_end", flat=True).first()


def named_dates(schedule: Schedule) -> list[date]:
    """Its named dates; none while it is not saved."""
    return list(schedule.dates.values_list("ends_on", flat=True)) if schedule.pk else []


def asks(exception: ScheduleException | None, end: date) -> bool:
    """Whether a project with this exception is asked in the round of the period that ends on this day."""
    if exception is None or exception.asked == Asked.ALWAYS:
        return True
    following = end + DAY
    return exception.asked == Asked.QUARTER_ENDS and following.day == 1 and following.month in (1, 4, 7, 10)


@transaction.atomic
def add(*, by: User, cohort: Cohort, now: datetime | None = None, **answers: Any) -> Schedule:
    """Staff give a cohort its schedule; its rounds open with the next `rounds.tick`."""
    require_desk(by)
    return _checked(keep(Schedule(cohort=cohort), "add", by=by, **answers), now)


@transaction.atomic
def edit(
    schedule: Schedule, *, by: User, version: int, now: datetime | None = None, verb: str = "edit", **answers: Any
) -> Schedule:
    """Staff change the schedule: for the rounds that have not opened; those that have keep their dates."""
    require_desk(by)
    return _checked(keep(hold(schedule, version), verb, by=by, **answers), now)


def _checked(schedule: Schedule, now: datetime | None) -> Schedule:
    """The schedule; ValidationError when it would ask at once for more reports that are late than anybody meant."""
    today = timezone.localdate(now)
    opened = periods(schedule, named_dates(schedule), today, last_asked(schedule))
    late = [period for period in opened if period.due_on < today]
    if len(late) > MOST_LATE:
        raise ValidationError(
            {
                "starts_on": _(
                    "With this day %(count)d rounds that were due already would open at once. "
                    "Choose %(day)s or a later day."
                )
                % {"count": len(late), "day": format_date(late[-MOST_LATE].start)}
            }
        )
    return schedule
