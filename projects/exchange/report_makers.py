"""Makes the reports of a round, a cohort and an agency, in as many queries for one project as for a thousand."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency
from govlab.thai import pick
from projects.exchange.reports import (
    ANSWERED,
    NOTHING,
    Before,
    Kept,
    Line,
    Measure,
    Report,
    Task,
    answered,
    changes,
    counts,
    overdue,
    pick_kept,
    stage_of,
    states_of,
)
from projects.filters import STAGES
from projects.models import (
    REPORTING_PARTS,
    Assignment,
    Cohort,
    DueReport,
    Indicator,
    ProgressUpdate,
    Project,
    ProjectAgency,
    PublishState,
    Round,
    Snapshot,
    Stage,
)
from projects.models.stages import standing
from projects.rules.standings import standings


def of_round(round_: Round, person: Any, now: datetime) -> Report:
    """How a round stands: as it was kept when it closed, else as it is now; compared with the round before."""
    day = timezone.localdate(round_.closed_at or now)
    earlier = round_.schedule.rounds.exclude(closed_at=None).filter(period_end__lt=round_.period_end)
    last = earlier.select_related("schedule__cohort").order_by("-period_end").first()
    before = Before(str(last), _snapshots(last.snapshots.all())) if last else NOTHING
    if round_.closed_at:
        kept = {pk: standing for pk, (_day, standing) in _snapshots(round_.snapshots.all()).items()}
    else:
        reports = _due(round_.reports.all())
        # The same projects as are kept when it closes.
        cohort = Project.objects.visible_to(person).filter(cohort=round_.schedule.cohort_id)
        kept = _now(cohort.filter(~Q(state=PublishState.DRAFT) | Q(pk__in=reports)), reports, now)
    return _report("round", str(round_), kept, before, on=day)


def of_cohort(cohort: Cohort, person: Any, now: datetime) -> Report:
    """How the projects of a cohort stand now, with its last round, compared with the last one closed before that."""
    projects = Project.objects.visible_to(person).filter(cohort=cohort)
    rounds = list(Round.objects.filter(schedule__cohort=cohort).select_related("schedule__cohort")[:24])
    last = rounds[0] if rounds else None
    closed = next((each for each in rounds[1:] if each.closed_at), None)
    before = Before(str(closed), _snapshots(closed.snapshots.all())) if closed else NOTHING
    reports = _due(last.reports.all()) if last else {}
    kept = _now(projects.exclude(state=PublishState.HIDDEN), reports, now)
    return _report("cohort", str(cohort), kept, before, on=timezone.localdate(now))


def of_agency(agency: Agency, person: Any, now: datetime) -> Report:
    """How the projects in which an agency has a part stand now, and what meetings asked of it."""
    day = timezone.localdate(now)
    part = ProjectAgency.objects.filter(agency=agency)
    projects = Project.objects.visible_to(person).filter(pk__in=part.values("project"))
    projects = projects.exclude(state=PublishState.HIDDEN)
    latest = (
        DueReport.objects.filter(project=OuterRef("project")).order_by("-round__period_end", "-pk").values("pk")[:1]
    )
    reports = _due(DueReport.objects.filter(project__in=projects, pk=Subquery(latest.values("pk")[:1])))
    kept_last = Snapshot.objects.filter(project__in=projects).order_by("round__period_end", "pk")
    asked_in = {pk: due.round_id for pk, due in reports.items()}
    # Of each project the last standing that is not of the very round it is asked in.
    earlier = [row for row in kept_last if asked_in.get(row.project_id) != row.round_id]
    found = {row.project_id: (timezone.localdate(row.taken_at), row.standing) for row in earlier}
    before = Before(_("the last closed round"), found) if found else NOTHING
    kept = _now(projects, reports, now)
    return _report("agency", pick(agency, "name"), kept, before, on=day, tasks=_tasks(agency, person, day))


MAKERS: dict[str, Callable[[Any, Any, datetime], Report]] = {
    "round": of_round,
    "cohort": of_cohort,
    "agency": of_agency,
}
"""Who makes which kind of report."""


def _due(rows: Any) -> dict[int, DueReport]:
    return {due.project_id: due for due in rows.with_state().select_related("update")}


def _now(projects: QuerySet[Any], reports: Mapping[int, DueReport], now: datetime) -> dict[int, Kept]:
    rows = projects.prefetch_related("stages").order_by("code")
    return {project.pk: kept for project, kept in standings(rows, reports, now)}


def _snapshots(rows: QuerySet[Any]) -> dict[int, tuple[date, Kept]]:
    found = rows.order_by("project__code").values_list("project", "taken_at", "standing")
    return {pk: (timezone.localdate(taken), kept) for pk, taken, kept in found}


def _report(
    kind: str, title: str, kept: Mapping[int, Kept], before: Before, *, on: date, tasks: tuple[Task, ...] = ()
) -> Report:
    then = [earlier for _day, earlier in before.kept.values()] if before.kept else None
    return Report(
        kind=kind,
        title=title,
        on=on,
        since=before.name if before.kept else "",
        lines=tuple(_lines(kept, on)),
        stages=counts((*STAGES[1:], STAGES[0]), map(stage_of, kept.values()), map(stage_of, then) if then else None),
        answered=counts(ANSWERED.items(), map(_answer, kept.values()), map(_answer, then) if then else None),
        measures=tuple(_measures(kept, before)),
        tasks=tasks,
        **changes(kept, before, on),
    )


def _answer(kept: Kept) -> str:
    return answered(kept["due"])


def _lines(kept: Mapping[int, Kept], on: date) -> Iterable[Line]:
    reporting: dict[int, list[str]] = defaultdict(list)
    parts = ProjectAgency.objects.filter(project__in=kept, part__in=REPORTING_PARTS).select_related("agency")
    for part in parts:
        reporting[part.project_id].append(str(part.agency))
    invented = Q(demo=True) | Q(Exists(Stage.objects.filter(project=OuterRef("pk"), demo=True)))
    invented |= Q(Exists(ProgressUpdate.objects.filter(project=OuterRef("pk"), demo=True)))
    demo = set(Project.objects.filter(invented, pk__in=kept).values_list("pk", flat=True))
    for pk, each in kept.items():
        update = each["update"] or {"title": "", "happened_on": None}
        yield Line(
            code=each["code"],
            title=pick_kept(each, "title"),
            agencies=", ".join(reporting[pk]),
            states=states_of(each),
            standing=standing([*states_of(each)]),
            days_late=overdue(each, on),
            update=update["title"],
            happened_on=date.fromisoformat(update["happened_on"]) if update["happened_on"] else None,
            answered=answered(each["due"]),
            demo=pk in demo,
            state=each["state"],
        )


def _read(kept: Kept) -> dict[int, dict[str, Any]]:
    return {each["indicator"]: each for each in kept["readings"]}


def _number(reading: Mapping[str, Any] | None) -> Decimal | None:
    return Decimal(reading["value"]) if reading and reading["value"] is not None else None


def _measures(kept: Mapping[int, Kept], before: Before) -> Iterable[Measure]:
    """The indicators of the projects as they are worded today, with the numbers of then and now."""
    now = {pk: _read(each) for pk, each in kept.items()}
    for indicator in Indicator.objects.filter(project__in=kept).order_by("project__code", "pk"):
        pk = indicator.project_id
        reading = now[pk].get(indicator.pk)
        then = _read(before.kept[pk][1]).get(indicator.pk) if pk in before.kept else None
        day = reading["happened_on"] if reading else None
        yield Measure(
            code=kept[pk]["code"],
            name=pick(indicator, "name"),
            unit=pick(indicator, "unit"),
            baseline=indicator.baseline,
            before=_number(then),
            now=_number(reading),
            on=date.fromisoformat(day) if day else None,
            target=indicator.target,
        )


def _tasks(agency: Agency, person: Any, on: date) -> tuple[Task, ...]:
    """What meetings asked of it, alone or with others; what is closed comes last."""
    own = Q(agency=agency) | Q(pk__in=agency.shared_assignments.values("pk"))
    rows = Assignment.objects.visible_to(person).given().filter(own).select_related("meeting__series")
    found = [
        Task(pick(row, "text"), str(row.meeting), row.due_on, str(row.get_state_display()), row.days_late(on))
        for row in rows.order_by("due_on", "pk")
    ]
    return tuple(sorted(found, key=lambda task: -task.days_late))
