"""What a visitor is asked who proposes an innovation for the library."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.models import Contact, Proposal
from projects.models.countries import country_choices


class ProposalForm(forms.ModelForm):
    """Two minutes: what it is; where, by whom, what others can take over, and how to reach the visitor if they like."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    url = forms.URLField(
        label=_("Where one can read more"),
        max_length=500,
        required=False,
        assume_scheme="https",
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    contact = forms.CharField(
        label=Contact._meta.get_field("address").verbose_name,
        max_length=200,
        required=False,
        help_text=_("E-mail or phone, if we may ask you about it. Only OPDC staff see it, and it is deleted later."),
    )

    class Meta:
        model = Proposal
        fields = ["title", "about", "agency", "country", "url", "carries_over"]
        widgets = {
            "about": forms.Textarea(attrs={"rows": 5}),
            "carries_over": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts = {
            "about": _(
                "What was it like before, what was done, what became better? Three or four sentences are enough."
            ),
            "agency": _("An agency, a local office, a company or a group of people."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["country"]
        field.choices = country_choices("")
