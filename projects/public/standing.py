"""How far projects are, prepared once for the rows of lists."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet

from projects.models import ProgressUpdate, Project, ProjectAgency, StageNumber, StageState
from projects.models.stages import standing


@dataclass(frozen=True)
class ProjectRow:
    """A project as lists show it; `demo` when any of what is public about it is demonstration data."""

    project: Project
    states: list[str]
    standing: str
    demo: bool


def with_standing(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with all that `rows_of` reads: two queries, however many they are."""
    mine = {"project": OuterRef("pk"), "demo": True}
    parts = Exists(ProjectAgency.objects.filter(**mine))
    updates = Exists(ProgressUpdate.objects.visible_to(AnonymousUser()).filter(**mine))
    return projects.select_related("cohort", "field").prefetch_related("stages").annotate(demo_in=parts | updates)


def rows_of(projects: list[Any]) -> list[ProjectRow]:
    """The projects of `with_standing` as rows."""
    rows = []
    for project in projects:
        stages = {stage.number: stage for stage in project.stages.all()}
        states = [stages[n].state if n in stages else StageState.UNKNOWN for n in StageNumber.values]
        demo = project.demo or project.demo_in or any(stage.demo for stage in stages.values())
        rows.append(ProjectRow(project, states, standing(states), demo))
    return rows
