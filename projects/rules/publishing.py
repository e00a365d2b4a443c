"""What the public sees: staff publish and hide projects, meetings and innovations, and take out drafts."""

from datetime import datetime
from typing import TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import is_desk, require_desk
from agencies.models import User
from agencies.rules import records
from govlab.history import hold, keep
from projects.models import Meeting, MeetingKind, Phase
from projects.models.base import Published, PublishState

T = TypeVar("T", bound=Published)

#     draft ──publish──▶ published ──hide──▶ hidden
#                            ▲                 │
#                            └─────publish─────┘
STEPS = {
    "publish": (frozenset({PublishState.DRAFT, PublishState.HIDDEN}), PublishState.PUBLISHED),
    "hide": (frozenset({PublishState.PUBLISHED}), PublishState.HIDDEN),
}


def open_steps(user: User, thing: Published) -> list[str]:
    """The verbs that this person may use on the record now."""
    return [verb for verb, (before, _after) in STEPS.items() if is_desk(user) and thing.state in before]


def _step(verb: str, thing: T, by: User, version: int | None, now: datetime | None = None) -> T:
    require_desk(by)
    held = hold(thing, version)
    before, after = STEPS[verb]
    if held.state not in before:  # already there: the same answer as the first time
        return held
    if verb == "publish":
        require_adopted(held)
    return keep(held, verb, by=by, now=now, state=after)


@transaction.atomic
def publish(thing: T, *, by: User, version: int | None = None, now: datetime | None = None) -> T:
    """Shows the record to the public; raises ValidationError for minutes of a committee that are not adopted."""
    return _step("publish", thing, by, version, now)


def require_adopted(thing: Published) -> None:
    """Raises ValidationError for a committee whose minutes are not adopted, unless documents made them known."""
    if not isinstance(thing, Meeting) or thing.kind != MeetingKind.COMMITTEE:
        return
    if thing.phase != Phase.ADOPTED and not thing.sources.exists():
        raise ValidationError(
            _("Minutes are published once they are adopted, or when the meeting names the document they are in."),
            code="moment",
        )


@transaction.atomic
def hide(thing: T, *, by: User, version: int | None = None) -> T:
    """Takes the record off the public pages; nothing is lost."""
    return _step("hide", thing, by, version)


def require_draft(thing: Published) -> None:
    """Raises ValidationError for what was published before: its address is known outside."""
    if thing.state != PublishState.DRAFT:
        raise ValidationError(
            _("Only a draft can be removed. What was published stays; staff can hide it."), code="moment"
        )


@transaction.atomic
def remove(thing: Published, *, by: User, version: int | None = None) -> None:
    """Takes a draft out for good; refused once it was published and while other records point to it."""
    require_desk(by)
    held = hold(thing, version)
    require_draft(held)
    records.remove(held, by=by)
