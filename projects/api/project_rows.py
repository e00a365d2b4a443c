"""Many projects as JSON at once: their parts in one query, put together without a serializer's cost for each field.

`projects.api.projects.ProjectSerializer` says the same of one project; a test compares the two word for word.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from operator import attrgetter, itemgetter
from typing import Any

from django.db.models import (
    BigIntegerField,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
)
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from govlab.gather import together
from govlab.thai import ce_year
from govlab.worded import worded
from projects.api.names import stage_key, stage_name
from projects.models import Cohort, Project, ProjectAgency, PublishState, ServiceField, Stage

NUMBER, TEXT = BigIntegerField, TextField
COLUMNS: tuple[type[Any], ...] = (TEXT, NUMBER, NUMBER, TEXT, *[TEXT] * 7, IntegerField)
"""Whose list, under which project, place and word of the order, seven texts, 1 for demonstration data."""
SOURCE = ("key", "title_th", "title_en", "publisher_th", "publisher_en", "published_on", "url")
NAMED = ("key", "name_th", "name_en")
MANY = {"types": NAMED, "labs": NAMED, "facets": NAMED, "sources": SOURCE}


def _beside(rows: QuerySet[Any], under: str, column: str) -> Subquery:
    return Subquery(rows.filter(pk=OuterRef(under)).order_by().values(column))


# Were these joined, whoever counts the projects would join them for each one.
BESIDE = {
    "year": _beside(Cohort.objects.all(), "cohort", "year"),
    **{f"field_{name}": _beside(ServiceField.objects.all(), "field", name) for name in NAMED},
}
"""What is read of other records with a project."""
Part = tuple[Any, ...]


def _line(
    rows: QuerySet[Any], of: str, place: Any, word: Any, *, texts: Iterable[str], demo: Any = None
) -> QuerySet[Any]:
    told = [Value(of), "project_id", place, word, *texts]
    told += [Value(None)] * (len(COLUMNS) - 1 - len(told)) + [Value(0) if demo is None else demo]
    # Numbers are said to be texts as well, so that Django does not look at each of them once more.
    typed = [ExpressionWrapper(Cast(value, column()), TEXT()) for value, column in zip(told, COLUMNS, strict=True)]
    return rows.order_by().values_list(*typed)


def _under(rows: Any, projects: Any) -> QuerySet[Any]:
    """The rows of the projects, whose numbers may be given later: Django takes no such thing for a foreign key."""
    number = ExpressionWrapper(F("project_id"), BigIntegerField())
    found: QuerySet[Any] = rows.alias(whole=number).filter(whole__in=[projects])
    return found


@worded(projects=BigIntegerField())
def parts_of(*wanted: str, projects: Any) -> QuerySet[Any]:
    """The parts of these projects, of the kinds wanted, in one query."""
    lines = []
    if "stages" in wanted:
        days = ("state", "planned_start", "planned_end", "actual_start", "actual_end")
        rows = _under(Stage.objects, projects)
        lines.append(_line(rows, "stages", "number", Value(""), texts=days, demo="demo"))
    if "agencies" in wanted:
        names = ("agency__key", "agency__name_th", "agency__name_en", "part")
        parts = _under(ProjectAgency.objects, projects)
        lines.append(_line(parts, "agencies", "pk", "agency__sort_key", texts=names, demo="demo"))
    for name, columns in MANY.items():
        if name in wanted:
            field: Any = Project._meta.get_field(name)
            to = field.m2m_reverse_field_name()
            rows = _under(field.remote_field.through.objects, projects)
            place, word = (Value(0), f"{to}__key") if name == "sources" else (f"{to}__position", f"{to}__sort_key")
            lines.append(_line(rows, name, place, word, texts=[f"{to}__{column}" for column in columns]))
    return together(*lines)


@cache
def _stage(number: int) -> dict[str, Any]:
    names = {"name_th": stage_name(number, "th"), "name_en": stage_name(number, "en")}
    return {"number": number, "key": stage_key(number), **names}


def _as_stage(row: Part) -> dict[str, Any]:
    _of, _under, number, _word, state, planned_start, planned_end, actual_start, actual_end, _g, _h, demo = row
    days = {"planned_start": planned_start, "planned_end": planned_end}
    return {
        **_stage(number),
        "state": state,
        **days,
        "actual_start": actual_start,
        "actual_end": actual_end,
        "demo": bool(demo),
    }


def _as_agency(row: Part) -> dict[str, Any]:
    return {"key": row[4], "name_th": row[5], "name_en": row[6], "part": row[7], "demo": bool(row[-1])}


def _as_named(row: Part) -> dict[str, Any]:
    return {"key": row[4], "name_th": row[5], "name_en": row[6]}


def _as_source(row: Part) -> dict[str, Any]:
    return dict(zip(SOURCE, row[4:11], strict=True))


PARTS: dict[str, tuple[Callable[[Part], Any], Callable[[Part], Any]]] = {
    "stages": (itemgetter(2), _as_stage),
    "agencies": (itemgetter(7, 3, 2), _as_agency),
    **dict.fromkeys(("types", "labs", "facets"), (itemgetter(2, 3), _as_named)),
    "sources": (itemgetter(3), _as_source),
}
"""Of each kind of part its order and how it is told."""


def parts_by_project(numbers: list[int], wanted: Iterable[str]) -> dict[str, dict[int, list[Any]]]:
    """The parts by kind and project, in their order; one query, none where nothing is wanted."""
    kinds = [name for name in PARTS if name in wanted]
    lines: dict[str, list[Part]] = {kind: [] for kind in kinds}
    for line in parts_of(*kinds, projects=numbers) if kinds and numbers else ():
        lines[line[0]].append(line)
    found: dict[str, dict[int, list[Any]]] = {kind: defaultdict(list) for kind in kinds}
    for kind, under in found.items():
        order, tell = PARTS[kind]
        for line in sorted(lines[kind], key=order):
            under[line[1]].append(tell(line))
    return found


PLACE = "CODE"
"""Stands in an address where a project's code goes."""


def told(rows: Sequence[Any], fields: Iterable[str], request: Any, *, inside: bool) -> list[dict[str, Any]]:
    """The projects with these fields, in this order; `inside` with the version. `rows` come with `pk` and `BESIDE`."""
    wanted = [name for name in fields if inside or name != "version"]
    found = parts_by_project([row.pk for row in rows], wanted)
    field_of = attrgetter(*(f"field_{name}" for name in NAMED))
    here = get_current_timezone()
    host = request.build_absolute_uri("/")[:-1]
    page = f"{host}{reverse('public:project-detail', args=[PLACE])}"
    lists = {name: f"{host}{reverse(f'api:{name[:-1]}-list')}?project={PLACE}" for name in ("indicators", "updates")}
    tell: dict[str, Callable[[Any], Any]] = {
        "cohort": lambda row: row.year,
        "cohort_ce": lambda row: ce_year(row.year),
        "field": lambda row: row.field_key and dict(zip(NAMED, field_of(row), strict=True)),
        "updated_at": lambda row: row.updated_at.astimezone(here).isoformat(),
        "url": lambda row: page.replace(PLACE, row.code) if row.state == PublishState.PUBLISHED else None,
        **{name: lambda row, at=at: at.replace(PLACE, row.code) for name, at in lists.items()},
        **{name: lambda row, of=of: of.get(row.pk, []) for name, of in found.items()},
    }
    telling = [(name, tell.get(name) or attrgetter(name)) for name in wanted]
    return [{name: say(row) for name, say in telling} for row in rows]
