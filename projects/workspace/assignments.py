"""What meetings ask of the person's agencies, and what these answer."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Case, F, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from govlab.doors import RuleForm
from govlab.paging import page_of
from projects.models import Answer, Assignment, AssignmentState
from projects.rules import assignments


def row_of(assignment: Assignment, today: date) -> dict[str, Any]:
    """An assignment in a list; an answered one is late for staff, no longer for the agency."""
    days_late = assignment.days_late(today) if assignment.state == AssignmentState.OPEN else 0
    return {"assignment": assignment, "days_late": days_late}


class AnswerForm(forms.ModelForm):
    """What an agency says it did."""

    class Meta:
        model = Answer
        fields = ["text"]
        labels = {"text": gettext_lazy("What was done about it")}
        help_texts = {"text": gettext_lazy("Only your agency and OPDC see this.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}


class AssignmentList(WorkspaceDoor):
    """What is asked of the agencies: the open first, by its due date, then the answered, then the closed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        order = [AssignmentState.OPEN, AssignmentState.ANSWERED, AssignmentState.CLOSED]
        whens = [When(state=state, then=Value(place)) for place, state in enumerate(order)]
        asked = Assignment.objects.asked_of(self.person).select_related("meeting__series", "agency")
        asked = asked.order_by(Case(*whens, output_field=IntegerField()), F("due_on").asc(nulls_last=True), "pk")
        page = page_of(request, asked, 20)
        today = timezone.localdate()
        context = {"page_obj": page, "rows": [row_of(assignment, today) for assignment in page]}
        return render(request, "workspace/assignments/list.html", context, status=page.status)


class AssignmentDetail(WorkspaceDoor, RuleForm):
    """One assignment, with the form that answers it."""

    autosaves = True
    form_class = AnswerForm
    template_name = "workspace/assignments/detail.html"
    title = gettext_lazy("Assignment")
    button = gettext_lazy("Send the answer")
    done_message = gettext_lazy("The answer is sent. OPDC staff will read it and close the assignment.")

    def find(self) -> Assignment:
        """By its number; PermissionDenied when it asks other agencies, although the public sees it."""
        seen = Assignment.objects.visible_to(self.person)
        seen = seen.select_related("meeting__series", "agency", "resolution__item")
        assignment = get_object_or_404(seen, pk=self.kwargs["pk"])
        assignments.require_asked(self.person, assignment)
        return assignment

    def form_kwargs(self) -> dict[str, Any]:
        """Every answer is a new one."""
        return {}

    def context(self) -> dict[str, Any]:
        """What is asked, by whom, until when, and what the agency said so far."""
        answers = Answer.objects.visible_to(self.person).filter(assignment=self.thing)
        return {
            **row_of(self.thing, timezone.localdate()),
            "partners": self.thing.partners.all(),
            "answers": answers.select_related("agency", "author"),
            "may_answer": "answer" in assignments.open_steps(self.person, self.thing),
            "crumbs": [(reverse("workspace:assignment-list"), _("Assignments")), ("", self.title)],
        }

    def rule(self, **answers: Any) -> Answer:
        """Answers it."""
        return assignments.answer(self.thing, by=self.person, **answers)

    def next_page(self, result: Answer) -> str:
        """The same page, with the answer on it."""
        return reverse("workspace:assignment-detail", args=[self.kwargs["pk"]])
