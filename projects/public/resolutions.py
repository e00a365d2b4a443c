"""What published meetings resolved: the ledger with its filter, and the whole life of one resolution."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from agencies.models import Agency
from govlab.gather import TITLE, Line, gather, line, short_name, under
from projects.exchange.lists import RESOLUTION_LIST, ResolutionLine
from projects.exchange.small_lists import resolved_lines
from projects.exchange.taking import in_pieces, take
from projects.filters import OUTCOMES, ResolutionFilter
from projects.ledger_words import saying
from projects.models import Assignment, AssignmentState, FollowUp, Meeting, Project, Resolution
from projects.models.agenda import Asked, Decided, number_key
from projects.models.assignments import NOT_DONE
from projects.public.meetings import shown_meeting

MEETINGS = 10
"""On one page of the ledger, each with all it resolved that fits the filter."""


@dataclass(frozen=True)
class Resolved:
    """A meeting and the resolutions of it that are listed."""

    meeting: Meeting
    decided: list[Decided]
    asked: list[Asked]
    """What it asked for as a whole, without a resolution."""


def asked_as_a_whole(form: Any, rows: QuerySet[Any], on: date) -> dict[str, QuerySet[Any]]:
    """Of what meetings as a whole ask, what fits the choices of the ledger, by how it stands; under "" in any state.

    In a form with a choice that does not exist, that choice counts for nothing, as with the resolutions.
    """
    chosen = form.cleaned_data
    found = rows.filter(resolution=None).filter(saying(chosen.get("q") or "", "text_th", "text_en"))
    if series := chosen.get("series"):
        found = found.filter(meeting__series__key=series)
    if agency := chosen.get("agency"):
        partners = Agency.objects.filter(key=agency).values("shared_assignments")
        found = found.filter(Q(agency__key=agency) | Q(pk__in=partners))
    if project := chosen.get("project"):
        found = found.filter(pk__in=Project.objects.filter(code=project).values("assignments"))
    return {
        "": found,
        "none": found.none(),
        "open": found.exclude(state=AssignmentState.CLOSED),
        "late": found.filter(state__in=NOT_DONE, due_on__lt=on),
        "done": found.filter(state=AssignmentState.CLOSED),
    }


def beside(resolutions: Any, asked: Any) -> dict[str, list[Line]]:
    """The agencies that resolutions concern and those asked together with others, in one query."""
    concerns: QuerySet[Any] = Resolution.concerns.through._default_manager.filter(resolution__in=resolutions)
    partners: QuerySet[Any] = Assignment.partners.through._default_manager.filter(assignment__in=asked)
    agency = {**short_name("agency__"), "demo": "agency__demo"}
    return gather(
        line(concerns, "concerns", under="resolution_id", **agency),
        line(partners, "partners", under="assignment_id", **agency),
    )


class ResolutionList(PublicDoor):
    """The public ledger."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page asked for, in eight queries; one that does not exist says so, with 404."""
        today = timezone.localdate()
        seen = Resolution.objects.visible_to(self.person)
        asked = ResolutionFilter(request.GET, queryset=seen, on=today)
        found = asked.qs
        state = asked.form.cleaned_data.get("state", "")
        counts = asked.in_any_state.order_by().aggregate(
            all=Count("pk"), **{key: Count("pk", filter=rows) for key, (_label, rows) in OUTCOMES.items()}
        )
        standing = asked_as_a_whole(asked.form, Assignment.objects.visible_to(self.person), today)
        also = standing[""].aggregate(
            all=Count("pk"),
            open=Count("pk", filter=~Q(state=AssignmentState.CLOSED)),
            late=Count("pk", filter=Q(state__in=NOT_DONE, due_on__lt=today)),
            done=Count("pk", filter=Q(state=AssignmentState.CLOSED)),
        )
        whole = standing[state]
        here = Q(pk__in=found.order_by().values("meeting")) | Q(pk__in=whole.values("meeting"))
        meetings = Meeting.objects.filter(here).select_related("series")
        meetings = meetings.order_by("-starts_on", "-pk")
        if file := take(request, RESOLUTION_LIST, lambda: self.lines(meetings, found, whole, today), asked=asked):
            return file
        paginator = Paginator(meetings, MEETINGS)
        context: dict[str, Any] = {
            "title": gettext_lazy("Resolutions"),
            "form": asked.form,
            "count": counts[state or "all"],
            "count_whole": also.get(state or "all", 0),
            "counts": [("", gettext_lazy("All"), counts["all"] + also["all"])]
            + [(key, label, counts[key] + also.get(key, 0)) for key, (label, _rows) in OUTCOMES.items()],
            "chosen": state,
            "whole": not any(request.GET.values()),
        }
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage:
            return render(request, "public/resolutions/list.html", {**context, "no_such_page": True}, status=404)
        rows = self.resolved(list(page), found, whole, today)
        return render(request, "public/resolutions/list.html", {**context, "page_obj": page, "rows": rows})

    def lines(
        self, meetings: QuerySet[Any], found: QuerySet[Any], whole: QuerySet[Any], on: date
    ) -> Iterator[ResolutionLine]:
        """Every resolution with each thing that it asks, then what the meeting asks as a whole, meeting by meeting."""
        for some in in_pieces(meetings, 50):
            for each in self.resolved(some, found, whole, on):
                yield from resolved_lines(each.meeting, each.decided, each.asked)

    def resolved(self, meetings: list[Meeting], found: QuerySet[Any], whole: QuerySet[Any], on: date) -> list[Resolved]:
        """The meetings of the page with what they resolved, in the order of the numbers, and asked as a whole."""
        resolutions = list(found.filter(meeting__in=meetings).select_related("item"))
        seen = Assignment.objects.visible_to(self.person)
        work_here = Q(resolution__in=resolutions) | Q(pk__in=whole.values("pk"), meeting__in=meetings)
        seen = seen.filter(work_here).select_related("agency", "meeting", "closed_in__series")
        asked = list(seen.order_by("position", "pk"))
        lines = beside(resolutions, asked)
        concerns, partners = under(lines["concerns"]), under(lines["partners"])
        work: dict[int, list[Asked]] = defaultdict(list)
        as_a_whole: dict[int, list[Asked]] = defaultdict(list)
        for row in asked:
            part = Asked(row, partners.get(row.pk, ()), row.days_late(on))
            (work[row.resolution_id] if row.resolution_id else as_a_whole[row.meeting_id]).append(part)
        decided: dict[int, list[Decided]] = defaultdict(list)
        for each in sorted(resolutions, key=lambda row: number_key(row.number)):
            decided[each.meeting_id].append(Decided(each, concerns.get(each.pk, ()), work[each.pk]))
        return [Resolved(meeting, decided[meeting.pk], as_a_whole[meeting.pk]) for meeting in meetings]


@dataclass(frozen=True)
class Life:
    """One assignment of a resolution: the later meetings at which it came up, and the one that closed it."""

    asked: Asked
    came_up: list[FollowUp]
    closed_in: Meeting | None


class ResolutionDetail(PublicDoor):
    """One resolution."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page, in four queries; 404 for a resolution that a visitor may not see."""
        rows = Resolution.objects.visible_to(self.person).select_related("item__presented_by", "meeting__series")
        resolution = get_object_or_404(rows, pk=pk)
        seen = Assignment.objects.visible_to(self.person).filter(resolution=resolution)
        assignments = list(seen.select_related("agency", "closed_in__series").order_by("position", "pk"))
        back = FollowUp.objects.visible_to(self.person).filter(assignment__in=assignments)
        came_up: dict[int, list[FollowUp]] = defaultdict(list)
        for row in back.select_related("meeting__series", "item").order_by("meeting__starts_on", "meeting_id"):
            came_up[row.assignment_id].append(row)
        lines = self.beside(resolution, assignments)
        partners, projects = under(lines["partners"]), under(lines["asked_projects"])
        today = timezone.localdate()
        lives = [
            Life(
                Asked(row, partners.get(row.pk, ()), row.days_late(today), projects.get(row.pk, ())),
                came_up[row.pk],
                shown_meeting(row.closed_in),
            )
            for row in assignments
        ]
        context = {
            "resolution": resolution,
            "meeting": resolution.meeting,
            "item": resolution.item,
            "beside": lines,
            "lives": lives,
            "results": any(row.state == AssignmentState.CLOSED for row in assignments),
            "demo": any(row.demo for row in (resolution, resolution.meeting, *assignments)),
        }
        return render(request, "public/resolutions/detail.html", context)

    def beside(self, resolution: Resolution, assignments: list[Assignment]) -> dict[str, list[Line]]:
        """The agencies and the projects it is about, in one query."""
        seen = Project.objects.visible_to(self.person)
        partners: QuerySet[Any] = Assignment.partners.through._default_manager.filter(assignment__in=assignments)
        projects: QuerySet[Any] = Assignment.projects.through._default_manager.filter(
            assignment__in=assignments, project__in=seen
        )
        titled = {name: f"project__{column}" for name, column in TITLE.items()}
        return gather(
            line(Agency.objects.filter(resolutions=resolution), "concerns", **short_name()),
            line(partners, "partners", under="assignment_id", demo="agency__demo", **short_name("agency__")),
            line(
                projects,
                "asked_projects",
                under="assignment_id",
                key="project__code",
                sort="project__code",
                demo="project__demo",
                **titled,
            ),
            line(seen.filter(agenda_items=resolution.item_id), "projects", key="code", sort="code", **TITLE),
        )
