"""Meetings as the public sees them: the list by years, a committee's agenda, a conference's sessions and points."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from agencies.doors import PublicDoor
from govlab.gather import Line, gather, line, short_name, under
from govlab.thai import format_time
from projects.countries import country_name
from projects.filters import MeetingFilter
from projects.models import AgendaItem, Assignment, AssignmentState, Meeting, MeetingPerson, Project, Resolution
from projects.models.agenda import agenda_tree
from projects.public.listing import Listing
from projects.public.projects import SOURCE, TITLE


class MeetingList(Listing):
    """Every public meeting."""

    filter_class = MeetingFilter
    template_name = "public/meetings/list.html"

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, newest first."""
        return Meeting.objects.visible_to(self.person).select_related("series")


class MeetingDetail(PublicDoor):
    """One meeting."""

    def beside(self, meeting: Meeting) -> dict[str, list[Line]]:
        """The short lists of a meeting, in one query."""
        concerns = Resolution.concerns.through.objects.filter(resolution__meeting=meeting)
        partners = Assignment.partners.through.objects.filter(assignment__meeting=meeting)
        agency = {**short_name("agency__"), "demo": "agency__demo"}
        projects = Project.objects.visible_to(self.person).filter(meetings=meeting)
        return gather(
            line(meeting.hosts.all(), "hosts", **short_name()),
            line(concerns, "concerns", under="resolution_id", **agency),
            line(partners, "partners", under="assignment_id", **agency),
            line(projects, "projects", key="code", sort="code", **TITLE),
            line(meeting.sessions.all(), "sessions", place="position", **TITLE),
            line(meeting.points.all(), "points", key="country", place="position", name_th="text_th", name_en="text_en"),
            line(meeting.sources.all(), "sources", **SOURCE),
        )

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; 404 for a meeting that a visitor may not see."""
        meeting = get_object_or_404(Meeting.objects.visible_to(self.person).select_related("series"), key=key)
        beside, today = self.beside(meeting), timezone.localdate()

        def parts(model: type[Any]) -> QuerySet[Any]:
            return model.objects.visible_to(self.person).filter(meeting=meeting)

        resolutions = list(parts(Resolution))
        assignments = list(parts(Assignment).select_related("agency"))
        context = {
            "meeting": meeting,
            "beside": beside,
            "begins": format_time(meeting.starts_at) if meeting.starts_at else "",
            "agenda": agenda_tree(
                parts(AgendaItem).select_related("presented_by"),
                resolutions,
                assignments,
                concerns=under(beside["concerns"]),
                partners=under(beside["partners"]),
                on=today,
            ),
            "asked": len(assignments),
            "closed": sum(row.state == AssignmentState.CLOSED for row in assignments),
            "late": sum(row.days_late(today) > 0 for row in assignments),
            "people": parts(MeetingPerson).select_related("agency"),
            "points": [(row, country_name(row.key) if row.key else "") for row in beside["points"]],
            "demo_in": any(row.demo for row in [*resolutions, *assignments]),
        }
        return render(request, "public/meetings/detail.html", context)
