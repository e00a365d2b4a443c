"""What an agency is asked when it answers an assignment, asks for more time or contests it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from govlab.fields import ThaiDateField
from govlab.thai import arabic_digits
from projects.forms.evidence import EvidenceField
from projects.models import Answer, Assignment
from projects.rules.assignments import answering_agencies
from projects.rules.evidence import room_of

NOT_PERCENT = _("Type a whole number from 0 to 100.")
ONLY_YOURS = _("Only your agency and OPDC see this.")


class PercentField(forms.IntegerField):
    """A whole number from 0 to 100, also in Thai digits and with its sign: ๖๐ %."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "date"})

    def __init__(self, **kwargs: Any) -> None:
        words = dict.fromkeys(["invalid", "min_value", "max_value"], NOT_PERCENT)
        super().__init__(**{**kwargs, "min_value": 0, "max_value": 100, "error_messages": words})

    def to_python(self, value: Any) -> int | None:
        """The number; None where nothing was typed."""
        if isinstance(value, str):
            value = arabic_digits(value).strip().removesuffix("%").strip()
        return super().to_python(value)


class Said(forms.ModelForm):
    """What the three forms have in common: who says it, about what; each saying is a new one."""

    def __init__(self, *args: Any, person: User, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.assignment = person, assignment


class AnswerForm(Said):
    """What an agency says it did, and how much of it."""

    attach = EvidenceField(
        label=_("Evidence"),
        required=False,
        help_text=_("Pictures, PDF, Word, Excel, PowerPoint; several at once, each up to 20 MB."),
    )

    class Meta:
        model = Answer
        fields = ["text", "percent", "done_on"]
        field_classes = {"percent": PercentField, "done_on": ThaiDateField}
        labels = {
            "text": _("What was done about it"),
            "percent": _("How much is done, in percent"),
            "done_on": _("Or, when all is done: the day of completion"),
        }
        help_texts = {
            "text": ONLY_YOURS,
            "percent": _("From 0 to 100."),
            "done_on": _("Such as 23/11/2564 or 23 November 2021. Fill in one of the two."),
        }
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"text": {"required": _("Say what was done, or what keeps you from it.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["attach"].person = self.person  # type: ignore[attr-defined]
        widget: Any = self.fields["attach"].widget
        widget.direct = True
        agency = answering_agencies(self.person, self.assignment).first()
        widget.rooms = [(agency.short, room_of(agency))] if agency else []


class MoreTimeForm(Said):
    """Why an agency needs more time, and until when."""

    class Meta:
        model = Answer
        fields = ["text", "wanted_on"]
        field_classes = {"wanted_on": ThaiDateField}
        labels = {"text": _("Why more time is needed"), "wanted_on": _("New due date you ask for")}
        help_texts = {"text": ONLY_YOURS, "wanted_on": _("Such as 23/11/2564 or 23 November 2021.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"text": {"required": _("Say why more time is needed.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted_on"].required = True
        self.fields["wanted_on"].error_messages["required"] = _("Give the day until which you need time.")


class ContestForm(Said):
    """Why an agency objects."""

    class Meta:
        model = Answer
        fields = ["text"]
        labels = {"text": _("Why your agency objects")}
        help_texts = {"text": _("Such as: another agency is in charge of it. Only your agency and OPDC see this.")}
        widgets = {"text": forms.Textarea(attrs={"rows": 5})}
        error_messages = {"text": {"required": _("Say why your agency objects.")}}
