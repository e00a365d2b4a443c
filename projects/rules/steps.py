"""The way of an update, from the agency's draft to what the public reads: its states, and who may do what when.

    (add) ─▶ draft ───submit──▶ submitted ──approve──▶ approved
              │ ▲ edit, fill     │  │  ▲ ▲                │
         discard│                │  │  │ └──take_back─────┘
              ▼ │             return│  submit
         (gone) │                ▼  │  │
                │             returned ┘ edit, fill
                │                   │
                └─────withdraw──────┘   (while no one has opened it; a returned one is returned again)

Where the agency wants it, what a reporter submits goes `with_lead` first: a lead passes it on (pass_on) or gives it
back (hand_back). The agency writes; staff return with a reason (rules.reviews) or approve; nobody approves what they
wrote. `rules.updates` carries out the agency's verbs, `rules.reviews` those of the desk.
"""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from agencies.access import is_desk, leads, writes_for
from agencies.models import User
from govlab.history import hold
from projects.models import ProgressUpdate, UpdateState

DRAFT, WITH_LEAD, SUBMITTED, RETURNED, APPROVED = (
    UpdateState.DRAFT,
    UpdateState.WITH_LEAD,
    UpdateState.SUBMITTED,
    UpdateState.RETURNED,
    UpdateState.APPROVED,
)


@dataclass(frozen=True)
class Step:
    """One verb: who may use it and in which states."""

    who: str
    before: frozenset[str]


STEPS = {
    "edit": Step("agency", frozenset({DRAFT, RETURNED})),
    "discard": Step("agency", frozenset({DRAFT})),
    "submit": Step("agency", frozenset({DRAFT, RETURNED})),
    "pass_on": Step("lead", frozenset({WITH_LEAD})),
    "hand_back": Step("lead", frozenset({WITH_LEAD})),
    "withdraw": Step("agency", frozenset({WITH_LEAD, SUBMITTED})),
    "open": Step("desk", frozenset({SUBMITTED})),
    "return": Step("desk", frozenset({SUBMITTED})),
    "approve": Step("desk", frozenset({SUBMITTED})),
    "take_back": Step("desk", frozenset({APPROVED})),
}


def refusal(
    verb: str, user: User, update: ProgressUpdate, *, writes: bool | None = None, led: bool | None = None
) -> PermissionDenied | ValidationError | None:
    """Why this person may not use the verb now: not theirs to do, or not the moment; None when they may."""
    who = _not_theirs(verb, user, update, writes, led)
    return PermissionDenied(who) if who else _not_now(verb, update)


def _not_theirs(verb: str, user: User, update: ProgressUpdate, writes: bool | None, led: bool | None) -> str:
    who = STEPS[verb].who
    if who == "desk" and not is_desk(user):
        return _("Only OPDC staff may do this.")
    if who != "desk" and not (writes_for(user, update.agency) if writes is None else writes):
        return _("Only people of this agency may do this.")
    if who == "lead" and not (leads(user, update.agency) if led is None else led):
        return _("Only a lead of this agency may do this.")
    if verb == "approve" and update.state == SUBMITTED and user.pk not in update.approvers:
        return _("You wrote it, sent it, or joined after it was sent: who may approve was fixed then. Ask a colleague.")
    return ""


def _not_now(verb: str, update: ProgressUpdate) -> ValidationError | None:
    if update.state not in STEPS[verb].before:
        return ValidationError(
            _("This update is %(state)s, so this can no longer be done. Open it again to see where it stands.")
            % {"state": update.get_state_display()},
            code="moment",
        )
    if verb == "withdraw" and update.opened_at:
        return ValidationError(
            _("Staff have opened this update, so it can no longer be withdrawn. Write them a comment."), code="moment"
        )
    return None


def require(verb: str, user: User, update: ProgressUpdate) -> None:
    """Raises what `refusal` says, if it says anything."""
    if refused := refusal(verb, user, update):
        raise refused


def held_for(verb: str, update: ProgressUpdate, by: User, version: int | None) -> ProgressUpdate:
    """The update, locked, once it is sure that this person may use the verb on it now."""
    require(verb, by, update)
    held = hold(update, version)
    require(verb, by, held)
    return held


def open_steps(user: User, update: ProgressUpdate, *, writes: bool | None = None, led: bool | None = None) -> list[str]:
    """The verbs this person may use on the update now: the page's buttons and the API's `steps`.

    A list that knows already whether the person reports for the update's agency (`writes`) and leads it (`led`) says
    so and saves the queries.
    """
    return [verb for verb in STEPS if refusal(verb, user, update, writes=writes, led=led) is None]
