"""The agencies with a part in a project: add, edit, remove."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from govlab.doors import RuleConfirm, RuleForm
from projects.desk.projects import ProjectDoor
from projects.models import ProjectAgency
from projects.rules import projects


class PartForm(forms.ModelForm):
    """Which agency, and what it does."""

    class Meta:
        model = ProjectAgency
        fields = ["agency", "part"]


class PartAsking(ProjectDoor, RuleForm):
    """What adding and editing have in common."""

    form_class = PartForm
    template_name = "desk/form.html"
    button = _("Save the agency's part")
    done_message = _("The agency's part is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the project."""
        return {"back": self.own_page(), "crumbs": self.crumbs(self.title)}

    def next_page(self, result: ProjectAgency) -> str:
        """The project."""
        return self.own_page()


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


class PartRemove(ProjectDoor, RuleConfirm):
    """Takes an agency out of the project."""

    template_name = "desk/confirm.html"
    done_message = _("The agency has no part in the project any more.")

    def part(self) -> ProjectAgency:
        """A part of this project."""
        rows = ProjectAgency.objects.select_related("agency", "project")
        return get_object_or_404(rows, project=self.found(), pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """What will happen."""
        part = self.part()
        title = __("Take %(agency)s out of the project?") % {"agency": part.agency}
        return {
            "title": title,
            "intro": _("Its people can no longer report on the project. What they reported stays."),
            "button": _("Take the agency out"),
            "back": self.own_page(),
            "crumbs": self.crumbs(title),
        }

    def rule(self, **answers: Any) -> None:
        """Removes the part."""
        records.remove(self.part(), by=self.person)

    def next_page(self, result: None) -> str:
        """The project."""
        return self.own_page()

    def back_page(self) -> str:
        """The project."""
        return self.own_page()
