"""Meetings as the public sees them: the list by years, a committee's agenda, a conference's sessions and points."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from govlab.gather import TITLE, line
from govlab.thai import format_time
from projects.countries import country_name
from projects.filters import MeetingFilter
from projects.models import Meeting, MeetingPerson
from projects.models.agenda import agenda_of, beside
from projects.public.listing import Listing


class MeetingList(Listing):
    """Every public meeting."""

    filter_class = MeetingFilter
    template_name = "public/meetings/list.html"
    title = gettext_lazy("Meetings")

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, newest first."""
        return Meeting.objects.visible_to(self.person).select_related("series")


class MeetingDetail(PublicDoor):
    """One meeting."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; 404 for a meeting that a visitor may not see."""
        meeting = get_object_or_404(Meeting.objects.visible_to(self.person).select_related("series"), key=key)
        points = meeting.points.all()
        lines = beside(
            meeting,
            self.person,
            line(meeting.sessions.all(), "sessions", place="position", **TITLE),
            line(points, "points", key="country", place="position", name_th="text_th", name_en="text_en"),
        )
        context = {
            "meeting": meeting,
            "beside": lines,
            "begins": format_time(meeting.starts_at) if meeting.starts_at else "",
            "agenda": agenda_of(meeting, self.person, lines, on=timezone.localdate()),
            "people": MeetingPerson.objects.visible_to(self.person).filter(meeting=meeting).select_related("agency"),
            "points": [(row, country_name(row.key) if row.key else "") for row in lines["points"]],
        }
        return render(request, "public/meetings/detail.html", context)
