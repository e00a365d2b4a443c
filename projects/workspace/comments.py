"""What the agency says to OPDC about an update that is under way."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import WorkspaceDoor
from govlab.doors import RuleForm
from projects.forms.comments import CommentForm
from projects.models import Comment
from projects.rules import comments
from projects.workspace.updates import crumbs_of, find_update


class CommentAdd(WorkspaceDoor, RuleForm):
    """A comment; the update's page has the form, this page shows it again when something is wrong."""

    form_class = CommentForm
    template_name = "workspace/form.html"
    title = gettext_lazy("Comment on the update")
    button = gettext_lazy("Send the comment")
    done_message = gettext_lazy("The comment is sent.")

    def find(self) -> None:
        """A comment is always a new one; its update must be the agency's."""
        self.update = find_update(self.person, self.kwargs["pk"])

    def context(self) -> dict[str, Any]:
        """Which update it is about, and the way back."""
        back = self.next_page(None)
        crumbs = [*crumbs_of(self.update.project)[:1], (back, _("Update")), ("", self.title)]
        return {"intro": self.update, "back": back, "crumbs": crumbs}

    def rule(self, **answers: Any) -> Comment:
        """Says it."""
        return comments.add(self.update, by=self.person, **answers)

    def next_page(self, result: Any) -> str:
        """The update, where the comments stand."""
        return reverse("workspace:update-detail", args=[self.kwargs["pk"]]) + "#comments"
