"""With what a new update opens, so that a plain month needs a few sentences and one click."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from agencies.access import agencies_of
from govlab.thai import format_range
from projects.models import DueReport, ProgressUpdate, Project, StageNumber, StageState, UpdateState


def stage_now(states: Sequence[str]) -> tuple[int, str]:
    """The stage a project works on and what to say of it: the last in progress, else the first that is not done.

    When all are done it is the last one, done: an update that is sent as it opened must not set a stage back.
    """
    for number in range(len(states), 0, -1):
        if states[number - 1] == StageState.IN_PROGRESS:
            return number, StageState.IN_PROGRESS
    for number, state in enumerate(states, 1):
        if state != StageState.DONE:
            return number, StageState.IN_PROGRESS
    return len(states), StageState.DONE


def day_of(due: DueReport | None, today: date, last: date | None = None) -> date:
    """The date of a new update: today; of a due report the last day of its period once that is over.

    However late it is written, it tells of its period, and its numbers stand for that period. But where something
    newer is approved already (`last`), a date before that would say nothing about the stage: then it is today.
    """
    if due is None or (last is not None and last > due.round.period_end):
        return today
    return min(due.round.period_end, today)


def headline_of(due: DueReport) -> str:
    """A headline for a report that is due, which may stay as it is."""
    return _("Report for %(period)s") % {"period": format_range(due.round.period_start, due.round.period_end)}


def starting(person: Any, project: Project, due: DueReport | None, today: date) -> dict[str, Any]:
    """The answers that a new update opens with; what only people can tell stays empty."""
    last = _approved(person, project).aggregate(last=Max("happened_on"))["last"] if due else None
    states = list(project.stages.order_by("number").values_list("state", flat=True))
    number, state = stage_now(states or [StageState.UNKNOWN] * len(StageNumber))
    known = {"stage_number": number, "stage_state": state, "happened_on": day_of(due, today, last)}
    return {**known, "title": headline_of(due)} if due else known


def planned_before(person: Any, project: Project) -> str:
    """What the person's agencies said last time, in an approved update, would come next."""
    said = _approved(person, project).filter(agency__in=agencies_of(person))
    return said.order_by("-happened_on", "-reviewed_at", "-pk").values_list("planned", flat=True).first() or ""


def _approved(person: Any, project: Project) -> QuerySet[ProgressUpdate]:
    return ProgressUpdate.objects.visible_to(person).filter(project=project, state=UpdateState.APPROVED)
