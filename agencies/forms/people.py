"""What leads and staff are asked when somebody comes to work for an agency."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency, Membership, Role, User

ROLE_HINT = _("A reporter writes and sends updates. A lead does the same and keeps the agency's people.")


class MemberForm(forms.ModelForm):
    """What a person does for the agency."""

    class Meta:
        model = Membership
        fields = ["role"]
        widgets = {"role": forms.RadioSelect}
        help_texts = {"role": ROLE_HINT}


class PeopleField(forms.CharField):
    """Words of a name or an e-mail; the answer is everybody they fit, None where nothing was typed.

    Raises ValidationError when they fit nobody.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Who (name or e-mail)"), required=False, max_length=100, **kwargs)

    def clean(self, value: Any) -> Any:
        """The people."""
        words = super().clean(value)
        if not words:
            return None
        people = User.objects.filter(Q(name__icontains=words) | Q(email__icontains=words))
        if not people.exists():
            raise forms.ValidationError(_("Nobody has such a name or e-mail. Type a part of it."))
        return people


class NewMemberForm(forms.Form):
    """Who comes to work for an agency; `agencies` are those to choose from, and with one there is no question."""

    agency = forms.ModelChoiceField(label=_("Agency"), queryset=Agency.objects.none(), empty_label=None)
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        help_text=_("They sign in with it. Whoever is new gets a letter that says how to choose a password."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    name = forms.CharField(label=_("Name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField(
        label=_("Role"), choices=Role.choices, initial=Role.REPORTER, widget=forms.RadioSelect, help_text=ROLE_HINT
    )

    def __init__(self, *args: Any, agencies: QuerySet[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agency"]
        field.queryset = agencies  # type: ignore[attr-defined]
        if len(agencies) < 2:
            del self.fields["agency"]
