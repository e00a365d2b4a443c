"""What a meeting asks of agencies: they answer, staff close.

open ──answer──▶ answered ──answer again──▶ answered
  │                 │
  └─────close───────┴──────▶ closed ──reopen──▶ open
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, is_desk
from agencies.models import Agency, User
from govlab.history import hold, keep
from projects.models import Answer, Assignment, AssignmentState
from projects.rules import notices

OPEN, ANSWERED, CLOSED = AssignmentState.OPEN, AssignmentState.ANSWERED, AssignmentState.CLOSED
NOT_ASKED: Any = gettext_lazy("Only people of an agency that is asked may answer.")


@dataclass(frozen=True)
class Step:
    """One verb: who may use it, in which states, and the state it leads to."""

    who: str
    before: frozenset[str]
    after: str


STEPS = {
    "answer": Step("agency", frozenset({OPEN, ANSWERED}), ANSWERED),
    "close": Step("desk", frozenset({OPEN, ANSWERED}), CLOSED),
    "reopen": Step("desk", frozenset({CLOSED}), OPEN),
}


def answering_agencies(user: User, assignment: Assignment) -> QuerySet[Agency]:
    """The person's agencies that the assignment asks, alone or with others."""
    return (
        agencies_of(user)
        .filter(Q(pk=assignment.agency_id) | Q(shared_assignments=assignment))
        .distinct()
        .order_by("sort_key", "pk")
    )


def require_asked(user: User, assignment: Assignment) -> None:
    """Raises PermissionDenied unless one of the person's agencies is asked."""
    if not answering_agencies(user, assignment).exists():
        raise PermissionDenied(NOT_ASKED)


def _refusal(
    verb: str, user: User, assignment: Assignment, asked: bool | None = None, answered: bool | None = None
) -> PermissionDenied | ValidationError | None:
    step = STEPS[verb]
    if step.who == "agency" and not (answering_agencies(user, assignment).exists() if asked is None else asked):
        return PermissionDenied(NOT_ASKED)
    if step.who == "desk" and not is_desk(user):
        return PermissionDenied(_("Only OPDC staff may do this."))
    if verb == "close" and (assignment.answers.filter(author=user).exists() if answered is None else answered):
        return PermissionDenied(_("Nobody closes an assignment that they answered themselves. Ask a colleague."))
    if assignment.state not in step.before:
        return ValidationError(
            _("This assignment is %(state)s, so this can no longer be done.")
            % {"state": assignment.get_state_display()},
            code="moment",
        )
    return None


def open_steps(
    user: User, assignment: Assignment, *, asked: bool | None = None, answered: bool | None = None
) -> list[str]:
    """The verbs this person may use on the assignment now.

    A list that knows already whether one of the person's agencies is asked, and whether the person answered, says so.
    """
    return [verb for verb in STEPS if _refusal(verb, user, assignment, asked, answered) is None]


def _held(verb: str, assignment: Assignment, by: User, version: int | None) -> Assignment:
    if refusal := _refusal(verb, by, assignment):
        raise refusal
    held = hold(assignment, version)
    if refusal := _refusal(verb, by, held):
        raise refusal
    return held


@transaction.atomic
def answer(assignment: Assignment, *, by: User, text: str, version: int | None = None) -> Answer:
    """An agency that is asked says what it did; staff read it and close, or wait for more."""
    held = _held("answer", assignment, by, version)
    agency = answering_agencies(by, held).first()
    if agency is None:
        raise PermissionDenied(NOT_ASKED)
    given = keep(Answer(assignment=held, agency=agency, author=by, demo=agency.demo), "answer", by=by, text=text)
    keep(held, "answer", by=by, state=ANSWERED)
    return given


@transaction.atomic
def close(
    assignment: Assignment, *, by: User, note: str, now: datetime | None = None, version: int | None = None
) -> Assignment:
    """Staff end it with a note that says with what result."""
    held = _held("close", assignment, by, version)
    if not note.strip():
        raise ValidationError({"note": _("Say in a sentence with what result it is closed.")})
    held = keep(held, "close", by=by, state=CLOSED, closing_note=note.strip(), closed_at=now or timezone.now())
    notices.tell("assignment_closed", held, by=by, now=now)
    return held


@transaction.atomic
def reopen(assignment: Assignment, *, by: User, version: int | None = None) -> Assignment:
    """Staff take the closing back."""
    held = _held("reopen", assignment, by, version)
    held = keep(held, "reopen", by=by, state=OPEN, closing_note="", closed_at=None)
    notices.tell("assignment_reopened", held, by=by, key=f"{notices.about_assignment(held)}:reopened:{held.version}")
    return held
