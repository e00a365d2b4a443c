"""What an agency does with its updates: begins, writes, sends, withdraws them; the states stand in `rules.steps`."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.access import agencies_of, lead_reads_first, staff
from agencies.models import Agency, User
from govlab.files import Attached
from govlab.history import drop, hold, keep
from govlab.thai import normalise
from projects.models import (
    REPORTING_PARTS,
    DueReport,
    Evidence,
    ProgressUpdate,
    Project,
    PublishState,
)
from projects.rules import evidence, notices
from projects.rules import readings as _readings
from projects.rules.steps import DRAFT, RETURNED, SUBMITTED, WITH_LEAD, held_for

NOT_REPORTING: Any = gettext_lazy("Only an agency that owns the project or is a partner in it reports on it.")


def reporting_agencies(user: User, project: Project) -> QuerySet[Agency]:
    """The person's agencies that own the project or are a partner in it: in whose name they may report."""
    return agencies_of(user).filter(parts__project=project, parts__part__in=REPORTING_PARTS).order_by("sort_key", "pk")


def require_reporting(user: User, project: Project) -> None:
    """Raises PermissionDenied unless one of the person's agencies reports on the project."""
    if not reporting_agencies(user, project).exists():
        raise PermissionDenied(NOT_REPORTING)


@transaction.atomic
def add(
    *, by: User, project: Project, agency: Agency | None = None, due: DueReport | None = None, **answers: Any
) -> ProgressUpdate:
    """Begins a draft in the name of one of the person's agencies; the first of them unless one is named.

    `due` is the report it answers. ValidationError when that one is waived, closed or begun by somebody else.
    """
    agencies = reporting_agencies(by, project)
    agency = agencies.filter(pk=agency.pk).first() if agency else agencies.first()
    if agency is None:
        raise PermissionDenied(NOT_REPORTING)
    if project.state == PublishState.HIDDEN:
        raise ValidationError(_("This project is hidden, so nothing can be reported on it. Ask OPDC staff."))
    held = _answerable(due, project) if due else None
    update = ProgressUpdate(project=project, agency=agency, author=by, demo=agency.demo or project.demo)
    update = _write(update, "add", by, **answers)
    if held:
        keep(held, "begin", by=by, update=update)
    return update


def _answerable(due: DueReport, project: Project) -> DueReport:
    """The due report, locked, when it can be answered by a new update of the project."""
    held = hold(due)
    if held.project_id != project.pk:
        raise ValidationError(_("This report is asked of another project."))
    if held.waived_at:
        raise ValidationError(_("This report is waived, so nothing needs to be sent."))
    if held.round.closed_at:
        raise ValidationError(_("This round is closed. Report progress on the project's page instead."))
    if held.update_id:
        raise ValidationError(_("Somebody has begun this report already. Open it from the list."), code="begun")
    return held


@transaction.atomic
def edit(update: ProgressUpdate, *, by: User, version: int, **answers: Any) -> ProgressUpdate:
    """Changes a draft or a returned update; raises Stale when somebody else saved it since."""
    return _write(held_for("edit", update, by, version), "edit", by, **answers)


@transaction.atomic
def fill(update: ProgressUpdate, *, by: User, version: int, filled_by: str, **answers: Any) -> ProgressUpdate:
    """As `edit`, by a colleague whom a link of `by` lets in; called by `rules.links`."""
    return _write(held_for("edit", update, by, version), "fill", by, filled_by=filled_by, **answers)


WRITTEN = {"stage_number", "stage_state", "happened_on", "title", "text", "obstacles", "planned"}
"""The columns that the agency fills in; every other one belongs to a verb."""
WRITING = ("add", "edit", "fill", "put_back", "submit", "pass_on")
"""Verbs whose user has written the update, or has answered for it, and so cannot approve it."""


def _write(
    update: ProgressUpdate,
    verb: str,
    by: User,
    *,
    readings: Mapping[Any, Any] | None = None,
    attach: Iterable[Attached] = (),
    detach: Iterable[Evidence] = (),
    release: bool | None = None,
    filled_by: str = "",
    **answers: Any,
) -> ProgressUpdate:
    """Puts answers, readings and files into the update."""
    if unknown := answers.keys() - WRITTEN:  # a door's mistake, not a person's
        raise TypeError(f"an update is not written with {sorted(unknown)}")
    update = keep(update, verb, by=by, filled_by=filled_by, **answers)
    _readings.write(update, verb, readings, by=by)
    evidence.write(update, verb, by=by, attach=attach, detach=detach, release=release)
    return update


@transaction.atomic
def discard(update: ProgressUpdate, *, by: User, version: int | None = None) -> None:
    """Throws a draft away; the history keeps it. The report that it answered is due again."""
    held = held_for("discard", update, by, version)
    if due := DueReport.objects.filter(update=held).first():
        keep(hold(due), "discard", by=by, update=None)
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
    """Sends the update to staff, or to a lead first; ValidationError names every field that is still missing."""
    held = held_for("submit", update, by, version)
    now = now or timezone.now()
    missing: dict[str, Any] = {name: sentence for name, sentence in NEEDED.items() if _empty(getattr(held, name))}
    if held.happened_on and held.happened_on > _day(now):
        missing["happened_on"] = _("This date has not come yet. Report what has happened.")
    missing |= _readings.unsure(held, by=by)
    if missing:
        raise ValidationError(missing)
    if lead_reads_first(by, held.agency):
        held = keep(held, "submit", by=by, now=now, state=WITH_LEAD, submitted_by=by, waiting_since=now)
        notices.tell("update_with_lead", held, by=by, now=now)
        return held
    return _to_staff(held, "submit", by, now, submitted_by=by)


@transaction.atomic
def pass_on(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """A lead sends on to staff what a reporter wrote."""
    return _to_staff(held_for("pass_on", update, by, version), "pass_on", by, now or timezone.now())


def _to_staff(update: ProgressUpdate, verb: str, by: User, now: datetime, **answers: Any) -> ProgressUpdate:
    """Puts it before staff, and fixes who of them may approve it: none of those who wrote it."""
    wrote = {by.pk, *update.history.filter(history_change_reason__in=WRITING).values_list("history_user", flat=True)}
    return keep(
        update,
        verb,
        by=by,
        now=now,
        state=SUBMITTED,
        submitted_at=now,
        waiting_since=now,
        opened_at=None,
        opened_by=None,
        lead_reason="",
        approvers=sorted(set(staff().values_list("pk", flat=True)) - wrote),
        **answers,
    )


@transaction.atomic
def hand_back(
    update: ProgressUpdate, *, by: User, reason: str, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """A lead gives the reporter's work back with the reason, which must be given and stays within the agency."""
    held = held_for("hand_back", update, by, version)
    held = _back(held, "hand_back", by, now, lead_reason=stated(reason))
    notices.tell("update_handed_back", held, by=by, now=now)
    return held


@transaction.atomic
def withdraw(
    update: ProgressUpdate, *, by: User, now: datetime | None = None, version: int | None = None
) -> ProgressUpdate:
    """The agency takes back what it sent, while nobody of the staff has opened it."""
    return _back(held_for("withdraw", update, by, version), "withdraw", by, now)


def _back(update: ProgressUpdate, verb: str, by: User, now: datetime | None, **answers: Any) -> ProgressUpdate:
    """Back with the agency: a draft, or a returned update when staff had returned it before."""
    known = {"state": RETURNED} if update.reviewed_at else {"state": DRAFT, "submitted_at": None}
    return keep(update, verb, by=by, now=now, waiting_since=None, **known, **answers)


def stated(reason: str) -> str:
    """A reason without blanks around it; ValidationError at `reason` when there is none."""
    if _empty(reason):
        raise ValidationError({"reason": _("Say what should be corrected, so that the agency knows.")})
    return reason.strip()


def _day(now: datetime) -> date:
    """The day it is in Bangkok."""
    return timezone.localtime(now).date()
