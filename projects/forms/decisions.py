"""What staff are asked when they decide about an assignment: a note, a reason, a day, another agency, a meeting."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from govlab.fields import ThaiDateField
from projects.models import Answer, AnswerKind, Assignment, AssignmentState, Meeting
from projects.models.meetings import AFTER

AREA = forms.Textarea(attrs={"rows": 4})
LONGEST = 5000


class DecisionForm(forms.Form):
    """A decision about one assignment, which it may ask about."""

    def __init__(self, *args: Any, thing: Assignment, said: Sequence[Answer] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.begin(thing, said)

    def begin(self, thing: Assignment, said: Sequence[Answer]) -> None:
        """Fills in what follows from the assignment and from what agencies said, newest first."""


class AcceptForm(DecisionForm):
    """A word with the acceptance."""

    note = forms.CharField(
        label=_("Word to the agency"),
        widget=AREA,
        max_length=LONGEST,
        required=False,
        help_text=_("The agencies asked read it with the acceptance."),
    )


class SendBackForm(DecisionForm):
    """What is asked now."""

    reason = forms.CharField(
        label=_("What is asked now"),
        widget=AREA,
        max_length=LONGEST,
        help_text=_("The agencies asked read it."),
        error_messages={"required": _("Say what is asked now, so that the agency knows.")},
    )

    def begin(self, thing: Assignment, said: Sequence[Answer]) -> None:
        """The question follows what the agency asked for."""
        labels = {
            AssignmentState.MORE_TIME: _("Why there is no more time"),
            AssignmentState.CONTESTED: _("Why the objection does not hold"),
        }
        self.fields["reason"].label = labels.get(AssignmentState(thing.state), self.fields["reason"].label)


class ExtendForm(DecisionForm):
    """The new day, with a reason."""

    due_on = ThaiDateField(label=_("New due date"), help_text=_("For example 23/11/2564 or 23 พ.ย. 2564."))
    reason = forms.CharField(label=_("Reason"), widget=AREA, max_length=LONGEST, required=False)

    def begin(self, thing: Assignment, said: Sequence[Answer]) -> None:
        """The day that the agency asked for stands there already."""
        asked = next((row.wanted_on for row in said if row.kind == AnswerKind.MORE_TIME), None)
        if thing.state == AssignmentState.MORE_TIME and asked:
            self.initial.setdefault("due_on", asked)


class ReassignForm(DecisionForm):
    """To which agency, together with which, and why."""

    agency = forms.ModelChoiceField(
        Agency.objects.order_by("sort_key", "pk"), label=_("Agency that is asked from now on")
    )
    reason = forms.CharField(
        label=_("Why it goes to another agency"),
        widget=AREA,
        max_length=LONGEST,
        help_text=_("The agency that is asked from now on reads it."),
        error_messages={"required": _("Say why it goes to another agency.")},
    )
    partners = forms.ModelMultipleChoiceField(
        Agency.objects.order_by("sort_key", "pk"),
        label=_("Together with"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def begin(self, thing: Assignment, said: Sequence[Answer]) -> None:
        """Who is asked now is not offered; who is asked together with it stays."""
        agency: Any = self.fields["agency"]
        agency.queryset = agency.queryset.exclude(pk=thing.agency_id)
        self.initial.setdefault("partners", [partner.pk for partner in thing.partners.all()])


class CloseForm(DecisionForm):
    """With what result, and whether a meeting closed it."""

    note = forms.CharField(
        label=_("What came of it"),
        widget=AREA,
        max_length=LONGEST,
        help_text=_("A sentence or two; everybody who sees the assignment can read it."),
        error_messages={"required": _("Say in a sentence with what result it is closed.")},
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Closed by"), required=False, empty_label=_("No meeting: OPDC itself")
    )

    def begin(self, thing: Assignment, said: Sequence[Answer]) -> None:
        """Meetings that had it under their matters arising are offered, the last one first."""
        meetings = Meeting.objects.filter(follow_ups__assignment=thing, phase__in=AFTER).select_related("series")
        field: Any = self.fields["meeting"]
        field.queryset = meetings
        if not meetings.exists():
            del self.fields["meeting"]


FORMS: dict[str, type[DecisionForm]] = {
    "accept": AcceptForm,
    "send_back": SendBackForm,
    "extend": ExtendForm,
    "reassign": ReassignForm,
    "close": CloseForm,
}
"""The form of each decision; opening again asks nothing."""
