"""Reports on the desk: which there are, each as a page, as an Excel file, and as Word and PDF for a meeting."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.models import Agency
from projects.documents.answers import digits_of
from projects.documents.report import TITLES
from projects.documents.report_file import report_file
from projects.exchange.report_makers import MAKERS
from projects.exchange.reports import Report
from projects.models import Cohort, ProjectAgency, PublishState, Round

ROUNDS = 24
"""The newest; an older one leads to its report from its own page."""
FILES = (("pdf", "PDF"), ("docx", "Word"), ("xlsx", "Excel"))


class ReportList(DeskDoor):
    """Which reports there are."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The rounds, the cohorts, and the agencies that have a part in a project."""
        shown = Count("projects", filter=~Q(projects__state=PublishState.HIDDEN))
        part = ProjectAgency.objects.filter(agency=OuterRef("pk"))
        rounds = Round.objects.visible_to(self.person).select_related("schedule__cohort").order_by("-period_end", "pk")
        context = {
            "title": _("Reports"),
            "rounds": rounds[:ROUNDS],
            "cohorts": Cohort.objects.annotate(n=shown).order_by("-year"),
            "agencies": Agency.objects.filter(Exists(part)).order_by("sort_key", "pk"),
        }
        return render(request, "desk/reports/list.html", context)


class ReportDoor(DeskDoor):
    """A door to one report; `kind` names it in its address."""

    kind = ""

    def thing(self) -> Any:
        """What the report is on; raises Http404 where there is none."""
        raise NotImplementedError

    def report(self) -> Report:
        """The report as it is now."""
        return MAKERS[self.kind](self.thing(), self.person, timezone.now())


class ReportPage(ReportDoor):
    """The report on screen."""

    def get(self, request: HttpRequest, **words: Any) -> HttpResponse:
        """The page, with its files."""
        report = self.report()
        title = TITLES[report.kind]
        context = {
            "report": report,
            "title": title,
            "charts": [
                (heading, counts, max([1, *(each.now for each in counts)]))
                for heading, counts in (
                    (_("Stages reached"), report.stages),
                    (_("Who reported in time"), report.answered),
                )
            ],
            "changed": [
                (_("Projects that moved"), report.moved),
                (_("Projects that became late"), report.became_late),
                (_("Projects that newly did not report"), report.newly_missing),
            ],
            "files": [
                (label, reverse(f"desk:{self.kind}-report-file", kwargs={**words, "ending": ending}))
                for ending, label in FILES
            ],
            "crumbs": [(reverse("desk:report-list"), _("Reports")), ("", report.title)],
        }
        return render(request, "desk/reports/report.html", context)


class ReportFile(ReportDoor):
    """The report as a file."""

    def get(self, request: HttpRequest, ending: str, **words: Any) -> HttpResponse:
        """Excel, Word or PDF; 404 for another ending."""
        return report_file(self.report(), ending, digits_of(request))


class OnRound(ReportDoor):
    """On a round."""

    kind = "round"

    def thing(self) -> Round:
        """By its number."""
        rows: QuerySet[Round] = Round.objects.visible_to(self.person).select_related("schedule__cohort")
        return get_object_or_404(rows, pk=self.kwargs["pk"])


class OnCohort(ReportDoor):
    """On a cohort."""

    kind = "cohort"

    def thing(self) -> Cohort:
        """By its year."""
        return get_object_or_404(Cohort, year=self.kwargs["year"])


class OnAgency(ReportDoor):
    """On an agency."""

    kind = "agency"

    def thing(self) -> Agency:
        """By its key."""
        return get_object_or_404(Agency, key=self.kwargs["key"])


class RoundReport(OnRound, ReportPage):
    """A round on screen."""


class RoundReportFile(OnRound, ReportFile):
    """A round as a file."""


class CohortReport(OnCohort, ReportPage):
    """A cohort on screen."""


class CohortReportFile(OnCohort, ReportFile):
    """A cohort as a file."""


class AgencyReport(OnAgency, ReportPage):
    """An agency on screen."""


class AgencyReportFile(OnAgency, ReportFile):
    """An agency as a file."""
