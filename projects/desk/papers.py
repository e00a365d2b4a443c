"""The papers of agenda items on the desk: they are attached where the item is written, and taken out here."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleConfirm
from projects.desk.meetings import MeetingDoor
from projects.models import Paper
from projects.rules import papers


class PaperRemove(MeetingDoor, RuleConfirm):
    """Takes a paper out, after a question."""

    template_name = "desk/confirm.html"
    title = _("Take the paper out")
    done_message = _("The paper is taken out.")
    item = 0

    def paper(self) -> Paper:
        """The paper that the address names, of this meeting."""
        rows = Paper.objects.visible_to(self.person).select_related("item__meeting")
        paper = get_object_or_404(rows, item__meeting=self.found(), pk=self.kwargs["pk"])
        self.item = paper.item_id
        return paper

    def page(self) -> str:
        """The item, where its papers stand."""
        return reverse("desk:meeting-item", args=[self.kwargs["key"], self.item]) + "#papers"

    def context(self) -> dict[str, Any]:
        """Which paper it is."""
        paper = self.paper()
        return {
            "title": self.title,
            "what": f"{paper.name} · {paper.item}",
            "intro": _("The history keeps that it was there."),
            "button": self.title,
            "back": self.page(),
            "crumbs": self.crumbs(self.title),
        }

    def rule(self, **answers: Any) -> None:
        """Takes it out."""
        papers.detach(self.paper(), by=self.person)

    def next_page(self, result: None) -> str:
        """The item."""
        return self.page()

    def back_page(self) -> str:
        """The item."""
        return self.page()
