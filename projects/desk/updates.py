"""Updates on the desk: the list, one update with all that helps to judge it, approve, return."""

from typing import Any

from django import forms
from django.db.models import F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.access import writes_for
from agencies.doors import DeskDoor
from agencies.models import Agency
from govlab.doors import RuleButton, RuleForm
from govlab.filters import Choice, Filters
from govlab.gather import Line, line, short_name
from govlab.paging import page_of
from projects.desk.history import readable, shown_steps
from projects.desk.home import days_between
from projects.desk.kinds import label_of
from projects.forms.readings import measured
from projects.models import ProgressUpdate, Project, Stage, UpdateState
from projects.rules import stages, updates

COMPARED = ("stage_number", "stage_state", "happened_on", "title", "text", "obstacles")


class UpdateFilter(Filters):
    """Updates by state, project and agency."""

    state = Choice(label=_("State"), choices=UpdateState.choices)
    project = Choice(label=_("Project"), field_name="project__code")
    agency = Choice(label=_("Agency"), field_name="agency__key")

    def offers(self) -> list[QuerySet[Any]]:
        """The projects and agencies that have an update."""
        seen = self.queryset.order_by()
        reported = Project.objects.filter(pk__in=seen.values("project"))
        return [
            line(reported, "project", key="code", name_th="title_th", name_en="title_en"),
            line(Agency.objects.filter(pk__in=seen.values("agency")), "agency", **short_name()),
        ]

    def label(self, choice: Line) -> str:
        """A project by code and title, an agency by its name."""
        label = super().label(choice)
        return f"{choice.key} {label}" if choice.of == "project" else label


class UpdateList(DeskDoor):
    """Every update that staff may see, the one sent last first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, filtered and in pages."""
        rows = ProgressUpdate.objects.visible_to(self.person).select_related("project", "agency")
        found = UpdateFilter(request.GET, rows.order_by(F("submitted_at").desc(nulls_last=True), "-pk"))
        page = page_of(request, found.qs.defer("text", "obstacles"), 50)
        context = {"title": _("Updates"), "filter": found, "page_obj": page, "updates": page.object_list}
        return render(request, "desk/updates/list.html", context, status=page.status)


def corrected(update: ProgressUpdate, steps: list[Any]) -> tuple[Any, list[dict[str, Any]]]:
    """The last returning and, field by field, what the agency changed since; None when it was never returned."""
    returned = next((step for step in steps if step.history_change_reason == "return"), None)
    if returned is None or update.state == UpdateState.RETURNED:
        return returned, []
    fields: list[Any] = [ProgressUpdate._meta.get_field(name) for name in COMPARED]
    pairs = [(field, getattr(returned, field.attname), getattr(update, field.attname)) for field in fields]
    return returned, [
        {"label": label_of(field), "before": readable(field, old), "after": readable(field, new)}
        for field, old, new in pairs
        if old != new
    ]


class UpdateDoor(DeskDoor):
    """A door about one update."""

    def found(self) -> ProgressUpdate:
        """The update that the address names; other people's drafts are not there."""
        rows = ProgressUpdate.objects.visible_to(self.person)
        rows = rows.select_related("project", "agency", "author", "submitted_by", "reviewed_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class UpdateDetail(UpdateDoor):
    """One update, with what it will change and what changed since it was returned."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        update = self.found()
        steps = shown_steps("update", update.pk, self.person)
        returned, since = corrected(update, steps)
        waiting = update.state == UpdateState.SUBMITTED
        stage = Stage.objects.filter(project=update.project_id, number=update.stage_number).first()
        evidence = list(update.evidence.all())
        context = {
            "update": update,
            "steps": [step for step in steps if step.history_change_reason in ("submit", "return", "approve")],
            "returned": returned,
            "since": since,
            "new_files": [file.pk for file in evidence if returned and file.created_at > returned.history_date],
            "evidence": evidence,
            "measured": measured(update, self.person),
            "stage": stage,
            "waiting": waiting,
            "waited": days_between(update.submitted_at, timezone.now()) if waiting else None,
            "outcome": stages.outcome(update) if waiting and stage else None,
            "open": updates.open_steps(self.person, update, writes=writes_for(self.person, update.agency)),
            "own": self.person.pk in (update.author_id, update.submitted_by_id),
            "crumbs": [
                (reverse("desk:home"), _("Desk")),
                (reverse("desk:update-list"), _("Updates")),
                ("", str(update)),
            ],
        }
        return render(request, "desk/updates/detail.html", context)


class UpdateApprove(UpdateDoor, RuleButton):
    """Accepts the update, in the version that was read."""

    done_message = _("The update is approved. The project's page shows where it stands now.")

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Approves it."""
        return updates.approve(self.found(), by=self.person, version=self.version())

    def next_page(self, result: ProgressUpdate) -> str:
        """Back to what waits."""
        return reverse("desk:home")

    def back_page(self) -> str:
        """The update."""
        return reverse("desk:update-detail", kwargs={"pk": self.kwargs["pk"]})


class ReturnForm(forms.Form):
    """Why an update goes back."""

    reason = forms.CharField(
        label=_("What should be corrected?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("The agency reads this above its update."),
        error_messages={"required": _("Say what should be corrected, so that the agency knows.")},
    )


class UpdateReturn(UpdateDoor, RuleForm):
    """Sends the update back with the reason."""

    form_class = ReturnForm
    template_name = "desk/updates/return.html"
    title = _("Return the update for correction")
    button = _("Return it to the agency")
    done_message = _("The update went back to the agency with your reason.")

    def find(self) -> ProgressUpdate:
        """The update."""
        return self.found()

    def rule(self, **answers: Any) -> ProgressUpdate:
        """Returns it."""
        return updates.return_(self.thing, by=self.person, **answers)

    def context(self) -> dict[str, Any]:
        """The way back to the update."""
        back = reverse("desk:update-detail", kwargs={"pk": self.thing.pk})
        return {"back": back, "crumbs": [(back, str(self.thing)), ("", self.title)]}

    def next_page(self, result: ProgressUpdate) -> str:
        """Back to what waits."""
        return reverse("desk:home")
