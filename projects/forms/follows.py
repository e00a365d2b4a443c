"""What visitors are asked when they want to follow something by e-mail."""

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.rules.follows import LONGEST_ADDRESS


class FollowForm(forms.Form):
    """An address; what is followed comes along from the page."""

    kind = forms.CharField(widget=forms.HiddenInput, required=False)
    target = forms.CharField(widget=forms.HiddenInput, required=False)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=LONGEST_ADDRESS,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        error_messages={
            "required": _("Type the address that the letters go to."),
            "invalid": _("Type an e-mail address like somchai@example.go.th."),
            "max_length": _("Type an e-mail address like somchai@example.go.th."),
        },
    )
