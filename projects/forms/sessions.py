"""What staff are asked about a conference's sessions and the points that it brought up."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField, ThaiTimeField
from projects.forms.agenda import ORDER, TEXT, PartForm, RowField
from projects.models import Meeting, MeetingPerson, MeetingPoint, MeetingSession, Takes
from projects.models.countries import country_choices


class SessionForm(PartForm):
    """A session of a conference."""

    class Meta:
        model = MeetingSession
        fields = [
            *("title_th", "title_en", "day", "starts_at", "ends_at", "place_th", "place_en", "speakers", "position"),
        ]
        field_classes = {"day": ThaiDateField, "starts_at": ThaiTimeField, "ends_at": ThaiTimeField}
        widgets = {"speakers": forms.CheckboxSelectMultiple, "position": forms.TextInput(attrs=ORDER)}
        help_texts = {
            "day": _("One of the conference's days, for example 23/11/2564."),
            "starts_at": _("For example 9.30 or 14:30."),
            "speakers": _("Add them to the meeting as speakers first; then they can be chosen here."),
        }

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        speakers: Any = self.fields["speakers"]
        rows = MeetingPerson.objects.filter(meeting=meeting)
        chosen = self.instance.speakers.values("pk") if self.instance.pk else []
        speakers.queryset = rows.filter(part=Takes.SPEAKER) | rows.filter(pk__in=chosen)
        if self.instance.pk is None and meeting.last_day == meeting.starts_on:
            self.initial["day"] = meeting.starts_on


class PointForm(PartForm):
    """A point of interest."""

    above = "session"
    country = forms.ChoiceField(label=_("Country"), required=False)

    class Meta:
        model = MeetingPoint
        fields = ["session", "text_th", "text_en", "country", "position"]
        field_classes = {"session": RowField}
        widgets = {
            "text_th": forms.Textarea(attrs=TEXT),
            "text_en": forms.Textarea(attrs=TEXT),
            "position": forms.TextInput(attrs=ORDER),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        country: Any = self.fields["country"]
        country.choices = country_choices(self.instance.country)
        session: Any = self.fields["session"]
        session.empty_label = _("The conference as a whole")
