"""The way of a call, from the team's draft to the last day it may be answered: its states, and who may do what when.

    (add) ─▶ draft ──publish──▶ published ──hide──▶ hidden
              │ ▲ edit              ▲ ▲ edit, extend   │ edit
        remove│                     │ └────────────────┘
              ▼                     │       publish
           (gone)                   └ open from its first to its last day

Staff do all of it; a lead of an agency that owns the project or is a partner in it writes the draft. What people were
told when they answered stays: the question once somebody answered, the first day once it has come, and the last day
moves only while the call is open, and never back. `rules.publishing` publishes, hides and removes.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import agencies_of, is_desk, led_by
from agencies.models import User
from govlab.history import hold, keep
from projects.models import REPORTING_PARTS, Call, PartKind, Project, PublishState
from projects.rules import publishing

DRAFT, PUBLISHED, HIDDEN = PublishState.DRAFT, PublishState.PUBLISHED, PublishState.HIDDEN
LONGEST = timedelta(days=366)
"""From the first day to the last: whoever answers is told until when, and waits for what the team makes of it."""


@dataclass(frozen=True)
class Step:
    """One verb: who may use it, in which states, and whether only between the first and the last day."""

    who: str
    before: frozenset[str]
    open: bool = False


STEPS = {
    "edit": Step("lead", frozenset({DRAFT})),
    "correct": Step("desk", frozenset({PUBLISHED, HIDDEN})),
    "extend": Step("lead", frozenset({PUBLISHED}), open=True),
    "publish": Step("desk", publishing.STEPS["publish"][0]),
    "hide": Step("desk", publishing.STEPS["hide"][0]),
    "remove": Step("desk", frozenset({DRAFT})),
}
"""`edit` is a form over everything; `correct` the same form once it was published, for staff alone."""


def in_team(person: Any, project: Project) -> bool:
    """Whether one of the person's agencies owns the project or is a partner in it."""
    return project.parts.filter(agency__in=agencies_of(person), part__in=REPORTING_PARTS).exists()


def leads_team(person: Any, project: Project) -> bool:
    """Whether the person leads one of these agencies."""
    return project.parts.filter(agency__in=led_by(person), part__in=REPORTING_PARTS).exists()


def moderates(person: Any, call: Call) -> bool:
    """Whether the person decides which voices are shown: staff; where the call says so, leads of the owner's agency."""
    if is_desk(person):
        return True
    return call.lead_moderates and call.project.parts.filter(agency__in=led_by(person), part=PartKind.OWNER).exists()


def require_moderator(person: Any, call: Call) -> None:
    """Raises PermissionDenied unless the person decides which voices are shown."""
    if not moderates(person, call):
        raise PermissionDenied(_("You do not decide what is shown of this call."))


def require_team(person: Any, call: Call) -> None:
    """Raises PermissionDenied for whoever is neither staff nor of the project's team."""
    if not (is_desk(person) or in_team(person, call.project)):
        raise PermissionDenied(_("Only people of the project's agencies may do this."))


def require_author(person: Any, project: Project | None) -> None:
    """Raises PermissionDenied unless the person may put questions for the project; for one still to be named, any."""
    leads = leads_team(person, project) if project else led_by(person).exists()
    if not (is_desk(person) or leads):
        raise PermissionDenied(_("Only OPDC staff and leads of the project's agencies may do this."))


def refusal(
    verb: str, user: User, call: Call, on: date, *, led: bool | None = None
) -> PermissionDenied | ValidationError | None:
    """Why this person may not use the verb on this day; None when they may. `led`: what `leads_team` would say."""
    step = STEPS[verb]
    if not is_desk(user):
        if step.who == "desk":
            return PermissionDenied(_("Only OPDC staff may do this."))
        if not (leads_team(user, call.project) if led is None else led):
            return PermissionDenied(_("Only OPDC staff and leads of the project's agencies may do this."))
    if call.state not in step.before:
        return ValidationError(
            _("This call is %(state)s, so this can no longer be done. Open it again to see where it stands.")
            % {"state": call.get_state_display()},
            code="moment",
        )
    if step.open and not call.is_open(on):
        return ValidationError(_("A call can be made longer only while it is open."), code="moment")
    return None


def require_right(verb: str, user: User, call: Call) -> None:
    """Raises PermissionDenied where the verb is not this person's, whatever the day: no form is opened in vain."""
    refused = refusal(verb, user, call, timezone.localdate())
    if isinstance(refused, PermissionDenied):
        raise refused


def verb_for_editing(call: Call) -> str:
    """Which of the two verbs the form over everything stands for."""
    return "edit" if call.state == DRAFT else "correct"


def open_steps(user: User, call: Call, on: date | None = None, *, led: bool | None = None) -> list[str]:
    """The verbs that this person may use on the call on this day (Bangkok's; today unless told).

    A list that knows already what `leads_team` would say tells it as `led`.
    """
    on, led = on or timezone.localdate(), leads_team(user, call.project) if led is None else led
    return [verb for verb in STEPS if refusal(verb, user, call, on, led=led) is None]


def _held_for(verb: str, call: Call, by: User, version: int | None, on: date) -> Call:
    if refused := refusal(verb, by, call, on):
        raise refused
    held = hold(call, version)
    if refused := refusal(verb, by, held, on):
        raise refused
    return held


def _require_own_words(by: User, lead_moderates: bool, before: bool) -> None:
    if lead_moderates != before and not is_desk(by):
        raise PermissionDenied(_("Only OPDC staff decide who else chooses what is shown."))


def _require_end(opens_on: date | None, closes_on: date | None) -> None:
    """Raises ValidationError for a last day that is more than a year after the first."""
    if opens_on and closes_on and closes_on - opens_on > LONGEST:
        raise ValidationError({"closes_on": _("A call is open for a year at most. Choose an earlier last day.")})


@transaction.atomic
def add(*, by: User, project: Project, now: datetime | None = None, **answers: Any) -> Call:
    """Begins a call as a draft; staff, or a lead of the project's agencies."""
    require_author(by, project)
    _require_own_words(by, bool(answers.get("lead_moderates")), False)
    _require_end(answers.get("opens_on"), answers.get("closes_on"))
    return keep(Call(), "add", by=by, now=now, project=project, demo=project.demo, **answers)


def _as_told(held: Call, changed: set[str], on: date) -> None:
    """Raises ValidationError for a change of what people were told when they answered."""
    wrong: dict[str, Any] = {}
    if held.state != DRAFT and held.opens_on <= on:
        if "opens_on" in changed:
            wrong["opens_on"] = _("The call has begun, so its first day stays.")
        if "closes_on" in changed:
            wrong["closes_on"] = _("People were told this day. While the call is open you can make it longer.")
    if "question_th" in changed and held.voices.exists():
        wrong["question_th"] = _("People have answered this question, so it stays. Ask another one in a new call.")
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def edit(
    call: Call, *, by: User, version: int, verb: str = "edit", now: datetime | None = None, **answers: Any
) -> Call:
    """Changes the call that was read in this version; raises ValidationError where people were told otherwise."""
    on = timezone.localdate(now)
    held = _held_for(verb_for_editing(call), call, by, version, on)
    answers.pop("project", None)  # a question belongs to the project it was asked about
    _require_own_words(by, answers.get("lead_moderates", held.lead_moderates), held.lead_moderates)
    changed = {name for name, value in answers.items() if getattr(held, name, None) != value}
    _as_told(held, changed, on)
    if changed & {"opens_on", "closes_on"}:
        _require_end(answers.get("opens_on", held.opens_on), answers.get("closes_on", held.closes_on))
    return keep(held, verb, by=by, **answers)


@transaction.atomic
def extend(call: Call, *, by: User, version: int | None = None, closes_on: date, now: datetime | None = None) -> Call:
    """Moves the last day of an open call to a later one."""
    held = _held_for("extend", call, by, version, timezone.localdate(now))
    if closes_on <= held.closes_on:
        raise ValidationError({"closes_on": _("Choose a day after the last day that people were told.")})
    _require_end(held.opens_on, closes_on)
    return keep(held, "extend", by=by, closes_on=closes_on)
