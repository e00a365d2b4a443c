"""A report that a round asks for: the form of an update, opened for it."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.models import DueReport, ProgressUpdate, PublishState
from projects.rules import updates
from projects.rules.steps import open_steps
from projects.workspace.updates import HIDDEN, UpdateAsking


class DueReportAdd(UpdateAsking):
    """Begins the report; once somebody has begun it, leads to what they wrote."""

    due: DueReport

    def find(self) -> None:
        """Only the due report is there yet: a 404 for agencies that have no part in it."""
        seen = DueReport.objects.visible_to(self.person)
        seen = seen.select_related("project__cohort", "round__schedule__cohort", "update__agency")
        self.due = get_object_or_404(seen, pk=self.kwargs["pk"])
        self.project = self.due.project
        updates.require_reporting(self.person, self.project)

    def begun(self) -> str:
        """The address of the update that answers it already; empty when there is none or it is another agency's."""
        if not self.due.update_id and self.request.method == "GET":
            return ""
        seen = ProgressUpdate.objects.visible_to(self.person).filter(due=self.due)
        update = seen.select_related("agency").first()
        steps = open_steps(self.person, update) if update else []
        name = "workspace:update-edit" if "edit" in steps else "workspace:update-detail"
        mine = update and updates.reporting_agencies(self.person, self.project).filter(pk=update.agency_id).exists()
        return reverse(name, args=[update.pk]) if update and mine else ""

    def too_late(self) -> str:
        """Begun, waived, closed, or of a hidden project."""
        if self.due.update_id:
            if self.begun():
                return _("This report has been begun already. Here it is.")
            return _("Another agency of this project has begun this report already.")
        if self.due.waived_at:
            return _("This report is waived, so nothing needs to be sent.")
        if self.project.state == PublishState.HIDDEN:
            return str(HIDDEN)
        if self.due.round.closed_at:
            return _("This round is closed. Report progress on the project's page instead.")
        return ""

    def back(self) -> str:
        """What was begun, else the project."""
        return self.begun() or self.project_page()

    def context(self) -> dict[str, Any]:
        """Which report it is; and where the other one stands, if a colleague was quicker."""
        return {**super().context(), "due": self.due, "begun": self.begun()}

    def write(self, **answers: Any) -> ProgressUpdate:
        """Begins it as the answer to what is due."""
        return updates.add(by=self.person, project=self.project, due=self.due, **answers)
