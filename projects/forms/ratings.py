"""What visitors are asked when they rate a project."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from projects.rules.ratings import LONGEST

STARS: list[tuple[int, Any]] = [
    (1, _("Needs much work")),
    (2, _("Needs some work")),
    (3, _("Fair")),
    (4, _("Good")),
    (5, _("Very good")),
]
"""What each number of stars says in words, for whoever sees no stars."""


class RatingForm(forms.Form):
    """Stars and a word."""

    stars = forms.TypedChoiceField(
        label=_("How good is this project for the people it serves?"),
        choices=STARS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one to five stars.")},
    )
    comment = forms.CharField(
        label=_("Why?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Shown on the project's page once OPDC staff have read it. Write no name and no phone number."),
    )

    longest = LONGEST
