"""What is like a project or an innovation: scored by what both share, in the database, over public records only."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from govlab.asking import any_of, asked, texts_of
from govlab.gather import TITLE, line
from govlab.listing import numbers_of
from govlab.models import SearchEntry
from govlab.trigrams import KIND_BITS
from projects.models import Innovation, Project, ProjectAgency

NEAR = 100
"""How many records are looked at for each thing that may be shared: so the cost stays the same as the portal grows."""
SHOWN = 4
SHARED: dict[str, tuple[int, int, Any]] = {
    "field": (1, 4, _("the same field of service")),
    "agency": (2, 3, _("the same agency")),
    "types": (4, 2, _("the same type of innovation")),
    "labs": (8, 1, _("the same laboratory")),
    "facets": (16, 1, _("the same facet of innovation")),
    "words": (32, 5, _("the same words in the title")),
}
"""What may be shared: its bit in `under`, its weight in the score, and how it is said."""
MOST_WORDS, LETTERS = 8, 8
"""So many words of a title are looked for; so many letters of them another title must hold to be alike."""
OWN = {"types": "innovationtype", "labs": "lab", "facets": "facet"}


def _links(project: Project) -> dict[str, tuple[Any, QuerySet[Any]]]:
    """For each thing of which a project may have several: the rows that link it, and those of what this one has."""
    found: dict[str, tuple[Any, QuerySet[Any]]] = {}
    for name, column in OWN.items():
        through = getattr(Project, name).through.objects.all()
        found[name] = through, through.filter(**{f"{column}__in": through.filter(project=project).values(column)})
    parts = ProjectAgency.objects.filter(
        demo=project.demo
    )  # what the demonstration gives a real project is no likeness
    found["agency"] = parts, parts.filter(agency__in=parts.filter(project=project).values("agency"))
    return found


def words_of(project: Project) -> list[str]:
    """The words that say what its Thai title is about, folded (`govlab.finding.fold`)."""
    found = [word for part in asked(project.title_th).parts for word in texts_of(part)]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _top(model: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows as the inside of a list: a row limit stands one level below a union."""
    return model.objects.filter(pk__in=rows)


def similar_projects(project: Project) -> QuerySet[Any]:
    """The most similar public projects as lines: `under` holds the bits of what is shared, see `reasons`."""
    shared = {name: rows for name, (_all, rows) in _links(project).items()}
    near = [rows.order_by("-pk").values("project")[:NEAR] for rows in shared.values()]
    tests: dict[str, Any] = {name: Exists(rows.filter(project=OuterRef("pk"))) for name, rows in shared.items()}
    if project.field_id:
        near.append(Project.objects.public().filter(field=project.field_id).order_by("-pk").values("pk")[:NEAR])
        tests["field"] = Exists(Project.objects.filter(pk=OuterRef("pk"), field=project.field_id))
    words = words_of(project)
    if words:
        near.append(numbers_of(Project, any_of(words)).order_by("-id")[:NEAR])
    first, *others = (_top(Project, rows).order_by().values("pk") for rows in near)
    bits: Any = Value(0)
    score: Any = Value(0)
    for name, test in tests.items():
        bit, weight, _label = SHARED[name]
        bits += Case(When(test, then=Value(bit)), default=Value(0), output_field=IntegerField())
        score += Case(When(test, then=Value(weight)), default=Value(0), output_field=IntegerField())
    bit, weight, _label = SHARED["words"]
    own = SearchEntry.objects.filter(pk=OuterRef("pk") + (Project.found_as[0] << KIND_BITS))
    letters: Any = Value(0)
    for word in words:
        held = Exists(own.filter(folded_title__contains=word))
        letters += Case(When(held, then=Value(len(word))), default=Value(0), output_field=IntegerField())
    alike = Q(letters__gte=LETTERS)
    bits += Case(When(alike, then=Value(bit)), default=Value(0), output_field=IntegerField())
    score += Case(When(alike, then=Value(weight)), default=Value(0), output_field=IntegerField())
    public = (
        Project.objects.visible_to(AnonymousUser())
        .exclude(pk=project.pk)
        .annotate(letters=letters)
        .annotate(bits=bits, score=score)
    )
    best = public.filter(pk__in=first.union(*others), score__gt=0).order_by("-score", "-pk").values("pk")[:SHOWN]
    rows = public.filter(pk__in=best)
    return line(rows, "similar", key="code", **TITLE, under="bits", place=-F("score"), sort="code")


def reasons(bits: int) -> list[str]:
    """What two projects share, in words."""
    return [str(label) for bit, _weight, label in SHARED.values() if bits & bit]


def related_innovations(innovation: Innovation) -> QuerySet[Any]:
    """Public entries of the library with the most types in common, then those of Thai order, as lines."""
    through: Any = Innovation.types.through.objects
    own = through.filter(innovation=innovation).values("innovationtype")
    shared = through.filter(innovationtype__in=own)
    near = shared.order_by("-pk").values("innovation")[:NEAR]
    public = Innovation.objects.visible_to(AnonymousUser()).exclude(pk=innovation.pk)
    counted = public.annotate(n=Count("types", filter=Q(types__in=own)))
    best = counted.filter(pk__in=_top(Innovation, near).values("pk")).order_by("-n", "sort_key", "pk").values("pk")
    return line(
        counted.filter(pk__in=best[:SHOWN]), "related", key="pk", **TITLE, place=-F("n"), sort="sort_key", url="country"
    )
