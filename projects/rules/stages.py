"""How far a project is: staff set stages, approved updates move them."""

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
def edit(stage: Stage, *, by: User, version: int, **answers: Any) -> Stage:
    """Staff set a stage's state and dates; the project's standing follows."""
    require_desk(by)
    held = hold(stage, version)
    moved = any(answers.get(name, getattr(held, name)) != getattr(held, name) for name in WORD)
    held.demo = by.demo or (held.demo and not moved)
    held = keep(held, "edit", by=by, **answers)
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
    if later.exists():
        return None
    return {
        "state": update.stage_state,
        "actual_end": update.happened_on if update.stage_state == StageState.DONE else None,
    }


def settle(update: ProgressUpdate, *, by: User) -> None:
    """Lets an approved update move its stage, unless a later one was approved before; called by `updates.approve`."""
    # Held before the look at the other updates, so that of two approved at the same moment the second sees the first.
    stage = hold(Stage.objects.get(project=update.project_id, number=update.stage_number))
    moved = outcome(update)
    if moved is None:
        return
    stage.demo = update.demo
    if stage.actual_start and moved["actual_end"] and stage.actual_start > moved["actual_end"]:
        stage.actual_start = None  # the agency says otherwise now
    keep(stage, "settle", by=by, **moved)
    settle_project(update.project, by=by)


def settle_project(project: Project, *, by: User) -> None:
    """Writes down at which stage the project is, for lists to filter and order by."""
    held = hold(project)  # before the look at its stages, which others may be moving
    states = Stage.objects.filter(project=project).order_by("number").values_list("state", flat=True)
    standing = current_stage(list(states))
    if held.current_stage != standing:
        keep(held, "settle", by=by, current_stage=standing)
