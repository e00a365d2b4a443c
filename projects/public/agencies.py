"""Agencies as the public sees them; what they do in projects and meetings stands on their page."""

from typing import Any

from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from agencies.models import Agency, AgencyKind
from govlab.gather import SOURCE, TITLE, gather, line, short_name
from projects.filters import AgencyFilter
from projects.models import Assignment, Innovation, Meeting, Project, ProjectAgency
from projects.public.listing import Listing
from projects.public.projects import MEETING
from projects.public.standing import rows_of, with_standing

MOST = 30  # projects and assignments on an agency's page


class AgencyList(Listing):
    """Every agency, by kind and in Thai order."""

    filter_class = AgencyFilter
    template_name = "public/agencies/list.html"
    title = gettext_lazy("Agencies")
    per_page = 60

    def rows(self) -> QuerySet[Any]:
        """Everybody may see every agency."""
        order = Case(*(When(kind=kind, then=Value(n)) for n, kind in enumerate(AgencyKind.values)))
        return Agency.objects.select_related("parent").order_by(order, "sort_key", "pk")


class AgencyDetail(PublicDoor):
    """One agency."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        agency = get_object_or_404(Agency.objects.select_related("parent"), key=key)
        parts = {part.project_id: part for part in ProjectAgency.objects.visible_to(self.person).filter(agency=agency)}
        projects = with_standing(Project.objects.visible_to(self.person)).filter(pk__in=parts)[: MOST + 1]
        asked = Assignment.objects.visible_to(self.person).filter(
            Q(agency=agency) | Q(pk__in=agency.shared_assignments.values("pk"))
        )
        assignments = asked.select_related("meeting__series", "resolution").order_by("-meeting__starts_on", "position")
        today = timezone.localdate()
        context = {
            "agency": agency,
            "beside": gather(
                line(agency.children.all(), "children", **short_name()),
                line(Meeting.objects.visible_to(self.person).filter(hosts=agency), "meetings", **MEETING),
                line(
                    Innovation.objects.visible_to(self.person).filter(agency=agency),
                    "innovations",
                    key="pk",
                    sort="sort_key",
                    **TITLE,
                ),
                line(agency.supported_cohorts.all(), "cohorts", key="year", place="year"),
                line(agency.sources.all(), "sources", **SOURCE),
            ),
            "rows": [(row, parts[row.project.pk]) for row in rows_of(list(projects))],
            "assignments": [(row, row.days_late(today)) for row in assignments[:MOST]],
            "most": MOST,
        }
        return render(request, "public/agencies/detail.html", context)
