"""What a round asks of one project, on the desk: waiving it with a reason, and taking that back."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleButton
from projects.desk.pages import PageDoor, PageForm
from projects.models import DueReport
from projects.rules import rounds


class WaiveForm(forms.Form):
    """Why a report is not needed."""

    reason = forms.CharField(
        label=_("Why nothing needs to be sent"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The agency reads it."),
    )


class DueDoor(PageDoor):
    """A door about one due report; its page is that of its round."""

    def found(self) -> DueReport:
        """The due report that the address names."""
        rows = DueReport.objects.visible_to(self.person).with_state()
        return get_object_or_404(rows.select_related("round__schedule__cohort", "project"), pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of its round."""
        return reverse("desk:round-detail", args=[self.found().round_id])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list over the round."""
        return [(reverse("desk:round-list"), _("Rounds")), (self.own_page(), self.found().round), ("", title)]


class DueReportWaive(DueDoor, PageForm):
    """Asks the project for nothing in this round."""

    form_class = WaiveForm
    title = _("Waive the report")
    button = _("Waive the report")
    done_message = _("The report is waived.")

    def find(self) -> DueReport:
        """By its number."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """Which project it is about."""
        project = self.thing.project
        return {**super().context(), "intro": f"{project.code} {project}"}

    def rule(self, **answers: Any) -> DueReport:
        """Waives it."""
        return rounds.waive(self.thing, by=self.person, **answers)


class DueReportUnwaive(DueDoor, RuleButton):
    """Takes the waiving back."""

    done_message = _("The report is asked for again.")

    def rule(self, **answers: Any) -> DueReport:
        """Asks for it after all."""
        return rounds.unwaive(self.found(), by=self.person, version=self.version())
