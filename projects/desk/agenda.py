"""The parts of a meeting on the desk, all through the same three doors: add, edit, remove."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleConfirm, RuleForm
from projects.desk.meetings import MeetingDoor, page_url
from projects.forms.agenda import (
    AgendaItemForm,
    AssignmentForm,
    PartForm,
    PersonForm,
    PointForm,
    ResolutionForm,
    SessionForm,
)
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
)
from projects.models.agenda import number_key
from projects.rules import meetings


@dataclass(frozen=True)
class PartKind:
    """One kind of part: its rows, its form, and what its pages say."""

    model: type[Any]
    form: type[PartForm]
    add: Any
    edit: Any
    save: Any
    remove: Any


PARTS = {
    "people": PartKind(
        MeetingPerson,
        PersonForm,
        _("Add a participant"),
        _("Edit a participant"),
        _("Save the participant"),
        _("Remove the participant"),
    ),
    "sessions": PartKind(
        MeetingSession,
        SessionForm,
        _("Add a session"),
        _("Edit a session"),
        _("Save the session"),
        _("Remove the session"),
    ),
    "points": PartKind(
        MeetingPoint, PointForm, _("Add a point"), _("Edit a point"), _("Save the point"), _("Remove the point")
    ),
    "agenda": PartKind(
        AgendaItem,
        AgendaItemForm,
        _("Add an agenda item"),
        _("Edit an agenda item"),
        _("Save the agenda item"),
        _("Remove the agenda item"),
    ),
    "resolutions": PartKind(
        Resolution,
        ResolutionForm,
        _("Add a resolution"),
        _("Edit a resolution"),
        _("Save the resolution"),
        _("Remove the resolution"),
    ),
    "assignments": PartKind(
        Assignment,
        AssignmentForm,
        _("Assign work to an agency"),
        _("Edit an assignment"),
        _("Save the assignment"),
        _("Remove the assignment"),
    ),
}
"""What a meeting is made of, by the word in the address, which is also the name of the rows on a meeting."""


class PartDoor(MeetingDoor):
    """What the doors of all parts have in common."""

    @cached_property
    def kind(self) -> PartKind:
        """The kind that the address names."""
        if found := PARTS.get(self.kwargs["kind"]):
            return found
        raise Http404

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        return self.found()

    def part(self) -> Any:
        """The part that the address names, of this meeting."""
        rows = self.kind.model.objects.visible_to(self.person)
        return get_object_or_404(rows, meeting=self.meeting, pk=self.kwargs["pk"])

    def place(self, part: Any = None) -> str:
        """The page of the meeting at the part, or where its kind begins."""
        kind = self.kwargs["kind"]
        return page_url(self.meeting, f"#{kind}-{part.pk}" if part else f"#{kind}")


class PartAsking(PartDoor, RuleForm):
    """What adding and editing a part have in common."""

    template_name = "desk/form.html"
    done_message = _("The meeting is saved.")

    @property
    def form_class(self) -> type[forms.BaseForm]:  # type: ignore[override]
        """The form of this kind."""
        return self.kind.form

    @property
    def button(self) -> Any:
        """What the button says."""
        return self.kind.save

    def context(self) -> dict[str, Any]:
        """The way back to the part's place."""
        return {"back": self.place(self.thing), "crumbs": self.crumbs(self.title)}

    def next_page(self, result: Any) -> str:
        """To where the part now stands."""
        return self.place(result)


class PartAdd(PartAsking):
    """A new part of a meeting; `?under=` names the row it is added under."""

    @property
    def title(self) -> Any:
        """What is added."""
        return self.kind.add

    def form_kwargs(self) -> dict[str, Any]:
        """The meeting, and the row above where the address names one of this meeting."""
        under = None
        typed = self.request.GET.get("under", "")
        if (above := self.kind.form.above) and typed.isascii() and typed.isdigit():
            model: Any = self.kind.model._meta.get_field(above).related_model
            under = model.objects.filter(meeting=self.meeting, pk=typed).first()
        return {"meeting": self.meeting, "under": under}

    def rule(self, **answers: Any) -> Any:
        """Adds it."""
        return meetings.add_part(self.kind.model, by=self.person, meeting=self.meeting, **answers)


class PartEdit(PartAsking):
    """A part that is there."""

    @property
    def title(self) -> Any:
        """What is edited."""
        return self.kind.edit

    def find(self) -> Any:
        """By its number, in this meeting."""
        return self.part()

    def form_kwargs(self) -> dict[str, Any]:
        """The part and its meeting."""
        return {"instance": self.thing, "meeting": self.meeting}

    def rule(self, **answers: Any) -> Any:
        """Changes it."""
        return meetings.edit_part(self.thing, by=self.person, **answers)


class PartRemove(PartDoor, RuleConfirm):
    """Takes a part out, after saying what goes with it."""

    template_name = "desk/confirm.html"
    done_message = _("It is removed.")

    def context(self) -> dict[str, Any]:
        """The question, and what goes along; the button carries how much that was."""
        part = self.part()
        along = meetings.goes_along(part)
        return {
            "title": self.kind.remove,
            "what": part,
            "along": sorted(along, key=lambda row: number_key(getattr(row, "number", "x"))),
            "intro": _("The history keeps what stood there."),
            "button": self.kind.remove,
            "url": f"{self.request.path}?along={len(along)}",
            "back": self.place(part),
            "crumbs": self.crumbs(self.kind.remove),
        }

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        typed = self.request.GET.get("along", "")
        along = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 0
        meetings.remove_part(self.part(), by=self.person, along=along)

    def next_page(self, result: None) -> str:
        """To where its kind begins."""
        return self.place()

    def back_page(self) -> str:
        """The question again, with what goes along by now."""
        return self.request.path
