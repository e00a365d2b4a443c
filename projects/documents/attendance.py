"""Who came to a meeting and who did not, as the minutes list them; addresses are never among it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from agencies.access import is_desk
from govlab.thai import pick
from projects.documents.sheets import Block, Heading, Paragraph, People, Person
from projects.models import Meeting, MeetingPerson, Presence, Takes


@dataclass(frozen=True)
class Groups:
    """The people of a meeting by how they took part."""

    came: list[MeetingPerson]
    away: list[MeetingPerson]
    others: list[MeetingPerson]
    unknown: list[MeetingPerson]


def groups(people: Iterable[MeetingPerson]) -> Groups:
    """Members who came, or somebody in their stead, at the member's place; members who did not; others; not stated.

    Where nobody's attendance was noted, as in a report about a meeting, those who are no members stand there because
    they took part.
    """
    rows = list(people)
    noted = any(row.presence for row in rows)
    place = {row.pk: at for at, row in enumerate(rows)}
    calls = [row for row in rows if row.part == Takes.MEMBER or row.stands_for_id]
    came = [row for row in calls if row.presence == Presence.PRESENT]
    came.sort(key=lambda row: (place.get(row.stands_for_id or row.pk, 0), place[row.pk]))
    stood_for = {row.stands_for_id for row in came}
    away = [
        row
        for row in calls
        if row.presence in (Presence.EXCUSED, Presence.ABSENT) and row.pk not in stood_for and not row.stands_for_id
    ]
    others = [row for row in rows if row not in calls and (row.presence == Presence.PRESENT or not noted)]
    shown = {row.pk for row in (*came, *away, *others)} | stood_for
    return Groups(came, away, others, [row for row in calls if not row.presence and row.pk not in shown])


def _person(row: MeetingPerson) -> Person:
    role, agency = pick(row, "role"), row.agency
    if agency and not any(name and name in role for name in (agency.short, pick(agency, "name"))):
        role = f"{role}\n{agency.short}" if role else pick(agency, "name")
    name = pick(row, "name")
    note = ""
    if row.stands_for:
        note = _("in the stead of %(name)s") % {"name": pick(row.stands_for, "name") or pick(row.stands_for, "role")}
    elif row.presence == Presence.EXCUSED:
        note = _("excused from the meeting")
    return Person(name or role, role if name else "", note)


def people_blocks(meeting: Meeting, person: Any) -> Iterator[Block]:
    """The lists of the minutes, in one query; a list that would be empty is left out, but who came is always said.

    Everybody reads who came, as on the meeting's page; staff also who did not.
    """
    rows = MeetingPerson.objects.visible_to(person).filter(meeting=meeting).select_related("agency", "stands_for")
    found = groups(rows.order_by("position", "pk"))
    if not found.came:
        yield Paragraph(_("No data yet"), "body", _("Members present"))
    staff = is_desk(person)
    for title, group in (
        (_("Members present"), found.came),
        (_("Members not present"), found.away if staff else []),
        (_("Also present"), found.others),
        (_("Members whose attendance is not stated"), found.unknown if staff else []),
    ):
        if group:
            yield Heading(title)
            yield People(tuple(_person(row) for row in group))
