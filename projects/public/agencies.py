"""Agencies as the public sees them; what they do in projects and meetings stands on their page."""

from typing import Any

from django.db.models import Case, Count, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from agencies.models import Agency, AgencyKind
from govlab.gather import SOURCE, TITLE, gather, line, short_name
from projects.filters import AgencyFilter
from projects.models import Assignment, Innovation, Meeting, Project, ProjectAgency
from projects.public.listing import Listing
from projects.public.projects import MEETING
from projects.public.renamed import lead_on
from projects.public.standing import rows_of, with_standing

MOST = 20  # rows of each list on an agency's page


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

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """How many they are, as a row of its own."""
        return rows.order_by().values(one=Value(1)).annotate(n=Count("pk", distinct=True))

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        agency = Agency.objects.select_related("parent").filter(key=key).first()
        if agency is None:
            return lead_on(request, Agency, "key", key)
        mine = ProjectAgency.objects.filter(agency=agency)
        seen = Project.objects.visible_to(self.person).filter(pk__in=mine.values("project"))
        projects = rows_of(list(with_standing(seen)[:MOST]))
        shown = [row.project.pk for row in projects]
        parts = {part.project_id: part for part in mine.filter(project__in=shown)}
        asked = Assignment.objects.visible_to(self.person).filter(
            Q(agency=agency) | Q(pk__in=agency.shared_assignments.values("pk"))
        )
        assignments = asked.select_related("meeting__series", "resolution").order_by("-meeting__starts_on", "position")
        meetings = Meeting.objects.visible_to(self.person).filter(hosts=agency)
        innovations = Innovation.objects.visible_to(self.person).filter(agency=agency)
        # A limit stands one level below the union of the lists.
        newest = Meeting.objects.filter(pk__in=meetings.order_by("-starts_on", "pk").values("pk")[:MOST])
        first = Innovation.objects.filter(pk__in=innovations.order_by("sort_key", "pk").values("pk")[:MOST])
        today = timezone.localdate()
        context: dict[str, Any] = {
            "agency": agency,
            "beside": gather(
                line(agency.children.all(), "children", **short_name()),
                line(newest, "meetings", **MEETING),
                line(first, "innovations", key="pk", sort="sort_key", **TITLE),
                *(
                    line(self.counted(rows), name, demo=None, place="n")
                    for name, rows in (
                        ("n_projects", seen),
                        ("n_assignments", asked),
                        ("n_open", asked.unfinished()),
                        ("n_meetings", meetings),
                        ("n_innovations", innovations),
                    )
                ),
                line(agency.supported_cohorts.all(), "cohorts", key="year", place="year"),
                line(agency.sources.all(), "sources", **SOURCE),
            ),
            "rows": [(row, parts[row.project.pk]) for row in projects],
            "assignments": [(row, row.days_late(today)) for row in assignments[:MOST]],
        }
        beside: Any = context["beside"]
        context |= {name: sum(row.place for row in beside[name]) for name in [*beside] if name.startswith("n_")}
        return render(request, "public/agencies/detail.html", context)
