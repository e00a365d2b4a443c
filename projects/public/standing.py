"""How far projects are, prepared once for the rows of lists."""

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, Exists, OuterRef, QuerySet

from govlab.worded import worded
from projects.models import ProgressUpdate, Project, ProjectAgency, Stage, StageNumber, StageState
from projects.models.stages import standing


@dataclass(frozen=True)
class ProjectRow:
    """A project as lists show it; `demo` when any of what is public about it is demonstration data."""

    project: Project
    states: list[str]
    standing: str
    demo: bool


def with_standing(projects: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with what `rows_of` reads of them."""
    mine = {"project": OuterRef("pk"), "demo": True}
    parts = Exists(ProjectAgency.objects.filter(**mine))
    updates = Exists(ProgressUpdate.objects.visible_to(AnonymousUser()).filter(**mine))
    return projects.select_related("cohort", "field").annotate(demo_in=parts | updates)


def rows_of(projects: list[Any]) -> list[ProjectRow]:
    """The projects of `with_standing` as rows; one query, however many they are."""
    stages: dict[int, dict[int, tuple[str, bool]]] = {project.pk: {} for project in projects}
    for pk, number, state, demo in _stages(projects=[*stages]) if stages else []:
        stages[pk][number] = state, demo
    rows = []
    for project in projects:
        own = stages[project.pk]
        states = [own[n][0] if n in own else StageState.UNKNOWN for n in StageNumber.values]
        demo = project.demo or project.demo_in or any(demo for _state, demo in own.values())
        rows.append(ProjectRow(project, states, standing(states), demo))
    return rows


@worded(projects=BigIntegerField())
def _stages(*, projects: Any) -> QuerySet[Any]:
    return Stage.objects.filter(project__in=projects).order_by().values_list("project", "number", "state", "demo")
