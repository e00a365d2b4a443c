"""A meeting's agenda as people read it, a tree in the order of the numbers, and what stands beside the meeting."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from govlab.gather import SOURCE, TITLE, Line, gather, line, short_name, under
from projects.models.assignments import Assignment, AssignmentState
from projects.models.meetings import AgendaItem, Meeting, Resolution
from projects.models.projects import Project

NumberKey = tuple[tuple[int, str], ...]
Agencies = Mapping[int, Sequence[Any]]
"""Agencies beside a row, by the row's primary key, in whatever form the page shows them."""


@dataclass(frozen=True)
class Asked:
    """One assignment, the agencies asked together with its own, and by how many days it is overdue."""

    assignment: Assignment
    partners: Sequence[Any]
    days_late: int


@dataclass(frozen=True)
class Decided:
    """One resolution, the agencies it concerns, and what it asks of agencies."""

    resolution: Resolution
    concerns: Sequence[Any]
    asked: list[Asked]


@dataclass(frozen=True)
class Item:
    """One item of the agenda with the items and the resolutions under it."""

    item: AgendaItem
    items: list["Item"]
    decided: list[Decided]


@dataclass(frozen=True)
class Agenda:
    """The whole agenda: the items at the top, what the meeting as a whole asks; in numbers, all that it asks.

    `demo` says whether a row of it is demonstration data.
    """

    items: list[Item]
    asked: list[Asked]
    given: int
    closed: int
    late: int
    demo: bool


def number_key(number: str) -> NumberKey:
    """What rows are ordered by: 1.2 before 1.10, and digits before letters."""
    parts = re.findall(r"[0-9]+|[^0-9.]+", number)
    return tuple((int(part), "") if part.isdigit() else (10**20, part) for part in parts)


def next_number(taken: Iterable[str], under: str = "") -> str:
    """The first number after those taken, in the row above it: 3 after 1 and 2; under 1, after 1.1 and 1.2, 1.3."""
    start = f"{under}." if under else ""
    tails = [number.removeprefix(start) for number in taken if number.startswith(start)]
    return f"{start}{max((int(tail) for tail in tails if re.fullmatch('[0-9]{1,9}', tail)), default=0) + 1}"


def agenda_tree(
    items: Iterable[AgendaItem],
    resolutions: Iterable[Resolution],
    assignments: Iterable[Assignment],
    *,
    concerns: Agencies,
    partners: Agencies,
    on: date,
) -> Agenda:
    """The rows of one meeting put together without another query; `on` is the day by which lateness is told."""
    items, resolutions, assignments = list(items), list(resolutions), list(assignments)
    below: dict[int | None, list[AgendaItem]] = defaultdict(list)
    decided: dict[int, list[Decided]] = defaultdict(list)
    asked: dict[int | None, list[Asked]] = defaultdict(list)
    for assignment in assignments:
        row = Asked(assignment, partners.get(assignment.pk, ()), assignment.days_late(on))
        asked[assignment.resolution_id].append(row)
    for resolution in sorted(resolutions, key=lambda row: number_key(row.number)):
        decided[resolution.item_id].append(Decided(resolution, concerns.get(resolution.pk, ()), asked[resolution.pk]))
    for item in sorted(items, key=lambda row: number_key(row.number)):
        below[item.parent_id].append(item)

    def branch(parent: int | None) -> list[Item]:
        return [Item(item, branch(item.pk), decided[item.pk]) for item in below[parent]]

    return Agenda(
        branch(None),
        asked[None],
        given=len(assignments),
        closed=sum(row.state == AssignmentState.CLOSED for row in assignments),
        late=sum(row.days_late(on) > 0 for row in assignments),
        demo=any(row.demo for row in [*items, *resolutions, *assignments]),
    )


def beside(meeting: Meeting, person: Any, *more: QuerySet[Any]) -> dict[str, list[Line]]:
    """What stands beside a meeting, in one query: `hosts`, `concerns`, `partners`, `projects`, `sources` and `more`."""
    concerns: QuerySet[Any] = Resolution.concerns.through._default_manager.filter(resolution__meeting=meeting)
    partners: QuerySet[Any] = Assignment.partners.through._default_manager.filter(assignment__meeting=meeting)
    agency = {**short_name("agency__"), "demo": "agency__demo"}
    projects = Project.objects.visible_to(person).filter(meetings=meeting)
    return gather(
        line(meeting.hosts.all(), "hosts", **short_name()),
        line(concerns, "concerns", under="resolution_id", **agency),
        line(partners, "partners", under="assignment_id", **agency),
        line(projects, "projects", key="code", sort="code", **TITLE),
        line(meeting.sources.all(), "sources", **SOURCE),
        *more,
    )


def agenda_of(meeting: Meeting, person: Any, lines: Mapping[str, list[Line]], *, on: date) -> Agenda:
    """The agenda of a meeting in three queries, with the agencies that were found `beside` it."""

    def parts(model: type[Any]) -> QuerySet[Any]:
        return model.objects.visible_to(person).filter(meeting=meeting)

    return agenda_tree(
        parts(AgendaItem).select_related("presented_by"),
        parts(Resolution),
        parts(Assignment).select_related("agency"),
        concerns=under(lines.get("concerns", ())),
        partners=under(lines.get("partners", ())),
        on=on,
    )
