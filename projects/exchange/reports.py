"""Reports that staff are asked for, as plain values: how projects stand, and what changed since the round before.

Pages, Excel files and documents show them, each in its own way; `report_makers` makes them from the records.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from govlab.filters import UNKNOWN
from govlab.thai import pick
from projects.models import DueState, PublishState, StageNumber, StageState
from projects.models.indicators import number_text
from projects.models.stages import current_stage, standing
from projects.rules.standings import SENT

Kept = dict[str, Any]
"""How one project stood, as `projects.rules.standings` writes it."""
IN_TIME, AFTER, MISSING, COMING, WAIVED, NOT_ASKED = "in_time", "late", "missing", "coming", "waived", "not_asked"
ANSWERED: dict[str, Any] = {
    IN_TIME: _("Reported in time"),
    AFTER: _("Reported late"),
    MISSING: _("Overdue, not reported"),
    COMING: _("Not due yet"),
    WAIVED: _("Waived"),
    NOT_ASKED: _("Not asked"),
}
"""What became of the report that was due, in the order in which it is told."""


@dataclass(frozen=True)
class Count:
    """How many projects are in a group now, and how many were at the round before (None: nothing to compare)."""

    key: str
    label: str
    now: int
    before: int | None


class Shown:
    """What has a `state`, one of PublishState."""

    state: str

    @property
    def visibility(self) -> str:
        """Whether the public sees it, in words."""
        return str(PublishState(self.state).label)

    @property
    def mark(self) -> str:
        """What sets it apart from what the public sees, in words; "" where it is published."""
        return "" if self.state == PublishState.PUBLISHED else self.visibility


@dataclass(frozen=True)
class Line(Shown):
    """One project in a report."""

    code: str
    title: str
    agencies: str
    states: tuple[str, ...]
    standing: str
    days_late: int
    """Of the stage that should have ended first and is not done; 0 where none is."""
    update: str
    happened_on: date | None
    answered: str
    """One of ANSWERED."""
    demo: bool
    state: str

    @property
    def answered_label(self) -> str:
        """What became of its report, in words."""
        return str(ANSWERED[self.answered])


@dataclass(frozen=True)
class Measure:
    """One indicator: where it began, at the round before, now, and where it is to come; None where nobody said."""

    code: str
    name: str
    unit: str
    baseline: Any
    before: Any
    now: Any
    on: date | None
    target: Any

    @property
    def baseline_text(self) -> str:
        """The number as people read it; "" for none. So are the next three."""
        return number_text(self.baseline)

    @property
    def before_text(self) -> str:
        """The number at the round before."""
        return number_text(self.before)

    @property
    def now_text(self) -> str:
        """The last number."""
        return number_text(self.now)

    @property
    def target_text(self) -> str:
        """The number it is to come to."""
        return number_text(self.target)


@dataclass(frozen=True)
class Change(Shown):
    """What is different with a project since the round before."""

    code: str
    title: str
    what: str
    before: str
    now: str
    state: str


@dataclass(frozen=True)
class Task:
    """Something that a meeting asked of the agency."""

    text: str
    meeting: str
    due_on: date | None
    state: str
    days_late: int


@dataclass(frozen=True)
class Report:
    """A report on the day `on`; `since` names what it is compared with, "" where there is nothing."""

    kind: str
    title: str
    on: date
    since: str
    lines: tuple[Line, ...]
    stages: tuple[Count, ...]
    answered: tuple[Count, ...]
    measures: tuple[Measure, ...]
    moved: tuple[Change, ...] = ()
    became_late: tuple[Change, ...] = ()
    newly_missing: tuple[Change, ...] = ()
    tasks: tuple[Task, ...] = field(default=())

    @property
    def demo(self) -> bool:
        """Whether any of it is demonstration data."""
        return any(line.demo for line in self.lines)

    @property
    def late(self) -> int:
        """How many projects have a stage that should have ended."""
        return sum(bool(line.days_late) for line in self.lines)


# --- what one standing says ------------------------------------------------------------------------------------------
def answered(due: Mapping[str, Any] | None) -> str:
    """What became of a due report: one of ANSWERED."""
    if due is None:
        return NOT_ASKED
    if due["state"] == DueState.WAIVED:
        return WAIVED
    if due["state"] in SENT:
        return AFTER if due["days_late"] else IN_TIME
    return MISSING if due["days_late"] else COMING


def states_of(kept: Kept) -> tuple[str, ...]:
    """The states of its four stages."""
    return tuple(stage["state"] for stage in kept["stages"])


def overdue(kept: Kept, on: date) -> int:
    """The days since the first stage should have ended that is not done; 0 where none is overdue."""
    ends = [each["planned_end"] for each in kept["stages"] if each["planned_end"] and each["state"] != StageState.DONE]
    return max(0, *((on - date.fromisoformat(day)).days for day in ends)) if ends else 0


def stage_of(kept: Kept) -> str:
    """Where it stands, as the filter of projects names it."""
    number = current_stage([*states_of(kept)])
    return UNKNOWN if number is None else str(number)


def counts(labels: Iterable[tuple[str, Any]], now: Iterable[str], before: Iterable[str] | None) -> tuple[Count, ...]:
    """How many there are of each key now and before, in the order of the labels."""
    here, there = Counter(now), Counter(before or ())
    shown = [(key, str(label)) for key, label in labels]
    return tuple(Count(key, label, here[key], None if before is None else there[key]) for key, label in shown)


# --- what is different -----------------------------------------------------------------------------------------------
NOT_BEGUN = {StageState.UNKNOWN, StageState.NOT_STARTED}
"""From the one to the other, nothing moved."""


def _moves(kept: Kept, before: Kept) -> Iterator[Change]:
    for now, then in zip(kept["stages"], before["stages"], strict=True):
        if now["state"] != then["state"] and not {now["state"], then["state"]} <= NOT_BEGUN:
            what = f"{now['number']}. {StageNumber(now['number']).label}"
            told = [str(StageState(each["state"]).label) for each in (then, now)]
            yield Change(kept["code"], pick_kept(kept, "title"), what, *told, state=kept["state"])


def pick_kept(kept: Mapping[str, Any], name: str) -> str:
    """A text of a standing in the active language where there is one."""
    return str(pick(_Said(kept), name))


class _Said:
    """The values of a standing as `pick` reads them."""

    def __init__(self, kept: Mapping[str, Any]) -> None:
        self.__dict__.update(kept)


@dataclass(frozen=True)
class Before:
    """The standings at the rounds before, by project, each with its day; `name` says which rounds."""

    name: str
    kept: Mapping[int, tuple[date, Kept]]


NOTHING = Before("", {})


def changes(now: Mapping[int, Kept], before: Before, on: date) -> dict[str, tuple[Change, ...]]:
    """What moved, what became late and who newly did not report, for `Report`."""
    moved: list[Change] = []
    late: list[Change] = []
    missing: list[Change] = []
    for pk, kept in now.items():
        if pk not in before.kept:
            continue
        day, then = before.kept[pk]
        moved += _moves(kept, then)
        code, title = kept["code"], pick_kept(kept, "title")
        if (days := overdue(kept, on)) and not overdue(then, day):
            told = [standing([*states_of(each)]) for each in (then, kept)]
            late.append(Change(code, title, _days_late(days), *told, state=kept["state"]))
        due = answered(kept["due"])
        if due == MISSING and (was := answered(then["due"])) != MISSING:
            days_late = _days_late(kept["due"]["days_late"])
            told = [str(ANSWERED[each]) for each in (was, due)]
            missing.append(Change(code, title, days_late, *told, state=kept["state"]))
    return {"moved": tuple(moved), "became_late": tuple(late), "newly_missing": tuple(missing)}


def _days_late(days: int) -> str:
    return ngettext("%(n)d day late", "%(n)d days late", days) % {"n": days}
