"""Meetings on the desk: the list, one meeting with all its parts, add, edit, publish, hide, remove."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleForm
from govlab.filters import Choice
from govlab.paging import page_of
from govlab.thai import format_time
from projects.countries import country_name
from projects.desk.pages import PageDoor, PageForm
from projects.desk.publishing import Hide, Publish, RemoveDraft
from projects.filters import MeetingFilter
from projects.forms.meetings import MeetingForm
from projects.models import AssignmentState, Meeting, PublishState
from projects.models.agenda import agenda_of, beside
from projects.rules import meetings, publishing

PAGE = 50


class DeskMeetingFilter(MeetingFilter):
    """What everybody filters meetings by, and whether the public sees them."""

    state = Choice(label=_("Visibility"), choices=PublishState.choices)


def page_url(meeting: Meeting, anchor: str = "") -> str:
    """The working page of a meeting."""
    return reverse("desk:meeting-detail", args=[meeting.key]) + anchor


class MeetingList(DeskDoor):
    """Every meeting."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, newest first, with what each still waits for."""
        open_ones = Count("assignments", filter=~Q(assignments__state=AssignmentState.CLOSED))
        rows = Meeting.objects.visible_to(self.person).select_related("series").annotate(unfinished=open_ones)
        rows = rows.order_by("-starts_on", "-pk")  # counting takes the usual order away
        asked = DeskMeetingFilter(request.GET, queryset=rows)
        page = page_of(request, asked.qs, PAGE)
        return render(
            request,
            "desk/meetings/list.html",
            {"title": _("Meetings"), "filter": asked, "page_obj": page},
            status=page.status,
        )


class MeetingDoor(PageDoor):
    """A door about one meeting; it is called by the `name` that it had when it was found."""

    name = ""

    def found(self) -> Meeting:
        """The meeting that the address names."""
        rows = Meeting.objects.visible_to(self.person).select_related("series")
        meeting = get_object_or_404(rows, key=self.kwargs["key"])
        self.name = str(meeting)  # before a form writes what was typed into it
        return meeting

    def own_page(self) -> str:
        """The working page of the meeting."""
        return reverse("desk:meeting-detail", args=[self.kwargs["key"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list over the meeting, once it is found."""
        return [(reverse("desk:meeting-list"), _("Meetings")), (self.own_page(), self.name), ("", title)]


class MeetingDetail(MeetingDoor):
    """The working page of a meeting: everything it holds, with a way to add, edit and remove at its place."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; twelve queries at most, however long the agenda."""
        meeting = self.found()
        lines = beside(meeting, self.person)
        context = {
            "meeting": meeting,
            "begins": format_time(meeting.starts_at) if meeting.starts_at else "",
            "agenda": agenda_of(meeting, self.person, lines, on=timezone.localdate()),
            "people": list(meeting.people.select_related("agency")),
            "sessions": list(meeting.sessions.all()),
            "points": [(point, country_name(point.country)) for point in meeting.points.all()],
            "hosts": lines["hosts"],
            "projects": lines["projects"],
            "sources": lines["sources"],
            "steps": publishing.open_steps(self.person, meeting),
            "crumbs": [(reverse("desk:meeting-list"), _("Meetings")), ("", meeting)],
        }
        return render(request, "desk/meetings/detail.html", context)


class MeetingAdd(DeskDoor, RuleForm):
    """A new meeting, as a draft."""

    form_class = MeetingForm
    template_name = "desk/meetings/form.html"
    title = _("Add a meeting")
    button = _("Save the meeting")
    done_message = _("The meeting is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:meeting-list")
        return {"back": back, "crumbs": [(back, _("Meetings")), ("", self.title)]}

    def rule(self, **answers: Any) -> Meeting:
        """Adds it."""
        return records.add(Meeting, by=self.person, **answers)

    def next_page(self, result: Meeting) -> str:
        """To its working page."""
        return page_url(result)


class MeetingEdit(MeetingDoor, PageForm):
    """A meeting that is there."""

    form_class = MeetingForm
    template_name = "desk/meetings/form.html"
    title = _("Edit a meeting")
    button = _("Save the meeting")
    done_message = _("The meeting is saved.")

    def find(self) -> Meeting:
        """By its key."""
        return self.found()

    def rule(self, **answers: Any) -> Meeting:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)

    def next_page(self, result: Meeting) -> str:
        """To its working page, under its key as it is now."""
        return page_url(result)


class MeetingPublish(MeetingDoor, Publish):
    """Shows a meeting to the public."""


class MeetingHide(MeetingDoor, Hide):
    """Takes a meeting off the public pages."""


class MeetingRemove(MeetingDoor, RemoveDraft):
    """Takes a draft out with everything in it."""

    list_page = "desk:meeting-list"

    def question(self, row: Any) -> dict[str, Any]:
        """Which draft it is, and what goes along."""
        parts = [
            *(row.people.all(), row.sessions.all(), row.points.all()),
            *(row.agenda.all(), row.resolutions.all(), row.assignments.all()),
        ]
        return {**super().question(row), "along": [part for rows in parts for part in rows]}

    def rule(self, **answers: Any) -> None:
        """Removes it with its parts."""
        meetings.remove(self.found(), by=self.person)
