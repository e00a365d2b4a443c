"""What staff are asked about a meeting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField, ThaiTimeField
from projects.models import Meeting

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}


class ProjectsField(forms.ModelMultipleChoiceField):
    """Projects by code and title."""

    def label_from_instance(self, obj: Any) -> str:
        """GL2562-3 and the title."""
        return f"{obj.code} {obj}"


class MeetingForm(forms.ModelForm):
    """What staff say about a meeting, in groups."""

    GROUPS = (
        (_("What it is called"), ("kind", "title_th", "title_en", "series", "number", "year", "key")),
        (_("When and where"), ("starts_on", "ends_on", "starts_at", "place_th", "place_en")),
        (
            _("What it was about"),
            ("theme_th", "theme_en", "format_th", "format_en", "attendance_th", "attendance_en"),
        ),
        (_("Who held it and what was presented"), ("hosts", "projects")),
        (_("Where this is written"), ("sources",)),
    )

    class Meta:
        model = Meeting
        fields = [
            *("key", "kind", "series", "number", "year", "title_th", "title_en", "theme_th", "theme_en"),
            *("format_th", "format_en", "starts_on", "ends_on", "starts_at", "place_th", "place_en"),
            *("attendance_th", "attendance_en", "hosts", "projects", "sources"),
        ]
        field_classes = {
            "starts_on": ThaiDateField,
            "ends_on": ThaiDateField,
            "starts_at": ThaiTimeField,
            "projects": ProjectsField,
        }
        widgets = {
            "number": forms.TextInput(attrs=NUMERIC),
            "year": forms.TextInput(attrs=NUMERIC),
            "hosts": forms.CheckboxSelectMultiple,
            "projects": forms.CheckboxSelectMultiple,
            "sources": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "title_th": _("A meeting of a series needs no title: its number is enough."),
            "starts_on": _("For example 23/11/2564 or 23 พ.ย. 2564."),
            "ends_on": _("Leave it empty for a meeting of one day."),
            "starts_at": _("For example 9.30 or 14:30."),
            "attendance_th": _("How many came, as the document says it."),
        }

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The questions under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]
