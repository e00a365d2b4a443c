"""What a project is measured by, on the desk: add, edit, remove."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agencies.rules import records
from projects.desk.pages import PageForm, PageRemove
from projects.desk.projects import ProjectDoor
from projects.forms.readings import ReadingField
from projects.models import Indicator, Project
from projects.rules import indicators


class IndicatorForm(forms.ModelForm):
    """The measure, its unit, where it began and where it should get to."""

    baseline = ReadingField(label=_("baseline"))
    target = ReadingField(label=_("target"))
    sure = forms.BooleanField(
        label=_("The numbers that were reported stay right with this change"),
        required=False,
        widget=forms.HiddenInput,
    )

    class Meta:
        model = Indicator
        fields = ["name_th", "name_en", "unit_th", "unit_en", "direction", "counting", "baseline", "target"]
        help_texts = {
            "unit_th": _("What one stands for, such as minutes, schools, per cent."),
            "direction": _("A number that goes the other way is asked about before it is sent."),
            "counting": _("A number that counts everything so far never falls, such as schools that have joined."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("sure"):
            self.ask_sure()

    def ask_sure(self) -> None:
        """Shows the tick, once the rule has asked."""
        self.fields["sure"].widget = forms.CheckboxInput()

    def add_error(self, field: Any, error: Any) -> None:
        """A question about numbers that were reported brings the tick."""
        if any(each.code == "doubt" for each in (error if isinstance(error, list) else [])):
            self.ask_sure()
        super().add_error(field, error)


class IndicatorAsking(ProjectDoor, PageForm):
    """What adding and editing have in common."""

    form_class = IndicatorForm
    button = _("Save the indicator")
    done_message = _("The indicator is saved.")


class IndicatorAdd(IndicatorAsking):
    """One more indicator."""

    title = _("Add an indicator")
    project: Project

    def form_kwargs(self) -> dict[str, Any]:
        """The form's record belongs to the project; a project that is not there is a 404."""
        self.project = self.found()
        return {"instance": Indicator(project=self.project)}

    def rule(self, **answers: Any) -> Indicator:
        """Adds it; nothing was measured with it yet."""
        answers.pop("sure")
        return records.add(Indicator, by=self.person, project=self.project, **answers)


class IndicatorEdit(IndicatorAsking):
    """An indicator that is there."""

    title = _("Edit the indicator")

    def find(self) -> Indicator:
        """An indicator of this project."""
        return get_object_or_404(Indicator, project=self.found(), pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> Indicator:
        """Changes it."""
        return indicators.edit(self.thing, by=self.person, **answers)


class IndicatorRemove(ProjectDoor, PageRemove):
    """Takes an indicator out, with what was measured."""

    button = _("Remove the indicator")
    done_message = _("The indicator is removed.")

    def row(self) -> Indicator:
        """An indicator of this project."""
        return get_object_or_404(Indicator, project=self.found(), pk=self.kwargs["pk"])

    def question(self, row: Indicator) -> dict[str, Any]:
        """What will happen."""
        count = row.readings.count()
        intro = (
            ngettext("%(count)d reading goes with it.", "%(count)d readings go with it.", count) % {"count": count}
            if count
            else gettext("Nothing was measured with it yet.")
        )
        return {"title": gettext("Remove the indicator “%(name)s”?") % {"name": row}, "intro": intro}
