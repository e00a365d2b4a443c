"""Matters arising on the desk: what came back from earlier meetings, all that happened since, what this one said."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleForm
from govlab.history import Stale
from projects.desk.meetings import MeetingDoor
from projects.forms.minutes import FollowUpForm
from projects.ledger import Happened, course
from projects.models import Assignment, AssignmentState, FollowUp, Meeting, Phase
from projects.models.agenda import Agenda, walk
from projects.models.meetings import AFTER
from projects.rules import assignments, decisions, followups


# --- there and back --------------------------------------------------------------------------------------------------
def came_up(asked: Iterable[Assignment]) -> None:
    """Gives each assignment `again`, the follow-ups of the later meetings to which it came back; one query for all.

    `stays` says that it cannot be removed any more.
    """
    later = FollowUp.objects.select_related("meeting__series").order_by("meeting__starts_on", "meeting_id")
    rows: list[Any] = list(asked)
    prefetch_related_objects(rows, Prefetch("follow_ups", queryset=later, to_attr="again"))
    for row in rows:
        row.stays = row.state != AssignmentState.OPEN or any(back.meeting.took_place for back in row.again)


def asked_in(agenda: Agenda) -> Iterator[Assignment]:
    """Every assignment of an agenda."""
    for row in [*agenda.asked, *(row for item in walk(agenda.items) for each in item.decided for row in each.asked)]:
        yield row.assignment


@dataclass(frozen=True)
class Matter:
    """One open matter of earlier meetings as this meeting finds it; `happened` since the last one, newest first."""

    follow_up: FollowUp
    assignment: Assignment
    origin: Meeting
    days_late: int
    closed_here: bool
    happened: list[Happened]


def matters_of(
    meeting: Meeting, rows: Iterable[FollowUp], person: Any, on: date
) -> tuple[list[Matter], Meeting | None]:
    """The follow-ups with what happened since the meeting before, and which one that was."""
    found = list(rows)
    before = Meeting.objects.earlier_than(meeting).filter(phase__in=AFTER).first() if meeting.series_id else None
    since = before.held_at if before else None
    happened = course([row.assignment for row in found], person, since=since, until=meeting.held_at) if found else {}
    return [
        Matter(
            row,
            row.assignment,
            row.assignment.meeting,
            row.assignment.days_late(on),
            row.assignment.closed_in_id == meeting.pk,
            happened[row.assignment_id],
        )
        for row in found
    ], before


# --- one matter ------------------------------------------------------------------------------------------------------
class FollowUpEdit(MeetingDoor, RuleForm):
    """What the meeting said about one open matter; a second button closes it here."""

    autosaves = True
    form_class = FollowUpForm
    template_name = "desk/meetings/minutes/matter.html"
    title = _("What the meeting said")
    thing: FollowUp

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        return self.found()

    @property
    def closes(self) -> bool:
        """Whether the button that closes was pressed."""
        return self.request.POST.get("verb") == "close"

    @property
    def done_message(self) -> str:
        """What was done."""
        return gettext("The matter is closed here.") if self.closes else gettext("What the meeting said is saved.")

    def find(self) -> FollowUp:
        """By its number, in this meeting."""
        return get_object_or_404(followups.open_at(self.meeting).select_related("item"), pk=self.kwargs["pk"])

    def form_kwargs(self) -> dict[str, Any]:
        """What is written already, and whether it can be closed."""
        may = "close" in assignments.open_steps(self.person, self.thing.assignment)
        may = may or bool(self.request.POST.get("closing"))  # closed meanwhile: what was typed stays
        return {"initial": {"note": self.thing.note}, "closes": self.closes, "may_close": may}

    def refusal(self) -> str:
        """Why nothing is written here now."""
        if self.meeting.phase == Phase.ADOPTED:
            return gettext("The minutes of this meeting are adopted. Open them again before you change them.")
        if not self.meeting.took_place:
            return gettext("The meeting is still to come. What it says is written once it was held.")
        return ""

    def back(self) -> str:
        """The item under which the matter stands."""
        item = reverse("desk:meeting-item", args=[self.meeting.key, self.thing.item_id])
        return f"{item}#matter-{self.thing.pk}"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; without it where nothing is written now."""
        self.thing = self.find()
        if sentence := self.refusal():
            page = self.left_over(sentence, self.back())
            return page or render(request, self.template_name, {"refusal": sentence, **self.context()})
        return self.show(self.form_class(**self.form_kwargs()))

    def context(self) -> dict[str, Any]:
        """The matter with its course, and the matters before and after it."""
        rows = list(self.meeting.follow_ups.values_list("pk", flat=True))
        place = rows.index(self.thing.pk) if self.thing.pk in rows else 0
        (matter,), before = matters_of(self.meeting, [self.thing], self.person, timezone.localdate())
        item = reverse("desk:meeting-item", args=[self.meeting.key, self.thing.item_id])
        return {
            "meeting": self.meeting,
            "matter": matter,
            "before": before,
            "previous": rows[place - 1] if place else None,
            "following": rows[place + 1] if place + 1 < len(rows) else None,
            "title": self.title,
            "back": self.back(),
            "asked_version": self.thing.assignment.version,
            "crumbs": [*self.crumbs("")[:-1], (item, str(self.thing.item)), ("", self.title)],
        }

    @transaction.atomic
    def rule(self, *, version: int = -1, note: str = "", closing: str = "", **answers: Any) -> FollowUp:
        """Writes the note; closes the matter first when asked to, as that locks the series."""
        if self.closes:
            self.close(closing)
        return followups.note(self.thing, by=self.person, version=version, note=note)

    def close(self, closing: str) -> None:
        """Closes the assignment as it stood when the page was opened."""
        typed = self.request.POST.get("asked_version", "")
        seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
        try:
            decisions.close(self.thing.assignment, by=self.person, note=closing, meeting=self.meeting, version=seen)
        except Stale:
            sentence = _("Something happened to this matter while you were writing. Read it above, then decide.")
            raise ValidationError(sentence, code="moment") from None
        except ValidationError as error:
            if hasattr(error, "error_dict") and "note" in error.error_dict:
                raise ValidationError({"closing": error.error_dict["note"]}) from None
            raise

    def next_page(self, result: FollowUp) -> str:
        """The item, at the matter."""
        return self.back()
