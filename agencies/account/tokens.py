"""The keys of a person's programs: make one, see it once, take it back."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import AccountDoor
from agencies.models import ApiToken, Scope
from agencies.rules import tokens
from govlab.doors import RuleButton, RuleForm

LASTING = [(30, gettext_lazy("30 days")), (90, gettext_lazy("90 days")), (365, gettext_lazy("A year"))]


class TokenForm(forms.Form):
    """What the token is for, how long, and how much it opens."""

    name = forms.CharField(
        label=gettext_lazy("What it is for"),
        max_length=100,
        help_text=gettext_lazy("So that you know it again, such as: monthly report."),
    )
    days = forms.TypedChoiceField(
        label=gettext_lazy("How long it is valid"), choices=LASTING, coerce=int, initial=90, widget=forms.RadioSelect
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("What it opens"),
        choices=Scope.choices,
        initial=Scope.READ,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Reporting: progress updates with their files and comments, and answers to assignments. "
            "Choose no more than the program needs."
        ),
    )


class TokenList(AccountDoor):
    """The person's own tokens, without their secrets."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, newest first."""
        return render(request, "account/tokens/list.html", {"tokens": self.person.api_tokens.all()})


class TokenAdd(AccountDoor, RuleForm):
    """A new token; its secret stands in this one answer and nowhere else."""

    form_class = TokenForm
    template_name = "account/tokens/form.html"
    title = gettext_lazy("Make a token")
    button = gettext_lazy("Make the token")
    secret = ""

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("account:token-list")
        home = (reverse("account:home"), _("My account"))
        return {"back": back, "crumbs": [home, (back, _("Tokens")), ("", self.title)]}

    def rule(self, **answers: Any) -> ApiToken:
        """Makes it."""
        self.token, self.secret = tokens.make(by=self.person, **answers)
        return self.token

    def next_page(self, result: ApiToken) -> str:
        """Where a second click leads: the list, which has no secrets."""
        return reverse("account:token-list")

    def carry_out(self, request: HttpRequest, **answers: Any) -> HttpResponse:
        """Shows the secret in the answer itself: a redirect would need it kept somewhere."""
        super().carry_out(request, **answers)
        context = {**self.context(), "token": self.token, "secret": self.secret}
        return render(request, "account/tokens/made.html", context)


class TokenRevoke(AccountDoor, RuleButton):
    """Takes a token back."""

    done_message = gettext_lazy("The token no longer opens anything.")

    def rule(self, **answers: Any) -> ApiToken:
        """Takes it back; another's is not there."""
        token = get_object_or_404(self.person.api_tokens, pk=self.kwargs["pk"])
        return tokens.revoke(token, by=self.person)

    def next_page(self, result: ApiToken) -> str:
        """The list."""
        return self.back_page()

    def back_page(self) -> str:
        """The list."""
        return reverse("account:token-list")
