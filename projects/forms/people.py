"""What staff are asked about the people of a meeting: one by one, and who came, for all at once."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.forms.agenda import ORDER, PartForm, RowField
from projects.models import Meeting, MeetingPerson, Presence, Takes
from projects.models.meetings import MeetingPart

NOT_NOTED = _("Not noted")


class StandInField(RowField):
    """A member by name and role."""

    def label_from_instance(self, obj: Any) -> str:
        """Both, as far as they are known."""
        return super().label_from_instance(" · ".join(filter(None, (str(obj), obj.role_th if obj.name_th else ""))))


class PersonForm(PartForm):
    """Somebody who is called to the meeting or took part; under a member: who comes in that one's stead."""

    above = "stands_for"

    class Meta:
        model = MeetingPerson
        fields = [
            *("name_th", "name_en", "role_th", "role_en", "agency", "part", "presence", "stands_for", "email"),
            *("also_written", "position"),
        ]
        field_classes = {"stands_for": StandInField}
        widgets = {
            "part": forms.RadioSelect,
            "presence": forms.RadioSelect,
            "position": forms.TextInput(attrs=ORDER),
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "name_th": _("As the documents print it, with title or rank."),
            "stands_for": _("For somebody who comes in the place of a member."),
            "email": _("The invitation goes here. Only staff see it."),
            "also_written": _("Another spelling of the name in the documents."),
        }

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        members: Any = self.fields["stands_for"]
        # Whoever is in a stead keeps it on offer, whatever has become of the member.
        rows = MeetingPerson.objects.filter(meeting=meeting, part=Takes.MEMBER)
        chosen = MeetingPerson.objects.filter(pk=self.instance.stands_for_id or 0)
        members.queryset = (rows | chosen).exclude(pk=self.instance.pk)
        members.empty_label = _("In nobody's stead")
        presence: Any = self.fields["presence"]
        presence.choices = [("", NOT_NOTED), *Presence.choices]

    def begin(self, meeting: Meeting, under: MeetingPart | None) -> None:
        """Under a member who does not come, the one who comes in that one's stead."""
        if isinstance(under, MeetingPerson) and under.part == Takes.MEMBER:
            presence = {"presence": Presence.PRESENT} if meeting.took_place else {}
            self.initial = {**self.initial, "stands_for": under.pk, "part": Takes.MEMBER, **presence}


class AttendanceForm(forms.Form):
    """Whether each person of a meeting came: one field for each, named by the person's number.

    Beside it stands what the page showed when it was opened (`was-`), so that only what was changed is noted.
    """

    def __init__(self, *args: Any, people: Iterable[MeetingPerson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = list(people)
        choices = [("", NOT_NOTED), *Presence.choices]
        for person in self.people:
            name, stands = str(person.pk), person.presence
            self.fields[name] = forms.ChoiceField(
                label=str(person), choices=choices, required=False, widget=forms.RadioSelect, initial=stands
            )
            self.fields[f"was-{name}"] = forms.CharField(required=False, widget=forms.HiddenInput, initial=stands)

    def clean(self) -> dict[str, Any]:
        """What was changed, and what the page had shown of it: two mappings by the numbers of people."""
        presences, known = {}, {}
        said = {row.pk: self._sent(f"was-{row.pk}", row.presence) for row in self.people}
        for pk, was in said.items():
            typed = self._sent(f"{pk}", was)
            if typed != was:
                presences[pk], known[pk] = typed, was
        if "all" in self.data:
            self._all_present(said | presences, presences, known)
        return {"presences": presences, "known": known}

    def _sent(self, name: str, otherwise: str) -> str:
        """What was sent under the name; somebody who came to the meeting meanwhile is not in what was sent."""
        return str(self.cleaned_data.get(name, otherwise)) if name in self.data else otherwise

    def _all_present(self, said: dict[int, str], presences: dict[int, str], known: dict[int, str]) -> None:
        """Members of whom nothing is said came, unless somebody came in their stead."""
        replaced = {row.stands_for_id for row in self.people if said[row.pk] == Presence.PRESENT}
        for person in self.people:
            if person.part == Takes.MEMBER and not said[person.pk] and person.pk not in replaced:
                presences[person.pk] = Presence.PRESENT
                known.setdefault(person.pk, "")

    def rows(self) -> list[tuple[MeetingPerson, forms.BoundField, str]]:
        """Each person with the field and with what the page knows; where that was behind, what stands there now."""
        rows = []
        for person in self.people:
            behind = self.is_bound and str(person.pk) in self.errors
            rows.append((person, self[f"{person.pk}"], person.presence if behind else self[f"was-{person.pk}"].value()))
        return rows
