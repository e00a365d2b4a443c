"""Links to a report in the workspace: make one for a colleague without an account, see who has one, take one back."""

from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from govlab.doors import RuleButton, RuleForm
from projects.forms.links import LinkForm
from projects.models import ProgressUpdate, ReportLink
from projects.rules import links
from projects.rules.steps import refusal
from projects.workspace.updates import find_update


class LinkList(WorkspaceDoor, RuleForm):
    """The links to one report, with the form that makes another; a link is shown once it is made, to be copied."""

    form_class = LinkForm
    template_name = "workspace/links/list.html"
    title = gettext_lazy("Let a colleague fill in the report")
    button = gettext_lazy("Make the link")
    update: ProgressUpdate

    def find(self) -> None:
        """The report; the form adds a link to it."""
        self.update = find_update(self.person, self.kwargs["pk"])

    def form_kwargs(self) -> dict[str, Any]:
        """A new link."""
        return {"instance": ReportLink(update=self.update, made_by=self.person)}

    def context(self) -> dict[str, Any]:
        """The links that there are, and the address of the one that was just made."""
        rows = list(self.update.links.select_related("made_by"))
        valid = {link.pk for link in self.update.links.valid(timezone.localdate())}
        made = next((link for link in rows if str(link.pk) == self.request.GET.get("made") and link.pk in valid), None)
        detail = reverse("workspace:update-detail", args=[self.update.pk])
        return {
            "update": self.update,
            "rows": [(link, link.pk in valid) for link in rows],
            "made": made,
            "address": settings.PORTAL_URL + reverse("public:fill", args=[links.token_of(made)]) if made else "",
            "open": refusal("edit", self.person, self.update, writes=True) is None,
            "crumbs": [(reverse("workspace:home"), _("My work")), (detail, _("Update")), ("", self.title)],
        }

    def rule(self, **answers: Any) -> ReportLink:
        """Makes it."""
        return links.make(self.update, by=self.person, **answers)

    def next_page(self, result: ReportLink) -> str:
        """The list again, with the new link's address."""
        return f"{self.request.path}?made={result.pk}"


class LinkRevoke(WorkspaceDoor, RuleButton):
    """Takes a link back."""

    done_message = gettext_lazy("The link no longer opens anything.")

    def find(self) -> ReportLink:
        """A link of one of the person's agencies."""
        rows = ReportLink.objects.visible_to(self.person).select_related("update__agency")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def rule(self, **answers: Any) -> ReportLink:
        """Takes it back."""
        return links.revoke(self.find(), by=self.person)

    def next_page(self, result: ReportLink) -> str:
        """The links of its report."""
        return reverse("workspace:update-links", args=[result.update_id])

    def back_page(self) -> str:
        """The links of its report."""
        return self.next_page(self.find())
