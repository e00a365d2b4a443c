"""What staff are asked about the items, the resolutions and the assignments of a meeting."""

from typing import Any

from django import forms
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField
from projects.forms.meetings import ProjectsField
from projects.models import AgendaItem, Assignment, ItemKind, Meeting, Resolution
from projects.models.meetings import MeetingPart
from projects.rules.meetings import ONCE

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
            field.empty_label = _("Choose one") if field.required else _("none")
        if self.instance.pk is None:
            self.instance.meeting = meeting  # what it stands in for or under is looked at in its own meeting
            self.fields.pop("position", None)  # a new part comes last
            self.begin(meeting, under)

    def begin(self, meeting: Meeting, under: MeetingPart | None) -> None:
        """Fills in what follows from the place at which the part is added."""
        if self.above and under:
            self.initial[self.above] = under.pk


class AgendaItemForm(PartForm):
    """An item of the agenda, except for what was said about it."""

    above = "parent"

    class Meta:
        model = AgendaItem
        fields = ["title_th", "title_en", "kind", "parent", "presented_by", "presenter", "projects", "shown"]
        field_classes = {"parent": RowField, "projects": ProjectsField}
        widgets = {
            "title_th": forms.Textarea(attrs={"rows": 2}),
            "title_en": forms.Textarea(attrs={"rows": 2}),
            "shown": forms.RadioSelect,
            "projects": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "kind": _("Open matters of earlier meetings come by themselves under the item that is for them."),
            "parent": _("Choose nothing for an item at the top of the agenda."),
            "presenter": _("Name and position, as the minutes print them."),
        }

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        kind: Any = self.fields["kind"]
        others = AgendaItem.objects.filter(meeting=meeting, kind__in=ONCE).exclude(pk=self.instance.pk)
        taken = set(others.values_list("kind", flat=True))
        kind.choices = [("", _("Nothing in particular")), *(each for each in ItemKind.choices if each[0] not in taken)]
        if self.above and self.instance.pk:
            del self.fields["parent"]  # moving is the agenda's business
        if self.instance.kind == ItemKind.ARISING and self.instance.follow_ups.exists():
            del self.fields["kind"]  # open matters of earlier meetings stand here


class QuickItemForm(PartForm):
    """An item by its title and its place: the one line below the agenda."""

    above = "parent"

    class Meta:
        model = AgendaItem
        fields = ["title_th", "parent"]
        field_classes = {"parent": RowField}
        labels = {"title_th": _("Add an item"), "parent": _("Under")}
        widgets = {"title_th": forms.TextInput(attrs={"autocomplete": "off"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        parent.empty_label = _("At the top of the agenda")


class ResolutionForm(PartForm):
    """A resolution or opinion."""

    above = "item"

    class Meta:
        model = Resolution
        fields = ["item", "text_th", "text_en", "concerns"]
        field_classes = {"item": RowField}
        widgets = {
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "concerns": forms.CheckboxSelectMultiple,
        }
        error_messages = {"item": {"required": _("Choose the agenda item under which it was resolved.")}}


class AssignmentForm(PartForm):
    """What is asked of an agency."""

    above = "resolution"

    class Meta:
        model = Assignment
        fields = [
            *("resolution", "agency", "text_th", "text_en", "starts_on", "due_on", "responsible"),
            *("partners", "projects"),
        ]
        field_classes = {
            "resolution": RowField,
            "starts_on": ThaiDateField,
            "due_on": ThaiDateField,
            "projects": ProjectsField,
        }
        widgets = {
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "partners": forms.CheckboxSelectMultiple,
            "projects": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "starts_on": _("Where a period is given; otherwise leave it empty."),
            "due_on": _("For example 23/11/2564 or 23 พ.ย. 2564."),
            "responsible": _("Name and position, if known. Only staff and the agencies asked see it."),
        }
        error_messages = {"agency": {"invalid_choice": _("This agency is no longer there. Choose another.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["resolution"]
        field.empty_label = _("The meeting as a whole")
