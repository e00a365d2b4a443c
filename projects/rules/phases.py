"""How a meeting goes on, from its preparation to adopted minutes; publishing is beside it (`rules.publishing`).

(add) ─▶ planned ──invite──▶ invited ──hold──▶ held ──finish──▶ drafted ──adopt──▶ adopted
            ▲ │                 │               ▲ ▲                │                 │
            │ └──────hold───────┼───────────────┘ └─────reopen─────┴─────reopen──────┘
            └─────call_off──────┘
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import is_desk
from agencies.models import User
from govlab.history import hold as held_row
from govlab.history import keep
from govlab.thai import format_date
from projects.models import ItemKind, Meeting, MeetingKind, Phase, PublishState
from projects.rules import followups, notices


@dataclass(frozen=True)
class Step:
    """One verb: the phases before it, the phase it leads to, and whether it is for meetings with minutes alone."""

    before: frozenset[str]
    after: str
    minuted: bool = False


STEPS = {
    "invite": Step(frozenset({Phase.PLANNED}), Phase.INVITED),
    "call_off": Step(frozenset({Phase.INVITED}), Phase.PLANNED),
    "hold": Step(frozenset({Phase.PLANNED, Phase.INVITED}), Phase.HELD),
    "finish": Step(frozenset({Phase.HELD}), Phase.DRAFTED, minuted=True),
    "adopt": Step(frozenset({Phase.DRAFTED}), Phase.ADOPTED, minuted=True),
    "reopen": Step(frozenset({Phase.DRAFTED, Phase.ADOPTED}), Phase.HELD, minuted=True),
}


def _refusal(verb: str, user: User, meeting: Meeting) -> PermissionDenied | ValidationError | None:
    step = STEPS[verb]
    if not is_desk(user):
        return PermissionDenied(_("Only OPDC staff may do this."))
    if step.minuted and meeting.kind == MeetingKind.CONFERENCE:
        return ValidationError(_("A conference has no minutes to adopt."), code="moment")
    if meeting.phase not in step.before:
        sentence = _("This meeting is at: %(phase)s. So this cannot be done now.")
        return ValidationError(sentence, code="moment", params={"phase": meeting.get_phase_display()})
    if verb == "reopen" and meeting.phase == Phase.ADOPTED and meeting.state == PublishState.PUBLISHED:
        return ValidationError(_("These minutes are published. Hide the meeting first."), code="moment")
    return None


def open_steps(user: User, meeting: Meeting) -> list[str]:
    """The verbs that this person may use on the meeting now: the page's buttons."""
    return [verb for verb in STEPS if _refusal(verb, user, meeting) is None]


def _held(verb: str, meeting: Meeting, by: User, version: int | None) -> Meeting:
    if refusal := _refusal(verb, by, meeting):
        raise refusal
    followups.hold_series(meeting)
    held = held_row(meeting, version)
    if refusal := _refusal(verb, by, held):
        raise refusal
    return held


@transaction.atomic
def invite(meeting: Meeting, *, by: User, version: int | None = None, now: datetime | None = None) -> Meeting:
    """The agenda stands: everybody with an e-mail address is invited by letter."""
    held = _held("invite", meeting, by, version)
    if not held.agenda.exists() and not held.sessions.exists():
        raise ValidationError(_("Put at least one item on the agenda before you invite."), code="moment")
    held = keep(held, "invite", by=by, now=now, phase=Phase.INVITED)
    notices.invited(held, by=by, now=now)
    return held


@transaction.atomic
def call_off(meeting: Meeting, *, by: User, version: int | None = None, now: datetime | None = None) -> Meeting:
    """Takes the invitation back; who was invited is told, and another day can be set."""
    held = keep(_held("call_off", meeting, by, version), "call_off", by=by, now=now, phase=Phase.PLANNED)
    notices.called_off(held, by=by, now=now)
    return held


@transaction.atomic
def hold(meeting: Meeting, *, by: User, version: int | None = None, now: datetime | None = None) -> Meeting:
    """The meeting took place: from now on its assignments are asked, and what is open goes to the next meeting."""
    held = _held("hold", meeting, by, version)
    now = now or timezone.now()
    if held.starts_on > timezone.localdate(now):
        sentence = _("This meeting is on %(day)s. Say that it was held once it was, or change its date.")
        raise ValidationError(sentence, code="moment", params={"day": format_date(held.starts_on)})
    followups.carry_on(held.series, by=by, into=held, now=now)
    _put_up(held, by, now)
    held = keep(held, "hold", by=by, now=now, phase=Phase.HELD, held_at=now)
    followups.settle(held, by=by)
    for assignment in held.assignments.order_by("position", "pk"):
        followups.give(assignment, by=by, now=now)
    followups.carry_on(held.series, by=by, now=now)
    return held


def _put_up(meeting: Meeting, by: User, now: datetime) -> None:
    """The adoption item names the latest minutes that wait, also when meetings were planned ahead."""
    item = meeting.agenda.filter(kind=ItemKind.ADOPTION).first()
    waiting = Meeting.objects.earlier_than(meeting).filter(phase__in=[Phase.HELD, Phase.DRAFTED]).first()
    if item and meeting.series_id and waiting and item.adopts != waiting:
        keep(item, "hold", by=by, now=now, moves_on=False, adopts=waiting)


@transaction.atomic
def finish(meeting: Meeting, *, by: User, version: int | None = None, now: datetime | None = None) -> Meeting:
    """The minutes are written: they wait to be adopted."""
    return keep(_held("finish", meeting, by, version), "finish", by=by, now=now, phase=Phase.DRAFTED)


@transaction.atomic
def adopt(
    meeting: Meeting,
    *,
    by: User,
    adopted_on: date | None = None,
    adopted_in: Meeting | None = None,
    note: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Meeting:
    """The minutes are adopted by a later meeting of the series, or by letter on a day; `note` names the corrections.

    Raises ValidationError at `adopted_in` for a meeting that cannot have adopted them, at `adopted_on` for a day that
    cannot be.
    """
    held = _held("adopt", meeting, by, version)
    if adopted_in is not None:
        adopted_in = held_row(adopted_in)
        later = _place(adopted_in) > _place(held)
        if adopted_in.series_id != held.series_id or not later or not adopted_in.took_place:
            raise ValidationError({"adopted_in": _("Choose a later meeting of the same series that was held.")})
        adopted_on = adopted_on or adopted_in.starts_on
        item = adopted_in.agenda.filter(kind=ItemKind.ADOPTION).first()
        if item and item.adopts != held and adopted_in.phase != Phase.ADOPTED:
            keep(item, "adopt", by=by, now=now, moves_on=False, adopts=held)
    if adopted_on is None or not held.starts_on <= adopted_on <= timezone.localdate(now):
        raise ValidationError({"adopted_on": _("Give the day on which they were adopted, after the meeting.")})
    answers: dict[str, Any] = {"adopted_on": adopted_on, "adopted_in": adopted_in, "adoption_note": note.strip()}
    return keep(held, "adopt", by=by, now=now, phase=Phase.ADOPTED, **answers)


def _place(meeting: Meeting) -> tuple[date, int]:
    """What says which of two meetings of a series came first."""
    return meeting.starts_on, meeting.number or 0


@transaction.atomic
def reopen(meeting: Meeting, *, by: User, version: int | None = None, now: datetime | None = None) -> Meeting:
    """Takes the minutes back into writing; what was said about their adoption is gone."""
    none: dict[str, Any] = {"adopted_on": None, "adopted_in": None, "adoption_note": ""}
    return keep(_held("reopen", meeting, by, version), "reopen", by=by, now=now, phase=Phase.HELD, **none)
