"""The first page: find the project that touches your life; what GovLab is, what is open, what happened last."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, IntegerField, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from agencies.doors import PublicDoor
from govlab.gather import gathered, line, together
from govlab.worded import worded
from projects import news
from projects.models import Assignment, Meeting, Project, StageNumber, StageState
from projects.public.calls import open_now
from projects.public.search import EXAMPLES
from projects.public.standing import rows_of, with_standing

PROJECTS, FIELDS, CALLS, NEWS = 10, 12, 3, 5  # how many of each the page shows


@worded()
def _figures() -> QuerySet[Any]:
    """How many there are of what, the cohorts and the fields with how many projects each."""
    projects, meetings = Project.objects.visible_to(AnonymousUser()), Meeting.objects.visible_to(AnonymousUser())
    counted: dict[str, QuerySet[Any]] = {
        "presented": projects.filter(pk__in=meetings.values("projects")),
        "meetings": meetings,
        "assignments": Assignment.objects.visible_to(AnonymousUser()).unfinished(),
    }
    lines = [
        line(rows.order_by().values(one=Value(1)).annotate(n=Count("pk")), name, demo=None, place="n")
        for name, rows in counted.items()
    ]
    cohorts = projects.order_by().values("cohort__year").annotate(n=Count("pk"))
    lines.append(line(cohorts, "cohorts", demo=None, key="cohort__year", place="n"))
    names = {"key": "field__key", "name_th": "field__name_th", "name_en": "field__name_en"}
    fields = projects.order_by().exclude(field=None).values(*names.values()).annotate(n=Count("pk"))
    lines.append(line(fields, "fields", demo=None, place="n", **names))
    return together(*lines)


@worded(year=IntegerField())
def _first(*, year: Any) -> QuerySet[Any]:
    """The first projects of a cohort."""
    return (
        with_standing(Project.objects.visible_to(AnonymousUser())).filter(cohort__year=year).order_by("code")[:PROJECTS]
    )


class Home(PublicDoor):
    """The front page."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        found = gathered(_figures())
        years = sorted(((int(row.key), row.place) for row in found["cohorts"]), reverse=True)
        fields = sorted(found["fields"], key=lambda row: -row.place)
        context = {
            "figures": {
                name: sum(row.place for row in found[name]) for name in ("presented", "meetings", "assignments")
            },
            "projects": sum(count for _year, count in years),
            "years": years,
            "examples": EXAMPLES[:4],
            "fields": fields[:FIELDS],
            "more_fields": len(fields) > FIELDS,
            "stages": [
                {"number": n, "name": name, "state": StageState.DONE, "url": reverse("public:stage-detail", args=[n])}
                for n, name in StageNumber.choices
            ],
            "newest": rows_of(_first(year=years[0][0])) if years else [],
            "calls": open_now(CALLS, today=timezone.localdate()),
            "entries": news.latest(self.person, NEWS),
        }
        return render(request, "public/home.html", context)
