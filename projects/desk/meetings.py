"""Meetings on the desk: the list, one meeting with all its parts, add, edit, publish, hide, remove."""

from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.models import Agency, Source
from agencies.rules import records
from govlab.doors import RuleButton, RuleConfirm, RuleForm
from govlab.filters import Choice
from govlab.gather import Line, gather, line, short_name, under
from govlab.paging import page_of
from govlab.thai import format_time
from projects.countries import country_name
from projects.filters import MeetingFilter
from projects.forms.meetings import MeetingForm
from projects.models import Assignment, AssignmentState, Meeting, Project, PublishState, Resolution
from projects.models.agenda import Agenda, agenda_tree
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
        return render(request, "desk/meetings/list.html", {"filter": asked, "page_obj": page}, status=page.status)


def beside(meeting: Meeting) -> dict[str, list[Line]]:
    """Hosts, projects presented, sources, agencies concerned and partners, in one query."""
    through: Any = Resolution.concerns.through
    concerns: QuerySet[Any] = through.objects.filter(resolution__meeting=meeting)
    through = Assignment.partners.through
    partners: QuerySet[Any] = through.objects.filter(assignment__meeting=meeting)
    return gather(
        line(Agency.objects.filter(hosted_meetings=meeting), "hosts", **short_name()),
        line(concerns, "concerns", under="resolution_id", demo="agency__demo", **short_name("agency__")),
        line(partners, "partners", under="assignment_id", demo="agency__demo", **short_name("agency__")),
        line(
            Project.objects.filter(meetings=meeting),
            "projects",
            key="code",
            name_th="title_th",
            name_en="title_en",
            sort="code",
        ),
        line(
            Source.objects.filter(pk__in=meeting.sources.values("pk")),
            "sources",
            key="key",
            name_th="title_th",
            name_en="title_en",
            sort="key",
            url="url",
        ),
    )


class MeetingDetail(DeskDoor):
    """The working page of a meeting: everything it holds, with a way to add, edit and remove at its place."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; twelve queries at most, however long the agenda."""
        meeting = get_object_or_404(Meeting.objects.visible_to(self.person).select_related("series"), key=key)
        lines = beside(meeting)
        assignments = list(meeting.assignments.select_related("agency"))
        agenda: Agenda = agenda_tree(
            meeting.agenda.select_related("presented_by"),
            meeting.resolutions.all(),
            assignments,
            concerns=under(lines["concerns"]),
            partners=under(lines["partners"]),
            on=(today := timezone.localdate()),
        )
        context = {
            "meeting": meeting,
            "begins": format_time(meeting.starts_at) if meeting.starts_at else "",
            "agenda": agenda,
            "people": list(meeting.people.select_related("agency")),
            "sessions": list(meeting.sessions.all()),
            "points": [(point, country_name(point.country)) for point in meeting.points.all()],
            "hosts": lines["hosts"],
            "projects": lines["projects"],
            "sources": lines["sources"],
            "asked": len(assignments),
            "closed": sum(row.state == AssignmentState.CLOSED for row in assignments),
            "late": sum(row.days_late(today) > 0 for row in assignments),
            "steps": publishing.open_steps(self.person, meeting),
            "is_draft": meeting.state == PublishState.DRAFT,
            "is_public": meeting.state == PublishState.PUBLISHED,
            "crumbs": [(reverse("desk:meeting-list"), _("Meetings")), ("", meeting)],
        }
        return render(request, "desk/meetings/detail.html", context)


class MeetingAsking(DeskDoor, RuleForm):
    """What adding and editing have in common."""

    form_class = MeetingForm
    template_name = "desk/meetings/form.html"
    button = _("Save the meeting")
    done_message = _("The meeting is saved.")

    def next_page(self, result: Meeting) -> str:
        """To its working page."""
        return page_url(result)


class MeetingAdd(MeetingAsking):
    """A new meeting, as a draft."""

    title = _("Add a meeting")

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:meeting-list")
        return {"back": back, "crumbs": [(back, _("Meetings")), ("", self.title)]}

    def rule(self, **answers: Any) -> Meeting:
        """Adds it."""
        return records.add(Meeting, by=self.person, **answers)


class MeetingEdit(MeetingAsking):
    """A meeting that is there."""

    title = _("Edit a meeting")
    name = ""

    def find(self) -> Meeting:
        """By its key."""
        found = get_object_or_404(Meeting.objects.visible_to(self.person), key=self.kwargs["key"])
        self.name = str(found)  # before the form writes what was typed into it
        return found

    def context(self) -> dict[str, Any]:
        """The way back to its page."""
        back = reverse("desk:meeting-detail", args=[self.kwargs["key"]])
        crumbs = [(reverse("desk:meeting-list"), _("Meetings")), (back, self.name), ("", self.title)]
        return {"back": back, "crumbs": crumbs}

    def rule(self, **answers: Any) -> Meeting:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class MeetingButton(DeskDoor, RuleButton):
    """What the buttons of a meeting have in common."""

    def find(self) -> Meeting:
        """By its key."""
        return get_object_or_404(Meeting.objects.visible_to(self.person), key=self.kwargs["key"])

    def next_page(self, result: Meeting) -> str:
        """To its working page."""
        return page_url(result)

    def back_page(self) -> str:
        """Its working page."""
        return reverse("desk:meeting-detail", args=[self.kwargs["key"]])


class MeetingPublish(MeetingButton):
    """Shows a meeting to the public."""

    done_message = _("The public can read it now.")

    def rule(self, **answers: Any) -> Meeting:
        """Publishes it."""
        return publishing.publish(self.find(), by=self.person)


class MeetingHide(MeetingButton):
    """Takes a meeting off the public pages."""

    done_message = _("The public no longer sees it.")

    def rule(self, **answers: Any) -> Meeting:
        """Hides it."""
        return publishing.hide(self.find(), by=self.person)


class MeetingRemove(MeetingButton, RuleConfirm):
    """Takes a draft out with everything in it."""

    template_name = "desk/confirm.html"
    done_message = _("The draft is removed.")

    def context(self) -> dict[str, Any]:
        """The question, and what goes along."""
        meeting = self.find()
        parts = [
            *(meeting.people.all(), meeting.sessions.all(), meeting.points.all()),
            *(meeting.agenda.all(), meeting.resolutions.all(), meeting.assignments.all()),
        ]
        return {
            "title": _("Remove this draft?"),
            "what": meeting,
            "along": [part for rows in parts for part in rows],
            "intro": _("The history keeps what stood there."),
            "button": _("Remove the draft"),
            "back": page_url(meeting),
            "crumbs": [(reverse("desk:meeting-list"), _("Meetings")), (page_url(meeting), meeting)],
        }

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        meetings.remove(self.find(), by=self.person)

    def next_page(self, result: None) -> str:  # type: ignore[override]
        """To the list: its own page is gone."""
        return reverse("desk:meeting-list")
