"""What is asked about a call: by the team and staff to ask it, to sort and to answer; by the portal of visitors."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.access import is_desk, led_by
from govlab.fields import ThaiDateField
from projects.models import (
    REPORTING_PARTS,
    Call,
    Outcome,
    Project,
    Standpoint,
    Theme,
)
from projects.rules.themes import reports_for
from projects.rules.voices import REACH, REASONS

DAY = _("For example 23/11/2564")


class CallForm(forms.ModelForm):
    """A question with its days; to which project it belongs is asked once, when it is added."""

    class Meta:
        model = Call
        fields = [
            *("project", "stage_number", "question_th", "question_en", "about_th", "about_en", "use_th", "use_en"),
            *("opens_on", "closes_on", "lead_moderates"),
        ]
        field_classes = {"opens_on": ThaiDateField, "closes_on": ThaiDateField}
        widgets = {
            "question_th": forms.Textarea(attrs={"rows": 2}),
            "question_en": forms.Textarea(attrs={"rows": 2}),
            "about_th": forms.Textarea(attrs={"rows": 5}),
            "about_en": forms.Textarea(attrs={"rows": 5}),
            "use_th": forms.Textarea(attrs={"rows": 3}),
            "use_en": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "question_th": _("One question that somebody can answer in two minutes."),
            "use_th": _("Who reads the answers, until when, and what they can change."),
            "opens_on": DAY,
            "closes_on": _("The last day on which people can answer. While the call is open it can be made longer."),
        }

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        if self.instance.pk:
            del fields["project"]
        elif is_desk(person):
            fields["project"] = forms.ModelChoiceField(
                Project.objects.visible_to(person),
                to_field_name="code",
                label=_("Code of the project"),
                widget=forms.TextInput(attrs={"class": "narrow"}),
                help_text=_("For example GL2562-3"),
                error_messages={"invalid_choice": _("There is no project with this code.")},
            )
        else:
            led = Project.objects.filter(parts__agency__in=led_by(person), parts__part__in=REPORTING_PARTS).distinct()
            fields["project"].queryset = led.order_by("code")
        if not is_desk(person):
            del fields["lead_moderates"]


class ExtendForm(forms.Form):
    """Until when instead."""

    closes_on = ThaiDateField(label=_("New last day"), help_text=DAY)


class ThemeForm(forms.ModelForm):
    """What several voices say in common."""

    class Meta:
        model = Theme
        fields = ["title_th", "title_en"]
        help_texts = {
            "title_th": _("One sentence in people's own words, such as “The queue opens only in the morning”.")
        }


class ThemeAnswerForm(forms.ModelForm):
    """What the team answers, and what became of it."""

    class Meta:
        model = Theme
        fields = ["answer_th", "answer_en", "outcome", "update"]
        widgets = {
            "answer_th": forms.Textarea(attrs={"rows": 5}),
            "answer_en": forms.Textarea(attrs={"rows": 5}),
            "outcome": forms.RadioSelect,
        }
        help_texts = {
            "answer_th": _("What was changed, or why it is not changed."),
            "update": _("People can read there what was changed. Only approved reports of this project stand here."),
        }

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["outcome"].choices = Outcome.choices
        fields["update"].queryset = reports_for(self.instance.call, person).order_by("-happened_on", "-pk")
        fields["update"].empty_label = _("No report")


def reason_choices() -> list[tuple[str, Any]]:
    """Why something is not shown, for a select beside a box for own words."""
    return [("", _("Choose a reason")), *REASONS.items()]


class AnswerForm(forms.Form):
    """What a visitor is asked: the answer, who they are in the matter, and if they want how to reach them."""

    text = forms.CharField(
        label=_("Your answer"),
        widget=forms.Textarea(attrs={"rows": 7}),
        help_text=_("A few sentences are enough; at most 5,000 characters. Leave out names and telephone numbers."),
        error_messages={"required": _("Write your answer first.")},
    )
    standpoint = forms.ChoiceField(
        label=_("Who you are in the matter"),
        choices=Standpoint.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what fits best."), "invalid_choice": _("Choose what fits best.")},
    )
    contact = forms.CharField(
        label=_("How the team can reach you"),
        required=False,
        help_text=_(
            "A telephone number or an e-mail address, if the team may ask you more. Only the team and OPDC staff see "
            "it, and it is deleted 90 days after the call ends."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": REACH}),
    )
