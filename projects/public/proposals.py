"""Anyone may propose an innovation for the library: one form, and a page that says thank you."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import VisitorForm
from govlab.thai import known_language
from projects.forms.proposals import ProposalForm
from projects.models import Proposal
from projects.rules import proposals


class Propose(VisitorForm):
    """The form; what is sent waits for staff and is shown nowhere before."""

    form_class = ProposalForm
    template_name = "public/innovations/propose.html"
    title = _("Propose an innovation")
    button = _("Send the proposal")
    purpose = "proposal"
    times = 10

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; once it was sent, thanks."""
        if "sent" in request.GET:
            return render(request, "public/innovations/proposed.html", {"title": _("Thank you")})
        return super().get(request, *args, **kwargs)

    def rule(self, **answers: Any) -> Proposal:
        """Keeps it."""
        return proposals.propose(by=None, language=known_language(), **answers)

    def next_page(self, result: Proposal) -> str:
        """The thanks."""
        return reverse("public:innovation-propose") + "?sent=1"
