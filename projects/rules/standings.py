"""How a project stands at a moment, as plain values that can be kept and compared: what a closing round freezes."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from projects.models import DueReport, DueState, ProgressUpdate, Project, Reading, UpdateState

SENT = (DueState.WAITING, DueState.DONE)


def lateness(due: Any, on: date) -> int:
    """How many days late a due report with its state is; one that was sent counts up to that day, a waived one never.

    `due` comes from `with_state()`.
    """
    if due.state == DueState.WAIVED:
        return 0
    if due.state in SENT and due.update.submitted_at:
        return int(due.days_late(timezone.localdate(due.update.submitted_at)))
    return int(due.days_late(on))


def standings(
    projects: Iterable[Project], reports: Mapping[int, DueReport], now: datetime
) -> Iterator[tuple[Project, dict[str, Any]]]:
    """Each project with how it stands now; `reports` are the round's due reports, with their state, by project.

    Five queries for all of them. Dates are ISO 8601 of the Common Era, measured values text.
    """
    found = list(projects)
    updates: dict[int, ProgressUpdate] = {}
    approved = ProgressUpdate.objects.filter(project__in=found, state=UpdateState.APPROVED).defer("text", "obstacles")
    for update in approved.order_by("happened_on", "reviewed_at", "pk"):
        updates[update.project_id] = update
    measured: dict[int, dict[int, Reading]] = {}
    readings = Reading.objects.filter(update__in=approved).select_related("indicator", "update")
    for reading in readings.order_by("update__happened_on", "update__reviewed_at", "pk"):
        measured.setdefault(reading.indicator.project_id, {})[reading.indicator_id] = reading
    stages: dict[int, list[dict[str, Any]]] = {}
    for project in found:
        stages[project.pk] = [_stage(stage) for stage in project.stages.all()]
    for project in found:
        yield (
            project,
            {
                "code": project.code,
                "title_th": project.title_th,
                "title_en": project.title_en,
                "state": project.state,
                "current_stage": project.current_stage,
                "stages": stages[project.pk],
                "update": _update(updates.get(project.pk)),
                "readings": [_reading(each) for _key, each in sorted(measured.get(project.pk, {}).items())],
                "due": _due(reports.get(project.pk), now),
            },
        )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _text(value: Decimal | None) -> str | None:
    """A number without superfluous zeros."""
    return None if value is None else format(value.normalize(), "f")


def _stage(stage: Any) -> dict[str, Any]:
    days = ("planned_start", "planned_end", "actual_start", "actual_end")
    return {"number": stage.number, "state": stage.state, **{name: _iso(getattr(stage, name)) for name in days}}


def _update(update: ProgressUpdate | None) -> dict[str, Any] | None:
    if update is None:
        return None
    return {"id": update.pk, "title": update.title, "happened_on": _iso(update.happened_on)}


def _reading(reading: Reading) -> dict[str, Any]:
    indicator = reading.indicator
    names = {name: getattr(indicator, name) for name in ("name_th", "name_en", "unit_th", "unit_en")}
    return {
        "indicator": indicator.pk,
        **names,
        "value": _text(reading.value),
        "unavailable": reading.unavailable,
        "happened_on": _iso(reading.update.happened_on),
    }


def _due(due: Any, now: datetime) -> dict[str, Any] | None:
    if due is None:
        return None
    return {
        "state": due.state,
        "due_on": _iso(due.due_on),
        "days_late": lateness(due, timezone.localdate(now)),
        "waived_reason": due.waived_reason,
    }
