"""What a project is measured by, on the desk: add, edit, remove."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as __
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from agencies.rules import records
from govlab.doors import RuleConfirm, RuleForm
from projects.desk.projects import ProjectDoor
from projects.forms.readings import ReadingField
from projects.models import Indicator, Project


class IndicatorForm(forms.ModelForm):
    """The measure, its unit, where it began and where it should get to."""

    baseline = ReadingField(label=_("baseline"))
    target = ReadingField(label=_("target"))

    class Meta:
        model = Indicator
        fields = ["name_th", "name_en", "unit_th", "unit_en", "direction", "baseline", "target"]


class IndicatorAsking(ProjectDoor, RuleForm):
    """What adding and editing have in common."""

    form_class = IndicatorForm
    template_name = "desk/form.html"
    button = _("Save the indicator")
    done_message = _("The indicator is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the project."""
        return {"back": self.own_page(), "crumbs": self.crumbs(self.title)}

    def next_page(self, result: Indicator) -> str:
        """The project."""
        return self.own_page()


class IndicatorAdd(IndicatorAsking):
    """One more indicator."""

    title = _("Add an indicator")
    project: Project

    def form_kwargs(self) -> dict[str, Any]:
        """The form's record belongs to the project; a project that is not there is a 404."""
        self.project = self.found()
        return {"instance": Indicator(project=self.project)}

    def rule(self, **answers: Any) -> Indicator:
        """Adds it."""
        return records.add(Indicator, by=self.person, project=self.project, **answers)


class IndicatorEdit(IndicatorAsking):
    """An indicator that is there."""

    title = _("Edit the indicator")

    def find(self) -> Indicator:
        """An indicator of this project."""
        return get_object_or_404(Indicator, project=self.found(), pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> Indicator:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)


class IndicatorRemove(ProjectDoor, RuleConfirm):
    """Takes an indicator out, with what was measured."""

    template_name = "desk/confirm.html"
    done_message = _("The indicator is removed.")

    def indicator(self) -> Indicator:
        """An indicator of this project."""
        return get_object_or_404(Indicator, project=self.found(), pk=self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """What will happen."""
        indicator = self.indicator()
        count = indicator.readings.count()
        title = __("Remove the indicator “%(name)s”?") % {"name": indicator}
        intro = (
            ngettext("%(count)d reading goes with it.", "%(count)d readings go with it.", count)
            if count
            else __("Nothing was measured with it yet.")
        )
        return {
            "title": title,
            "intro": intro % {"count": count} if count else intro,
            "button": _("Remove the indicator"),
            "back": self.own_page(),
            "crumbs": self.crumbs(title),
        }

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        records.remove(self.indicator(), by=self.person)

    def next_page(self, result: None) -> str:
        """The project."""
        return self.own_page()

    def back_page(self) -> str:
        """The project."""
        return self.own_page()
