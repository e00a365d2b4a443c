"""Agencies as the public sees them; what they do in projects and meetings stands on their page."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from agencies.models import Agency, AgencyKind
from govlab.gather import SOURCE, TITLE, gather, line, short_name
from projects.exchange.lists import AGENCY_LIST, INNOVATION_LIST, MEETING_LIST, PROJECT_LIST
from projects.exchange.small_lists import ASKED_LIST, asked_lines
from projects.exchange.taking import take
from projects.filters import AgencyFilter
from projects.models import Assignment, Innovation, Meeting, Project, ProjectAgency
from projects.public.known import MEETING
from projects.public.listing import Listing
from projects.public.renamed import lead_on
from projects.public.standing import rows_of, with_standing

MOST = 20  # rows of each list on an agency's page


class AgencyList(Listing):
    """Every agency, by kind and in Thai order."""

    filter_class = AgencyFilter
    template_name = "public/agencies/list.html"
    title = gettext_lazy("Agencies")
    taken = AGENCY_LIST
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

    def parts(self, agency: Agency, rows: QuerySet[Any]) -> dict[int, ProjectAgency]:
        """The part of each project by which it stands here: the agency's own, else the first of those below it."""
        found: dict[int, ProjectAgency] = {}
        for part in rows.select_related("agency"):
            if part.project_id not in found or part.agency_id == agency.pk:
                found[part.project_id] = part
        return found

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        agency = Agency.objects.select_related("parent").filter(key=key).first()
        if agency is None:
            return lead_on(request, Agency, "key", key)
        within, today = Agency.objects.within(key), timezone.localdate()
        mine = ProjectAgency.objects.filter(agency__in=within)
        seen = Project.objects.visible_to(self.person).filter(pk__in=mine.values("project"))
        first = Exists(ProjectAgency.objects.filter(agency=agency, project=OuterRef("pk")))
        own = Q(agency=agency) | Q(pk__in=agency.shared_assignments.values("pk"))
        asked = Assignment.objects.visible_to(self.person).filter(
            Q(agency__in=within) | Q(pk__in=within.values("shared_assignments"))
        )
        assignments = (
            asked.select_related("meeting__series", "resolution", "agency")
            .annotate(own=Case(When(own, then=1), default=0))
            .order_by("-own", "-meeting__starts_on", "meeting_id", "position", "pk")
        )
        meetings = Meeting.objects.visible_to(self.person).filter(hosts=agency)
        innovations = (
            Innovation.objects.visible_to(self.person)
            .filter(agency__in=within)
            .annotate(below=Case(When(agency=agency, then=0), default=1))
        )
        file = (
            take(request, PROJECT_LIST, seen.order_by(first.desc(), *Project._meta.ordering))
            or take(request, ASKED_LIST, lambda: asked_lines(assignments, today), "assignments")
            or take(request, MEETING_LIST, meetings.order_by("-starts_on", "pk"), "meetings")
            or take(request, INNOVATION_LIST, innovations.order_by("below", "sort_key", "pk"), "innovations")
        )
        if file:
            return file
        # A limit stands one level below the union of the lists.
        newest = Meeting.objects.filter(pk__in=meetings.order_by("-starts_on", "pk").values("pk")[:MOST])
        shown = innovations.filter(
            pk__in=innovations.order_by("below", "sort_key", "pk").annotate(n=F("pk")).values("n")[:MOST]
        )
        projects = rows_of(list(with_standing(seen).order_by(first.desc(), *Project._meta.ordering)[:MOST]))
        parts = self.parts(agency, mine.filter(project__in=[row.project.pk for row in projects]))
        name = short_name("agency__")
        context: dict[str, Any] = {
            "agency": agency,
            "beside": gather(
                line(agency.children.all(), "children", **short_name()),
                line(newest, "meetings", **MEETING),
                line(
                    shown,
                    "innovations",
                    key="pk",
                    sort="sort_key",
                    place="below",
                    more_th=name["name_th"],
                    more_en=name["name_en"],
                    url="agency__key",
                    **TITLE,
                ),
                *(
                    line(self.counted(rows), name, demo=None, place="n")
                    for name, rows in (
                        ("n_projects", seen),
                        ("n_own", seen.filter(first)),
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
        context["n_below"] = context.get("n_projects", 0) - context.get("n_own", 0)
        context["address"] = "within" if beside["children"] else "agency"
        return render(request, "public/agencies/detail.html", context)
