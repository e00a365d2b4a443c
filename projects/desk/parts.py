"""The agencies with a part in a project: add, edit, remove."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from projects.desk.pages import PageForm, PageRemove
from projects.desk.projects import ProjectDoor
from projects.models import ProjectAgency
from projects.rules import projects


class PartForm(forms.ModelForm):
    """Which agency, and what it does."""

    class Meta:
        model = ProjectAgency
        fields = ["agency", "part"]


class PartAsking(ProjectDoor, PageForm):
    """What adding and editing have in common."""

    form_class = PartForm
    button = _("Save the agency's part")
    done_message = _("The agency's part is saved.")


class PartAdd(PartAsking):
    """One more agency."""

    title = _("Add an agency to the project")

    def form_kwargs(self) -> dict[str, Any]:
        """The form knows the project, so that an agency is not added twice."""
        return {"instance": ProjectAgency(project=self.found())}

    def rule(self, **answers: Any) -> ProjectAgency:
        """Adds it."""
        return projects.add_part(self.found(), by=self.person, **answers)


class PartEdit(PartAsking):
    """Another agency, or another part."""

    title = _("Edit the agency's part")

    def find(self) -> ProjectAgency:
        """A part of this project."""
        return get_object_or_404(ProjectAgency, project=self.found(), pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> ProjectAgency:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class PartRemove(ProjectDoor, PageRemove):
    """Takes an agency out of the project."""

    button = _("Take the agency out")
    done_message = _("The agency has no part in the project any more.")

    def row(self) -> ProjectAgency:
        """A part of this project."""
        rows = ProjectAgency.objects.select_related("agency", "project")
        return get_object_or_404(rows, project=self.found(), pk=self.kwargs["pk"])

    def question(self, row: ProjectAgency) -> dict[str, Any]:
        """What will happen."""
        return {
            "title": gettext("Take %(agency)s out of the project?") % {"agency": row.agency},
            "intro": _("Its people can no longer report on the project. What they reported stays."),
        }
