"""Meetings and their parts, from people to assignments: staff add, edit and remove them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import drop, hold, keep
from projects.models import (
    AgendaItem,
    Answer,
    Assignment,
    AssignmentState,
    FollowUp,
    ItemKind,
    Meeting,
    MeetingPerson,
    Phase,
    Presence,
    PublishState,
    Resolution,
)
from projects.models.attendance import MOST_PEOPLE
from projects.models.meetings import AFTER, MeetingPart
from projects.rules import agenda, followups, notices, numbers, publishing

T = TypeVar("T", bound=MeetingPart)
ONCE = (ItemKind.ADOPTION, ItemKind.ARISING)
"""Kinds that one item of an agenda has at most."""


# --- the meeting -----------------------------------------------------------------------------------------------------
@transaction.atomic
def add(*, by: User, now: datetime | None = None, prefill: bool = False, **answers: Any) -> Meeting:
    """Staff add a meeting; in a series it gets the next number of the year, and `prefill` brings what always stands.

    That is the standing items of the series and its members; what is open from earlier meetings comes by itself. One
    whose day has passed counts as held.
    """
    require_desk(by)
    over = (answers.get("ends_on") or answers["starts_on"]) < timezone.localdate(now)
    answers = numbers.numbered(answers, over)
    past: dict[str, Any] = {"phase": Phase.HELD, "held_at": now or timezone.now()} if over else {}
    meeting = keep(Meeting(), "add", by=by, now=now, **past, **answers)
    if prefill:
        followups.begin(meeting, by=by)
    followups.carry_on(meeting.series, by=by)
    return meeting


@transaction.atomic
def edit(
    thing: Meeting, *, by: User, version: int, verb: str = "edit", now: datetime | None = None, **answers: Any
) -> Meeting:
    """Staff change the meeting they read in this version; raises Stale when it has moved on.

    A meeting of a series keeps its number when the field is left empty, and while it is still to come in any case.
    """
    require_desk(by)
    stood = Meeting.objects.select_related("series").filter(pk=thing.pk).first()  # a form has typed into `thing`
    followups.hold_series(stood, answers.get("series"))
    held = hold(thing, version)
    left = held.series
    series = answers.get("series", held.series)
    agenda.require_open(held)
    numbers.require_dates(held, answers)
    known = {"number": held.number, "year": held.year} if series and series == held.series else {}
    if held.series and not held.took_place:
        numbers.require_place(held, series, answers)
    if known:
        answers |= {name: answers.get(name) or value for name, value in known.items()}
    elif series:
        answers = numbers.numbered({"starts_on": held.starts_on, **answers}, held.took_place)
    before = (held.starts_on, held.ends_on, held.starts_at, held.place_th)
    held = keep(held, verb, by=by, now=now, **answers)
    if held.phase == Phase.INVITED and before != (held.starts_on, held.ends_on, held.starts_at, held.place_th):
        notices.invited(held, by=by, changed=True)
    if held.state == PublishState.PUBLISHED:
        publishing.require_adopted(held)
    if left != held.series:
        followups.leave(held, by=by)
    for each in dict.fromkeys([left, held.series]):
        followups.carry_on(each, by=by)
    return held


@transaction.atomic
def remove(meeting: Meeting, *, by: User, version: int | None = None) -> None:
    """Takes a draft meeting out with all its parts; of numbered ones to come only the last, so that no gap is left."""
    require_desk(by)
    followups.hold_series(meeting)
    held = hold(meeting, version)
    require_draft(held)
    series = held.series
    publishing.remove(held, by=by)
    followups.carry_on(series, by=by)


def require_draft(meeting: Meeting) -> None:
    """Raises ValidationError for a meeting that stays: published, adopted, not the last, or with work that stays."""
    publishing.require_draft(meeting)
    if not meeting.took_place and numbers.has_later(meeting):
        raise ValidationError(_("Later meetings of this year have their numbers already, so this one stays."))
    require_removable(meeting, list(meeting.assignments.all()))


# --- its parts -------------------------------------------------------------------------------------------------------
def _same_meeting(part: Any, answers: dict[str, Any]) -> None:
    """What a part stands under belongs to the same meeting, and nothing stands under itself."""
    for name in ("parent", "item", "resolution", "session", "stands_for"):
        above = answers.get(name)
        if above is not None and above.meeting_id != part.meeting_id:
            raise ValidationError({name: _("This belongs to another meeting.")})
    if any(each.meeting_id != part.meeting_id for each in answers.get("speakers", ())):
        raise ValidationError({"speakers": _("This belongs to another meeting.")})
    above = answers.get("parent")
    while above is not None:
        if above.pk == part.pk:
            raise ValidationError({"parent": _("An item cannot stand under itself.")})
        above = above.parent


def _of_its_kind(part: Any, answers: dict[str, Any]) -> None:
    """An agenda has one place for each standing matter, and minutes to adopt are those of an earlier meeting."""
    if not isinstance(part, AgendaItem):
        return
    others = AgendaItem.objects.filter(meeting=part.meeting_id, kind=answers.get("kind", "")).exclude(pk=part.pk)
    if answers.get("kind") in ONCE and others.exists():
        raise ValidationError({"kind": _("Another item of this agenda is for this.")})
    adopts = answers.get("adopts")
    earlier = Meeting.objects.earlier_than(part.meeting) if part.meeting.series_id else Meeting.objects.none()
    if adopts is not None and adopts != part.adopts and not earlier.filter(pk=adopts.pk).exists():
        raise ValidationError({"adopts": _("Choose an earlier meeting of the same series.")})


@transaction.atomic
def add_part(model: type[T], *, by: User, meeting: Meeting, now: datetime | None = None, **answers: Any) -> T:
    """Adds a part at the end of its kind; items and resolutions at the end of what they stand under."""
    require_desk(by)
    followups.hold_series(meeting)
    meeting = hold(meeting)  # two at once would get the same place
    agenda.require_open(meeting)
    part = model(meeting=meeting)
    _same_meeting(part, answers)
    _of_its_kind(part, answers)
    _without_itself(answers)
    rows: Any = model._default_manager.filter(meeting=meeting)
    if isinstance(part, AgendaItem | Resolution):
        above = answers.get("parent" if isinstance(part, AgendaItem) else "item")
        answers |= agenda.place(part, meeting, above)
    else:
        last = rows.order_by("-position").values_list("position", flat=True).first()
        answers = {"position": (last or 0) + 1, **answers}
    if isinstance(part, MeetingPerson) and rows.count() >= MOST_PEOPLE:
        sentence = _("A meeting holds at most %(most)d people.")
        raise ValidationError({"name_th": ValidationError(sentence, params={"most": MOST_PEOPLE})})
    part = keep(part, "add", by=by, now=now, **answers)
    _settle(part, meeting, by, now)
    return part


@transaction.atomic
def edit_part(
    part: T, /, *, by: User, version: int, verb: str = "edit", now: datetime | None = None, **answers: Any
) -> T:
    """Changes a part of a meeting; raises Stale when somebody else saved it since."""
    require_desk(by)
    followups.hold_series(part.meeting)
    meeting = hold(part.meeting)
    held = hold(part, version)
    if not isinstance(held, Assignment) or _printed(held, answers):
        agenda.require_open(meeting)
    _same_meeting(held, answers)
    _of_its_kind(held, answers)
    _without_itself(answers)
    if isinstance(held, AgendaItem) and answers.get("kind", held.kind) != held.kind and held.follow_ups.exists():
        raise ValidationError({"kind": _("Open matters of earlier meetings stand here, so it stays what it is.")})
    if isinstance(held, Resolution) and answers.get("item", held.item) != held.item:
        answers |= agenda.place(held, meeting, answers["item"])
    if isinstance(held, AgendaItem) and answers.get("parent", held.parent) != held.parent:
        answers |= agenda.place(held, meeting, answers["parent"])
    if isinstance(held, Assignment) and held.given_on and answers.get("agency", held.agency) != held.agency:
        raise ValidationError({"agency": _("This agency was told already. Reassign the work instead.")})
    held = keep(held, verb, by=by, now=now, **answers)
    _settle(held, meeting, by, now)
    return held


PRINTED = ("text_th", "text_en", "resolution", "due_on", "starts_on", "partners")
"""What the minutes say of an assignment."""


def _printed(part: Any, answers: dict[str, Any]) -> bool:
    """Whether the answers change what the minutes say of the assignment."""
    many = {"partners": list(part.partners.all())}
    return any(answers[name] != many.get(name, getattr(part, name)) for name in PRINTED if name in answers)


def _without_itself(answers: dict[str, Any]) -> None:
    """An agency is not asked together with itself."""
    if "partners" in answers and "agency" in answers:
        answers["partners"] = [each for each in answers["partners"] if each != answers["agency"]]


def _settle(part: Any, meeting: Meeting, by: User, now: datetime | None) -> None:
    """What follows when a part was added or changed: numbers, what the public sees, what agencies are told."""
    if isinstance(part, AgendaItem | Resolution):
        agenda.renumber(meeting)
        part.refresh_from_db(fields=["number", "position"])
    if isinstance(part, AgendaItem):
        agenda.settle_shown(part, by=by)
    if isinstance(part, MeetingPerson):
        _require_once(part)
    if isinstance(part, Assignment):
        followups.give(part, by=by, now=now)
        followups.carry_on(meeting.series, by=by)


def _require_once(person: MeetingPerson) -> None:
    """Somebody who is present is not stood in for at the same time."""
    if person.presence == Presence.PRESENT and person.deputies.filter(presence=Presence.PRESENT).exists():
        raise ValidationError({"presence": _("Somebody present stands in for this member. Correct one of the two.")})


def goes_along(part: MeetingPart) -> list[MeetingPart]:
    """What is removed together with the part, from the outermost leaf inwards; four queries at most."""
    if isinstance(part, Resolution):
        return list(Assignment.objects.filter(resolution=part))
    if not isinstance(part, AgendaItem):
        return []
    rows = AgendaItem.objects.filter(meeting=part.meeting_id)
    items = [part]
    while deeper := [row for row in rows if row.parent_id in {item.pk for item in items} and row not in items]:
        items = [*deeper, *items]
    assignments = Assignment.objects.filter(resolution__item__in=items)
    return [*assignments, *Resolution.objects.filter(item__in=items), *items[:-1]]


def require_removable(meeting: Meeting, parts: Collection[MeetingPart]) -> None:
    """Raises ValidationError for what stays: adopted minutes, answered or closed work, what later meetings found."""
    agenda.require_open(meeting)
    asked = [part for part in parts if isinstance(part, Assignment)]
    if asked and Answer.objects.filter(assignment__in=asked).exists():
        raise ValidationError(
            _("An agency has answered an assignment here, so it stays. Close the assignment instead.")
        )
    found = FollowUp.objects.filter(assignment__in=asked, meeting__phase__in=AFTER)
    if any(part.state == AssignmentState.CLOSED for part in asked) or found.exists():
        raise ValidationError(
            _("An assignment here is closed or came before a later meeting, so it stays. Close the assignment instead.")
        )
    items = [part for part in parts if isinstance(part, AgendaItem)]
    if FollowUp.objects.filter(item__in=items).exists():
        raise ValidationError(_("Open matters of earlier meetings stand here, so it stays on the agenda."))


@transaction.atomic
def remove_part(part: MeetingPart, *, by: User, along: int = 0, version: int | None = None) -> None:
    """Takes a part out with what stands under it; `along` is how many rows the person knows to go with it.

    Refused when more or less goes along by now, when an agency has answered an assignment among them, and when open
    matters of earlier meetings stand there.
    """
    require_desk(by)
    followups.hold_series(part.meeting)
    meeting = hold(part.meeting)
    held = hold(part, version)
    rows = goes_along(held)
    if len(rows) != along:
        raise ValidationError(
            _("What stands under it has changed. Read again what goes with it, then remove it."), code="moment"
        )
    require_removable(meeting, [*rows, held])
    for gone in [*rows, held]:
        if isinstance(gone, Assignment) and gone.given_on:
            notices.tell("assignment_withdrawn", gone, by=by)
    drop(held, "remove", by=by)
    agenda.renumber(meeting)
    followups.carry_on(meeting.series, by=by)
