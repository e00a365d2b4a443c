"""The library of innovations as the public sees it."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, gather, line
from projects.countries import country_name
from projects.filters import InnovationFilter
from projects.models import Innovation, Project
from projects.public.listing import Listing
from projects.public.projects import NAME


class InnovationList(Listing):
    """Every entry."""

    filter_class = InnovationFilter
    template_name = "public/innovations/list.html"
    title = gettext_lazy("Innovation library")

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, in Thai order."""
        return Innovation.objects.visible_to(self.person).select_related("agency").prefetch_related("types")

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """The rows with their countries by name."""
        return {"rows": [(row, country_name(row.country)) for row in shown]}


class InnovationDetail(PublicDoor):
    """One entry."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        seen = Innovation.objects.visible_to(self.person).select_related("agency")
        innovation = get_object_or_404(seen, pk=pk)
        # The entry may be public before the project it came from.
        project = Project.objects.visible_to(self.person).filter(pk=innovation.project_id).first()
        context = {
            "innovation": innovation,
            "country": country_name(innovation.country),
            "project": project,
            "beside": gather(
                line(innovation.types.all(), "types", **NAME), line(innovation.sources.all(), "sources", **SOURCE)
            ),
        }
        return render(request, "public/innovations/detail.html", context)
