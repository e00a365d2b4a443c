"""What is like a project or an innovation: scored by what both share, in the database, over public records only."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Length, StrIndex
from django.db.models.lookups import GreaterThan
from django.utils.translation import gettext_lazy as _

from govlab.asking import asked, texts_of
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


def _links(project: Any, demo: Any) -> dict[str, QuerySet[Any]]:
    """For each thing of which a project may have several: the rows that link it to what this one has."""
    found: dict[str, QuerySet[Any]] = {}
    for name, column in OWN.items():
        through = getattr(Project, name).through.objects.all()
        found[name] = through.filter(**{f"{column}__in": through.filter(project=project).values(column)})
    parts = ProjectAgency.objects.filter(demo=demo)  # what the demonstration gives a real project is no likeness
    found["agency"] = parts.filter(agency__in=parts.filter(project=project).values("agency"))
    return found


def words_of(project: Project) -> list[str]:
    """The words that say what its Thai title is about, folded (`govlab.finding.fold`)."""
    found = [word for part in asked(project.title_th).parts for word in texts_of(part)]
    return list(dict.fromkeys(found))[:MOST_WORDS]


def _top(model: Any, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows as the inside of a list: a row limit stands one level below a union."""
    return model.objects.filter(pk__in=rows)


def similar_lines(project: Any, demo: Any, field: Any, words: Sequence[Any], alike: Any) -> QuerySet[Any]:
    """The most similar public projects as lines: `under` holds the bits of what is shared, see `reasons`.

    The project's number, `demo`, field and words are each as they are or still to be given (`govlab.worded`). `alike`
    is the condition that any of the words is there; a project without a field or without words has None, [].
    """
    shared = _links(project, demo)
    near = [rows.order_by("-pk").values("project")[:NEAR] for rows in shared.values()]
    tests: dict[str, Any] = {name: Exists(rows.filter(project=OuterRef("pk"))) for name, rows in shared.items()}
    if field:
        near.append(Project.objects.public().filter(field=field).order_by("-pk").values("pk")[:NEAR])
        tests["field"] = Q(field=field)
    if words:
        near.append(numbers_of(Project, alike).order_by("-id")[:NEAR])
        tests["words"] = Q(letters__gte=LETTERS)
    first, *others = (_top(Project, rows).order_by().values("pk") for rows in near)
    public = Project.objects.visible_to(AnonymousUser()).exclude(pk=project)
    if words:
        public = public.annotate(letters=_letters(words))
    counted = {"bits": 0, "score": 1}
    public = public.annotate(**{name: _sum(tests, column) for name, column in counted.items()})
    best = public.filter(pk__in=first.union(*others), score__gt=0).order_by("-score", "-pk").values("pk")[:SHOWN]
    rows = public.filter(pk__in=best)
    return line(rows, "similar", key="code", **TITLE, under="bits", place=-F("score"), sort="code")


def _sum(tests: dict[str, Any], column: int) -> Any:
    """What the tests that hold bring together, by a column of SHARED."""
    total: Any = Value(0)
    for name, test in tests.items():
        total += Case(When(test, then=Value(SHARED[name][column])), default=Value(0), output_field=IntegerField())
    return total


def _letters(words: Sequence[Any]) -> Any:
    """How many letters the words have together that stand in a project's title; each title is read once."""
    own = SearchEntry.objects.filter(pk=OuterRef("pk") + (Project.found_as[0] << KIND_BITS))
    held: Any = Value(0)
    for word in words:
        there: Any = GreaterThan(StrIndex("folded_title", word), Value(0))
        held += Case(When(there, then=Length(word)), default=Value(0), output_field=IntegerField())
    return Coalesce(Subquery(own.values(held=held)), Value(0), output_field=IntegerField())


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
