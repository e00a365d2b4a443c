"""What staff write down about one item of a meeting: what was said, with its papers, and about matters arising."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from agencies.models import User
from projects.forms.agenda import AgendaItemForm
from projects.forms.evidence import EvidenceField
from projects.models import ItemKind, Meeting

LONG = {"rows": 10}
NOT_CLOSED = _("To close the matter press “Close it here”. To leave it open, empty this field.")


class ItemMinutesForm(AgendaItemForm):
    """An item with what was said about it and the papers that come with it; its place is the agenda's business."""

    above = ""
    resolution = forms.CharField(
        label=_("Resolution of this item"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Added when you save the item. Leave it empty where nothing more was resolved."),
    )
    attach = EvidenceField(
        label=_("Attach papers"),
        required=False,
        help_text=_("Several files at once; they are kept when you save the item."),
    )

    class Meta(AgendaItemForm.Meta):
        fields = [
            *("title_th", "discussion", "attach", "shown", "title_en", "kind", "adopts"),
            *("presented_by", "presenter", "projects"),
        ]
        widgets = {**AgendaItemForm.Meta.widgets, "discussion": forms.Textarea(attrs=LONG)}

    def __init__(self, *args: Any, meeting: Meeting, person: User, **kwargs: Any) -> None:
        super().__init__(*args, meeting=meeting, **kwargs)
        attach: Any = self.fields["attach"]
        attach.person = person
        if self.instance.kind != ItemKind.ADOPTION or meeting.series_id is None:
            del self.fields["adopts"]
            return
        adopts: Any = self.fields["adopts"]
        adopts.queryset = Meeting.objects.earlier_than(meeting)
        adopts.empty_label = _("No minutes")


class FollowUpForm(forms.Form):
    """What the meeting said about an open matter and, where it closes it, with what result."""

    note = forms.CharField(
        label=_("What the meeting said about it"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    closing = forms.CharField(
        label=_("With what result the meeting closes it"),
        required=False,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only where it is closed now. Everybody who sees the assignment can read it."),
    )

    def __init__(self, *args: Any, closes: bool, may_close: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.closes = closes
        if not may_close:
            del self.fields["closing"]

    def clean_closing(self) -> str:
        """Needed where it is closed; where it is not, nothing typed here is passed over."""
        typed: str = self.cleaned_data["closing"].strip()
        if self.closes and not typed:
            raise ValidationError(_("Say in a sentence with what result it is closed."))
        if typed and not self.closes:
            raise ValidationError(NOT_CLOSED)
        return typed
