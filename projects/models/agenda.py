"""A meeting's agenda as people read it: a tree of items, resolutions and assignments in the order of their numbers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from projects.models.assignments import Assignment
from projects.models.meetings import AgendaItem, Resolution

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
    """The whole agenda: the items at the top, and what the meeting as a whole asks."""

    items: list[Item]
    asked: list[Asked]


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

    return Agenda(branch(None), asked[None])
