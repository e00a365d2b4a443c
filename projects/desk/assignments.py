"""One assignment on the desk: what is asked, what became of it, where it came up again, and what staff may decide."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import DeskDoor
from projects.desk.pages import PageDoor
from projects.forms.decisions import FORMS
from projects.ledger import Happened, course
from projects.models import Answer, Assignment, AssignmentState
from projects.rules import assignments

OPEN, ANSWERED, MORE_TIME, CONTESTED, ACCEPTED, CLOSED = AssignmentState
LIKELY = {
    OPEN: ("extend", "reassign", "close"),
    ANSWERED: ("accept", "send_back", "close", "reassign"),
    MORE_TIME: ("extend", "send_back", "reassign", "close"),
    CONTESTED: ("reassign", "send_back", "close"),
    ACCEPTED: ("close", "send_back", "reassign"),
    CLOSED: ("reopen",),
}
"""What staff decide in each state, the likely thing first."""
BUTTONS: dict[Any, Any] = {
    "accept": gettext_lazy("Accept the answer"),
    "send_back": gettext_lazy("Ask again"),
    ("send_back", MORE_TIME): gettext_lazy("Give no more time"),
    ("send_back", CONTESTED): gettext_lazy("Reject the objection"),
    "extend": gettext_lazy("Give more time"),
    "reassign": gettext_lazy("Give it to another agency"),
    "close": gettext_lazy("Close the assignment"),
    "reopen": gettext_lazy("Reopen the assignment"),
}
"""What each decision is called, and in some states differently."""
AT_ONCE = ("accept", "extend")
"""Decisions that are short enough to stand on the page itself when they are the likely ones."""


def asked(person: Any) -> QuerySet[Assignment]:
    """What the person may see, with what a page says about each."""
    rows: QuerySet[Assignment] = Assignment.objects.visible_to(person)
    return rows.select_related("meeting__series", "resolution", "agency").prefetch_related("partners")


def called(verb: str, assignment: Assignment) -> Any:
    """What a decision is called, as the assignment stands now."""
    return BUTTONS.get((verb, assignment.state), BUTTONS[verb])


def address(verb: str, assignment: Assignment) -> str:
    """Where a decision is made."""
    return reverse(f"desk:assignment-{verb.replace('_', '-')}", args=[assignment.pk])


def next_step(assignment: Assignment) -> str:
    """Who has the next step, in words; "" where nobody has."""
    if assignment.state == CLOSED:
        return ""
    if not assignment.meeting.took_place:
        return _("The meeting, which is still to come")
    if assignment.state == ACCEPTED:
        return _("OPDC, to close it") if assignment.meeting.series_id is None else _("The next meeting, to close it")
    return assignment.agency.short if assignment.state == OPEN else _("OPDC")


def what_accepting_does(said: list[Answer]) -> str:
    """What happens when the last of these answers, newest first, is accepted."""
    last = next((row for row in said if row.kind == "answer"), None)
    if last and last.complete:
        return _("The agency says that it is all done. It then waits until the next meeting closes it, or you do.")
    return _("It is not all done yet: the agency goes on with it and answers again.")


class AssignmentList(DeskDoor):
    """Where assignments were listed before the ledger was."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The way to the ledger, with everything that was asked for."""
        query = request.GET.urlencode()
        return redirect(reverse("desk:resolution-list") + (f"?{query}" if query else ""), permanent=True)


class AssignmentDoor(PageDoor):
    """A door about one assignment."""

    def found(self) -> Assignment:
        """The assignment that the address names."""
        return get_object_or_404(asked(self.person), pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the assignment."""
        return reverse("desk:assignment-detail", args=[self.kwargs["pk"]])

    def way_to(self, thing: Assignment) -> list[tuple[str, Any]]:
        """The way from the ledger over the meeting to the assignment."""
        return [
            (reverse("desk:resolution-list"), _("Resolutions to follow")),
            (reverse("desk:meeting-detail", args=[thing.meeting.key]), thing.meeting),
        ]

    def known(self, thing: Assignment) -> dict[str, Any]:
        """What every page about it says: the assignment, what became of it, how late it is."""
        happened = course([thing], self.person)[thing.pk]
        return {
            "assignment": thing,
            "days_late": thing.days_late(timezone.localdate()),
            "happened": happened,
            "said": said(happened),
        }


def said(happened: list[Happened]) -> list[Answer]:
    """What agencies said, newest first."""
    return [each.answer for each in happened if each.answer]


class AssignmentDetail(AssignmentDoor):
    """One assignment with everything that happened to it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        thing = get_object_or_404(asked(self.person).select_related("closed_in").prefetch_related("projects"), pk=pk)
        known = self.known(thing)
        answers: list[Answer] = known["said"]
        answered = any(row.author_id == self.person.pk for row in answers)
        offered = assignments.open_steps(self.person, thing, asked=False, answered=answered)
        steps = [verb for verb in LIKELY[AssignmentState(thing.state)] if verb in offered]
        likely = steps[0] if steps else ""
        at_once = likely in AT_ONCE and thing.state != OPEN
        back = thing.follow_ups.select_related("meeting__series", "item").order_by("-meeting__starts_on", "-meeting_id")
        context = {
            **known,
            "steps": steps,
            "buttons": [(verb, called(verb, thing), address(verb, thing)) for verb in steps],
            "form": FORMS[likely](thing=thing, said=answers) if at_once else None,
            "own_answer": answered and thing.state in (ANSWERED, ACCEPTED),
            "effect": what_accepting_does(answers) if likely == "accept" else "",
            "next_step": next_step(thing),
            "contest_until": assignments.contest_until(thing),
            "may_contest": thing.state == OPEN,
            "today": timezone.localdate(),
            "follow_ups": [(row, row.meeting_id == thing.closed_in_id) for row in back],
            "version": thing.version,
            "crumbs": [*self.way_to(thing), ("", _("Assignment"))],
        }
        return render(request, "desk/assignments/detail.html", context)
