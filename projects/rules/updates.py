"""An update's life, from the agency's draft to what the public reads.

    (add) ─▶ draft ──submit──▶ submitted ──approve──▶ approved
               │ ▲ edit          │     ▲
            discard           return  submit
               ▼                 ▼     │
             (gone)            returned ┘ edit

The agency writes; OPDC's staff return, with a reason, or approve; nobody approves what they wrote or sent themselves.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, is_desk, writes_for
from agencies.models import Agency, User
from govlab.files import Attached
from govlab.history import drop, hold, keep
from govlab.thai import normalise
from projects.models import (
    REPORTING_PARTS,
    Evidence,
    Indicator,
    ProgressUpdate,
    Project,
    PublishState,
    Reading,
    UpdateState,
)
from projects.rules import stages

DRAFT, SUBMITTED, RETURNED, APPROVED = (
    UpdateState.DRAFT,
    UpdateState.SUBMITTED,
    UpdateState.RETURNED,
    UpdateState.APPROVED,
)
NOT_REPORTING: Any = gettext_lazy("Only an agency that owns the project or is a partner in it reports on it.")


@dataclass(frozen=True)
class Step:
    """One verb: who may use it, in which states, and the state it leads to (None: the update stays as it is)."""

    who: str
    before: frozenset[str]
    after: str | None


STEPS = {
    "edit": Step("agency", frozenset({DRAFT, RETURNED}), None),
    "discard": Step("agency", frozenset({DRAFT}), None),
    "submit": Step("agency", frozenset({DRAFT, RETURNED}), SUBMITTED),
    "return": Step("desk", frozenset({SUBMITTED}), RETURNED),
    "approve": Step("desk", frozenset({SUBMITTED}), APPROVED),
}


def _refusal(
    verb: str, user: User, update: ProgressUpdate, writes: bool | None = None
) -> PermissionDenied | ValidationError | None:
    """Why this person may not use the verb now: not theirs to do, or not the moment."""
    step = STEPS[verb]
    if step.who == "agency" and not (writes_for(user, update.agency) if writes is None else writes):
        return PermissionDenied(_("Only people of this agency may do this."))
    if step.who == "desk" and not is_desk(user):
        return PermissionDenied(_("Only OPDC staff may do this."))
    if verb == "approve" and user.pk in (update.author_id, update.submitted_by_id):
        return PermissionDenied(_("Nobody approves an update that they wrote or sent themselves. Ask a colleague."))
    if update.state not in step.before:
        return ValidationError(
            _("This update is %(state)s, so this can no longer be done. Open it again to see where it stands.")
            % {"state": update.get_state_display()},
            code="moment",
        )
    return None


def _require(verb: str, user: User, update: ProgressUpdate) -> None:
    if refusal := _refusal(verb, user, update):
        raise refusal


def open_steps(user: User, update: ProgressUpdate, *, writes: bool | None = None) -> list[str]:
    """The verbs this person may use on the update now: the page's buttons and the API's `steps`.

    A list that knows already whether the person reports for the update's agency says so in `writes` and saves a query.
    """
    return [verb for verb in STEPS if _refusal(verb, user, update, writes) is None]


def reporting_agencies(user: User, project: Project) -> QuerySet[Agency]:
    """The person's agencies that own the project or are a partner in it: in whose name they may report."""
    return agencies_of(user).filter(parts__project=project, parts__part__in=REPORTING_PARTS).order_by("sort_key", "pk")


def require_reporting(user: User, project: Project) -> None:
    """Raises PermissionDenied unless one of the person's agencies reports on the project."""
    if not reporting_agencies(user, project).exists():
        raise PermissionDenied(NOT_REPORTING)


@transaction.atomic
def add(*, by: User, project: Project, agency: Agency | None = None, **answers: Any) -> ProgressUpdate:
    """Begins a draft in the name of one of the person's agencies; the first of them unless one is named."""
    agencies = reporting_agencies(by, project)
    agency = agencies.filter(pk=agency.pk).first() if agency else agencies.first()
    if agency is None:
        raise PermissionDenied(NOT_REPORTING)
    if project.state == PublishState.HIDDEN:
        raise ValidationError(_("This project is hidden, so nothing can be reported on it. Ask OPDC staff."))
    update = ProgressUpdate(project=project, agency=agency, author=by, demo=agency.demo or project.demo)
    return _write(update, "add", by, **answers)


@transaction.atomic
def edit(update: ProgressUpdate, *, by: User, version: int, **answers: Any) -> ProgressUpdate:
    """Changes a draft or a returned update; raises Stale when somebody else saved it since."""
    _require("edit", by, update)
    held = hold(update, version)
    _require("edit", by, held)
    return _write(held, "edit", by, **answers)


WRITTEN = {"stage_number", "stage_state", "happened_on", "title", "text", "obstacles"}
"""The columns that the agency fills in; every other one belongs to a verb."""


def _write(
    update: ProgressUpdate,
    verb: str,
    by: User,
    *,
    readings: Mapping[Indicator, Decimal | None] | None = None,
    attach: Iterable[Attached] = (),
    detach: Iterable[Evidence] = (),
    release: bool | None = None,
    **answers: Any,
) -> ProgressUpdate:
    """Puts answers, readings and files into the update; `attach` holds what `govlab.files.take` gave.

    `release` says of all its files whether the public gets them once it is approved; None leaves that as it is.
    """
    if unknown := answers.keys() - WRITTEN:  # a door's mistake, not a person's
        raise TypeError(f"an update is not written with {sorted(unknown)}")
    update = keep(update, verb, by=by, **answers)
    for indicator, value in (readings or {}).items():
        if indicator.project_id != update.project_id:
            raise ValidationError(_("This indicator belongs to another project."))
        known = Reading.objects.filter(update=update, indicator=indicator).first()
        if value is None:
            if known:
                drop(known, verb, by=by)
        elif known is None or known.value != value:
            keep(known or Reading(update=update, indicator=indicator, demo=update.demo), verb, by=by, value=value)
    for evidence in detach:
        if evidence.update_id == update.pk:
            drop(evidence, verb, by=by)
    if release is not None:
        for evidence in update.evidence.exclude(released=release):
            keep(evidence, verb, by=by, released=release)
    for file in attach:
        if not update.evidence.filter(sha256=file.sha256, name=file.name).exists():
            keep(
                Evidence(update=update, demo=update.demo),
                verb,
                by=by,
                **file._asdict(),
                released=bool(release),
            )
    return update


@transaction.atomic
def discard(update: ProgressUpdate, *, by: User, version: int | None = None) -> None:
    """Throws a draft away; the history keeps it."""
    _require("discard", by, update)
    held = hold(update, version)
    _require("discard", by, held)
    drop(held, "discard", by=by)


NEEDED: dict[str, Any] = {
    "stage_number": gettext_lazy("Choose the stage this is about."),
    "stage_state": gettext_lazy("Say how far this stage is now."),
    "happened_on": gettext_lazy("Give the date, for example 23/11/2564."),
    "title": gettext_lazy("Give a headline of a few words."),
    "text": gettext_lazy("Tell in a few sentences what was done."),
}
"""What an update must say before staff read it, and the sentence when it does not."""


def _empty(value: Any) -> bool:
    """Nothing, or only what nobody sees: blanks, zero-width characters."""
    return not (normalise(value).strip() if isinstance(value, str) else value)


@transaction.atomic
def submit(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Sends the update to staff; ValidationError names every field that is still missing."""
    _require("submit", by, update)
    held = hold(update, version)
    _require("submit", by, held)
    now = now or timezone.now()
    missing: dict[str, Any] = {name: sentence for name, sentence in NEEDED.items() if _empty(getattr(held, name))}
    if held.happened_on and held.happened_on > _day(now):
        missing["happened_on"] = _("This date has not come yet. Report what has happened.")
    if missing:
        raise ValidationError(missing)
    return keep(held, "submit", by=by, now=now, state=SUBMITTED, submitted_at=now, submitted_by=by)


@transaction.atomic
def return_(
    update: ProgressUpdate, *, by: User, reason: str, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Sends the update back to the agency with the reason, which must be given."""
    _require("return", by, update)
    held = hold(update, version)
    _require("return", by, held)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what should be corrected, so that the agency knows.")})
    now = now or timezone.now()
    return keep(
        held, "return", by=by, now=now, state=RETURNED, return_reason=reason.strip(), reviewed_at=now, reviewed_by=by
    )


@transaction.atomic
def approve(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """Accepts the update: the public reads it if the project is published, and the project's stage follows."""
    _require("approve", by, update)
    held = hold(update, version)
    _require("approve", by, held)
    now = now or timezone.now()
    held = keep(held, "approve", by=by, now=now, state=APPROVED, reviewed_at=now, reviewed_by=by, return_reason="")
    stages.settle(held, by=by)
    return held


def _day(now: datetime) -> date:
    """The day it is in Bangkok."""
    return timezone.localtime(now).date()
