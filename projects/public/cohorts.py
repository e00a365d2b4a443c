"""The cohorts as the public sees them: all of them with the four stages, and one with its projects and figures."""

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, gather, line, short_name
from projects.exchange.lists import PROJECT_LIST, counts
from projects.exchange.small_lists import COHORT_LIST
from projects.exchange.taking import take
from projects.filters import STAGES
from projects.models import Call, Cohort, Meeting, Project, StageNumber
from projects.public.standing import rows_of, with_standing

PER_PAGE = 20
STAGES_REACHED = counts(_("Stages reached"), _("Stage"))
UNKNOWN = -1
"""The stage of projects of which it is not known, as the figures count them."""


class CohortList(PublicDoor):
    """Every cohort, newest first, and the four stages that each project goes through."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        projects = Project.objects.visible_to(self.person).filter(cohort=OuterRef("pk"))
        counted = projects.order_by().values("cohort").annotate(n=Count("pk")).values("n")
        cohorts = Cohort.objects.annotate(n=Coalesce(Subquery(counted, output_field=IntegerField()), 0))
        if file := take(request, COHORT_LIST, cohorts):
            return file
        context = {
            "cohorts": cohorts.prefetch_related("supported_by"),
            "stages": [
                {"number": n, "name": label, "state": "done", "url": reverse("public:stage-detail", args=[n])}
                for n, label in StageNumber.choices
            ],
        }
        return render(request, "public/cohorts/list.html", context)


class CohortDetail(PublicDoor):
    """One cohort."""

    def beside(self, cohort: Cohort, projects: QuerySet[Any]) -> dict[str, list[Any]]:
        """Supporters, sources and the figures, in one query."""
        stages = projects.order_by().values(at=Coalesce("current_stage", UNKNOWN)).annotate(n=Count("pk"))
        meetings = Meeting.objects.visible_to(self.person).filter(projects__in=projects.values("pk"))
        calls = Call.objects.visible_to(self.person).filter(project__in=projects.values("pk"))
        open_calls = calls.open(timezone.localdate())
        counted: dict[str, QuerySet[Any]] = {
            name: rows.order_by().values(one=Value(1)).annotate(n=Count("pk", distinct=True))
            for name, rows in (("meetings", meetings), ("calls", calls), ("open_calls", open_calls))
        }
        return gather(
            line(cohort.supported_by.all(), "supporters", **short_name()),
            line(cohort.sources.all(), "sources", **SOURCE),
            line(stages, "stages", demo=None, under="at", place="n"),
            *(line(rows, name, demo=None, place="n") for name, rows in counted.items()),
        )

    def get(self, request: HttpRequest, year: int) -> HttpResponse:
        """The page; 404 for a cohort that is not there, and for a page of its list that is not."""
        cohort = get_object_or_404(Cohort, year=year)
        projects = Project.objects.visible_to(self.person).filter(cohort=cohort)
        if file := take(request, PROJECT_LIST, projects.order_by("code")):
            return file
        beside = self.beside(cohort, projects)
        at = {row.under: row.place for row in beside["stages"]}
        paginator = Paginator(with_standing(projects).order_by("code"), PER_PAGE)
        paginator.count = sum(at.values())
        stages = [
            (key, label, at.get(UNKNOWN if key == "unknown" else int(key), 0))
            for key, label in (*STAGES[1:], STAGES[0])
        ]
        if file := take(request, STAGES_REACHED, lambda: [row[1:] for row in stages], "stages"):
            return file
        context: dict[str, Any] = {
            "cohort": cohort,
            "beside": beside,
            "count": sum(at.values()),
            "stages": stages,
            **{name: sum(row.place for row in beside[name]) for name in ("meetings", "calls", "open_calls")},
        }
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage:
            return render(request, "public/cohorts/detail.html", {**context, "no_such_page": True}, status=404)
        context |= {"page_obj": page, "rows": rows_of(list(page))}
        return render(request, "public/cohorts/detail.html", context)
