"""Assignments on the desk: what was asked of whom, how late it is, what was answered; close and reopen."""

from typing import Any

from django import forms
from django.db.models import Case, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleButton, RuleForm
from govlab.paging import page_of
from projects.desk.pages import PageDoor
from projects.filters import AssignmentFilter
from projects.models import Assignment, AssignmentState
from projects.rules import assignments

PAGE = 50


class ClosingForm(forms.Form):
    """With what result an assignment is closed."""

    note = forms.CharField(
        label=_("What came of it"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=5000,
        help_text=_("A sentence or two; everybody who sees the assignment can read it."),
    )


def asked(person: Any) -> QuerySet[Assignment]:
    """What the person may see, with what a page says about each."""
    rows: QuerySet[Assignment] = Assignment.objects.visible_to(person)
    return rows.select_related("meeting__series", "resolution", "agency").prefetch_related("partners")


class AssignmentList(DeskDoor):
    """Every assignment."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The table: what is open first, by due date."""
        today = timezone.localdate()
        order = Case(When(state=AssignmentState.CLOSED, then=Value(1)), default=Value(0))
        rows = asked(self.person).order_by(
            order, F("due_on").asc(nulls_last=True), "-meeting__starts_on", "position", "pk"
        )
        chosen = AssignmentFilter(request.GET, queryset=rows, on=today)
        page = page_of(request, chosen.qs, PAGE)
        context = {
            "title": _("Assignments"),
            "filter": chosen,
            "page_obj": page,
            "rows": [(row, row.days_late(today)) for row in page],
        }
        return render(request, "desk/assignments/list.html", context, status=page.status)


class AssignmentDoor(PageDoor):
    """A door about one assignment."""

    def found(self) -> Assignment:
        """The assignment that the address names."""
        return get_object_or_404(asked(self.person), pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the assignment."""
        return reverse("desk:assignment-detail", args=[self.kwargs["pk"]])

    def way_to(self, thing: Assignment) -> list[tuple[str, Any]]:
        """The way from the list over the meeting to the assignment."""
        return [
            (reverse("desk:assignment-list"), _("Assignments")),
            (reverse("desk:meeting-detail", args=[thing.meeting.key]), thing.meeting),
        ]


class AssignmentDetail(AssignmentDoor):
    """One assignment with everything that was answered."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        thing = self.found()
        context = {
            "assignment": thing,
            "days_late": thing.days_late(timezone.localdate()),
            "answers": thing.answers.select_related("agency", "author"),
            "steps": assignments.open_steps(self.person, thing),
            "crumbs": [*self.way_to(thing), ("", _("Assignment"))],
        }
        return render(request, "desk/assignments/detail.html", context)


class AssignmentClose(AssignmentDoor, RuleForm):
    """Ends an assignment with a note."""

    form_class = ClosingForm
    template_name = "desk/assignments/close.html"
    title = _("Close the assignment")
    button = _("Close the assignment")
    done_message = _("The assignment is closed.")

    def find(self) -> Assignment:
        """By its number."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """What was asked and answered, to close it knowingly."""
        return {
            "assignment": self.thing,
            "answers": self.thing.answers.select_related("agency", "author"),
            "back": self.own_page(),
            "crumbs": [*self.way_to(self.thing), (self.own_page(), _("Assignment")), ("", self.title)],
        }

    def rule(self, **answers: Any) -> Assignment:
        """Closes it."""
        return assignments.close(self.thing, by=self.person, **answers)


class AssignmentReopen(AssignmentDoor, RuleButton):
    """Takes the closing back."""

    done_message = _("The assignment is open again.")

    def rule(self, **answers: Any) -> Assignment:
        """Reopens it."""
        return assignments.reopen(self.found(), by=self.person, version=self.version())
