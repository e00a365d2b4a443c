"""A meeting's agenda as people read it, a tree in the order of the numbers, and what stands beside the meeting."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q, QuerySet

from govlab.gather import SOURCE, TITLE, Line, gather, line, short_name, under
from projects.models.assignments import Assignment, AssignmentState, FollowUp
from projects.models.items import AgendaItem, Paper, Resolution
from projects.models.meetings import Meeting
from projects.models.projects import Project

NumberKey = tuple[tuple[int, str], ...]
Beside = Mapping[int, Sequence[Any]]
"""What stands beside a row (its agencies, its projects), by the row's primary key, in whatever form the page shows."""


class PaperLine(NamedTuple):
    """A paper as a page names and links it."""

    pk: UUID
    name: str
    kind: str
    size: int


@dataclass(frozen=True)
class Asked:
    """One assignment, the agencies asked together with its own, its projects, and by how many days it is overdue."""

    assignment: Assignment
    partners: Sequence[Any]
    days_late: int
    projects: Sequence[Any] = ()


@dataclass(frozen=True)
class Decided:
    """One resolution, the agencies it concerns, and what it asks of agencies."""

    resolution: Resolution
    concerns: Sequence[Any]
    asked: list[Asked]


@dataclass(frozen=True)
class Carried:
    """An assignment of an earlier meeting (`origin`) that came back; whether this very meeting closed it."""

    follow_up: FollowUp
    assignment: Assignment
    origin: Meeting
    days_late: int
    closed_here: bool
    partners: Sequence[Any] = ()


@dataclass(frozen=True)
class Item:
    """One item of the agenda with all that stands under it."""

    item: AgendaItem
    items: list["Item"]
    decided: list[Decided]
    follow_ups: list[Carried] = field(default_factory=list)
    papers: Sequence[PaperLine] = ()
    projects: Sequence[Any] = ()


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


def walk(items: Iterable[Item]) -> Iterator[Item]:
    """Every item of the tree in the order of reading."""
    for row in items:
        yield row
        yield from walk(row.items)


def agenda_tree(
    items: Iterable[AgendaItem],
    resolutions: Iterable[Resolution],
    assignments: Iterable[Assignment],
    follow_ups: Iterable[FollowUp] = (),
    *,
    on: date,
    concerns: Beside,
    partners: Beside,
    papers: Mapping[int, Sequence[PaperLine]] | None = None,
    projects: Beside | None = None,
    asked_projects: Beside | None = None,
) -> Agenda:
    """The rows of one meeting put together without another query; `on` is the day by which lateness is told.

    What stands under a row that is not among them is left out and not counted.
    """
    papers, projects, asked_projects = papers or {}, projects or {}, asked_projects or {}
    order = attrgetter("position", "pk")
    below: dict[int | None, list[AgendaItem]] = defaultdict(list)
    decided: dict[int, list[Decided]] = defaultdict(list)
    asked: dict[int | None, list[Asked]] = defaultdict(list)
    carried: dict[int, list[Carried]] = defaultdict(list)
    for row in assignments:
        beside_it = partners.get(row.pk, ()), row.days_late(on), asked_projects.get(row.pk, ())
        asked[row.resolution_id].append(Asked(row, *beside_it))
    for resolution in sorted(resolutions, key=order):
        decided[resolution.item_id].append(Decided(resolution, concerns.get(resolution.pk, ()), asked[resolution.pk]))
    for back in sorted(follow_ups, key=order):
        work = back.assignment
        here = work.closed_in_id == back.meeting_id
        found = Carried(back, work, work.meeting, work.days_late(on), here, partners.get(work.pk, ()))
        carried[back.item_id].append(found)
    for item in sorted(items, key=order):
        below[item.parent_id].append(item)

    def branch(parent: int | None) -> list[Item]:
        return [
            Item(
                item,
                branch(item.pk),
                decided[item.pk],
                carried[item.pk],
                papers.get(item.pk, ()),
                projects.get(item.pk, ()),
            )
            for item in below[parent]
        ]

    tree = branch(None)
    reached = list(walk(tree))
    resolved = [row for item in reached for row in item.decided]
    work_given = [*asked[None], *(row for each in resolved for row in each.asked)]
    records: list[Any] = [item.item for item in reached]
    records += [each.resolution for each in resolved] + [row.assignment for row in work_given]
    return Agenda(
        tree,
        asked[None],
        given=len(work_given),
        closed=sum(row.assignment.state == AssignmentState.CLOSED for row in work_given),
        late=sum(row.days_late > 0 for row in work_given),
        demo=any(row.demo for row in records),
    )


def beside(meeting: Meeting, person: Any, *more: QuerySet[Any]) -> dict[str, list[Line]]:
    """What stands beside a meeting and its rows, in one query, and `more`.

    Of the meeting: `hosts`, `projects`, `sources`. Of its rows, by what they stand `under`: `concerns` of resolutions,
    `partners` and `asked_projects` of assignments, `papers` and `item_projects` of agenda items.
    """
    concerns: QuerySet[Any] = Resolution.concerns.through._default_manager.filter(resolution__meeting=meeting)
    back = FollowUp.objects.filter(meeting=meeting).values("assignment")
    partners: QuerySet[Any] = Assignment.partners.through._default_manager.filter(
        Q(assignment__meeting=meeting) | Q(assignment__in=back)
    )
    seen = Project.objects.visible_to(person)
    of_items: QuerySet[Any] = AgendaItem.projects.through._default_manager.filter(agendaitem__meeting=meeting)
    of_asked: QuerySet[Any] = Assignment.projects.through._default_manager.filter(assignment__meeting=meeting)
    papers = Paper.objects.visible_to(person).filter(item__meeting=meeting)
    agency = {**short_name("agency__"), "demo": "agency__demo"}
    titled = {name: f"project__{column}" for name, column in TITLE.items()}
    project = {"key": "project__code", "sort": "project__code", "demo": "project__demo", **titled}
    return gather(
        line(meeting.hosts.all(), "hosts", **short_name()),
        line(concerns, "concerns", under="resolution_id", **agency),
        line(partners, "partners", under="assignment_id", **agency),
        line(seen.filter(meetings=meeting), "projects", key="code", sort="code", **TITLE),
        line(of_items.filter(project__in=seen), "item_projects", under="agendaitem_id", **project),
        line(of_asked.filter(project__in=seen), "asked_projects", under="assignment_id", **project),
        line(
            papers,
            "papers",
            under="item_id",
            key="pk",
            name_th="name",
            more_th="kind",
            more_en="size",
            sort="created_at",
        ),
        line(meeting.sources.all(), "sources", **SOURCE),
        *more,
    )


def agenda_of(meeting: Meeting, person: Any, lines: Mapping[str, list[Line]], *, on: date) -> Agenda:
    """The agenda of a meeting as this person may read it: four queries, and what was found `beside` it."""

    def parts(model: type[Any], *along: str) -> QuerySet[Any]:
        return model.objects.visible_to(person).filter(meeting=meeting).select_related("meeting", *along)

    back = [f"assignment__{way}" for way in ("meeting__series", "resolution", "agency", "closed_in__series")]
    papers: dict[int, list[PaperLine]] = defaultdict(list)
    for row in lines.get("papers", ()):
        papers[row.under or 0].append(PaperLine(UUID(row.key), row.name_th, row.more_th, int(row.more_en)))
    return agenda_tree(
        parts(AgendaItem, "presented_by", "adopts__series"),
        parts(Resolution),
        parts(Assignment, "agency", "closed_in__series"),
        parts(FollowUp, *back),
        concerns=under(lines.get("concerns", ())),
        partners=under(lines.get("partners", ())),
        papers=papers,
        projects=under(lines.get("item_projects", ())),
        asked_projects=under(lines.get("asked_projects", ())),
        on=on,
    )
