"""Letters that the clock writes: what is due soon or overdue, what waits too long for review; each once.

Every letter has a key with the day it is for, so that whoever asks again, or asks late, writes none twice. The worker
asks all day long, but nobody is reminded before six in the morning.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from agencies.access import desk_leads
from agencies.models import Membership, User
from govlab import letters
from govlab.models import Letter
from projects.models import REPORTING_PARTS, Assignment, AssignmentState, DueReport, ProgressUpdate, PublishState
from projects.rules import notices

EARLIEST = 6
"""The hour from which reminders are written, an hour before the daily letters go out."""
SOON = 7
"""How many days before it is due: once, as a second one would be too close to the first day after."""
TWICE, THEN_EVERY = (1, 7), 30
"""On which days after it was due; from the last of them on, every so many days."""
TOO_CLOSE = timedelta(days=5)
"""Two reminders about one thing keep this distance, whatever they say and also when the worker stood still for a while.

So do a reminder and the letter before it that asked for the thing (`rules.notices` gives that one a key of `about`).
"""


def day_soon(left: int) -> int | None:
    """Which reminder a thing that is due in `left` days calls for: the one for 7 days before, else None."""
    return SOON if 0 <= left <= SOON else None


def day_late(late: int) -> int | None:
    """Which reminder a thing calls for that was due `late` days ago: 1, 7, 37, 67 ... days, the last that has come."""
    last = TWICE[-1]
    if late >= last:
        return last + (late - last) // THEN_EVERY * THEN_EVERY
    return next((day for day in reversed(TWICE) if late >= day), None)


def day_waiting(over: int) -> int | None:
    """The same for what waits `over` days too long: 0, then 7, 14, 28 ... days after the one before."""
    if over < 0:
        return None
    day, pause = 0, 7
    while day + pause <= over:
        day, pause = day + pause, pause * 2
    return day


@dataclass(frozen=True)
class Reminder:
    """One letter that one person should have had by today."""

    kind: str
    about: str
    """How the key of every letter about the thing begins that must not come close to another."""
    thing: Any
    day: int
    cycle: str
    person: User

    @property
    def key(self) -> str:
        """What it is written once for, without the person; another due date begins a cycle of its own."""
        return f"{self.about}:{self.kind}:{self.cycle}:{self.day}"


def remind(now: datetime | None = None) -> int:
    """Writes every reminder that is due and not written yet; how many."""
    now = now or timezone.now()
    local = timezone.localtime(now)
    if local.hour < EARLIEST:
        return 0
    wanted = [*_reports(local.date()), *_assignments(local.date()), *_waiting(now)]
    return sum(_write(reminder, now) for reminder in _unwritten(wanted))


def _unwritten(wanted: list[Reminder]) -> Iterator[Reminder]:
    """Those without a letter, found with few queries: on most rounds there is none."""
    for start in range(0, len(wanted), 500):
        keys = {f"{each.key}:{each.person.pk}": each for each in wanted[start : start + 500]}
        known = set(Letter.objects.filter(key__in=keys).values_list("key", flat=True))
        yield from (reminder for key, reminder in keys.items() if key not in known)


@transaction.atomic
def _write(reminder: Reminder, now: datetime) -> int:
    recent = Letter.objects.filter(user=reminder.person, created_at__gt=now - TOO_CLOSE, created_at__lte=now)
    if recent.filter(key__startswith=f"{reminder.about}:").exists():
        return 0
    context = {"thing": reminder.thing, "day": reminder.day, "today": timezone.localdate(now)}
    return len(letters.write(reminder.kind, [reminder.person], key=reminder.key, asked=True, now=now, **context))


# --- what agencies are asked ------------------------------------------------------------------------------------------
def _reports(today: date) -> Iterator[Reminder]:
    """Due reports of open rounds in the agency's hands; whoever reports on the project is reminded.

    Once an agency has begun one it is that agency's own: the others can do nothing about it, nor know how far it is.
    """
    rows = DueReport.objects.open().filter(due_on__lte=today + timedelta(days=SOON))
    rows = rows.select_related("project", "round__schedule__cohort", "update").prefetch_related("project__parts")
    of = {row: _answering(row) for row in rows}
    return _by_due_date(("report_due_soon", "report_overdue"), notices.about_report, of, today)


def _answering(due: DueReport) -> list[int]:
    """The agency that has begun the report; while none has, all that report on the project."""
    if due.update:
        return [due.update.agency_id]
    return [part.agency_id for part in due.project.parts.all() if part.part in REPORTING_PARTS]


def _assignments(today: date) -> Iterator[Reminder]:
    """Assignments that nobody has answered; whoever is asked is reminded."""
    rows = Assignment.objects.given().filter(state=AssignmentState.OPEN, due_on__lte=today + timedelta(days=SOON))
    rows = rows.select_related("meeting__series", "agency").prefetch_related("partners")
    of = {row: [row.agency_id, *(partner.pk for partner in row.partners.all())] for row in rows}
    return _by_due_date(("assignment_due_soon", "assignment_overdue"), notices.about_assignment, of, today)


def _by_due_date(
    kinds: tuple[str, str], about: Callable[[Any], str], of: dict[Any, list[int]], today: date
) -> Iterator[Reminder]:
    """For each thing with its agencies: before its day the first kind, after it the second."""
    people = _people_of({agency for agencies in of.values() for agency in agencies})
    days: tuple[Callable[[int], int | None], ...] = (day_soon, day_late)
    for thing, agencies in of.items():
        late = (today - thing.due_on).days
        kind, day = (kinds[1], days[1](late)) if late > 0 else (kinds[0], days[0](-late))
        if day is not None:
            those = {person.pk: person for agency in agencies for person in people[agency]}
            cycle = f"{thing.due_on}"
            yield from (Reminder(kind, about(thing), thing, day, cycle, person) for person in those.values())


def _people_of(agencies: Iterable[int]) -> dict[int, list[User]]:
    """Who works for each agency and may sign in."""
    found: dict[int, list[User]] = defaultdict(list)
    rows = Membership.objects.filter(agency__in=agencies, user__is_active=True).select_related("user").order_by("pk")
    for row in rows:
        found[row.agency_id].append(row.user)
    return found


# --- what staff are asked --------------------------------------------------------------------------------------------
def _waiting(now: datetime) -> Iterator[Reminder]:
    """What has waited for staff longer than the set days, so that it is red; the desk's lead is told.

    Updates wait for review; answers, objections and wishes for more time for a decision.
    """
    since = now - timedelta(days=settings.REVIEW_DAYS)
    updates = ProgressUpdate.objects.waiting().filter(waiting_since__lte=since)
    updates = updates.exclude(project__state=PublishState.HIDDEN).select_related("project", "agency")
    asked: Any = Assignment.objects.waiting().filter(waiting_since__lte=since)
    asked = asked.select_related("meeting__series", "agency")
    people = list(desk_leads().order_by("pk"))
    for kind, name, row in [
        *(("review_waiting", "review", row) for row in updates),
        *(("decision_waiting", "decision", row) for row in asked),
    ]:
        began = row.waiting_since or now
        waited = (timezone.localdate(now) - timezone.localdate(began)).days
        day = day_waiting(waited - settings.REVIEW_DAYS - 1)
        if day is not None:
            about, cycle = f"{name}:{row.pk}", f"{began:%Y%m%d%H%M%S}"
            yield from (Reminder(kind, about, row, day, cycle, person) for person in people)
