"""Meetings as the public sees them: the list by years, one meeting with its agenda, its programme and who came."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from projects.documents.heads import times
from projects.exchange.lists import MEETING_LIST, PROJECT_LIST, RESOLUTION_LIST
from projects.exchange.small_lists import resolved_lines
from projects.exchange.taking import take
from projects.filters import MeetingFilter
from projects.models import Meeting, MeetingKind, Presence, Project, PublishState
from projects.models.agenda import agenda_of, beside, walk
from projects.public.listing import Listing
from projects.public.programmes import days_of, lines_of, people_of, points_of
from projects.public.renamed import lead_on


class MeetingList(Listing):
    """Every public meeting."""

    filter_class = MeetingFilter
    template_name = "public/meetings/list.html"
    title = gettext_lazy("Meetings")
    taken = MEETING_LIST

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, newest first."""
        return Meeting.objects.visible_to(self.person).select_related("series")

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """The rows, and the day by which some are still to come."""
        return {"rows": shown, "today": timezone.localdate()}


class MeetingDetail(PublicDoor):
    """One meeting."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page, in six queries; 404 for a meeting that a visitor may not see."""
        rows = Meeting.objects.visible_to(self.person).select_related("series", "adopted_in__series")
        meeting = rows.filter(key=key).first()
        if meeting is None:
            return lead_on(request, Meeting, "key", key)
        lines = beside(meeting, self.person, *lines_of(meeting, self.person))
        today = timezone.localdate()
        agenda = agenda_of(meeting, self.person, lines, on=today)
        decided = [each for item in walk(agenda.items) for each in item.decided]
        presented = Project.objects.visible_to(self.person).filter(meetings=meeting)
        file = take(request, PROJECT_LIST, presented, "projects")
        if decided or agenda.asked:
            file = file or take(request, RESOLUTION_LIST, lambda: resolved_lines(meeting, decided, agenda.asked))
        if file:
            return file
        came, days = people_of(meeting, lines), days_of(lines)
        points = points_of(row for row in lines["points"] if row.under is None)
        context = {
            "meeting": meeting,
            "hours": times(meeting.starts_at, meeting.ends_at if meeting.last_day == meeting.starts_on else None),
            "opened": times(meeting.began_at, meeting.ended_at),
            "beside": lines,
            "agenda": agenda,
            "came": came,
            "present": sum(row.sort == Presence.PRESENT for row in lines["people"]) if meeting.took_place else 0,
            "days": days,
            "points": points,
            "nothing_yet": not any((agenda.items, agenda.asked, came, days, points, lines["projects"]))
            and meeting.kind != MeetingKind.COMMITTEE,
            "adopted_in": shown_meeting(meeting.adopted_in),
            "to_come": not meeting.took_place and meeting.last_day >= today,
        }
        return render(request, "public/meetings/detail.html", context)


def shown_meeting(meeting: Meeting | None) -> Meeting | None:
    """The meeting where visitors may see it, to be named and linked."""
    return meeting if meeting and meeting.state == PublishState.PUBLISHED else None
