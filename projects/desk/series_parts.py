"""The members of a series and what stands on each of its agendas: add, edit, move, remove."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from govlab.doors import RuleButton
from projects.desk.pages import ADD_ANOTHER, PageForm, PageRemove
from projects.desk.series import SeriesDoor
from projects.models import MeetingSeries, SeriesMember, StandingItem
from projects.rules import series


class MemberForm(forms.ModelForm):
    """Somebody who belongs to the body."""

    class Meta:
        model = SeriesMember
        fields = ["name_th", "name_en", "role_th", "role_en", "agency", "email"]
        help_texts = {"email": _("Only OPDC staff see it.")}


class StandingForm(forms.ModelForm):
    """An item that stands on every agenda."""

    class Meta:
        model = StandingItem
        fields = ["kind", "title_th", "title_en"]


@dataclass(frozen=True)
class PartKind:
    """One kind of rows of a series: their model and form, and what the pages say."""

    model: Any
    form: Any
    add: Any
    edit: Any
    save: Any
    remove: Any


PARTS = {
    "members": PartKind(
        SeriesMember,
        MemberForm,
        _("Add a member"),
        _("Edit a member"),
        _("Save the member"),
        _("Remove the member"),
    ),
    "items": PartKind(
        StandingItem,
        StandingForm,
        _("Add a standing item"),
        _("Edit a standing item"),
        _("Save the standing item"),
        _("Remove the standing item"),
    ),
}
"""What a series is made of, by the word in the address."""


class PartDoor(SeriesDoor):
    """What the doors of members and standing items have in common."""

    @cached_property
    def kind(self) -> PartKind:
        """The kind that the address names."""
        if found := PARTS.get(self.kwargs["kind"]):
            return found
        raise Http404

    @cached_property
    def series(self) -> MeetingSeries:
        """The series that the address names."""
        return self.found()

    def part(self) -> Any:
        """The row that the address names, of this series."""
        return get_object_or_404(self.kind.model, series=self.series, pk=self.kwargs["pk"])

    def next_page(self, result: Any) -> str:
        """To where the rows of this kind stand."""
        return f"{self.own_page()}#{self.kwargs['kind']}"


class PartAsking(PartDoor, PageForm):
    """What adding and editing have in common."""

    done_message = _("The series is saved.")

    @property
    def form_class(self) -> Any:  # type: ignore[override]
        """The form of this kind."""
        return self.kind.form

    @property
    def button(self) -> Any:
        """What the button says."""
        return self.kind.save


class PartAdd(PartAsking):
    """A new member or standing item."""

    def context(self) -> dict[str, Any]:
        """After a member often comes one more."""
        more = ADD_ANOTHER if self.kind.model is SeriesMember else ""
        return {**super().context(), "more": more}

    def next_page(self, result: Any) -> str:
        """To the rows, or to the form of one more member."""
        if "another" in self.request.POST and self.kind.model is SeriesMember:
            return reverse("desk:series-part-add", args=[self.series.key, "members"])
        return super().next_page(result)

    @property
    def title(self) -> Any:
        """What is added."""
        self.series  # noqa: B018 - 404 for a series that is not there
        return self.kind.add

    def rule(self, **answers: Any) -> Any:
        """Adds it."""
        return series.add_part(self.kind.model, by=self.person, series=self.series, **answers)


class PartEdit(PartAsking):
    """A member or standing item that is there."""

    @property
    def title(self) -> Any:
        """What is edited."""
        return self.kind.edit

    def find(self) -> Any:
        """By its number, in this series."""
        return self.part()

    def rule(self, **answers: Any) -> Any:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class PartMove(PartDoor, RuleButton):
    """Moves a row up or down; the address says which."""

    def rule(self, **answers: Any) -> Any:
        """Moves it."""
        return series.move(self.part(), by=self.person, to=self.kwargs["to"])


class PartRemove(PartDoor, PageRemove):
    """Takes a member or standing item out; meetings that are there keep theirs."""

    done_message = _("It is removed.")

    @property
    def button(self) -> Any:
        """What the button says."""
        return self.kind.remove

    def row(self) -> Any:
        """The row."""
        return self.part()

    def question(self, row: Any) -> dict[str, Any]:
        """Which it is."""
        intro = _("Meetings that are there already keep theirs; new ones begin without it.")
        return {"title": self.kind.remove, "what": row, "intro": intro}
