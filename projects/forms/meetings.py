"""What staff are asked about a meeting."""

from itertools import chain, count
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from govlab.fields import ThaiDateField, ThaiTimeField
from govlab.thai import FIRST_BE_YEAR, be_year
from projects.models import Meeting, MeetingKind, MeetingSeries

NUMERIC = {"inputmode": "numeric", "autocomplete": "off"}
FOLLOWS = 32767
"""Stands for the number that the rule gives, while the other answers are looked at: no year has so many meetings."""


class ProjectsField(forms.ModelMultipleChoiceField):
    """Projects by code and title."""

    def label_from_instance(self, obj: Any) -> str:
        """GL2562-3 and the title."""
        return f"{obj.code} {obj}"


class MeetingForm(forms.ModelForm):
    """What staff say about a meeting, in groups; of a series it needs neither number nor key, they follow."""

    GROUPS = (
        (_("What it is"), ("kind", "series", "number", "year", "title_th", "title_en", "key")),
        (_("When and where"), ("starts_on", "ends_on", "starts_at", "ends_at", "place_th", "place_en")),
        (_("Letter of invitation"), ("letter_number", "letter_on")),
        (
            _("For the minutes"),
            ("began_at", "ended_at", "minutes_by", "minutes_by_role", "checked_by", "checked_by_role"),
        ),
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
            *("kind", "series", "number", "year", "title_th", "title_en", "key"),
            *("starts_on", "ends_on", "starts_at", "ends_at", "place_th", "place_en", "letter_number", "letter_on"),
            *("began_at", "ended_at", "minutes_by", "minutes_by_role", "checked_by", "checked_by_role"),
            *("theme_th", "theme_en", "format_th", "format_en", "attendance_th", "attendance_en"),
            *("hosts", "projects", "sources"),
        ]
        field_classes = {
            **dict.fromkeys(("starts_on", "ends_on", "letter_on"), ThaiDateField),
            **dict.fromkeys(("starts_at", "ends_at", "began_at", "ended_at"), ThaiTimeField),
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
            "series": _("For a committee or another body that numbers its meetings."),
            "number": _("Leave it empty: the next number of the year follows by itself."),
            "year": _("Leave it empty: it is the year of the first day."),
            "title_th": _("A meeting of a series needs no title: its number is enough."),
            "key": _(
                "Latin letters, digits and hyphens; it stands in the meeting's web address. "
                "Left empty it follows by itself."
            ),
            "starts_on": _("For example 23/11/2564 or 23 พ.ย. 2564."),
            "ends_on": _("Leave it empty for a meeting of one day."),
            "starts_at": _("For example 9.30 or 14:30."),
            "letter_number": _("As it stands on the letter, such as นร 1200/ว 12."),
            "began_at": _("When the chair opened the meeting, as the minutes say it."),
            "attendance_th": _("How many came, as the document says it."),
        }

    def __init__(self, *args: Any, series: MeetingSeries | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False
        if series:
            last = series.meetings.order_by("-starts_on", "-pk").values_list("kind", flat=True).first()
            self.initial = {**self.initial, "series": series.pk, "kind": last or MeetingKind.COMMITTEE}

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The questions under their headings."""
        return [(heading, [self[name] for name in names]) for heading, names in self.GROUPS]

    def clean_key(self) -> str:
        """The key; emptied where there was one, that one stays."""
        return str(self.cleaned_data["key"] or self.initial.get("key", ""))

    def clean(self) -> dict[str, Any]:
        """Outside a series the key follows from the kind and the first day where none is typed."""
        answers = super().clean() or self.cleaned_data
        if not answers.get("key") and not answers.get("series") and not {"key", "series"} & set(self.errors):
            answers["key"] = self._free_key(answers)
        return answers

    def _free_key(self, answers: dict[str, Any]) -> str:
        """A key that no meeting has; empty without a day, which is asked for anyway."""
        day = answers.get("starts_on")
        if day is None:
            return ""
        name = f"{answers.get('kind') or MeetingKind.COMMITTEE}-{day.isoformat()}".replace("_", "-")
        taken = set(Meeting.objects.filter(key__startswith=name).values_list("key", flat=True))
        return next(key for key in chain([name], (f"{name}-{n}" for n in count(2))) if key not in taken)

    def _post_clean(self) -> None:
        """Looks at the meeting as a whole with the number and the year that follow, and leaves them to the rule."""
        typed = {name: self.cleaned_data.get(name) for name in ("number", "year")}
        if self.cleaned_data.get("series") and not {"number", "year"} & set(self.errors):
            day = self.cleaned_data.get("starts_on")
            self.cleaned_data["number"] = typed["number"] or FOLLOWS
            self.cleaned_data["year"] = typed["year"] or (be_year(day.year) if day else FIRST_BE_YEAR)
        super()._post_clean()
        for name, value in typed.items():
            if name in self.cleaned_data:
                self.cleaned_data[name] = value
