"""Meetings on the desk: the list, one meeting with all its parts, add, edit, publish, hide, remove."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleForm, sentences
from govlab.filters import Choice
from govlab.paging import page_of
from projects.desk.pages import PageDoor, PageForm
from projects.desk.publishing import Hide, Publish, RemoveDraft
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.filters import MeetingFilter
from projects.forms.meetings import MeetingForm
from projects.models import (
    Assignment,
    AssignmentState,
    Meeting,
    MeetingSeries,
    Phase,
    PublishState,
    Resolution,
)
from projects.models.agenda import number_key
from projects.models.meetings import AFTER
from projects.rules import meetings

PAGE = 50


class DeskMeetingFilter(MeetingFilter):
    """What everybody filters meetings by, how far they are, and whether the public sees them."""

    phase = Choice(label=_("Phase"), choices=Phase.choices)
    state = Choice(label=_("Visibility"), choices=PublishState.choices)


def page_url(meeting: Meeting, anchor: str = "") -> str:
    """The working page of a meeting."""
    return reverse("desk:meeting-detail", args=[meeting.key]) + anchor


class MeetingList(DeskDoor):
    """Every meeting."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, newest first, with what each still waits for."""
        left = Q(phase__in=AFTER) & ~Q(assignments__state=AssignmentState.CLOSED)  # before, nothing is asked yet
        open_ones = Count("assignments", filter=left)
        rows = Meeting.objects.visible_to(self.person).select_related("series").annotate(unfinished=open_ones)
        rows = rows.order_by("-starts_on", "-pk")  # counting takes the usual order away
        asked = DeskMeetingFilter(request.GET, queryset=rows)
        if file := take(request, desk_tables.MEETINGS, asked.qs, asked=asked):
            return file
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


class MeetingAdd(DeskDoor, RuleForm):
    """A new meeting, as a draft."""

    form_class = MeetingForm
    template_name = "desk/meetings/form.html"
    title = _("Add a meeting")
    button = _("Save the meeting")
    autosaves = True
    made: Meeting | None = None

    @property
    def done_message(self) -> str:
        """That it is saved; of a day that has passed, that it counts as held."""
        if self.made and self.made.took_place:
            return gettext("The meeting is saved. Its day has passed, so it is noted as held.")
        return gettext("The meeting is saved.")

    def form_kwargs(self) -> dict[str, Any]:
        """The series that `?series=` names, if there is such a one."""
        return {"series": MeetingSeries.objects.filter(key=self.request.GET.get("series", "")).first()}

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:meeting-list")
        return {"back": back, "crumbs": [(back, _("Meetings")), ("", self.title)]}

    def rule(self, **answers: Any) -> Meeting:
        """Adds it."""
        self.made = meetings.add(by=self.person, prefill=True, **answers)
        return self.made

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
    autosaves = True

    def find(self) -> Meeting:
        """By its key."""
        return self.found()

    def rule(self, **answers: Any) -> Meeting:
        """Changes it."""
        return meetings.edit(self.thing, by=self.person, **answers)

    def next_page(self, result: Meeting) -> str:
        """To its working page, under its key as it is now."""
        return page_url(result)


class MeetingPublish(MeetingDoor, Publish):
    """Shows a meeting to the public."""


class MeetingHide(MeetingDoor, Hide):
    """Takes a meeting off the public pages."""


# --- what goes with what is removed, and what stays ------------------------------------------------------------------
def in_order(rows: Iterable[Any]) -> list[Any]:
    """Items, resolutions and assignments as the agenda has them: each assignment after what it stands under."""
    found = list(rows)
    numbers = {row.pk: row.number for row in found if isinstance(row, Resolution)}

    def place(row: Any) -> tuple[Any, ...]:
        if not isinstance(row, Assignment):
            return False, number_key(row.number), int(isinstance(row, Resolution)), row.position, row.pk
        number = numbers.get(row.resolution_id) if row.resolution_id else None
        return row.resolution_id is None, number_key(number or "0"), 2, row.position, row.pk

    return sorted(found, key=place)


def why_stays(required: Callable[[], None]) -> str:
    """What the rule says against a removal; empty where it says nothing."""
    try:
        required()
    except ValidationError as error:
        return " ".join(sentences(error))
    return ""


class MeetingRemove(MeetingDoor, RemoveDraft):
    """Takes a draft out with everything in it."""

    list_page = "desk:meeting-list"

    def question(self, row: Any) -> dict[str, Any]:
        """Which draft it is, what goes along, and why it stays where it would be refused."""
        around = [*row.people.all(), *row.sessions.all(), *row.points.all()]
        parts = in_order([*row.agenda.all(), *row.resolutions.all(), *row.assignments.all()])
        stays = why_stays(lambda: meetings.require_draft(row))
        return {**super().question(row), "along": None if stays else [*around, *parts], "stays": stays}

    def rule(self, **answers: Any) -> None:
        """Removes it with its parts."""
        meetings.remove(self.found(), by=self.person)
