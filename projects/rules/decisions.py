"""What staff decide about an assignment; the states are drawn in `rules.assignments`."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from govlab.history import hold, keep
from govlab.thai import format_date
from projects.models import AnswerKind, Assignment, Meeting
from projects.rules import agenda, followups, notices
from projects.rules.assignments import ACCEPTED, CLOSED, OPEN, held_for


def _stated(word: str, field: str, sentence: str) -> str:
    if not word.strip():
        raise ValidationError({field: sentence})
    return word.strip()


def _held(verb: str, assignment: Assignment, by: User, version: int | None, now: datetime | None) -> Assignment:
    followups.hold_series(assignment.meeting)
    return held_for(verb, assignment, by, version, now)


@transaction.atomic
def accept(
    assignment: Assignment, *, by: User, note: str = "", version: int | None = None, now: datetime | None = None
) -> Assignment:
    """Staff take the answer as it is: what is all done waits for its closing, anything else goes on."""
    held = _held("accept", assignment, by, version, now)
    last = held.answers.filter(kind=AnswerKind.ANSWER).last()
    state = ACCEPTED if last and last.complete else OPEN
    held = keep(held, "accept", by=by, now=now, state=state, word=note.strip())
    notices.tell("assignment_accepted", held, by=by, now=now)
    return held


@transaction.atomic
def send_back(
    assignment: Assignment, *, by: User, reason: str, version: int | None = None, now: datetime | None = None
) -> Assignment:
    """Staff ask again: the answer is not enough, there is no more time, or the objection does not hold."""
    held = _held("send_back", assignment, by, version, now)
    word = _stated(reason, "reason", _("Say what is asked now, so that the agency knows."))
    held = keep(held, "send_back", by=by, now=now, state=OPEN, word=word)
    key = f"{notices.about_assignment(held)}:back:{held.version}"
    notices.tell("assignment_sent_back", held, by=by, now=now, key=key)
    return held


@transaction.atomic
def extend(
    assignment: Assignment,
    *,
    by: User,
    due_on: date | None,
    reason: str = "",
    version: int | None = None,
    now: datetime | None = None,
) -> Assignment:
    """Staff give more time, whether the agency asked for it or not; the new day lies after the old one."""
    held = _held("extend", assignment, by, version, now)
    earliest = max(filter(None, [held.due_on, timezone.localdate(now)]))
    if due_on is None or due_on <= earliest:
        sentence = _("Give a day after %(day)s.")
        raise ValidationError({"due_on": ValidationError(sentence, params={"day": format_date(earliest)})})
    held = keep(held, "extend", by=by, now=now, state=OPEN, due_on=due_on, word=reason.strip())
    key = f"{notices.about_assignment(held)}:extended:{held.version}"
    notices.tell("assignment_extended", held, by=by, now=now, key=key)
    return held


@transaction.atomic
def reassign(
    assignment: Assignment,
    *,
    by: User,
    agency: Agency,
    reason: str,
    partners: Iterable[Agency] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Assignment:
    """Staff give the work to another agency, whose time to contest begins; the history keeps what was before."""
    held = _held("reassign", assignment, by, version, now)
    word = _stated(reason, "reason", _("Say why it goes to another agency."))
    if agency.pk == held.agency_id:
        raise ValidationError({"agency": _("This agency is asked already. Choose another.")})
    others = [partner for partner in partners if partner.pk != agency.pk]
    before = list(notices.asked(held))
    answers: dict[str, Any] = {"agency": agency, "partners": others, "state": OPEN, "percent": None, "word": word}
    answers |= {"responsible": ""}  # whoever it was works for the agency before
    answers["given_on"] = timezone.localdate(now) if held.meeting.took_place else None
    held = keep(held, "reassign", by=by, now=now, **answers)
    notices.reassigned(held, before, by=by, now=now)
    return held


@transaction.atomic
def close(
    assignment: Assignment,
    *,
    by: User,
    note: str,
    meeting: Meeting | None = None,
    version: int | None = None,
    now: datetime | None = None,
) -> Assignment:
    """Staff end it with a note that says with what result; `meeting` is the one that closed it under matters arising.

    Raises ValidationError at `meeting` when it did not find the assignment under its matters arising, or was not held.
    """
    held = _held("close", assignment, by, version, now)
    said = _stated(note, "note", _("Say in a sentence with what result it is closed."))
    if meeting is not None:
        meeting = hold(meeting)
        followups.require_held(meeting)
        agenda.require_open(meeting)
        if not meeting.follow_ups.filter(assignment=held).exists():
            raise ValidationError({"meeting": _("This meeting did not have the matter on its agenda.")})
    moment = now or timezone.now()
    held = keep(
        held, "close", by=by, now=now, state=CLOSED, closing_note=said, closed_at=moment, closed_in=meeting, word=""
    )
    followups.carry_on(held.meeting.series, by=by)
    notices.tell("assignment_closed", held, by=by, now=now)
    return held


@transaction.atomic
def reopen(assignment: Assignment, *, by: User, version: int | None = None, now: datetime | None = None) -> Assignment:
    """Staff take the closing back."""
    held = _held("reopen", assignment, by, version, now)
    none: dict[str, Any] = {"closing_note": "", "closed_at": None, "closed_in": None}
    held = keep(held, "reopen", by=by, now=now, state=OPEN, **none)
    followups.carry_on(held.meeting.series, by=by)
    key = f"{notices.about_assignment(held)}:reopened:{held.version}"
    notices.tell("assignment_reopened", held, by=by, now=now, key=key)
    return held
