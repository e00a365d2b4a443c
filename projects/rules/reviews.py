"""What staff do with an update that was sent to them; the states and who may do what stand in `rules.steps`."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import User
from govlab.history import Gone, Stale, keep
from projects.models import ProgressUpdate, Stage
from projects.rules import notices, stages
from projects.rules.steps import APPROVED, RETURNED, SUBMITTED, held_for, require
from projects.rules.updates import WRITTEN, stated

NOTED = frozenset(WRITTEN | {"readings", "evidence"})
"""What a note of a returned update may be about."""


@transaction.atomic
def open_(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Begins the review: from now on the agency cannot withdraw it. A second opening changes nothing."""
    held = held_for("open", update, by, version)
    return held if held.opened_at else keep(held, "open", by=by, now=now, opened_at=now or timezone.now(), opened_by=by)


@transaction.atomic
def return_(
    update: ProgressUpdate,
    *,
    by: User,
    reason: str,
    notes: Mapping[str, str] | None = None,
    now: datetime | None = None,
    version: int | None = None,
) -> ProgressUpdate:
    """Sends the update back to the agency with the reason, which must be given, and notes on single fields."""
    held = held_for("return", update, by, version)
    if unknown := (notes or {}).keys() - NOTED:
        raise ValidationError({"notes": _("There is no field named %(name)s.") % {"name": min(unknown)}})
    kept = {name: note.strip() for name, note in (notes or {}).items() if note.strip()}
    if len(max(kept.values(), key=len, default="")) > 1000:
        raise ValidationError({"notes": _("Keep each note to 1,000 characters or fewer.")})
    now = now or timezone.now()
    held = keep(
        held,
        "return",
        by=by,
        now=now,
        state=RETURNED,
        return_reason=stated(reason),
        return_notes=kept,
        waiting_since=None,
        reviewed_at=now,
        reviewed_by=by,
    )
    notices.returned(held, by=by, now=now)
    return held


@transaction.atomic
def approve(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Accepts the update: the public reads it if the project is published, and the project's stage follows."""
    held = held_for("approve", update, by, version)
    now = now or timezone.now()
    held = keep(
        held,
        "approve",
        by=by,
        now=now,
        state=APPROVED,
        reviewed_at=now,
        reviewed_by=by,
        return_reason="",
        return_notes={},
        waiting_since=None,
    )
    stages.settle(held, by=by, now=now)
    notices.tell("update_approved", held, by=by, now=now)
    return held


@transaction.atomic
def take_back(
    update: ProgressUpdate, *, by: User, reason: str, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Takes an approval back with the reason: the update waits for review again, the public page and stage follow."""
    held = held_for("take_back", update, by, version)
    now = now or timezone.now()
    held = keep(
        held,
        "take_back",
        by=by,
        now=now,
        state=SUBMITTED,
        waiting_since=now,
        return_reason=stated(reason),
        opened_at=now,
        opened_by=by,
    )
    stages.unsettle(held, by=by, now=now)
    notices.tell("update_taken_back", held, by=by, now=now)
    return held


Refusal = PermissionDenied | ValidationError | Stale | Gone


def approve_many(
    chosen: Iterable[tuple[ProgressUpdate, int]], *, by: User, now: datetime | None = None
) -> list[tuple[ProgressUpdate, Refusal | None]]:
    """Approves each in the version that was seen, through the same rule; gives each with why it was not, or None.

    Whatever needs a person's look is refused here and must be opened. One that is refused leaves the others alone.
    """
    answers: list[tuple[ProgressUpdate, Refusal | None]] = []
    for update, version in chosen:
        refused: Refusal | None = None
        try:
            require("approve", by, update)
            if reasons := needs_look(update):
                raise ValidationError(reasons[0], code="look")
            approve(update, by=by, now=now, version=version)
        except (PermissionDenied, ValidationError, Stale, Gone) as error:
            refused = error
        answers.append((update, refused))
    return answers


def needs_look(update: ProgressUpdate, stage: Stage | None = None) -> list[str]:
    """Why a person should open the update before it is approved; empty when nothing about it is unusual.

    Asks nothing of the database when the stage is given and evidence, readings and comments are prefetched.
    """
    stage = stage or Stage.objects.filter(project=update.project_id, number=update.stage_number).first()
    asked = {
        _("It names obstacles or asks for help."): bool(update.obstacles.strip()),
        _("It moves the stage."): stage is not None and stage.state != update.stage_state,
        _("It was reviewed before."): update.reviewed_at is not None,
        _("A colleague without an account filled it in."): bool(update.filled_by),
        _("It releases files to the public."): any(file.released for file in update.evidence.all()),
        _("A number in it was unusual."): any(reading.confirmed for reading in update.readings.all()),
        # What the agency said among itself before it sent the update is its own.
        _("There is a comment on it."): any(said.by_desk or not said.inside for said in update.comments.all()),
    }
    return [sentence for sentence, holds in asked.items() if holds]
