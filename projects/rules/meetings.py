"""Meetings and their parts, from people to assignments: staff add, edit and remove them."""

from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import drop, hold, keep
from govlab.thai import arabic_digits
from projects.models import AgendaItem, Answer, Assignment, Meeting, Resolution
from projects.models.meetings import MeetingPart
from projects.rules import notices, publishing

T = TypeVar("T", bound=MeetingPart)


def _same_meeting(part: Any, answers: dict[str, Any]) -> None:
    """What a part stands under belongs to the same meeting, and nothing stands under itself."""
    for name in ("parent", "item", "resolution"):
        above = answers.get(name)
        if above is not None and above.meeting_id != part.meeting_id:
            raise ValidationError({name: _("This belongs to another meeting.")})
    above = answers.get("parent")
    while above is not None:
        if above.pk == part.pk:
            raise ValidationError({"parent": _("An item cannot stand under itself.")})
        above = above.parent


def _plain_number(answers: dict[str, Any]) -> dict[str, Any]:
    """๑.๒ and 1.2 are the same number."""
    if "number" in answers:
        answers["number"] = "".join(arabic_digits(answers["number"]).split())
    return answers


@transaction.atomic
def add_part(model: type[T], *, by: User, meeting: Meeting, **answers: Any) -> T:
    """Adds a part at the end of its kind."""
    require_desk(by)
    meeting = hold(meeting)  # two at once would get the same place
    part = model(meeting=meeting)
    _same_meeting(part, answers)
    rows: Any = model._default_manager
    last = rows.filter(meeting=meeting).order_by("-position").values_list("position", flat=True).first()
    part = keep(part, "add", by=by, **{"position": (last or 0) + 1, **_plain_number(answers)})
    notices.assigned(part, by=by)
    return part


@transaction.atomic
def edit_part(part: T, *, by: User, version: int, verb: str = "edit", **answers: Any) -> T:
    """Changes a part of a meeting; raises Stale when somebody else saved it since."""
    require_desk(by)
    held = hold(part, version)
    _same_meeting(held, answers)
    held = keep(held, verb, by=by, **_plain_number(answers))
    notices.assigned(held, by=by)
    return held


def goes_along(part: MeetingPart) -> list[MeetingPart]:
    """What is removed together with the part, from the outermost leaf inwards; three queries at most."""
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


def _refuse_answered(parts: list[MeetingPart]) -> None:
    """What an agency has answered stays."""
    asked = [part for part in parts if isinstance(part, Assignment)]
    if asked and Answer.objects.filter(assignment__in=asked).exists():
        raise ValidationError(
            _("An agency has answered an assignment here, so it stays. Close the assignment instead.")
        )


@transaction.atomic
def remove_part(part: MeetingPart, *, by: User, along: int = 0) -> None:
    """Takes a part out with what stands under it; `along` is how many rows the person knows to go with it.

    Refused when more or less goes along by now, and when an agency has answered an assignment among them.
    """
    require_desk(by)
    held = hold(part)
    rows = goes_along(held)
    if len(rows) != along:
        raise ValidationError(
            _("What stands under it has changed. Read again what goes with it, then remove it."), code="moment"
        )
    _refuse_answered([*rows, held])
    drop(held, "remove", by=by)


@transaction.atomic
def remove(meeting: Meeting, *, by: User) -> None:
    """Takes a draft meeting out with all its parts."""
    require_desk(by)
    held = hold(meeting)
    publishing.require_draft(held)
    _refuse_answered(list(held.assignments.all()))
    publishing.remove(held, by=by)
