"""What a meeting asks of agencies, and what these say to it. Staff's side is in `rules.decisions`.

    (given) ─▶ open ──answer──▶ answered ──accept──▶ accepted (all done) ──close──▶ closed ──reopen──▶ open
                │ ▲                │  │                 │
                │ │                │  └─accept──▶ open  │     (not all done yet)
                │ └────send_back───┴────────────────────┘
                ├──ask_time──▶ more_time ──extend──▶ open,  send_back──▶ open
                └──contest───▶ contested ──send_back──▶ open,  close──▶ closed

`reassign` and `close` lead out of every state but closed. An agency may answer instead of waiting for more time or for
a decision about its objection; what another agency of the same work answers meanwhile leaves that decision open. Nobody
accepts or closes what they answered themselves.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, is_desk
from agencies.models import Agency, User
from govlab.files import Attached
from govlab.history import hold, keep
from govlab.thai import format_date
from govlab.workdays import add_working_days
from projects.models import Answer, AnswerKind, Assignment, AssignmentState
from projects.rules import evidence, notices

OPEN, ANSWERED, MORE_TIME, CONTESTED, ACCEPTED, CLOSED = AssignmentState
NOT_ASKED: Any = gettext_lazy("Only people of an agency that is asked may answer.")
CONTEST_DAYS = 10
"""Working days after the day on which an agency was told, within which it may object."""


@dataclass(frozen=True)
class Step:
    """One verb: who may use it, and in which states."""

    who: str
    before: frozenset[str]


UNFINISHED = frozenset({OPEN, ANSWERED, MORE_TIME, CONTESTED, ACCEPTED})
STEPS = {
    "answer": Step("agency", frozenset({OPEN, ANSWERED, MORE_TIME, CONTESTED})),
    "ask_time": Step("agency", frozenset({OPEN})),
    "contest": Step("agency", frozenset({OPEN})),
    "accept": Step("desk", frozenset({ANSWERED})),
    "send_back": Step("desk", frozenset({ANSWERED, ACCEPTED, MORE_TIME, CONTESTED})),
    "extend": Step("desk", frozenset({OPEN, MORE_TIME})),
    "reassign": Step("desk", UNFINISHED),
    "close": Step("desk", UNFINISHED),
    "reopen": Step("desk", frozenset({CLOSED})),
}
NOT_BY_ANSWERER = ("accept", "close")


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


def contest_until(assignment: Assignment) -> date | None:
    """The last day on which the agency may object; None while nothing was given."""
    return add_working_days(assignment.given_on, CONTEST_DAYS) if assignment.given_on else None


def refusal(
    verb: str,
    user: User,
    assignment: Assignment,
    *,
    asked: bool | None = None,
    answered: bool | None = None,
    on: date | None = None,
) -> PermissionDenied | ValidationError | None:
    """Why this person may not use the verb now (`on`: today unless given): not theirs, or not the moment; else None."""
    if theirs := _not_theirs(verb, user, assignment, asked, answered):
        return PermissionDenied(theirs)
    if assignment.state not in STEPS[verb].before:
        return ValidationError(
            _("This assignment is %(state)s, so this can no longer be done.")
            % {"state": assignment.get_state_display()},
            code="moment",
        )
    if not assignment.meeting.took_place:
        return ValidationError(_("The meeting was not held yet, so nothing is asked."), code="moment")
    if verb == "contest":
        return _too_late(contest_until(assignment), on or timezone.localdate())
    return None


def _not_theirs(verb: str, user: User, assignment: Assignment, asked: bool | None, answered: bool | None) -> str:
    who = STEPS[verb].who
    if who == "agency" and not (answering_agencies(user, assignment).exists() if asked is None else asked):
        return str(NOT_ASKED)
    if who == "desk" and not is_desk(user):
        return _("Only OPDC staff may do this.")
    if verb not in NOT_BY_ANSWERER:
        return ""
    if assignment.answers.filter(author=user).exists() if answered is None else answered:
        return _("Nobody closes an assignment that they answered themselves. Ask a colleague.")
    return ""


def _too_late(until: date | None, on: date) -> ValidationError | None:
    if until and on <= until:
        return None
    sentence = _("An objection was possible for ten working days, until %(day)s. Write an answer instead.")
    return ValidationError(sentence, code="moment", params={"day": format_date(until) if until else "-"})


def open_steps(
    user: User,
    assignment: Assignment,
    *,
    asked: bool | None = None,
    answered: bool | None = None,
    on: date | None = None,
) -> list[str]:
    """The verbs this person may use on the assignment now.

    A list that knows already whether one of the person's agencies is asked, and whether the person answered, says so.
    """
    return [verb for verb in STEPS if refusal(verb, user, assignment, asked=asked, answered=answered, on=on) is None]


def held_for(
    verb: str, assignment: Assignment, by: User, version: int | None, now: datetime | None = None
) -> Assignment:
    """The assignment, locked, once it is sure that this person may use the verb on it now."""
    on = timezone.localdate(now)
    if refused := refusal(verb, by, assignment, on=on):
        raise refused
    held = hold(assignment, version)
    if refused := refusal(verb, by, held, on=on):
        raise refused
    return held


def _say(held: Assignment, kind: str, by: User, now: datetime | None, **answers: Any) -> Answer:
    """One entry of the agency that the person works for."""
    agency = answering_agencies(by, held).first()
    if agency is None:
        raise PermissionDenied(NOT_ASKED)
    row = Answer(assignment=held, agency=agency, author=by, kind=kind, demo=agency.demo)
    return keep(row, kind, by=by, now=now, **answers)


@transaction.atomic
def answer(
    assignment: Assignment,
    *,
    by: User,
    text: str,
    percent: int | None = None,
    done_on: date | None = None,
    attach: Iterable[Attached] = (),
    version: int | None = None,
    now: datetime | None = None,
) -> Answer:
    """An agency that is asked says what it did, how much of it in percent or on which day it was completed.

    Raises ValidationError at `done_on` for a day to come, at `percent` when it does not go with that day, at `attach`
    when the agency has no room for the files.
    """
    held = held_for("answer", assignment, by, version, now)
    if done_on and done_on > timezone.localdate(now):
        raise ValidationError({"done_on": _("This day is still to come. Say in percent how far it is.")})
    if done_on and percent is not None and percent != 100:
        raise ValidationError({"percent": _("What is completed is 100 percent. Leave one of the two empty.")})
    given = _say(held, AnswerKind.ANSWER, by, now, text=text, percent=percent, done_on=done_on)
    evidence.write_answer(given, by=by, attach=attach)
    done = 100 if given.complete else held.percent if percent is None else percent
    keep(held, "answer", by=by, now=now, state=_after_answer(held, by), percent=done)
    return given


def _after_answer(held: Assignment, by: User) -> str:
    """Answered; but what another agency said first still waits for its decision."""
    if held.state in (MORE_TIME, CONTESTED):
        last = held.answers.exclude(kind=AnswerKind.ANSWER).last()
        if last and not answering_agencies(by, held).filter(pk=last.agency_id).exists():
            return str(held.state)
    return ANSWERED


@transaction.atomic
def ask_time(
    assignment: Assignment,
    *,
    by: User,
    text: str,
    wanted_on: date | None,
    version: int | None = None,
    now: datetime | None = None,
) -> Answer:
    """An agency asks for more time, with a reason and the day until which it wants it."""
    held = held_for("ask_time", assignment, by, version, now)
    earliest = max(filter(None, [held.due_on, timezone.localdate(now)]))
    if wanted_on is None or wanted_on <= earliest:
        sentence = _("Give a day after %(day)s.")
        raise ValidationError({"wanted_on": ValidationError(sentence, params={"day": format_date(earliest)})})
    given = _say(held, AnswerKind.MORE_TIME, by, now, text=text, wanted_on=wanted_on)
    held = keep(held, "ask_time", by=by, now=now, state=MORE_TIME)
    notices.tell("assignment_more_time", held, by=by, now=now, answer=given)
    return given


@transaction.atomic
def contest(
    assignment: Assignment, *, by: User, text: str, version: int | None = None, now: datetime | None = None
) -> Answer:
    """An agency objects, within ten working days, with a reason: this is not its work, or not to be done."""
    held = held_for("contest", assignment, by, version, now)
    given = _say(held, AnswerKind.CONTEST, by, now, text=text)
    held = keep(held, "contest", by=by, now=now, state=CONTESTED)
    notices.tell("assignment_contested", held, by=by, now=now, answer=given)
    return given
