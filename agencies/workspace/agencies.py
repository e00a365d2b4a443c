"""How the agency wants to work: a lead says whether to read reports before they go to OPDC."""

from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from agencies.models import Agency
from agencies.rules import agencies, people
from govlab.doors import RuleForm


class PassingForm(forms.Form):
    """Whether a lead reads first."""

    lead_passes_on = forms.BooleanField(
        label=gettext_lazy("A lead reads what reporters write before it goes to OPDC"),
        required=False,
        help_text=gettext_lazy("What leads write themselves goes to OPDC at once, in either case."),
    )


def passing_form(agency: Agency) -> PassingForm:
    """The switch of one agency, for a page that may show several."""
    return PassingForm(initial={"lead_passes_on": agency.lead_passes_on}, auto_id=f"agency-{agency.pk}_%s")


class AgencyPassing(WorkspaceDoor, RuleForm):
    """The switch; the page of the agency's people has it, this page shows it again when two pressed it at once."""

    form_class = PassingForm
    template_name = "workspace/form.html"
    title = gettext_lazy("Who sends to OPDC")
    button = gettext_lazy("Save the choice")
    done_message = gettext_lazy("The choice is saved.")

    def find(self) -> Agency:
        """By its address name; everybody may know the agency, only its leads and staff decide."""
        agency = get_object_or_404(Agency, key=self.kwargs["key"])
        people.require_keeper(self.person, agency)
        return agency

    def form_kwargs(self) -> dict[str, Any]:
        """What holds now."""
        return {"initial": {"lead_passes_on": self.thing.lead_passes_on}}

    def context(self) -> dict[str, Any]:
        """Which agency it is, and the way back."""
        back = self.next_page(None)
        return {"intro": self.thing, "back": back, "crumbs": [(back, _("Our people")), ("", self.title)]}

    def rule(self, **answers: Any) -> Agency:
        """Saves it."""
        return agencies.set_passing(self.thing, by=self.person, **answers)

    def next_page(self, result: Any) -> str:
        """The people of the agency."""
        return reverse("workspace:member-list")
