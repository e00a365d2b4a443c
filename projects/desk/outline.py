"""An agenda in short, for arranging it and for finding the way in it: one query, however long it is."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from projects.models import AgendaItem, FollowUp, Meeting, Paper, Resolution
from projects.rules.agenda import DEEPEST


@dataclass(frozen=True)
class Row:
    """One item with the rows under it, how deep it stands, and the steps (`rules.agenda.MOVES`) that lead somewhere."""

    item: Any
    rows: list["Row"]
    depth: int
    steps: frozenset[str]


@dataclass(frozen=True)
class Outline:
    """The tree of a meeting's items; `mark` tells one arrangement of it from another."""

    rows: list[Row]
    mark: str

    @property
    def all(self) -> list[Row]:
        """Every row in the order of reading."""
        return list(walk(self.rows))


def walk(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with those under them, in the order of reading."""
    for row in rows:
        yield row
        yield from walk(row.rows)


def _count(model: Any) -> Coalesce:
    rows = model.objects.filter(item=OuterRef("pk")).order_by().values("item").annotate(n=Count("*")).values("n")
    return Coalesce(Subquery(rows, output_field=IntegerField()), 0)


def items_of(meeting: Meeting, person: Any) -> QuerySet[AgendaItem]:
    """The items with `resolved`, `filed` and `carried` (resolutions, papers, open matters) counted, not their text."""
    rows = AgendaItem.objects.visible_to(person).filter(meeting=meeting).select_related("presented_by")
    counts = {"resolved": _count(Resolution), "filed": _count(Paper), "carried": _count(FollowUp)}
    written = Case(When(discussion="", then=Value(value=False)), default=Value(value=True))
    return rows.defer("discussion").annotate(written=written, **counts).order_by("position", "pk")


def outline_of(meeting: Meeting, person: Any) -> Outline:
    """The agenda of the meeting."""
    below: dict[int | None, list[Any]] = defaultdict(list)
    digest = hashlib.sha256()
    for item in items_of(meeting, person):
        below[item.parent_id].append(item)
        digest.update(f"{item.pk}<{item.parent_id}@{item.position} ".encode())

    def branch(parent: int | None, depth: int) -> tuple[list[Row], int]:
        rows, height = [], 0
        for place, item in enumerate(below[parent]):
            under, tall = branch(item.pk, depth + 1)
            steps = set()
            if place:
                steps.add("up")
                if depth + 1 + tall <= DEEPEST:
                    steps.add("in")
            if place + 1 < len(below[parent]):
                steps.add("down")
            if parent is not None:
                steps.add("out")
            rows.append(Row(item, under, depth, frozenset(steps)))
            height = max(height, tall + 1)
        return rows, height

    return Outline(branch(None, 1)[0], digest.hexdigest()[:16])
