"""What is asked of a person's agencies, as one list: the most urgent first, each thing with its one next step."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agencies.access import agencies_of, led_by
from govlab.typed import kept_for
from projects.forms.prefill import headline_of
from projects.models import (
    Assignment,
    AssignmentState,
    DueReport,
    DueState,
    Indicator,
    ProgressUpdate,
    Project,
    PublishState,
    Reading,
    Stage,
    StageState,
    UpdateState,
)
from projects.rules.assignments import STEPS
from projects.workspace.urgency import Kind, Row, urgency


def asked_of(person: Any, today: date, updates: Iterable[ProgressUpdate], asked: Iterable[Assignment]) -> list[Row]:
    """Everything in which the person's agencies have the next step, in the order of its urgency on this day.

    `updates` and `asked` are what `in_hand` and `assigned` gave.
    """
    mine = set(led_by(person).values_list("pk", flat=True))
    own = [row for update in updates if (row := row_of_update(update, mine))]
    due = list(due_reports(person))
    # The numbers of a project go into what is being written about it, else into the report that is due.
    forms = {each.project_id: reverse("workspace:due-report", args=[each.pk]) for each in due}
    forms |= {row.where.pk: row.step for row in own if row.kind in (Kind.RETURNED, Kind.DRAFT)}
    rows = [
        *own,
        *map(row_of_due, due),
        *(row_of_assignment(each) for each in asked if each.state == AssignmentState.OPEN),
        *rows_of_indicators(unread(person, today), forms),
    ]
    rows = with_typed(rows, person)
    placed = sorted(rows, key=lambda row: urgency(row, today))
    return [on_day(row, today) for row in placed]


def on_day(row: Row, today: date) -> Row:
    """The row, with how late it is on this day or how many days are left."""
    left = (row.due_on - today).days if row.due_on else None
    return replace(row, days_late=max(-left, 0) if left else 0, days_left=left)


# --- reports ---------------------------------------------------------------------------------------------------------
def in_hand(person: Any) -> QuerySet[ProgressUpdate]:
    """The updates of the person's agencies that are not approved yet, the oldest first."""
    mine = ProgressUpdate.objects.filter(agency__in=agencies_of(person)).exclude(state=UpdateState.APPROVED)
    return mine.select_related("project", "agency", "due__round").order_by("updated_at", "pk")


def row_of_update(update: ProgressUpdate, led: set[int]) -> Row | None:
    """A draft, a returned update, or one that waits for this lead; None when others have the next step."""
    page, edit = (reverse(f"workspace:update-{verb}", args=[update.pk]) for verb in ("detail", "edit"))
    # A lead's word inside the agency asks for a correction as OPDC's does.
    why = update.lead_reason or (update.return_reason if update.state == UpdateState.RETURNED else "")
    kinds: dict[str, tuple[Kind, str, datetime | None]] = {
        UpdateState.RETURNED: (Kind.RETURNED, edit, update.reviewed_at),
        UpdateState.DRAFT: (Kind.RETURNED if why else Kind.DRAFT, edit, update.updated_at),
    }
    if update.agency_id in led:
        kinds[UpdateState.WITH_LEAD] = (Kind.WITH_LEAD, page, update.waiting_since)
    if update.state not in kinds:
        return None
    kind, step, since = kinds[update.state]
    return Row(
        kind=kind,
        what=update,
        where=update.project,
        page=page,
        step=step,
        state=update.get_state_display(),
        due_on=due_date(update),
        since=since,
        why=why,
        demo=update.demo,
    )


def due_date(update: ProgressUpdate) -> date | None:
    """When the report that this update answers is due; None when nothing is due any more."""
    due: DueReport | None = getattr(update, "due", None)
    if due is None or due.waived_at or due.round.closed_at or update.project.state == PublishState.HIDDEN:
        return None
    return due.due_on


def due_reports(person: Any) -> QuerySet[DueReport]:
    """The reports that are asked of the person's projects and that nobody has begun."""
    own = DueReport.objects.filter(project__in=Project.objects.reported_by(person), update=None)
    return own.open().urgent().select_related("project", "round")


def row_of_due(due: DueReport) -> Row:
    """A report that nobody has begun."""
    return Row(
        kind=Kind.DUE,
        what=headline_of(due),
        where=due.project,
        page=reverse("workspace:project-detail", args=[due.project.code]),
        step=reverse("workspace:due-report", args=[due.pk]),
        state=DueState.DUE.label,
        due_on=due.due_on,
        demo=due.demo,
    )


# --- assignments -----------------------------------------------------------------------------------------------------
def with_last_step(asked: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Each with the last verb that brought it into its state as `last_step`, and when that was as `last_step_at`."""
    steps = Assignment.history.filter(id=OuterRef("pk"), history_change_reason__in=["give", *STEPS])
    steps = steps.order_by("-history_date", "-history_id")
    return asked.annotate(
        last_step=Subquery(steps.values("history_change_reason")[:1]),
        last_step_at=Subquery(steps.values("history_date")[:1]),
    )


def was_accepted(assignment: Any) -> bool:
    """Whether OPDC accepted a part and the work goes on; known only of one that comes from `with_last_step`."""
    return assignment.state == AssignmentState.OPEN and getattr(assignment, "last_step", "") == "accept"


def was_sent_back(assignment: Any) -> bool:
    """Whether OPDC asks again for an answer; known only of one that comes from `with_last_step`."""
    return assignment.state == AssignmentState.OPEN and getattr(assignment, "last_step", "") == "send_back"


def assigned(person: Any) -> QuerySet[Assignment]:
    """What meetings ask of the person's agencies and staff have not closed."""
    asked = with_last_step(Assignment.objects.asked_of(person).unfinished())
    return asked.select_related("meeting__series", "agency").order_by("due_on", "pk")


def row_of_assignment(assignment: Any) -> Row:
    """An assignment in which the agency has the next step; with the word of the staff, where they said one."""
    page = reverse("workspace:assignment-detail", args=[assignment.pk])
    again = was_sent_back(assignment)
    return Row(
        kind=Kind.SENT_BACK if again else Kind.ASSIGNMENT,
        what=assignment,
        where=assignment.meeting,
        page=page,
        step=page,
        state=_("Sent back") if again else assignment.get_state_display(),
        due_on=assignment.due_on,
        since=assignment.last_step_at if again else None,
        why=assignment.word,
        demo=assignment.demo,
    )


# --- indicators ------------------------------------------------------------------------------------------------------
def unread(person: Any, today: date) -> QuerySet[Indicator]:
    """Indicators of the person's projects under way without a reading since the last round began.

    A project is under way when one of its stages is in progress or a round that is open asks for it. A reading of any
    update that the person sees counts, also one that says why there is no number.
    """
    rounds = DueReport.objects.filter(project=OuterRef("project"), waived_at=None, round__opens_on__lte=today)
    last = Subquery(rounds.order_by("-round__period_end").values("round__period_start")[:1])
    readings = Reading.objects.visible_to(person).filter(indicator=OuterRef("pk"))
    since = Q(update__happened_on=None) | Q(update__happened_on__gte=OuterRef("asked_from"))
    known = Exists(readings.filter(since)) | (Q(asked_from=None) & Exists(readings))
    working = Stage.objects.filter(project=OuterRef("project"), state=StageState.IN_PROGRESS)
    projects = Project.objects.reported_by(person).exclude(state=PublishState.HIDDEN)
    return (
        Indicator.objects.filter(project__in=projects)
        .annotate(asked_from=last)
        .filter(Exists(working) | Exists(rounds.filter(round__closed_at=None)))
        .exclude(known)
        .select_related("project")
        .order_by("project__code", "pk")
    )


def rows_of_indicators(indicators: Iterable[Indicator], forms: dict[int, str]) -> list[Row]:
    """One row for each project, naming its indicators; `forms` says where the project's numbers are typed now."""
    by_project: dict[Project, list[Indicator]] = defaultdict(list)
    for indicator in indicators:
        by_project[indicator.project].append(indicator)
    return [
        Row(
            kind=Kind.INDICATOR,
            what=ngettext("%(n)d indicator without a number", "%(n)d indicators without a number", len(found))
            % {"n": len(found)},
            where=project,
            page=reverse("workspace:project-detail", args=[project.code]),
            step=forms.get(project.pk, reverse("workspace:update-add", args=[project.code])) + "#readings",
            state=_("No number yet"),
            why=", ".join(map(str, found)),
            demo=project.demo or any(each.demo for each in found),
        )
        for project, found in by_project.items()
    ]


# --- what the person typed and did not save --------------------------------------------------------------------------
FORMS = re.compile(
    r"/workspace/(?:projects/([\w-]+)/updates/add|due/(\d{1,18})/report|updates/(\d{1,18})/edit"
    r"|assignments/(\d{1,18})|assignments/(\d{1,18})/more-time|assignments/(\d{1,18})/contest)/",
    re.ASCII,
)
"""The address of a form that writes a report or answers an assignment; in it the project's code or the number."""


def with_typed(rows: list[Row], person: Any) -> list[Row]:
    """The rows, each saying when the person typed into its form last; what has no row of its own comes as one.

    That is a new report that was only typed, and a text whose form has closed: a colleague was quicker, or the round
    ended. Its address shows the text, and why.
    """
    typed = {row.path: row for row in kept_for(person)}
    if not typed:
        return rows
    known = [replace(row, typed_at=typed[path].saved_at) if (path := form_of(row)) in typed else row for row in rows]
    left = {path: match for path in typed.keys() - {form_of(row) for row in rows} if (match := FORMS.fullmatch(path))}
    for path, (where, name, address) in _named(left, person).items():
        kept = typed[path]
        title = next((text for text in kept.answers.get("title", []) if text.strip()), "")
        known.append(
            Row(
                kind=Kind.TYPED,
                what=title or name,
                where=where,
                page=address,
                step=address,
                state=_("Typed, not saved yet"),
                since=kept.saved_at,
                demo=where.demo,
            )
        )
    return known


def _named(left: dict[str, re.Match[str]], person: Any) -> dict[str, tuple[Any, Any, str]]:
    """By the kept address of a form, in a steady order: the project or meeting it is about, its name, its address."""
    reported = Project.objects.reported_by(person)
    asked = Assignment.objects.asked_of(person).select_related("meeting__series")
    kinds: tuple[tuple[str, str, QuerySet[Any]], ...] = (
        ("workspace:update-add", "code", reported.exclude(state=PublishState.HIDDEN)),
        (
            "workspace:due-report",
            "pk",
            DueReport.objects.filter(project__in=reported).select_related("project", "round"),
        ),
        (
            "workspace:update-edit",
            "pk",
            ProgressUpdate.objects.filter(agency__in=agencies_of(person)).select_related("project"),
        ),
        ("workspace:assignment-detail", "pk", asked),
        ("workspace:assignment-more-time", "pk", asked),
        ("workspace:assignment-contest", "pk", asked),
    )
    found = {}
    for place, (form, column, rows) in enumerate(kinds, 1):
        paths = {match[place]: path for path, match in left.items() if match[place]}
        for row in rows.filter(**{f"{column}__in": paths}) if paths else ():
            key = getattr(row, column)
            where = row if isinstance(row, Project) else row.meeting if isinstance(row, Assignment) else row.project
            found[paths[str(key)]] = (where, _name_of(row), reverse(form, args=[key]))
    return dict(sorted(found.items(), key=lambda item: (getattr(item[1][0], "code", ""), item[0])))


def _name_of(row: Any) -> Any:
    if isinstance(row, DueReport):
        return headline_of(row)
    return row if isinstance(row, Assignment) else _("Update without a headline")


def form_of(row: Row) -> str:
    """The address of a row's form as typed texts are kept by: without language, query and place."""
    return urlsplit(row.step).path.removeprefix("/en")
