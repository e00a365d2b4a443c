"""Rounds of reporting, from their opening by the worker to their close.

    (tick) ─▶ open ──edit──▶ open ──close──▶ closed          each due report of it:
                                                             with the agency ──waive──▶ waived ──unwaive──▶ as before

A round that is closed stays closed: its picture says how every project stood on that day. Who needs more time gets it
before, by another date (`edit`).
"""

from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import is_desk, require_desk
from agencies.models import User
from govlab.history import Gone, hold, keep
from govlab.thai import normalise
from projects.models import (
    REPORTING_PARTS,
    DueReport,
    DueState,
    Project,
    ProjectAgency,
    PublishState,
    Round,
    Schedule,
    Snapshot,
)
from projects.models.rounds import WITH_AGENCY
from projects.rules import notices
from projects.rules.schedules import asks, last_asked, named_dates, periods
from projects.rules.standings import standings

STEPS = {"waive": frozenset(WITH_AGENCY), "unwaive": frozenset({DueState.WAIVED})}
"""What staff may do with a due report of an open round, and in which states."""


# --- by the clock ----------------------------------------------------------------------------------------------------
def tick(now: datetime | None = None) -> None:
    """What the worker does with rounds: opens and closes those whose day has come. Asking again changes nothing."""
    open_rounds(now)


def open_rounds(now: datetime | None = None, *, by: User | None = None) -> None:
    """Makes every round whose day has come, asks each project of its cohort once, closes what has had its last day.

    Without `by` the history names nobody: the portal itself did it. Two workers at once do it once: the second waits
    for the schedule's row and then finds everything there.
    """
    if by is not None:
        require_desk(by)
    moment = now or timezone.now()
    for schedule in Schedule.objects.order_by("pk"):
        turn(schedule, by=by, now=moment)


@transaction.atomic
def turn(schedule: Schedule, *, by: User | None, now: datetime) -> None:
    """What a tick does with one schedule."""
    if by is not None:
        require_desk(by)
    try:
        held = hold(schedule)
    except Gone:
        return
    today = timezone.localdate(now)
    for known in held.rounds.open().order_by("period_end"):
        round_ = hold(known)
        if round_.closed_at:
            continue  # by somebody, while this waited for the row
        if _is_over(round_, today):
            _close(round_, by, now)
        elif round_.due_on >= today:  # who joins later is asked too, but never for what is late on the same day
            _ask(round_, by, now)
    for period in periods(held, named_dates(held), today, last_asked(held)):
        opened = keep(
            Round(schedule=held, demo=held.demo),
            "add",
            by=by,
            now=now,
            period_start=period.start,
            period_end=period.end,
            opens_on=period.opens_on,
            due_on=period.due_on,
            closes_on=period.closes_on,
        )
        _ask(opened, by, now)


def _is_over(round_: Round, today: date) -> bool:
    """Whether its last day is over, and nobody has a later date of their own."""
    if round_.closes_on is None or round_.closes_on >= today:
        return False
    return not round_.reports.all().open().filter(due_on__gte=today).exists()


def _ask(round_: Round, by: User | None, now: datetime) -> None:
    """One due report for every project of the cohort that has none yet, as the exceptions say.

    A draft is being made ready until an agency reports on it; a published project without one is for staff to see.
    """
    schedule = round_.schedule
    exceptions = {each.project_id: each for each in schedule.exceptions.all()}
    reported = Q(pk__in=ProjectAgency.objects.filter(part__in=REPORTING_PARTS).values("project"))
    projects = Project.objects.filter(cohort=schedule.cohort_id).exclude(state=PublishState.HIDDEN)
    projects = projects.filter(reported | ~Q(state=PublishState.DRAFT))
    for project in projects.exclude(due_reports__round=round_).order_by("code"):
        exception = exceptions.get(project.pk)
        if asks(exception, round_.period_end):
            due_on = round_.due_on + timedelta(days=exception.extra_days if exception else 0)
            due = DueReport(round=round_, project=project, demo=round_.demo or project.demo)
            keep(due, "add", by=by, now=now, due_on=due_on)


# --- rounds ----------------------------------------------------------------------------------------------------------
def _require_open(round_: Round) -> None:
    if round_.closed_at:
        raise ValidationError(_("This round is closed, so nothing about it changes any more."), code="moment")


def round_steps(user: User, round_: Round) -> list[str]:
    """The verbs this person may use on the round now."""
    return ["edit", "close"] if is_desk(user) and not round_.closed_at else []


@transaction.atomic
def edit(
    round_: Round,
    *,
    by: User,
    version: int | None = None,
    due_on: date,
    closes_on: date | None = None,
    now: datetime | None = None,
    verb: str = "edit",
) -> Round:
    """Staff set other dates; each of its reports moves along, but one with a later date of its own keeps that."""
    require_desk(by)
    held = hold(round_, version)
    _require_open(held)
    before = held.due_on
    held = keep(held, verb, by=by, now=now, due_on=due_on, closes_on=closes_on)
    for known in held.reports.order_by("pk"):
        due = hold(known)
        day = due_on if due.due_on == before else max(due.due_on, due_on)
        if due.due_on != day:
            keep(due, "edit", by=by, now=now, due_on=day)
    return held


@transaction.atomic
def close(round_: Round, *, by: User, version: int | None = None, now: datetime | None = None) -> Round:
    """Staff end the round for good, with a picture of every project as it stands; a second time is refused."""
    require_desk(by)
    held = hold(round_, version)
    _require_open(held)
    return _close(held, by, now or timezone.now())


def _close(held: Round, by: User | None, now: datetime) -> Round:
    reports = {due.project_id: due for due in held.reports.all().with_state().select_related("update")}
    shown = Project.objects.filter(cohort=held.schedule.cohort_id).filter(
        ~Q(state=PublishState.DRAFT) | Q(pk__in=reports)
    )
    for project, standing in standings(shown.prefetch_related("stages").order_by("code"), reports, now):
        Snapshot.objects.create(round=held, project=project, standing=standing, taken_at=now, taken_by=by)
    return keep(held, "close", by=by, now=now, closed_at=now)


# --- due reports -----------------------------------------------------------------------------------------------------
def _not_now(verb: str, state: str) -> ValidationError | None:
    if state in STEPS[verb]:
        return None
    return ValidationError(
        _("This report is %(state)s, so this can no longer be done. Open the round again to see where it stands.")
        % {"state": DueState(state).label},
        code="moment",
    )


def open_steps(user: User, due: DueReport, *, desk: bool | None = None) -> list[str]:
    """The verbs this person may use on a due report with its state (`with_state`) and its round.

    A list that knows already whether the person is staff (`desk`) says so.
    """
    if not (is_desk(user) if desk is None else desk) or due.round.closed_at:
        return []
    return [verb for verb in STEPS if _not_now(verb, due.state) is None]


def _held(verb: str, due: DueReport, by: User, version: int | None) -> DueReport:
    """The due report, locked, once it is sure that this person may use the verb on it now."""
    require_desk(by)
    _require_open(hold(due.round))  # the round first: a close at the same moment waits, or is seen here
    held = hold(due, version)
    now = DueReport.objects.with_state().values_list("state", flat=True).get(pk=held.pk)
    if refused := _not_now(verb, now):
        raise refused
    return held


@transaction.atomic
def waive(
    due: DueReport, *, by: User, reason: str, version: int | None = None, now: datetime | None = None
) -> DueReport:
    """Staff ask the project for nothing in this round, and say why; what was begun stays a draft of the agency."""
    held = _held("waive", due, by, version)
    if not normalise(reason).strip():
        raise ValidationError({"reason": _("Say why nothing needs to be sent; the agency reads it.")})
    moment = now or timezone.now()
    held = keep(held, "waive", by=by, now=now, waived_at=moment, waived_reason=reason.strip())
    notices.tell("report_waived", held, by=by, now=now)
    return held


@transaction.atomic
def unwaive(due: DueReport, *, by: User, version: int | None = None, now: datetime | None = None) -> DueReport:
    """Staff ask for the report after all."""
    held = _held("unwaive", due, by, version)
    held = keep(held, "unwaive", by=by, now=now, waived_at=None, waived_reason="")
    notices.asked_again(held, by=by, now=now)
    return held
