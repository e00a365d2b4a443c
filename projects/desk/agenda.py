"""The parts of a meeting on the desk, all through the same three doors: add, edit, remove."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.autosave import form_address
from govlab.doors import RuleConfirm, RuleForm
from projects.desk.editor import editor_url, small_number
from projects.desk.meetings import MeetingDoor, in_order, page_url, why_stays
from projects.desk.minutes import item_url
from projects.desk.pages import ADD_ANOTHER
from projects.forms.agenda import AgendaItemForm, AssignmentForm, PartForm, ResolutionForm
from projects.forms.people import PersonForm
from projects.forms.sessions import PointForm, SessionForm
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
)
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
    autosaves: bool = False


PARTS = {
    "people": PartKind(
        MeetingPerson,
        PersonForm,
        _("Add somebody"),
        _("Edit this person"),
        _("Save this person"),
        _("Remove this person"),
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
        autosaves=True,
    ),
    "assignments": PartKind(
        Assignment,
        AssignmentForm,
        _("Assign work to an agency"),
        _("Edit an assignment"),
        _("Save the assignment"),
        _("Remove the assignment"),
        autosaves=True,
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
        """Where the part (or its kind) stands: in the agenda, where its item is written, or on the meeting's page."""
        kind = self.kwargs["kind"]
        anchor = f"#{kind}-{part.pk}" if part else f"#{kind}"
        if kind == "agenda":
            return editor_url(self.meeting, anchor if part else "")
        resolution = part.resolution if isinstance(part, Assignment) else part
        if isinstance(resolution, Resolution):
            return item_url(self.meeting, resolution.item_id, anchor)
        return page_url(self.meeting, anchor)


class PartAsking(PartDoor, RuleForm):
    """What adding and editing a part have in common."""

    template_name = "desk/form.html"
    made: Any = None

    @property
    def done_message(self) -> Any:
        """What was saved; a resolution by its number, an assignment by its agency."""
        if isinstance(self.made, Resolution):
            return gettext("Resolution %(number)s is saved.") % {"number": self.made.number}
        if isinstance(self.made, Assignment):
            return gettext("The assignment to %(agency)s is saved.") % {"agency": self.made.agency}
        if self.again:
            return gettext("%(name)s is saved.") % {"name": self.made}
        return _("The meeting is saved.")

    @property
    def form_class(self) -> type[forms.BaseForm]:  # type: ignore[override]
        """The form of this kind."""
        return self.kind.form

    @property
    def button(self) -> Any:
        """What the button says."""
        return self.kind.save

    @property
    def autosaves(self) -> bool:  # type: ignore[override]
        """Whether what is typed is kept: where people write at length."""
        return self.kind.autosaves

    def context(self) -> dict[str, Any]:
        """The way back to the part's place."""
        more = ADD_ANOTHER if self.thing is None and self.kind.model is MeetingPerson else ""
        return {"back": self.place(self.thing), "crumbs": self.crumbs(self.title), "more": more}

    @property
    def again(self) -> bool:
        """Whether one more person is added after this one."""
        return "another" in self.request.POST and self.kind.model is MeetingPerson

    def next_page(self, result: Any) -> str:
        """To where the part now stands; after a resolution to the top of its item, which says what comes next."""
        self.made = result
        if self.again:
            return reverse("desk:meeting-part-add", args=[self.meeting.key, self.kwargs["kind"]])
        if isinstance(result, Resolution):
            return item_url(self.meeting, result.item_id, f"?saved={result.pk}")
        return self.place(result)


class PartAdd(PartAsking):
    """A new part of a meeting; `?under=` names the row it is added under."""

    @property
    def title(self) -> Any:
        """What is added."""
        return self.kind.add

    def form_kwargs(self) -> dict[str, Any]:
        """The meeting, and the row above where the address names one of this meeting."""
        return {"meeting": self.meeting, "under": self.under}

    @cached_property
    def under(self) -> Any:
        """The row that the address names, of this meeting."""
        pk = small_number(self.request.GET.get("under", ""))
        if pk is None or not (above := self.kind.form.above):
            return None
        model: Any = self.kind.model._meta.get_field(above).related_model
        return model.objects.filter(meeting=self.meeting, pk=pk).first()

    def typed_address(self) -> str:
        """One for each row that something is added under: what is begun under one is not offered under another."""
        under = f"?under={self.under.pk}" if self.under else ""
        return form_address(self.request.path_info) + under

    def context(self) -> dict[str, Any]:
        """The way back to where it is added."""
        context = super().context()
        if isinstance(self.under, MeetingPerson):
            context["back"] = reverse("desk:meeting-attendance", args=[self.meeting.key])
        elif isinstance(self.under, Resolution):
            context["back"] = item_url(self.meeting, self.under.item_id, f"#resolutions-{self.under.pk}")
        elif isinstance(self.under, AgendaItem) and self.kind.model is Resolution:
            context["back"] = item_url(self.meeting, self.under.pk, "#resolutions")
        return context

    def next_page(self, result: Any) -> str:
        """To where it stands; after a stand-in to who came."""
        place = super().next_page(result)
        if isinstance(self.under, MeetingPerson) and not self.again:
            return reverse("desk:meeting-attendance", args=[self.meeting.key])
        return place

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
        stays = why_stays(lambda: meetings.require_removable(self.meeting, [*along, part]))
        return {
            "title": self.kind.remove,
            "what": part,
            "along": None if stays else in_order(along),
            "stays": stays,
            "intro": _("The history keeps what stood there."),
            "button": self.kind.remove,
            "url": f"{self.request.path}?along={len(along)}",
            "back": self.place(part),
            "crumbs": self.crumbs(self.kind.remove),
        }

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        part = self.part()
        self.left = self.place(part).partition("#")[0]
        along = small_number(self.request.GET.get("along", "")) or 0
        meetings.remove_part(part, by=self.person, along=along)

    def next_page(self, result: None) -> str:
        """To where its kind stands."""
        return self.left if self.kwargs["kind"] == "agenda" else f"{self.left}#{self.kwargs['kind']}"

    def back_page(self) -> str:
        """The question again, with what goes along by now."""
        return self.request.path
