"""Projects as the public sees them: the list with its filter, and one project with all that is known of it."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, TITLE, gather, line, short_name
from govlab.templatetags.thai import day
from govlab.thai import pick
from projects.charts import charts_of
from projects.filters import ProjectFilter
from projects.models import (
    Assignment,
    Evidence,
    Innovation,
    Meeting,
    ProgressUpdate,
    Project,
    Resolution,
    Seen,
    Stage,
    StageState,
)
from projects.models.stages import standing
from projects.public import calls, ratings
from projects.public.citing import citations
from projects.public.listing import Listing
from projects.public.renamed import lead_on
from projects.public.similar import reasons, similar_projects
from projects.public.standing import rows_of, with_standing

NAME = {"key": "key", "name_th": "name_th", "name_en": "name_en", "place": "position"}
MEETING = {
    "key": "key",
    "on": "starts_on",
    **TITLE,
    "more_th": "series__name_th",
    "more_en": "series__name_en",
    "sort": "number",
    "under": "year",
    # Newest first.
    "place": -(ExtractYear("starts_on") * 10_000 + ExtractMonth("starts_on") * 100 + ExtractDay("starts_on")),
}
"""A committee's meeting has no title: it is called after its series (`more`) and its number (`sort`/`under`)."""
STORY = (
    ("problem", gettext_lazy("Whose problem it is")),
    ("learned", gettext_lazy("What was learned")),
    ("tried", gettext_lazy("What was tried, and with whom")),
    ("result", gettext_lazy("What came of it")),
    ("used", gettext_lazy("Where it is used")),
)
"""The story in the order in which it is told, each part with its heading."""
PICTURES = 2
"""So many of the newest stand open: a first visit stays light; the others are fetched when they are unfolded."""
LOG = 12
"""What happened last stands open on the page; the earlier is unfolded."""
RESOLVED = {
    "key": "pk",
    "url": "number",
    "name_th": "text_th",
    "name_en": "text_en",
    "on": "meeting__starts_on",
    "sort": "number",
    "place": -(
        ExtractYear("meeting__starts_on") * 10_000
        + ExtractMonth("meeting__starts_on") * 100
        + ExtractDay("meeting__starts_on")
    ),
}
"""A resolution of a meeting on that day; its number stands where a link would."""


class ProjectList(Listing):
    """Every public project."""

    filter_class = ProjectFilter
    template_name = "public/projects/list.html"
    title = gettext_lazy("Projects")

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, newest cohort first."""
        return with_standing(Project.objects.visible_to(self.person))

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """The rows with their standing; for a chosen cohort also who supported it, and its sources."""
        context: dict[str, Any] = {"rows": rows_of(shown)}
        if shown and len(years := self.request.GET.getlist("cohort")) == 1:
            cohort = shown[0].cohort
            if str(cohort.year) == years[0]:
                beside = gather(
                    line(cohort.supported_by.all(), "supporters", **short_name()),
                    line(cohort.sources.all(), "sources", **SOURCE),
                )
                context |= {"cohort": cohort, "beside": beside}
        return context


def with_pictures(log: list[Any]) -> Iterator[tuple[Any, ...]]:
    """Each entry with its files as they were sent, the pictures among them that stand open, and those to unfold."""
    left = PICTURES
    for *entry, files in log:
        pictures = [file for file in files if file.is_picture]
        yield *entry, files, pictures[:left], pictures[left:]
        left = max(0, left - len(pictures))


def stage_note(stage: Stage) -> SafeString | str:
    """What is known of a stage's dates, in a few words; "" when nothing is."""
    ended, planned, begun = day(stage.actual_end), day(stage.planned_end), day(stage.actual_start)
    if stage.state == StageState.DONE and ended:
        return format_html(_("on {date}"), date=ended)
    if stage.state == StageState.DONE:
        return ""
    if planned:
        return format_html(_("(planned to end {date})"), date=planned)
    if begun:
        return format_html(_("since {date}"), date=begun)
    if start := day(stage.planned_start):
        return format_html(_("(planned to start {date})"), date=start)
    return ""


class ProjectDetail(PublicDoor):
    """One project."""

    def beside(self, project: Project) -> dict[str, list[Any]]:
        """All that stands beside the project, in one query."""
        parts, cohort = project.parts.all(), project.cohort
        return gather(
            *(
                line(parts.filter(part=part), part, **short_name("agency__"))
                for part in ("owner", "partner", "support")
            ),
            line(cohort.supported_by.all(), "supporters", **short_name()),
            *(line(getattr(project, name).all(), name, **NAME) for name in ("types", "labs", "facets")),
            line(Meeting.objects.visible_to(self.person).filter(projects=project), "meetings", **MEETING),
            line(
                Innovation.objects.visible_to(self.person).filter(project=project),
                "innovations",
                key="pk",
                sort="sort_key",
                **TITLE,
            ),
            line(self.resolutions(project), "resolutions", **RESOLVED),
            line(project.sources.all(), "sources", **SOURCE),
            similar_projects(project),
            *calls.beside_project(project, self.person),
            *ratings.beside_project(project, self.person),
            line(self.looks(project), "seen", demo=None, place="n"),
        )

    def looks(self, project: Project) -> QuerySet[Any]:
        """How often its page was looked at on the days that are over: today's number still grows."""
        over = Seen.objects.filter(project=project, on__lt=timezone.localdate())
        return over.order_by().values("project").annotate(n=Sum("times"))

    def resolutions(self, project: Project) -> QuerySet[Any]:
        """Those of agenda items about the project, and those that ask for work on it."""
        asked = Assignment.objects.visible_to(self.person).filter(projects=project).exclude(resolution=None)
        about = Q(item__in=project.agenda_items.values("pk")) | Q(pk__in=asked.values("resolution"))
        return Resolution.objects.visible_to(self.person).filter(about)

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page; 404 for a project that a visitor may not see."""
        # Every project has its four stages from its first moment, so they bring it with them.
        seen = Stage.objects.visible_to(self.person).filter(project__code=code)
        stages = list(seen.select_related("project__cohort", "project__field").order_by("number"))
        if not stages:
            return lead_on(request, Project, "code", code)
        project = stages[0].project
        beside = self.beside(project)
        updates = list(ProgressUpdate.objects.visible_to(self.person).filter(project=project).select_related("agency"))
        files: dict[int, list[Evidence]] = defaultdict(list)
        for file in Evidence.objects.visible_to(self.person).filter(update__project=project):
            files[file.update_id].append(file)
        indicators = charts_of(project, self.person)
        log = [(update.happened_on, update, None, files[update.pk]) for update in updates]
        log += [(meeting.on, None, meeting, []) for meeting in beside["meetings"]]
        log.sort(key=lambda entry: entry[0] or date.min, reverse=True)
        told = list(with_pictures(log))
        changed = [project.updated_at, *(stage.updated_at for stage in stages)]
        changed += [update.reviewed_at for update in updates if update.reviewed_at]
        parts = [row for part in ("owner", "partner", "support") for row in beside[part]]
        known = [*stages, *updates, *parts, *(row["indicator"] for row in indicators)]
        today = timezone.localdate()
        looks = sum(row.place for row in beside["seen"])
        story = [(name, heading, pick(project, name)) for name, heading in STORY]
        context = {
            "project": project,
            "story": [(name, heading) for name, heading, text in story if text],
            "untold": [heading for _name, heading, text in story if not text],
            "both": (project.aim_th or project.aim_en) and (project.focus_th or project.focus_en),
            "demo": project.demo,
            "demo_in": any(row.demo for row in known),
            "standing": standing([stage.state for stage in stages]),
            "stages": [
                {
                    "number": stage.number,
                    "name": stage.get_number_display(),
                    "state": stage.state,
                    "state_label": stage.get_state_display(),
                    "note": stage_note(stage),
                    "url": reverse("public:stage-detail", args=[stage.number]),
                }
                for stage in stages
            ],
            "beside": beside,
            "open_calls": [call for call in beside["calls"] if call.sort <= f"{today}" and today <= call.on],
            "log": log,
            "logs": [(told[:LOG], False), (told[LOG:], True)],
            "similar": [(row, reasons(row.under or 0)) for row in beside["similar"]],
            "seen": looks,
            "seen_text": f"{looks:,}",
            "indicators": indicators,
            "changed": max(changed),
            "today": today,
            "citations": citations(request, project, max(changed)),
        }
        return render(request, "public/projects/detail.html", context)
