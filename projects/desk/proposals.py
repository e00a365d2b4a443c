"""What visitors propose for the library, on the desk: the queue, one proposal, take it into the library or not."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleButton
from govlab.filters import Choice, Filters
from govlab.paging import page_of
from projects.desk.pages import PageDoor, PageForm
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import Contact, Proposal, ProposalState
from projects.models.countries import country_name
from projects.rules import proposals

PAGE = 50


class ProposalFilter(Filters):
    """Proposals by what became of them."""

    state = Choice(label=_("State"), choices=ProposalState.choices)


class ProposalList(DeskDoor):
    """Every proposal: those that wait first, the longest waiting on top."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The queue."""
        rows = Proposal.objects.visible_to(self.person).order_by("created_at", "pk")
        # Those that wait, until another state, or all of them, is asked for.
        asked = request.GET if "state" in request.GET else {"state": ProposalState.WAITING}
        chosen = ProposalFilter(asked, queryset=rows)
        if file := take(request, desk_tables.PROPOSALS, chosen.qs, asked=chosen):
            return file
        page = page_of(request, chosen.qs, PAGE)
        context = {
            "title": _("Proposed innovations"),
            "filter": chosen,
            "page_obj": page,
            "rows": [(row, country_name(row.country)) for row in page],
            "crumbs": [(reverse("desk:innovation-list"), _("Innovation library")), ("", _("Proposed innovations"))],
        }
        return render(request, "desk/proposals/list.html", context, status=page.status)


class ProposalDoor(PageDoor):
    """A door about one proposal."""

    def found(self) -> Proposal:
        """The proposal that the address names."""
        rows = Proposal.objects.visible_to(self.person).select_related("innovation")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def own_page(self) -> str:
        """The page of the proposal."""
        return reverse("desk:proposal-detail", args=[self.kwargs["pk"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the queue over the proposal."""
        return [
            (reverse("desk:proposal-list"), _("Proposed innovations")),
            (self.own_page(), _("Proposal")),
            ("", title),
        ]


class ProposalDetail(ProposalDoor):
    """One proposal, as it was typed."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        thing = self.found()
        context = {
            "proposal": thing,
            "country": country_name(thing.country),
            "contact": Contact.objects.visible_to(self.person).filter(proposal=thing).first(),
            "takes": thing.state != ProposalState.LISTED or not thing.innovation_id,
            "declines": thing.state == ProposalState.WAITING,
            "crumbs": [(reverse("desk:proposal-list"), _("Proposed innovations")), ("", thing)],
        }
        return render(request, "desk/proposals/detail.html", context)


class ProposalTake(ProposalDoor, RuleButton):
    """Makes a draft entry of the library of it."""

    done_message = _("Here is the draft, filled in from the proposal. Finish it, then publish it.")

    def rule(self, **answers: Any) -> Proposal:
        """Takes it into the library."""
        return proposals.list_as_innovation(self.found(), by=self.person)

    def next_page(self, result: Proposal) -> str:
        """The form of the draft."""
        return reverse("desk:innovation-edit", args=[result.innovation_id])


class DeclineForm(forms.Form):
    """Why it is not taken."""

    reason = forms.CharField(
        label=_("Why it is not taken"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your colleagues, and for whoever answers the person. The public does not see it."),
    )


class ProposalDecline(ProposalDoor, PageForm):
    """Does not take it."""

    form_class = DeclineForm
    title = _("Do not take the proposal")
    button = _("Do not take it")
    done_message = _("The proposal is closed with your reason.")

    def find(self) -> Proposal:
        """By its number."""
        return self.found()

    def rule(self, **answers: Any) -> Proposal:
        """Declines it."""
        return proposals.decline(self.thing, by=self.person, **answers)

    def next_page(self, result: Proposal) -> str:
        """Back to the queue."""
        return reverse("desk:proposal-list")
