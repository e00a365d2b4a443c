"""How a person gets letters: in which language, one by one or once a day, about everything or only what is asked."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import AccountDoor
from agencies.models import User
from agencies.rules import letters
from govlab.doors import RuleForm


class LettersForm(forms.ModelForm):
    """What the person chooses."""

    class Meta:
        model = User
        fields = ["language", "letters_daily", "letters_quiet"]
        widgets = {"language": forms.RadioSelect}
        help_texts = {
            "letters_daily": _("Each morning at seven, when there is something to tell."),
            "letters_quiet": _(
                "Reports and assignments that are due, returned or asked of you; nothing for information."
            ),
        }


class Letters(AccountDoor, RuleForm):
    """The choice."""

    form_class = LettersForm
    template_name = "account/letters/form.html"
    title = _("How I get letters")
    button = _("Save the choice")
    done_message = _("The choice is saved.")

    def find(self) -> User:
        """The person's own row, fresh."""
        return User.objects.get(pk=self.person.pk)

    def context(self) -> dict[str, Any]:
        """The way back to the account."""
        back = reverse("account:home")
        return {"back": back, "crumbs": [(back, _("My account")), ("", self.title)]}

    def rule(self, **answers: Any) -> User:
        """Keeps it."""
        return letters.choose(self.thing, by=self.person, version=self.version(), **answers)

    def next_page(self, result: User) -> str:
        """The account."""
        return reverse("account:home")
