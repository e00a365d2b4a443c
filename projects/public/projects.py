"""Projects as the public sees them: the list with its filter, and one project with all that is known of it."""

from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, gather, line, short_name
from govlab.templatetags.thai import day
from govlab.thai import pick
from projects.exchange.lists import INNOVATION_LIST, PROJECT_LIST, STARS, star_counts, take_readings
from projects.exchange.small_lists import HAPPENED, RESOLVED_ABOUT, Entry
from projects.exchange.taking import take
from projects.filters import ProjectFilter
from projects.models import (
    Innovation,
    Project,
    Stage,
    StageState,
)
from projects.models.stages import standing
from projects.public import known
from projects.public.citing import citations
from projects.public.listing import Listing
from projects.public.renamed import lead_on
from projects.public.similar import reasons
from projects.public.standing import rows_of, with_standing

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


@cache
def _every() -> QuerySet[Any]:
    """Every public project; the same conditions for every visitor, so they are put together once."""
    return with_standing(Project.objects.visible_to(AnonymousUser()))


class ProjectList(Listing):
    """Every public project."""

    filter_class = ProjectFilter
    template_name = "public/projects/list.html"
    title = gettext_lazy("Projects")
    taken = PROJECT_LIST
    steady = True

    def rows(self) -> QuerySet[Any]:
        """What a visitor may see, newest cohort first."""
        return _every().all()

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

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page; 404 for a project that a visitor may not see."""
        # Every project has its four stages from its first moment, so they bring it with them.
        stages = known.stages(code=code)
        if not stages:
            return lead_on(request, Project, "code", code)
        project, today = stages[0].project, timezone.localdate()
        beside = known.beside(project, today)
        updates = known.updates(project=project.pk)
        files = known.files(project)
        indicators = known.indicators(project)
        stars = partial(star_counts, beside["ratings"])
        log: list[Any] = [(update.happened_on, update, None, files[update.pk]) for update in updates]
        log += [(meeting.on, None, meeting, []) for meeting in beside["meetings"]]
        log.sort(key=lambda entry: entry[0] or date.min, reverse=True)
        came_of_it = Innovation.objects.visible_to(self.person).filter(project=project)
        file = (
            take_readings(request, indicators)
            or take(request, STARS, stars, "stars")
            or take(request, HAPPENED, lambda: [Entry(*entry[:3]) for entry in log], "happened")
            or take(request, RESOLVED_ABOUT, lambda: beside["resolutions"], "resolutions")
            or take(request, INNOVATION_LIST, came_of_it, "innovations")
        )
        if file:
            return file
        told = list(with_pictures(log))
        changed = [project.updated_at, *(stage.updated_at for stage in stages)]
        changed += [update.reviewed_at for update in updates if update.reviewed_at]
        parts = [row for part in ("owner", "partner", "support") for row in beside[part]]
        told_of = [*stages, *updates, *parts, *(row["indicator"] for row in indicators)]
        looks = sum(row.place for row in beside["seen"])
        story = [(name, heading, pick(project, name)) for name, heading in STORY]
        context = {
            "project": project,
            "story": [(name, heading) for name, heading, text in story if text],
            "untold": [heading for _name, heading, text in story if not text],
            "both": (project.aim_th or project.aim_en) and (project.focus_th or project.focus_en),
            "demo": project.demo,
            "demo_in": any(row.demo for row in told_of),
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
