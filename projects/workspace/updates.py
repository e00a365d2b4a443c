"""Updates in the workspace: write one, keep it as a draft, send it to OPDC, see where it stands."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import require_writer
from agencies.doors import WorkspaceDoor
from govlab.doors import RuleButton, RuleConfirm, RuleForm
from projects.forms.readings import measured, number_text
from projects.forms.updates import UpdateForm
from projects.models import Assignment, AssignmentState, ProgressUpdate, Project, PublishState, UpdateState
from projects.rules import updates
from projects.workspace.assignments import row_of as assignment_row
from projects.workspace.projects import find_project

NOW: dict[str, Any] = {
    UpdateState.DRAFT: gettext_lazy("Being written"),
    UpdateState.SUBMITTED: gettext_lazy("Waiting for OPDC staff"),
    UpdateState.RETURNED: gettext_lazy("Being corrected"),
}
DONE = {
    "submit": gettext_lazy("Sent to OPDC"),
    "return": gettext_lazy("Returned for correction"),
    "approve": gettext_lazy("Approved"),
}


def find_update(person: Any, pk: int) -> ProgressUpdate:
    """An update of one of the person's agencies: 404 if it is not visible to them, PermissionDenied if another's."""
    seen = ProgressUpdate.objects.visible_to(person).select_related("project", "agency", "author")
    update = get_object_or_404(seen, pk=pk)
    require_writer(person, update.agency)
    return update


def path_of(update: ProgressUpdate) -> list[dict[str, Any]]:
    """Where an update has been, newest first: what happened, when, and who did it; staff are not named."""
    rows = update.history.filter(history_change_reason__in=DONE).select_related("history_user")
    steps, sendings = [], 0
    for row in rows.order_by("history_date", "history_id"):
        verb, who = row.history_change_reason, _("OPDC staff")
        what = str(DONE[verb])
        if verb == "submit":
            sendings += 1
            who = str(row.history_user or update.agency)
            what = _("Sent to OPDC again") if sendings > 1 else what
        steps.append({"what": what, "when": row.history_date, "who": who})
    return steps[::-1]


class UpdateAsking(WorkspaceDoor, RuleForm):
    """What adding and editing have in common: one form, two buttons."""

    form_class = UpdateForm
    template_name = "workspace/updates/form.html"
    title = gettext_lazy("Report progress")
    project: Project

    @property
    def sends(self) -> bool:
        """Whether the button that sends was pressed; without a word from a button it is kept as a draft."""
        return self.request.POST.get("verb") == "submit"

    @property
    def done_message(self) -> Any:
        """What was done."""
        if self.sends:
            return _("The update is sent. OPDC staff will read it; you find the answer here.")
        return _("The update is kept. Send it to OPDC when it is complete.")

    def form_kwargs(self) -> dict[str, Any]:
        """Who reports, on what, and whether it goes to staff now."""
        return {"instance": self.thing, "person": self.person, "project": self.project, "sends": self.sends}

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
            messages.error(request, sentence)
            return redirect(self.back())
        return self.show(self.form_class(**self.form_kwargs()))

    def context(self) -> dict[str, Any]:
        """The project, the way of the update, what else is asked of the agency."""
        asked = Assignment.objects.asked_of(self.person).filter(state=AssignmentState.OPEN).order_by("due_on", "pk")
        home = reverse("workspace:home")
        return {
            "project": self.project,
            "back": self.back(),
            "crumbs": [(home, _("My work")), (self.project_page(), self.project.code), ("", self.title)],
            "path": path_of(self.thing) if self.thing else [],
            "now": NOW.get(self.thing.state) if self.thing else "",
            "assignments": [assignment_row(assignment, timezone.localdate()) for assignment in asked[:5]],
        }

    def project_page(self) -> str:
        """The page of the project in the workspace."""
        return reverse("workspace:project-detail", args=[self.project.code])

    def show(self, form: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The page with the form; two versions are compared with their readings, too."""
        if extra.get("compare") is not None:
            typed = form.cleaned_data["readings"]
            for name, indicator in form.asked.items():
                now, yours = form[name].initial, typed.get(indicator)
                if now != yours:
                    row = {"label": str(indicator), "before": number_text(now), "after": number_text(yours)}
                    extra["compare"].append(row)
        return super().show(form, status, **extra)

    def write(self, **answers: Any) -> ProgressUpdate:
        """Adds or edits."""
        raise NotImplementedError

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Writes it down, and sends it when asked to."""
        update = self.write(**answers)
        return updates.submit(update, by=self.person) if self.sends else update

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
        if self.project.state == PublishState.HIDDEN:
            return _("This project is hidden, so nothing can be reported on it. Ask OPDC staff.")
        return ""

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
        if self.thing.state not in updates.STEPS["edit"].before:
            return _("This update can no longer be changed. Here is where it stands.")
        return ""

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
        project = update.project
        context = {
            "update": update,
            "project": project,
            "evidence": update.evidence.all(),
            "measured": measured(update, self.person),
            "path": path_of(update),
            "now": NOW.get(update.state),
            "steps": updates.open_steps(self.person, update),
            "crumbs": [
                (reverse("workspace:home"), _("My work")),
                (reverse("workspace:project-detail", args=[project.code]), project.code),
                ("", _("Update")),
            ],
        }
        return render(request, "workspace/updates/detail.html", context)


class UpdateSubmit(WorkspaceDoor, RuleButton):
    """Sends an update to OPDC."""

    done_message = gettext_lazy("The update is sent. OPDC staff will read it; you find the answer here.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Sends what the person has read, not what somebody changed since."""
        return updates.submit(find_update(self.person, self.kwargs["pk"]), by=self.person, version=self.version())

    def next_page(self, result: ProgressUpdate) -> str:
        """The update."""
        return self.back_page()

    def back_page(self) -> str:
        """The update."""
        return reverse("workspace:update-detail", args=[self.kwargs["pk"]])


class UpdateDiscard(WorkspaceDoor, RuleConfirm):
    """Throws a draft away, after a question."""

    template_name = "workspace/confirm.html"
    done_message = gettext_lazy("The draft is discarded.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The question; or back, with a sentence, when it is no longer a draft."""
        self.update = find_update(self.person, self.kwargs["pk"])
        if "discard" not in updates.open_steps(self.person, self.update):
            messages.error(request, _("Only a draft can be thrown away, and this update is no longer one."))
            return redirect(self.back_page())
        return super().get(request, *args, **kwargs)

    def context(self) -> dict[str, Any]:
        """What would be thrown away."""
        title = _("Discard the draft “%(name)s”?") % {"name": self.update}
        home = reverse("workspace:home")
        return {
            "title": title,
            "intro": _("Its text, its numbers and its files will be gone for you and your colleagues."),
            "button": _("Discard the draft"),
            "version": self.update.version,
            "back": self.back_page(),
            "crumbs": [(home, _("My work")), (self.back_page(), _("Update")), ("", _("Discard the draft"))],
        }

    def rule(self, **answers: Any) -> str:
        """Throws it away; gives the project's code."""
        update = find_update(self.person, self.kwargs["pk"])
        updates.discard(update, by=self.person, version=self.version())
        return update.project.code

    def next_page(self, result: str) -> str:
        """The project."""
        return reverse("workspace:project-detail", args=[result])

    def back_page(self) -> str:
        """The update."""
        return reverse("workspace:update-detail", args=[self.kwargs["pk"]])
