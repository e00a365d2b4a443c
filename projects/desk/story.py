"""The story of a project on the desk: whose problem, what was learned, tried and came of it, where it is used."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.desk.pages import PageForm
from projects.desk.projects import ProjectDoor
from projects.models import Project
from projects.models.projects import STORY
from projects.rules import projects

HINTS = {
    "problem": _("Who had which trouble with the service, and how often or how long. Begin with a person."),
    "learned": _("What the team saw and heard that it had not known before."),
    "tried": _("What was built and tried, who tried it, and what they said."),
    "result": _("What became better for whom, in numbers where there are some. Say also what did not work."),
    "used": _("Where it is in use today, since when, and who looks after it."),
}


class StoryForm(forms.ModelForm):
    """The five parts, each in both languages; what is left empty is not shown."""

    class Meta:
        model = Project
        fields = [*STORY]
        widgets = {name: forms.Textarea(attrs={"rows": 4}) for name in STORY}
        help_texts = {f"{part}_th": hint for part, hint in HINTS.items()}


class StoryEdit(ProjectDoor, PageForm):
    """The story of one project."""

    form_class = StoryForm
    autosaves = True
    title = _("Tell the project's story")
    button = _("Save the story")
    done_message = _("The story is saved.")

    def find(self) -> Project:
        """By its code."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """What the story is for."""
        intro = _("The public reads it on the project's page, in this order. A part that is empty is left out.")
        return {**super().context(), "intro": intro}

    def rule(self, **answers: Any) -> Project:
        """Changes it; code and cohort stay."""
        return projects.edit(self.thing, by=self.person, code=self.thing.code, cohort=self.thing.cohort, **answers)
