"""What meetings ask of the person's agencies, and what these say to it: answer, ask for more time, contest."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Case, F, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from govlab.doors import RuleForm, sentences
from govlab.paging import page_of
from projects.exchange import workspace_tables
from projects.exchange.taking import take
from projects.forms.answers import AnswerForm, ContestForm, MoreTimeForm
from projects.ledger import Happened, course
from projects.models import Answer, Assignment, AssignmentState, FollowUp, Project, PublishState
from projects.models.assignments import WITH_DESK
from projects.rules import assignments
from projects.workspace.asked import on_day, row_of_assignment, was_accepted, was_sent_back, with_last_step

DONE = gettext_lazy("Done or closed")
GROUPS: tuple[tuple[tuple[str, ...], Any], ...] = (
    ((AssignmentState.OPEN,), gettext_lazy("For your agency to do")),
    (WITH_DESK, gettext_lazy("Waits for OPDC")),
    ((AssignmentState.ACCEPTED,), DONE),
    ((AssignmentState.CLOSED,), DONE),
)
"""The states in the order of the list, with the heading under which they stand."""
TITLES: dict[str, Any] = {
    AssignmentState.OPEN: gettext_lazy("Your agency’s answer"),
    AssignmentState.ANSWERED: gettext_lazy("Add to the answer"),
}
INSTEAD = gettext_lazy("Answer without waiting for OPDC")
WAITS: dict[str, Any] = {
    AssignmentState.ANSWERED: gettext_lazy("The answer is with OPDC staff, who accept it or ask again."),
    AssignmentState.MORE_TIME: gettext_lazy("OPDC staff decide about more time. Until then everything stays as it is."),
    AssignmentState.CONTESTED: gettext_lazy(
        "OPDC staff decide about the objection. Until then everything stays as it is."
    ),
    AssignmentState.ACCEPTED: gettext_lazy("The answer is accepted. Nothing more is to do; OPDC staff will close it."),
}


def row_of(assignment: Assignment, today: date) -> dict[str, Any]:
    """An assignment in a list; one that waits for staff is no longer late for the agency."""
    asked = assignment.state == AssignmentState.OPEN
    left = (assignment.due_on - today).days if asked and assignment.due_on else None
    return {
        "group": next(heading for states, heading in GROUPS if assignment.state in states),
        "to_do": on_day(row_of_assignment(assignment), today) if asked else None,
        "assignment": assignment,
        "days_late": assignment.days_late(today) if asked else 0,
        "days_left": left if left is not None and left >= 0 else None,
        "sent_back": was_sent_back(assignment),
    }


def late_for(assignment: Assignment, today: date) -> int:
    """By how many days the agency is late; what waits for staff is not."""
    return int(row_of(assignment, today)["days_late"])


def projects_of(assignment: Assignment, person: Any) -> list[tuple[Project, str]]:
    """The projects it concerns that the person may see, with the page where they work on it or else read it."""
    seen = Project.objects.visible_to(person).filter(assignments=assignment)
    own = set(Project.objects.reported_by(person).filter(assignments=assignment).values_list("pk", flat=True))
    pages = {True: "workspace:project-detail", False: "public:project-detail"}
    return [
        (each, reverse(pages[each.pk in own], args=[each.code]))
        for each in seen
        if each.pk in own or each.state == PublishState.PUBLISHED
    ]


class AssignmentList(WorkspaceDoor):
    """What is asked of the agencies: the open first, by its due date, then what waits, then what is done."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        whens = [When(state__in=states, then=Value(place)) for place, (states, _heading) in enumerate(GROUPS)]
        asked = with_last_step(Assignment.objects.asked_of(self.person)).select_related("meeting__series", "agency")
        asked = asked.order_by(Case(*whens, output_field=IntegerField()), F("due_on").asc(nulls_last=True), "pk")
        today = timezone.localdate()
        told = workspace_tables.assignments(lambda row: row_of(row, today)["group"], lambda row: late_for(row, today))
        if file := take(request, told, asked):
            return file
        page = page_of(request, asked, 20)
        context = {"page_obj": page, "rows": [row_of(assignment, today) for assignment in page]}
        return render(request, "workspace/assignments/list.html", context, status=page.status)


class Saying(WorkspaceDoor, RuleForm):
    """What the three forms have in common: one assignment, one verb of the agency, and what is typed is kept."""

    autosaves = True
    verb = ""

    def find(self) -> Assignment:
        """By its number; PermissionDenied when it asks other agencies, although the public sees it."""
        seen = with_last_step(Assignment.objects.visible_to(self.person))
        seen = seen.select_related("meeting__series", "agency", "resolution__item", "closed_in__series")
        assignment = get_object_or_404(seen, pk=self.kwargs["pk"])
        assignments.require_asked(self.person, assignment)
        return assignment

    def form_kwargs(self) -> dict[str, Any]:
        """Whoever says it, about what; everything said is new."""
        return {"person": self.person, "assignment": self.thing}

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The page; when the assignment has moved on, with what came in since instead of two versions of a text."""
        if extra.pop("compare", None) is not None:
            self.thing = self.find()
            extra |= {"moved_on": True, "came_in": self.came_in(), "version": self.thing.version}
        return super().show(form, status, **extra)

    def came_in(self) -> list[Happened]:
        """What the person may read of that which happened since the page was opened."""
        opened = self.thing.history.filter(version__lte=self.version()).first()
        return course([self.thing], self.person, since=opened and opened.history_date)[self.thing.pk]

    def context(self) -> dict[str, Any]:
        """What is asked, and until when it may be contested."""
        return {
            **row_of(self.thing, timezone.localdate()),
            "verb": self.verb,
            "contest_until": assignments.contest_until(self.thing),
            "crumbs": self.way(),
        }

    def way(self) -> list[tuple[str, Any]]:
        """The way to the page; an assignment goes by its meeting, as its own text is too long."""
        return [(reverse("workspace:assignment-list"), _("Assignments")), ("", self.thing.meeting.full_name)]

    def next_page(self, result: Answer) -> str:
        """The assignment, with what was said on it."""
        return reverse("workspace:assignment-detail", args=[self.kwargs["pk"]])


class AssignmentDetail(Saying):
    """One assignment with all that became of it, and the form that answers it."""

    verb = "answer"
    form_class = AnswerForm
    template_name = "workspace/assignments/detail.html"
    title = gettext_lazy("Assignment")
    button = gettext_lazy("Send your agency’s answer")
    done_message = gettext_lazy("The answer is sent. OPDC staff will read it and tell you what they decide.")

    def context(self) -> dict[str, Any]:
        """Besides, who is asked, what happened, what may be done now, and the meetings to which it came back."""
        came_back = FollowUp.objects.visible_to(self.person).filter(assignment=self.thing)
        closed_in = self.thing.closed_in
        return {
            **super().context(),
            "partners": self.thing.partners.all(),
            "projects": projects_of(self.thing, self.person),
            "course": course([self.thing], self.person)[self.thing.pk],
            "came_back": came_back.select_related("meeting__series").order_by("-meeting__starts_on", "-pk"),
            "closed_in": closed_in if closed_in and closed_in.state == PublishState.PUBLISHED else None,
            "steps": assignments.open_steps(self.person, self.thing, asked=True),
            "form_title": TITLES.get(self.thing.state, INSTEAD),
            "waits": WAITS.get(self.thing.state, ""),
            "accepted": self.accepted() if was_accepted(self.thing) else "",
        }

    def accepted(self) -> str:
        """That a part was accepted, with the percentage that the person's own agency said last."""
        said = Answer.objects.visible_to(self.person).filter(assignment=self.thing, percent__isnull=False).last()
        if said is None:
            return _("The answer is accepted. Please go on.")
        return _("The answer is accepted (%(percent)s percent). Please go on.") % {"percent": said.percent}

    def rule(self, **answers: Any) -> Answer:
        """Answers it."""
        return assignments.answer(self.thing, by=self.person, **answers)


class Asking(Saying):
    """A form with a page of its own, open only as long as its verb is."""

    template_name = "workspace/assignments/form.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; or back, with a sentence, when it is not the moment."""
        self.thing = self.find()
        if refused := assignments.refusal(self.verb, self.person, self.thing, asked=True):
            sentence = " ".join(sentences(refused))  # type: ignore[arg-type]
            if page := self.left_over(sentence, self.next_page(Answer())):
                return page
            messages.error(request, sentence)
            return redirect(self.next_page(Answer()))
        return self.show(self.form_class(**self.form_kwargs()))

    def way(self) -> list[tuple[str, Any]]:
        """The way over the assignment."""
        to_list, (_url, meeting) = super().way()
        return [to_list, (self.next_page(Answer()), meeting), ("", self.title)]


class MoreTime(Asking):
    """Asks OPDC for more time."""

    verb = "ask_time"
    form_class = MoreTimeForm
    title = gettext_lazy("Ask for more time")
    button = gettext_lazy("Ask for more time")
    done_message = gettext_lazy("OPDC staff will decide about more time; you find the answer here.")

    def rule(self, **answers: Any) -> Answer:
        """Asks."""
        return assignments.ask_time(self.thing, by=self.person, **answers)


class Contest(Asking):
    """Objects to what is asked."""

    verb = "contest"
    form_class = ContestForm
    title = gettext_lazy("Contest the assignment")
    button = gettext_lazy("Send the objection")
    done_message = gettext_lazy("The objection is sent. OPDC staff will decide; you find the answer here.")

    def rule(self, **answers: Any) -> Answer:
        """Objects."""
        return assignments.contest(self.thing, by=self.person, **answers)
