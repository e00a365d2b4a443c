"""What stays open comes back: each open assignment returns under the matters arising of the next meeting of its series.

    held meeting ──asks──▶ assignment ──not closed──▶ next meeting: follow-up ──not closed──▶ the next: follow-up ─▶ ...
                                │                              │
                                └───────────closed─────────────┴──close here──▶ closed

While a meeting is still to come its follow-ups come and go by themselves; once it is held they stay.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import drop, hold, keep
from projects.models import (
    AgendaItem,
    Assignment,
    FollowUp,
    ItemKind,
    Meeting,
    MeetingKind,
    MeetingPerson,
    MeetingSeries,
    Phase,
    Takes,
)
from projects.models.series import STANDING
from projects.rules import agenda, notices

LONG_AGO = timedelta(days=60)
"""A meeting that is entered so long after its day comes from documents: its agencies were told back then."""


def hold_series(meeting: Meeting | None, *more: MeetingSeries | None) -> None:
    """Locks the series of what is about to change, always before anything of it: so two verbs never wait in a ring."""
    found = {series.pk: series for series in (meeting and meeting.series, *more) if series}
    for _pk, series in sorted(found.items()):
        hold(series)


def begin(meeting: Meeting, *, by: User) -> None:
    """Puts the standing items and the members of the series into a new meeting, and who took the minutes last."""
    series: MeetingSeries | None = meeting.series
    items = [(each.kind, each.title_th, each.title_en) for each in series.standing_items.all()] if series else []
    if not items and meeting.kind == MeetingKind.COMMITTEE:
        items = list(STANDING)
    for position, (kind, title_th, title_en) in enumerate(items, start=1):
        _add_item(meeting, position, (kind, title_th, title_en), by)
    if series is None:
        return
    for member in series.members.all():
        copied = {name: getattr(member, name) for name in ("name_th", "name_en", "role_th", "role_en", "email")}
        person = MeetingPerson(meeting=meeting, agency=member.agency, position=member.position, part=Takes.MEMBER)
        keep(person, "add", by=by, **copied)
    before = Meeting.objects.earlier_than(meeting).exclude(minutes_by="", checked_by="").first()
    if before:
        names = ("minutes_by", "minutes_by_role", "checked_by", "checked_by_role")
        keep(meeting, "edit", by=by, **{name: getattr(before, name) for name in names})


def _add_item(meeting: Meeting, position: int, standing: tuple[str, str, str], by: User) -> AgendaItem:
    kind, title_th, title_en = standing
    item = AgendaItem(meeting=meeting, position=position, number=f"{position}", kind=kind)
    if kind == ItemKind.ADOPTION:
        waiting = Meeting.objects.earlier_than(meeting) if meeting.series_id else Meeting.objects.none()
        item.adopts = waiting.filter(phase__in=[Phase.HELD, Phase.DRAFTED]).first()
    return keep(item, "add", by=by, title_th=title_th, title_en=title_en)


# --- asked, and asked again ------------------------------------------------------------------------------------------
def give(assignment: Assignment, *, by: User, now: datetime | None = None) -> None:
    """Tells the agencies what is asked of them, and from which day their time to contest it counts.

    Before the meeting was held nothing is asked of anybody.
    """
    if not assignment.meeting.took_place:
        return
    if assignment.given_on is None:
        today, day = timezone.localdate(now), assignment.meeting.last_day
        given_on = day if today - day > LONG_AGO else today
        keep(assignment, "give", by=by, now=now, moves_on=False, given_on=given_on)
    notices.assigned(assignment, by=by, now=now)


@transaction.atomic
def carry_on(
    series: MeetingSeries | None, *, by: User, into: Meeting | None = None, now: datetime | None = None
) -> None:
    """Brings the matters arising of the next meeting of the series in line with what is open; asking again is harmless.

    The next one is that which is being held (`into`), else the first whose day has not passed: one that never took
    place keeps nothing back. A later meeting gets the matters once the one before it was held. Call `hold_series`
    first.
    """
    if series is None:
        return
    coming = list(Meeting.objects.filter(series=series).to_come())
    if not coming:
        return
    today = timezone.localdate(now)
    still = [meeting for meeting in coming if meeting.last_day >= today] or coming
    following = hold(into or still[0])
    open_ones = (
        Assignment.objects.given()
        .unfinished()
        .filter(meeting__series=series)
        .order_by("meeting__starts_on", "meeting_id", "position", "pk")
    )
    there = FollowUp.objects.filter(meeting__in=coming)
    settled = there.exclude(meeting=following) | there.exclude(assignment__in=open_ones)
    for row in settled.distinct():
        drop(row, "carry_on", by=by)
    new = open_ones.exclude(pk__in=FollowUp.objects.filter(meeting=following).values("assignment"))
    for assignment in new:
        _follow(following, assignment, by)


def leave(meeting: Meeting, *, by: User) -> None:
    """A meeting that leaves its series before it was held leaves the matters of the series behind."""
    if not meeting.took_place:
        for row in meeting.follow_ups.all():
            drop(row, "carry_on", by=by)


def _follow(meeting: Meeting, assignment: Assignment, by: User) -> None:
    item = AgendaItem.objects.filter(meeting=meeting, kind=ItemKind.ARISING).first()
    if item is None:
        standing = next(each for each in STANDING if each[0] == ItemKind.ARISING)
        last = AgendaItem.objects.filter(meeting=meeting, parent=None).count()
        item = _add_item(meeting, last + 1, standing, by)
    last_place: int = FollowUp.objects.filter(item=item).aggregate(last=Max("position"))["last"] or 0
    row = FollowUp(meeting=meeting, item=item, assignment=assignment, position=last_place + 1)
    keep(row, "carry_on", by=by)


def settle(meeting: Meeting, *, by: User) -> None:
    """Notes how each matter stood when the meeting was held."""
    for row in meeting.follow_ups.select_related("assignment"):
        asked = row.assignment
        keep(row, "hold", by=by, was=asked.state, was_due_on=asked.due_on, was_percent=asked.percent)


@transaction.atomic
def note(follow_up: FollowUp, *, by: User, version: int, note: str) -> FollowUp:
    """Staff write what the meeting said about an open matter."""
    require_desk(by)
    meeting = hold(follow_up.meeting)
    held = hold(follow_up, version)
    agenda.require_open(meeting)
    require_held(meeting)
    return keep(held, "note", by=by, note=note.strip())


def require_held(meeting: Meeting) -> None:
    """Raises ValidationError before the meeting was held."""
    if not meeting.took_place:
        raise ValidationError(_("Say first that the meeting was held."), code="moment")


def open_at(meeting: Meeting) -> Any:
    """The follow-ups of a meeting with what a page says about each, in their order."""
    return meeting.follow_ups.select_related(
        "assignment__meeting__series", "assignment__resolution", "assignment__agency", "assignment__closed_in"
    )
