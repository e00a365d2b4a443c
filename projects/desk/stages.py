"""A project's stages on the desk: state and dates."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField
from projects.desk.pages import PageForm
from projects.desk.projects import ProjectDoor
from projects.models import Stage
from projects.rules import stages

DATES = ["planned_start", "planned_end", "actual_start", "actual_end"]


class StageForm(forms.ModelForm):
    """How far the stage is, when it should be done and when it was."""

    class Meta:
        model = Stage
        fields = ["state", *DATES]
        field_classes = dict.fromkeys(DATES, ThaiDateField)
        help_texts = {"planned_end": _("For example 23/11/2564. Leave empty what is not known.")}


class StageEdit(ProjectDoor, PageForm):
    """One stage of one project."""

    form_class = StageForm
    button = _("Save the stage")
    done_message = _("The stage is saved.")

    def find(self) -> Stage:
        """By its number, 1 to 4."""
        stage = get_object_or_404(Stage, project=self.found(), number=self.kwargs["number"])
        self.title = str(stage)
        return stage

    def rule(self, **answers: Any) -> Stage:
        """Changes it."""
        return stages.edit(self.thing, by=self.person, **answers)
