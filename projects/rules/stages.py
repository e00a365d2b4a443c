"""How far a project is: staff set stages, approved updates move them."""

from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db import transaction

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from projects.models import ProgressUpdate, Project, Stage, StageState, UpdateState
from projects.models.stages import current_stage

WORD = ("state", "actual_start", "actual_end")
"""What a stage says of how far it is; planned dates say nothing of that."""


@transaction.atomic
def edit(stage: Stage, *, by: User, version: int, verb: str = "edit", **answers: Any) -> Stage:
    """Staff set a stage's state and dates; the project's standing follows."""
    require_desk(by)
    held = hold(stage, version)
    moved = {name for name in WORD if answers.get(name, getattr(held, name)) != getattr(held, name)}
    held.demo = by.demo or (held.demo and not moved)
    held = keep(held, verb, by=by, **answers)
    if "state" in moved:
        settle_project(held.project, by=by)
    return held


def outcome(update: ProgressUpdate) -> dict[str, Any] | None:
    """What approving the update makes of its stage: its new state and end; None where a later one was approved."""
    later = ProgressUpdate.objects.filter(
        project=update.project_id,
        stage_number=update.stage_number,
        state=UpdateState.APPROVED,
        happened_on__gt=update.happened_on,
    )
    return None if later.exists() else _word_of(update)


def _word_of(update: ProgressUpdate) -> dict[str, Any]:
    """What an update says of its stage."""
    done = update.stage_state == StageState.DONE
    return {"state": update.stage_state, "actual_end": update.happened_on if done else None}


def settle(update: ProgressUpdate, *, by: User, now: datetime | None = None) -> None:
    """Lets an approved update move its stage, unless a later one was approved before; called by `reviews.approve`."""
    # Held before the look at the other updates, so that of two approved at the same moment the second sees the first.
    stage = hold(Stage.objects.get(project=update.project_id, number=update.stage_number))
    moved = outcome(update)
    if moved is None:
        return
    stage.demo = update.demo
    keep(stage, "settle", by=by, now=now, **_begun(moved, stage.actual_start))
    settle_project(update.project, by=by)


def _begun(moved: dict[str, Any], start: date | None) -> dict[str, Any]:
    """The word with the day on which the stage began, unless that lies after the end that the agency says now."""
    end = moved["actual_end"]
    return {**moved, "actual_start": None if start and end and start > end else start}


def unsettle(update: ProgressUpdate, *, by: User, now: datetime | None = None) -> None:
    """Puts the stage of an update that is no longer approved where it would be without it; called by `take_back`.

    That is: what staff said of the stage last, and from there on what the other updates approved since made of it.
    """
    stage = hold(Stage.objects.get(project=update.project_id, number=update.stage_number))
    said = _said_by_staff(stage)
    word, demo = {name: getattr(said, name) for name in WORD}, said.demo
    since = None if said.history_type == "+" else said.history_date
    approved = ProgressUpdate.objects.filter(
        project=update.project_id, stage_number=update.stage_number, state=UpdateState.APPROVED
    )
    latest = date.min
    for other in approved.exclude(pk=update.pk).order_by("reviewed_at", "pk"):
        if other.happened_on and other.happened_on >= latest:
            latest = other.happened_on
            if since is None or (other.reviewed_at and other.reviewed_at > since):
                word, demo = _begun(_word_of(other), word["actual_start"]), other.demo
    if any(getattr(stage, name) != value for name, value in word.items()):
        stage.demo = demo
        keep(stage, "settle", by=by, now=now, **word)
        settle_project(update.project, by=by)


def _said_by_staff(stage: Stage) -> Any:
    """The row of the stage's history in which somebody last said how far it is, by hand and not by an approval."""
    rows = list(stage.history.order_by("history_id"))
    said = rows[0]
    for before, row in pairwise(rows):
        by_hand = row.history_change_reason != "settle"
        if by_hand and any(getattr(before, name) != getattr(row, name) for name in WORD):
            said = row
    return said


def settle_project(project: Project, *, by: User) -> None:
    """Writes down at which stage the project is, for lists to filter and order by."""
    held = hold(project)  # before the look at its stages, which others may be moving
    states = Stage.objects.filter(project=project).order_by("number").values_list("state", flat=True)
    standing = current_stage(list(states))
    if held.current_stage != standing:
        keep(held, "settle", by=by, current_stage=standing)
