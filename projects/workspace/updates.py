"""Updates in the workspace: write one, keep it as a draft, send it to OPDC, see where it stands."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import lead_reads_first, require_writer
from agencies.doors import WorkspaceDoor
from govlab.doors import RuleForm
from projects.forms.comments import CommentForm
from projects.forms.readings import measured
from projects.forms.updates import UpdateForm
from projects.models import (
    Assignment,
    AssignmentState,
    DueReport,
    ProgressUpdate,
    Project,
    PublishState,
    UpdateState,
)
from projects.rules import updates
from projects.rules.readings import doubts
from projects.rules.steps import STEPS, open_steps
from projects.timeline import Step, timeline
from projects.workspace.assignments import row_of as assignment_row
from projects.workspace.projects import find_project

HIDDEN = gettext_lazy("This project is hidden, so nothing can be reported on it. Ask OPDC staff.")
NOW: dict[str, Any] = {
    UpdateState.DRAFT: gettext_lazy("Being written"),
    UpdateState.WITH_LEAD: gettext_lazy("Waiting for the lead of your agency"),
    UpdateState.SUBMITTED: gettext_lazy("Waiting for OPDC staff"),
    UpdateState.RETURNED: gettext_lazy("Being corrected"),
}


def find_update(person: Any, pk: int) -> ProgressUpdate:
    """An update of one of the person's agencies: 404 if it is not visible to them, PermissionDenied if another's."""
    seen = ProgressUpdate.objects.visible_to(person)
    seen = seen.select_related("project", "agency", "author", "due__round__schedule__cohort")
    update = get_object_or_404(seen, pk=pk)
    require_writer(person, update.agency)
    return update


def crumbs_of(project: Project, title: Any = "") -> list[tuple[str, Any]]:
    """The way to a page about a project's updates."""
    page = reverse("workspace:project-detail", args=[project.code])
    return [(reverse("workspace:home"), _("My work")), (page, project.code), ("", title)]


def sent_message(update: ProgressUpdate) -> str:
    """What the person reads who has just sent an update."""
    if update.state == UpdateState.WITH_LEAD:
        return _("The update is with a lead of your agency, who passes it on to OPDC.")
    return _("The update is sent. OPDC staff will read it; you find the answer here.")


def taken_back(path: list[Step]) -> Step | None:
    """The last step when it took an approval back: the agency should know why, although it has nothing to do."""
    steps = [step for step in path if step.verb != "comment"]
    return steps[0] if steps and steps[0].verb == "take_back" else None


class UpdateAsking(WorkspaceDoor, RuleForm):
    """What adding and editing have in common: one form, two buttons."""

    autosaves = True
    form_class = UpdateForm
    template_name = "workspace/updates/form.html"
    title = gettext_lazy("Report progress")
    project: Project
    written: ProgressUpdate
    due: DueReport | None = None

    @property
    def sends(self) -> bool:
        """Whether the button that sends was pressed; without a word from a button it is kept as a draft."""
        return self.request.POST.get("verb") == "submit"

    @property
    def done_message(self) -> Any:
        """What was done."""
        if self.sends:
            return sent_message(self.written)
        return _("The update is kept. Send it to OPDC when it is complete.")

    def form_kwargs(self) -> dict[str, Any]:
        """Who reports, on what, and whether it goes to staff now."""
        return {
            "instance": self.thing,
            "person": self.person,
            "project": self.project,
            "sends": self.sends,
            "due": self.due,
        }

    def too_late(self) -> str:
        """Why nothing can be written now; empty when it can."""
        raise NotImplementedError

    def back(self) -> str:
        """The page the form was opened from."""
        raise NotImplementedError

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; or back, with a sentence, when it is too late to write."""
        self.thing = self.find()
        if sentence := self.too_late():
            if page := self.left_over(sentence, self.back()):
                return page
            messages.error(request, sentence)
            return redirect(self.back())
        form = self.form_class(**self.form_kwargs())
        if self.thing and "sure" in request.GET:  # the button on the update's page was refused for it
            form.ask_sure(doubts(self.thing, self.person))
        return self.show(form)

    def context(self) -> dict[str, Any]:
        """The project, the way of the update, what else is asked of the agency."""
        asked = Assignment.objects.asked_of(self.person).filter(state=AssignmentState.OPEN).order_by("due_on", "pk")
        return {
            "project": self.project,
            "back": self.back(),
            "crumbs": crumbs_of(self.project, self.title),
            "path": timeline(self.thing, self.person) if self.thing else [],
            "now": NOW.get(self.thing.state) if self.thing else "",
            "assignments": [assignment_row(assignment, timezone.localdate()) for assignment in asked[:5]],
        }

    def project_page(self) -> str:
        """The page of the project in the workspace."""
        return reverse("workspace:project-detail", args=[self.project.code])

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form; two versions are compared with their readings, too."""
        if extra.get("compare") is not None:
            extra["compare"] += form.compared()
        return super().show(form, status, **extra)

    def write(self, **answers: Any) -> ProgressUpdate:
        """Adds or edits."""
        raise NotImplementedError

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Writes it down, and sends it when asked to."""
        self.written = self.write(**answers)
        if self.sends:
            self.written = updates.submit(self.written, by=self.person)
        return self.written

    def next_page(self, result: ProgressUpdate) -> str:
        """The update."""
        return reverse("workspace:update-detail", args=[result.pk])


class UpdateAdd(UpdateAsking):
    """A new update of a project."""

    def find(self) -> None:
        """Only the project is there yet; refuses whoever has no part in it."""
        self.project = find_project(self.person, self.kwargs["code"])

    def too_late(self) -> str:
        """A hidden project takes no updates."""
        return str(HIDDEN) if self.project.state == PublishState.HIDDEN else ""

    def context(self) -> dict[str, Any]:
        """Besides, the one report that a round asks for, in case that is what the person came for."""
        waiting = DueReport.objects.visible_to(self.person).open().filter(project=self.project, update=None)
        found = list(waiting.select_related("round__schedule__cohort")[:2])
        return {**super().context(), "offered": found[0] if len(found) == 1 else None}

    def back(self) -> str:
        """The project."""
        return self.project_page()

    def write(self, **answers: Any) -> ProgressUpdate:
        """Begins it."""
        return updates.add(by=self.person, project=self.project, **answers)


class UpdateEdit(UpdateAsking):
    """A draft, or an update that was returned."""

    def find(self) -> ProgressUpdate:
        """By its number."""
        update = find_update(self.person, self.kwargs["pk"])
        self.project = update.project
        return update

    def too_late(self) -> str:
        """Once sent, it is in the hands of staff."""
        if self.thing.state not in STEPS["edit"].before:
            return _("This update can no longer be changed. Here is where it stands.")
        return ""

    def context(self) -> dict[str, Any]:
        """Besides, the due report that it answers, so that its day stays in sight."""
        return {**super().context(), "due": getattr(self.thing, "due", None)}

    def back(self) -> str:
        """The update."""
        return reverse("workspace:update-detail", args=[self.kwargs["pk"]])

    def write(self, **answers: Any) -> ProgressUpdate:
        """Changes it."""
        return updates.edit(self.thing, by=self.person, **answers)


class UpdateDetail(WorkspaceDoor):
    """An update of the agency: what it says, where it stands, what can be done with it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        update = find_update(self.person, pk)
        path = timeline(update, self.person)
        context = {
            "update": update,
            "due": None if update.state == UpdateState.APPROVED else getattr(update, "due", None),
            "project": update.project,
            "evidence": update.evidence.all(),
            "measured": measured(update, self.person),
            "path": path,
            "taken_back": taken_back(path),
            "now": NOW.get(update.state),
            "steps": open_steps(self.person, update, writes=True),
            "lead_first": lead_reads_first(self.person, update.agency),
            "comment_form": CommentForm(),
            "form_key": uuid.uuid4().hex,
            "crumbs": crumbs_of(update.project, _("Update")),
        }
        return render(request, "workspace/updates/detail.html", context)
