"""Publish, hide and remove on the desk, the same for everything that staff publish."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleButton
from projects.desk.pages import PageDoor, PageRemove
from projects.models.base import Published
from projects.rules import publishing


class Publish(PageDoor, RuleButton):
    """Shows the page's record to the public."""

    done_message = _("The public can read it now.")

    def rule(self, **answers: Any) -> Published:
        """Publishes it."""
        return publishing.publish(self.found(), by=self.person)


class Hide(PageDoor, RuleButton):
    """Takes the page's record off the public pages."""

    done_message = _("It is hidden from the public. Nothing is lost.")

    def rule(self, **answers: Any) -> Published:
        """Hides it."""
        return publishing.hide(self.found(), by=self.person)


class RemoveDraft(PageRemove):
    """Takes a draft out; `list_page` names the list that remains when its page is gone."""

    list_page = ""
    button = _("Remove the draft")
    done_message = _("The draft is removed.")

    def row(self) -> Published:
        """The draft itself."""
        return self.found()

    def question(self, row: Published) -> dict[str, Any]:
        """Which draft it is."""
        intro = _("The history keeps what stood there.")
        return {"title": _("Remove this draft?"), "what": row, "intro": intro}

    def rule(self, **answers: Any) -> None:
        """Removes it, unless it was published before."""
        publishing.remove(self.found(), by=self.person)

    def next_page(self, result: None) -> str:
        """To the list."""
        return reverse(self.list_page)
