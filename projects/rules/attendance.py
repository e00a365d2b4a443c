"""Who came to a meeting: noted for many at once; members of the series who are missing are brought in."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from govlab.thai import normalise
from projects.models import Meeting, MeetingPerson, Presence, SeriesMember, Takes
from projects.models.attendance import MOST_PEOPLE
from projects.rules import agenda, followups


@transaction.atomic
def mark(meeting: Meeting, *, by: User, presences: Mapping[int, str], known: Mapping[int, str] | None = None) -> int:
    """Notes for people of the meeting, by their numbers, whether they came; how many rows changed.

    `known` is what the person who says so had read. Raises ValidationError at the number of whoever was marked
    otherwise since, when the minutes are adopted, and when somebody present is stood in for.
    """
    require_desk(by)
    held = hold(meeting)
    agenda.require_open(held)
    changed = [row for row in held.people.all() if presences.get(row.pk, row.presence) != row.presence]
    behind = [row for row in changed if known is not None and known.get(row.pk, row.presence) != row.presence]
    if behind:
        raise ValidationError({str(row.pk): _marked_since(row) for row in behind})
    for row in changed:
        keep(hold(row), "mark", by=by, presence=presences[row.pk])
    doubled = MeetingPerson.objects.filter(
        meeting=held, presence=Presence.PRESENT, deputies__presence=Presence.PRESENT
    ).first()
    if doubled:
        sentence = _("%(name)s is present and stood in for at the same time. Correct one of the two.")
        raise ValidationError(sentence, params={"name": doubled})
    return len(changed)


def _marked_since(row: MeetingPerson) -> str:
    said = row.get_presence_display() if row.presence else _("Not noted")
    return _("Somebody else marked this meanwhile: %(presence)s. Save again if yours is right.") % {"presence": said}


def _named(row: MeetingPerson | SeriesMember) -> set[str]:
    """By what a person is known: by a name, or by the role where there is none."""
    names = {normalise(name) for name in (row.name_th, row.name_en) if name}
    return names or {normalise(row.role_th or row.role_en)}


def missing_members(meeting: Meeting) -> list[SeriesMember]:
    """The members of the series who are not among the people of the meeting, in whatever part; two queries."""
    if meeting.series_id is None:
        return []
    there = [_named(row) for row in meeting.people.all()]
    members = SeriesMember.objects.filter(series=meeting.series_id).select_related("agency")
    return [member for member in members if not any(_named(member) & names for names in there)]


@transaction.atomic
def bring_members(meeting: Meeting, *, by: User) -> int:
    """Puts the members of the series who are missing among the people of the meeting; how many there were.

    Raises ValidationError when the minutes are adopted, and when they would be too many.
    """
    require_desk(by)
    followups.hold_series(meeting)
    held = hold(meeting)
    agenda.require_open(held)
    missing = missing_members(held)
    if held.people.count() + len(missing) > MOST_PEOPLE:
        raise ValidationError(_("A meeting holds at most %(most)d people."), params={"most": MOST_PEOPLE})
    last = held.people.order_by("-position").values_list("position", flat=True).first() or 0
    for position, member in enumerate(missing, start=last + 1):
        person = MeetingPerson(meeting=held, agency=member.agency, position=position, part=Takes.MEMBER)
        copied = {name: getattr(member, name) for name in ("name_th", "name_en", "role_th", "role_en", "email")}
        keep(person, "add", by=by, **copied)
    return len(missing)
