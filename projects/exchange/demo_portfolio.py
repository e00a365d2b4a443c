"""The invented cohort of the demonstration: it fills the map of the portfolio, and every record of it is marked."""

import datetime as dt
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import records
from projects.models import Cohort, Facet, InnovationType, Lab, PartKind, Project, ServiceField, StageState
from projects.rules import projects, publishing, stages

FILE = Path(__file__).resolve().parent.parent / "facts" / "demo_portfolio.yaml"


def load(desk: User) -> None:
    """Brings the cohort in, unless staff keep one of that year: nothing is invented upon a real one."""
    data = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    if Cohort.objects.filter(year=data["cohort"]["year"]).exists():
        return
    day = data["cohort"].pop("published_on")
    published = dt.datetime.combine(day, dt.time(12), timezone.get_default_timezone())
    cohort = records.add(Cohort, by=desk, **data["cohort"])
    for entry in data["agencies"]:
        above = Agency.objects.filter(key=entry.pop("parent", "")).first()
        records.add(Agency, by=desk, parent=above, **entry)
    for number, row in enumerate(data["projects"], 1):
        _project(cohort, number, row, desk, published)


def _project(cohort: Cohort, number: int, row: list[Any], desk: User, published: dt.datetime) -> None:
    title_th, title_en, field, types, labs, facets, province, owner, done, begun = row
    project = projects.add(
        by=desk,
        code=f"GL{cohort.year}-{number}",
        cohort=cohort,
        title_th=title_th,
        title_en=title_en,
        field=ServiceField.objects.get(key=field),
        types=list(InnovationType.objects.filter(key__in=types)),
        labs=list(Lab.objects.filter(key__in=labs)),
        facets=list(Facet.objects.filter(key__in=facets)),
        province=province,
    )
    projects.add_part(project, by=desk, agency=Agency.objects.get(key=owner), part=PartKind.OWNER)
    _stand(project, done, begun, desk)
    publishing.publish(project, by=desk, now=published)


def _stand(project: Project, done: int, begun: bool, desk: User) -> None:
    """So many stages are done, and the next one may have begun."""
    for stage in project.stages.all():
        state = StageState.DONE if stage.number <= done else StageState.NOT_STARTED
        state = StageState.IN_PROGRESS if begun and stage.number == done + 1 else state
        stages.edit(stage, by=desk, version=stage.version, state=state)
