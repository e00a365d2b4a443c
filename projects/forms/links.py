"""What is asked to make a link to a report, and what the report asks whoever comes by it."""

from typing import Any

from django import forms
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField
from projects.forms.updates import UpdateForm
from projects.models import ReportLink


class LinkForm(forms.ModelForm):
    """For whom, and until when."""

    class Meta:
        model = ReportLink
        fields = ["name", "ends_on"]
        field_classes = {"ends_on": ThaiDateField}
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "off"})}
        help_texts = {
            "name": _("So that everybody sees who filled in the report."),
            "ends_on": _("The link works until the end of this day, for 60 days at most. For example 23/11/2564."),
        }


class FillForm(UpdateForm):
    """The report's own questions; beside them stands nothing that the public may not see."""

    def __init__(self, *args: Any, link: ReportLink, **kwargs: Any) -> None:
        visitor: Any = AnonymousUser()
        super().__init__(*args, person=visitor, project=link.update.project, **kwargs)
        self.fields["attach"].person = link.made_by  # type: ignore[attr-defined]

    @property
    def first_asked(self) -> str:
        """The field in whose place the table of all indicators stands; "" when there is none."""
        return next(iter(self.asked), "")
