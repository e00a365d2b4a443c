"""What staff are asked about each part of a meeting."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField
from projects.countries import country_choices
from projects.models import (
    AgendaItem,
    Assignment,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
)
from projects.models.agenda import next_number
from projects.models.meetings import MeetingPart

LONGEST_LABEL = 90  # characters of a row in a select
TEXT = {"rows": 4}
ORDER = {"inputmode": "numeric", "autocomplete": "off"}


class RowField(forms.ModelChoiceField):
    """A row of the meeting by its number and the beginning of its text."""

    def label_from_instance(self, obj: Any) -> str:
        """As much as fits into a select."""
        return Truncator(str(obj)).chars(LONGEST_LABEL)


class PartForm(forms.ModelForm):
    """A part of one meeting; what it stands under is chosen among the rows of the same meeting."""

    above = ""
    """The field that says what the part stands under."""

    def __init__(self, *args: Any, meeting: Meeting, under: MeetingPart | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.above:
            field: Any = self.fields[self.above]
            field.queryset = field.queryset.filter(meeting=meeting)
        if self.instance.pk is None:
            self.fields.pop("position", None)  # a new part comes last
            self.begin(meeting, under)

    def begin(self, meeting: Meeting, under: MeetingPart | None) -> None:
        """Fills in what follows from the place at which the part is added."""
        if self.above and under:
            self.initial[self.above] = under.pk
        if "number" in self.fields and (under or self._meta.model is AgendaItem):
            taken = [*meeting.agenda.values_list("number", flat=True)]
            taken += meeting.resolutions.values_list("number", flat=True)
            self.initial["number"] = next_number(taken, getattr(under, "number", ""))


class PersonForm(PartForm):
    """Somebody who took part."""

    class Meta:
        model = MeetingPerson
        fields = ["name_th", "name_en", "role_th", "role_en", "agency", "also_written", "position"]
        widgets = {"position": forms.TextInput(attrs=ORDER)}
        help_texts = {"also_written": _("Another spelling of the name in the documents.")}


class SessionForm(PartForm):
    """A session of a conference."""

    class Meta:
        model = MeetingSession
        fields = ["title_th", "title_en", "position"]
        widgets = {"position": forms.TextInput(attrs=ORDER)}


class PointForm(PartForm):
    """A point of interest."""

    country = forms.ChoiceField(label=_("Country"), required=False)

    class Meta:
        model = MeetingPoint
        fields = ["text_th", "text_en", "country", "position"]
        widgets = {
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "position": forms.TextInput(attrs=ORDER),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["country"]
        field.choices = country_choices(self.instance.country)


class AgendaItemForm(PartForm):
    """An item of the agenda."""

    above = "parent"

    class Meta:
        model = AgendaItem
        fields = ["number", "title_th", "title_en", "presented_by", "parent"]
        field_classes = {"parent": RowField}
        widgets = {
            "number": forms.TextInput(attrs={"class": "narrow"}),
            "title_th": forms.Textarea(attrs={"rows": 2}),
            "title_en": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {"parent": _("Choose nothing for an item at the top of the agenda.")}


class ResolutionForm(PartForm):
    """A resolution or opinion."""

    above = "item"

    class Meta:
        model = Resolution
        fields = ["item", "number", "text_th", "text_en", "concerns"]
        field_classes = {"item": RowField}
        widgets = {
            "number": forms.TextInput(attrs={"class": "narrow"}),
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "concerns": forms.CheckboxSelectMultiple,
        }


class AssignmentForm(PartForm):
    """What is asked of an agency."""

    above = "resolution"

    class Meta:
        model = Assignment
        fields = ["resolution", "agency", "text_th", "text_en", "due_on", "partners"]
        field_classes = {"resolution": RowField, "due_on": ThaiDateField}
        widgets = {
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "partners": forms.CheckboxSelectMultiple,
        }
        help_texts = {"due_on": _("For example 23/11/2564 or 23 พ.ย. 2564.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["resolution"]
        field.empty_label = _("The meeting as a whole")
