"""One to five stars for a project, from visitors, and what stands of them on the project's page."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import VisitorForm
from govlab.gather import line
from govlab.history import renamed
from govlab.thai import known_language
from govlab.visitors import allow, mark
from projects.forms.ratings import RatingForm
from projects.models import Moderation, Project, Rating
from projects.public.renamed import lead_on
from projects.rules import ratings

FROM_ONE_ADDRESS, A_DAY = 5, timedelta(days=1)
"""So many visitors of one address are believed to be different ones: their browsers only say so themselves."""
COMMENTS = 5
"""How many of the newest comments a project's page shows."""


def beside_project(project: Any, person: Any) -> list[QuerySet[Any]]:
    """For `gather`: "ratings", one line for each number of stars (`place`) with how many gave it (`sort`); "comments".

    A comment has its text in `name_th`, its stars in `key` and its day in `on`; the newest comes last.
    """
    counted = Rating.objects.counted().filter(project=project).order_by().values("stars").annotate(n=Count("pk"))
    shown = Rating.objects.visible_to(person).filter(project=project, state=Moderation.SHOWN).exclude(comment="")
    newest = Rating.objects.filter(pk__in=shown.order_by("-created_at", "pk").values("pk")[:COMMENTS])
    said = {
        "name_th": "comment",
        "more_en": "language",
        "key": "stars",
        "on": TruncDate("created_at"),
        "sort": "created_at",
    }
    return [
        line(counted, "ratings", demo=None, place="stars", sort="n"),
        line(newest, "comments", **said),
    ]


class Rate(VisitorForm):
    """The form; `?stars=4` chooses four stars beforehand. Once it was sent, thanks."""

    form_class = RatingForm
    template_name = "public/ratings/form.html"
    title = _("Rate the project")
    button = _("Send the rating")
    purpose = "rating"
    times = 20

    def project(self) -> Project:
        """The project that the address names, where everybody may see it; by an earlier code too."""
        rows, code = Project.objects.visible_to(self.person), self.kwargs["code"]
        return rows.filter(code=code).first() or get_object_or_404(rows, code=renamed(rows, "code", code))

    def context(self) -> dict[str, Any]:
        """The project that is rated."""
        return {**super().context(), "project": self.rated}

    def form_kwargs(self) -> dict[str, Any]:
        """The stars that a link on the project's page stands for."""
        return {"initial": {"stars": self.request.GET.get("stars", "")}}

    def find(self) -> None:
        """A rating is always a new form; its project must be there."""
        self.rated = self.project()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or thanks."""
        if not Project.objects.visible_to(self.person).filter(code=self.kwargs["code"]).exists():
            return lead_on(request, Project, "code", self.kwargs["code"])
        if "sent" in request.GET:
            return render(request, "public/ratings/thanks.html", {"title": _("Thank you"), "project": self.project()})
        return super().get(request, *args, **kwargs)

    def rule(self, **answers: Any) -> Rating:
        """Keeps it; who gave it is known by a mark alone."""
        purpose = f"rating {self.rated.pk}"
        visitor = mark(self.request, purpose)
        if not ratings.is_known(self.rated, visitor) and not allow(self.request, purpose, FROM_ONE_ADDRESS, A_DAY):
            raise ValidationError(
                _(
                    "Several ratings of this project came from your address today. Rate it tomorrow, or change the "
                    "rating you gave with the browser you gave it with."
                )
            )
        return ratings.rate(self.rated, by=None, visitor=visitor, language=known_language(), **answers)

    def next_page(self, result: Rating) -> str:
        """The thanks."""
        return reverse("public:project-rate", args=[self.rated.code]) + "?sent=1"
