"""Ratings on the desk: the comments that wait, and the buttons that show, withhold, take out and take back."""

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.doors import RuleButton, RuleForm
from govlab.paging import page_of
from projects.desk.home import tab_counts
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import Moderation, Rating
from projects.rules import ratings

PAGE = 30
SHOWN: dict[str, tuple[Any, Q]] = {
    "waiting": (_("Waiting to be looked at"), Q(state=Moderation.WAITING) & ~Q(comment="")),
    "shown": (_("Shown"), Q(state=Moderation.SHOWN)),
    "withheld": (_("Withheld"), Q(state=Moderation.WITHHELD) & ~Q(comment="")),
    "out": (_("Taken out"), Q(state=Moderation.WITHHELD, comment="")),
    "bare": (_("Stars without a comment"), Q(comment="") & ~Q(state=Moderation.WITHHELD)),
}
"""What the list is narrowed to."""


class RatingList(DeskDoor):
    """The queue: first the comments that wait, the longest waiting first; everything else on demand."""

    def rows(self, state: str) -> QuerySet[Any]:
        """Those in the state, each with its project."""
        rows = Rating.objects.visible_to(self.person).filter(SHOWN[state][1]).select_related("project", "decided_by")
        return rows.order_by("created_at", "pk") if state == "waiting" else rows

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list with its buttons."""
        state = request.GET.get("state", "")
        state = state if state in SHOWN else "waiting"
        if file := take(request, desk_tables.RATINGS, self.rows(state)):
            return file
        page = page_of(request, self.rows(state), PAGE)
        context = {
            **tab_counts(),
            "title": _("Ratings"),
            "state": state,
            "states": [(key, label) for key, (label, _rows) in SHOWN.items()],
            "page_obj": page,
            "rows": [(row, ratings.open_steps(self.person, row)) for row in page],
            "form_key": uuid.uuid4().hex,
        }
        return render(request, "desk/ratings/list.html", context, status=page.status)


class RatingDoor(DeskDoor):
    """A door about one rating."""

    def found(self) -> Rating:
        """The rating that the address names."""
        rows = Rating.objects.visible_to(self.person).select_related("project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def next_page(self, result: Rating) -> str:
        """The queue."""
        return reverse("desk:rating-list")

    def back_page(self) -> str:
        """The queue."""
        return reverse("desk:rating-list")


class RatingShow(RatingDoor, RuleButton):
    """Lets everybody read the comment."""

    done_message = _("The comment stands on the project's page.")

    def rule(self, **answers: Any) -> Rating:
        """Shows it, in the version that was read."""
        return ratings.show(self.found(), by=self.person, version=self.version())


class RatingWait(RatingDoor, RuleButton):
    """Takes a decision back."""

    done_message = _("The rating waits again.")

    def rule(self, **answers: Any) -> Rating:
        """Lets it wait."""
        return ratings.wait(self.found(), by=self.person, version=self.version())


class ReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("Why?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class RatingWithhold(RatingDoor, RuleForm):
    """Keeps a comment from the public; its stars count."""

    form_class = ReasonForm
    template_name = "desk/ratings/withhold.html"
    title = _("Withhold the comment")
    button = _("Withhold the comment")
    done_message = _("The comment is not shown. Its stars count.")
    intro = _("The public no longer reads this comment. Its stars still count: they are an opinion of the project.")

    def find(self) -> Rating:
        """The rating."""
        return self.found()

    def context(self) -> dict[str, Any]:
        """What it is about, and the way back."""
        back = reverse("desk:rating-list")
        return {"back": back, "intro": self.intro, "crumbs": [(back, _("Ratings")), ("", self.title)]}

    def rule(self, **answers: Any) -> Rating:
        """Withholds it."""
        return ratings.withhold(self.thing, by=self.person, **answers)


class RatingTakeOut(RatingWithhold):
    """Takes a rating out as a whole."""

    title = _("Take out the rating")
    button = _("Take out the rating")
    done_message = _("The rating is taken out. Its stars no longer count.")
    intro = _("For abuse only: the stars no longer count, and the comment stays in the history alone.")

    def rule(self, **answers: Any) -> Rating:
        """Takes it out."""
        return ratings.take_out(self.thing, by=self.person, **answers)
