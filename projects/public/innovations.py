"""The library of innovations as the public sees it."""

from typing import Any

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, Line, gather, line
from govlab.thai import known_language
from projects.exchange.lists import INNOVATION_LIST
from projects.filters import InnovationFilter
from projects.models import Innovation, InnovationType, Project
from projects.models.countries import country_name
from projects.public.known import NAME
from projects.public.listing import Listing
from projects.public.similar import related_innovations

EXPLAINED = {
    "service": gettext_lazy("A new service, or one that is clearly better for those who use it."),
    "delivery": gettext_lazy(
        "A new way in which a service reaches people: another channel, fewer steps, less waiting."
    ),
    "administrative": gettext_lazy("A new way of working inside an agency: its structure, its processes, its people."),
    "conceptual": gettext_lazy("A new way of seeing the matter, which changes what is thought possible."),
    "policy": gettext_lazy("A new aim or instrument of policy, and how it came about."),
    "systemic": gettext_lazy("A new way in which many organisations work together, so that the whole system changes."),
}
"""What the six types are, in the portal's own words, by their keys; shown where staff have written nothing."""


def explained(row: Line) -> Line:
    """The type with such an explanation, in the active language."""
    told = str(EXPLAINED.get(row.key, ""))
    return row._replace(more_en=told) if known_language() == "en" else row._replace(more_th=told)


class InnovationList(Listing):
    """Every entry."""

    filter_class = InnovationFilter
    template_name = "public/innovations/list.html"
    title = gettext_lazy("Innovation library")
    taken = INNOVATION_LIST

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, in Thai order."""
        return Innovation.objects.visible_to(self.person).select_related("agency").prefetch_related("types")

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """The rows with their countries by name; the types, and those to which the list is narrowed."""
        types = self.types()
        chosen = self.request.GET.getlist("type")
        return {
            "rows": [(row, country_name(row.country)) for row in shown],
            "types": types,
            "chosen_types": [row for row in types if row.key in chosen],
        }

    def types(self) -> list[Line]:
        """The six types with what each is, and in `under` how many entries a visitor may see of it."""
        seen = Innovation.objects.visible_to(self.person).order_by()
        through = Innovation.types.through.objects.filter(innovation__in=seen.values("pk"))
        counted = through.filter(innovationtype=OuterRef("pk")).order_by().values("innovationtype")
        n = Subquery(counted.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
        rows = InnovationType.objects.annotate(n=Coalesce(n, 0))
        found = gather(line(rows, "types", **NAME, more_th="about_th", more_en="about_en", under="n"))["types"]
        return [row if row.more_th or row.more_en else explained(row) for row in found]


class InnovationDetail(PublicDoor):
    """One entry."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        seen = Innovation.objects.visible_to(self.person).select_related("agency")
        innovation = get_object_or_404(seen, pk=pk)
        # The entry may be public before the project it came from.
        project = Project.objects.visible_to(self.person).filter(pk=innovation.project_id).first()
        context: dict[str, Any] = {
            "innovation": innovation,
            "country": country_name(innovation.country),
            "project": project,
            "beside": gather(
                line(innovation.types.all(), "types", **NAME),
                line(innovation.sources.all(), "sources", **SOURCE),
                related_innovations(innovation),
            ),
        }
        context["related"] = [(row, country_name(row.url)) for row in context["beside"]["related"]]
        return render(request, "public/innovations/detail.html", context)
