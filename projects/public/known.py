"""All that a visitor may know of one project, in the database's words kept for every project (`govlab.worded`)."""

from collections import defaultdict
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import BigIntegerField, BooleanField, CharField, DateField, Q, QuerySet, Sum, TextField
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear

from agencies.models import Agency, Source
from govlab.asking import any_of
from govlab.gather import SOURCE, TITLE, gathered, line, short_name, together
from govlab.worded import worded
from projects.charts import charted
from projects.models import (
    AgendaItem,
    Assignment,
    Evidence,
    Facet,
    Indicator,
    Innovation,
    InnovationType,
    Lab,
    Meeting,
    PartKind,
    ProgressUpdate,
    Project,
    ProjectAgency,
    Reading,
    Resolution,
    Seen,
    Stage,
)
from projects.public import calls, ratings
from projects.public.similar import MOST_WORDS, similar_lines, words_of

VISITOR = AnonymousUser()
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
TAGS: dict[str, Any] = {"types": InnovationType, "labs": Lab, "facets": Facet}
WORDS = tuple(f"word{n}" for n in range(MOST_WORDS))
"""The names under which the words of its title are given, one by one."""


@worded(code=CharField())
def stages(*, code: Any) -> QuerySet[Any]:
    """The stages of the project with this code, in their order, each with the project."""
    seen = Stage.objects.visible_to(VISITOR).filter(project__code=code)
    return seen.select_related("project__cohort", "project__field").order_by("number")


def beside(project: Project, today: date) -> dict[str, list[Any]]:
    """All that stands beside the project, in one query; what was looked at until yesterday."""
    words = words_of(project)
    given = {"project": project.pk, "cohort": project.cohort_id, "demo": project.demo, "today": today}
    if project.field_id:
        given["field"] = project.field_id
    if words:
        given |= {"alike": any_of(words), **dict(zip(WORDS, words, strict=False))}
    return gathered(_beside(**given))


@worded(
    project=BigIntegerField(),
    cohort=BigIntegerField(),
    field=BigIntegerField(),
    demo=BooleanField(),
    today=DateField(),
    alike=TextField(),
    **{word: TextField() for word in WORDS},
)
def _beside(
    *, project: Any, cohort: Any, demo: Any, today: Any, field: Any = None, alike: Any = None, **words: Any
) -> QuerySet[Any]:
    parts = ProjectAgency.objects.filter(project=project)
    told = [words[word] for word in WORDS if word in words]
    return together(
        *(line(parts.filter(part=part), part, **short_name("agency__")) for part in PartKind.values),
        line(Agency.objects.filter(supported_cohorts=cohort), "supporters", **short_name()),
        *(line(model.objects.filter(projects=project), name, **NAME) for name, model in TAGS.items()),
        line(Meeting.objects.visible_to(VISITOR).filter(projects=project), "meetings", **MEETING),
        line(
            Innovation.objects.visible_to(VISITOR).filter(project=project),
            "innovations",
            key="pk",
            sort="sort_key",
            **TITLE,
        ),
        line(_resolutions(project), "resolutions", **RESOLVED),
        line(Source.objects.filter(projects=project), "sources", **SOURCE),
        similar_lines(project, demo, field, told, alike),
        *calls.beside_project(project, VISITOR),
        *ratings.beside_project(project, VISITOR),
        line(_looks(project, today), "seen", demo=None, place="n"),
    )


def _looks(project: Any, today: Any) -> QuerySet[Any]:
    """How often its page was looked at on the days that are over: today's number still grows."""
    over = Seen.objects.filter(project=project, on__lt=today)
    return over.order_by().values("project").annotate(n=Sum("times"))


def _resolutions(project: Any) -> QuerySet[Any]:
    """Those of agenda items about the project, and those that ask for work on it."""
    asked = Assignment.objects.visible_to(VISITOR).filter(projects=project).exclude(resolution=None)
    items = AgendaItem.objects.filter(projects=project)
    about = Q(item__in=items.values("pk")) | Q(pk__in=asked.values("resolution"))
    return Resolution.objects.visible_to(VISITOR).filter(about)


@worded(project=BigIntegerField())
def updates(*, project: Any) -> QuerySet[Any]:
    """Its updates with their agencies, the last first."""
    return ProgressUpdate.objects.visible_to(VISITOR).filter(project=project).select_related("agency")


def files(project: Project) -> dict[int, list[Evidence]]:
    """The files of its updates, by the update's number; one query."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for file in _files(project=project.pk):
        found[file.update_id].append(file)
    return found


@worded(project=BigIntegerField())
def _files(*, project: Any) -> QuerySet[Any]:
    return Evidence.objects.visible_to(VISITOR).filter(update__project=project)


def indicators(project: Project) -> list[dict[str, Any]]:
    """Its indicators with their readings, as `charts_of` has them; two queries."""
    return charted(_indicators(project=project.pk), _readings(project=project.pk))


@worded(project=BigIntegerField())
def _indicators(*, project: Any) -> QuerySet[Any]:
    return Indicator.objects.visible_to(VISITOR).filter(project=project)


@worded(project=BigIntegerField())
def _readings(*, project: Any) -> QuerySet[Any]:
    found = Reading.objects.visible_to(VISITOR).approved().filter(indicator__project=project)
    return found.select_related("update")
