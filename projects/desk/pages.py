"""What the doors around one page of the desk have in common: they know the way to it, and they lead back to it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleConfirm, RuleForm
from govlab.records import Record

ADD_ANOTHER = _("Save and add another")


class PageDoor(DeskDoor):
    """A door of a page, or of a form or a button on it; the concept says where the page is and what it shows."""

    def found(self) -> Any:
        """The record that the page shows; raises Http404 where there is none."""
        raise NotImplementedError

    def own_page(self) -> str:
        """The address of the page."""
        raise NotImplementedError

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way over the page to a door with this title."""
        raise NotImplementedError

    def next_page(self, result: Any) -> str:
        """Back to the page."""
        return self.own_page()

    def back_page(self) -> str:
        """The page."""
        return self.own_page()


class PageForm(PageDoor, RuleForm):
    """A form about the page's record or a row on it."""

    template_name = "desk/form.html"

    def context(self) -> dict[str, Any]:
        """The way back to the page."""
        return {"back": self.own_page(), "crumbs": self.crumbs(self.title)}


class PageRemove(PageDoor, RuleConfirm):
    """Takes out the page's record or a row on it, after a question."""

    template_name = "desk/confirm.html"
    button: Any = ""

    def row(self) -> Record:
        """What is removed; raises Http404 where there is none."""
        raise NotImplementedError

    def question(self, row: Any) -> dict[str, Any]:
        """The `title` and the `intro` of the question, and what else the page says."""
        raise NotImplementedError

    def context(self) -> dict[str, Any]:
        """The question, and the way back to the page."""
        asked = self.question(self.row())
        return {"button": self.button, "back": self.own_page(), "crumbs": self.crumbs(asked["title"]), **asked}

    def rule(self, **answers: Any) -> None:
        """Removes it."""
        records.remove(self.row(), by=self.person)
