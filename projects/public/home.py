"""The first page: what GovLab does, how much of it there is, the newest cohorts, what happened last."""

from typing import Any

from django.db.models import Count, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.doors import PublicDoor
from govlab.gather import gather, line
from projects.models import Assignment, Meeting, ProgressUpdate, Project
from projects.public.standing import rows_of, with_standing

COHORTS, PROJECTS, UPDATES = 2, 10, 5  # how many of each the page shows


class Home(PublicDoor):
    """The front page."""

    def figures(self) -> tuple[dict[str, int], list[tuple[int, int]]]:
        """How many there are of what, and the cohorts with how many projects each, newest first; in one query."""
        projects = Project.objects.visible_to(self.person)
        meetings = Meeting.objects.visible_to(self.person)
        counted: dict[str, QuerySet[Any]] = {
            "presented": projects.filter(pk__in=meetings.values("projects")),
            "meetings": meetings,
            "assignments": Assignment.objects.visible_to(self.person).unfinished(),
        }
        lines = [
            line(rows.order_by().values(one=Value(1)).annotate(n=Count("pk")), name, demo=None, place="n")
            for name, rows in counted.items()
        ]
        cohorts = projects.order_by().values("cohort__year").annotate(n=Count("pk"))
        found = gather(*lines, line(cohorts, "cohorts", demo=None, key="cohort__year", place="n"))
        years = sorted(((int(row.key), row.place) for row in found["cohorts"]), reverse=True)
        return {name: sum(row.place for row in found[name]) for name in counted}, years

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        figures, years = self.figures()
        projects = with_standing(Project.objects.visible_to(self.person))
        cohorts = [
            (year, count, rows_of(list(projects.filter(cohort__year=year).order_by("code")[:PROJECTS])))
            for year, count in years[:COHORTS]
        ]
        updates = ProgressUpdate.objects.visible_to(self.person).select_related("project")
        context = {
            "figures": figures,
            "projects": sum(count for _year, count in years),
            "years": sorted(year for year, _count in years),
            "cohorts": cohorts,
            "updates": updates.order_by("-happened_on", "-created_at", "pk")[:UPDATES],
        }
        return render(request, "public/home.html", context)
