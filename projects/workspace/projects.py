"""The agency's own projects in the workspace."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from agencies.access import agencies_of
from agencies.doors import WorkspaceDoor
from govlab.paging import page_of
from govlab.thai import format_date
from projects.charts import charts_of
from projects.exchange import desk_tables
from projects.exchange.lists import PROJECT_LIST, take_readings
from projects.exchange.taking import take
from projects.models import ProgressUpdate, Project, PublishState, Stage, StageState
from projects.models.stages import standing
from projects.rules.updates import require_reporting


def find_project(person: Any, code: str) -> Project:
    """A project of the person's agencies: 404 if it is not visible to them, PermissionDenied if it is another's."""
    project = get_object_or_404(Project.objects.visible_to(person).select_related("cohort"), code=code)
    require_reporting(person, project)
    return project


def own_projects(person: Any) -> QuerySet[Project]:
    """The projects the person reports on, with what a list shows of them."""
    return Project.objects.reported_by(person).select_related("cohort").prefetch_related("stages")


def row_of(project: Project) -> dict[str, Any]:
    """A project in a list: its diamonds, where it stands, whether progress can be reported."""
    states = [stage.state for stage in project.stages.all()]
    return {
        "project": project,
        "states": states,
        "standing": standing(states),
        "open": project.state != PublishState.HIDDEN,
        "demo": project.demo or any(stage.demo for stage in project.stages.all()),
    }


def stage_of(stage: Stage) -> dict[str, Any]:
    """A stage on the page-wide track."""
    note = ""
    if stage.state == StageState.DONE and stage.actual_end:
        note = format_date(stage.actual_end)
    elif stage.state != StageState.DONE and stage.planned_end:
        note = _("Planned to end %(day)s") % {"day": format_date(stage.planned_end)}
    return {
        "number": stage.number,
        "name": stage.get_number_display(),
        "state": stage.state,
        "state_label": stage.get_state_display(),
        "note": note,
    }


class ProjectList(WorkspaceDoor):
    """The projects the person's agencies own or are partners in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        if file := take(request, PROJECT_LIST, own_projects(self.person)):
            return file
        page = page_of(request, own_projects(self.person), 20)
        context = {"page_obj": page, "rows": [row_of(project) for project in page]}
        return render(request, "workspace/projects/list.html", context, status=page.status)


class ProjectDetail(WorkspaceDoor):
    """One of the agency's projects: how far it is, what was reported, what it is measured by."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The page."""
        project = find_project(self.person, code)
        stages = list(project.stages.all())
        own = set(agencies_of(self.person).values_list("pk", flat=True))
        seen = ProgressUpdate.objects.visible_to(self.person).filter(project=project).select_related("agency")
        seen = seen.order_by("-updated_at", "-pk")
        indicators = charts_of(project, self.person)
        told = seen.select_related("project", "agency").defer("text", "obstacles", "planned")
        if file := take(request, desk_tables.UPDATES, told) or take_readings(request, indicators):
            return file
        page = page_of(request, seen, 20)
        context = {
            "project": project,
            "stages": [stage_of(stage) for stage in stages],
            "open": project.state != PublishState.HIDDEN,
            "demo": project.demo or any(stage.demo for stage in stages),
            "page_obj": page,
            "updates": [(update, update.agency_id in own) for update in page],
            "indicators": indicators,
            "parts": project.parts.select_related("agency"),
            "crumbs": [(reverse("workspace:project-list"), _("Our projects")), ("", project.code)],
        }
        return render(request, "workspace/projects/detail.html", context, status=page.status)
