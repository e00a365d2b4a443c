"""A conference's programme and the people of a meeting, from the lines that were found beside the meeting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from itertools import groupby
from typing import Any

from django.db.models import QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from govlab.gather import TITLE, Line, line, short_name, under
from projects.documents.heads import times
from projects.models import Meeting, MeetingKind, MeetingPerson, MeetingPoint, MeetingSession, Presence, Takes
from projects.models.countries import country_name

NAMES = {"name_th": "name_th", "name_en": "name_en", "more_th": "role_th", "more_en": "role_en"}


@dataclass(frozen=True)
class Someone:
    """A person as printed: names (`name`) and role (`more`) of the line, the agency, in whose stead they came."""

    line: Line
    agency: Line | None
    instead_of: Line | None = None

    @property
    def also_written(self) -> str:
        """Another spelling in the documents."""
        return self.line.url


@dataclass(frozen=True)
class Point:
    """A point that came up, and the country it comes from, by name."""

    line: Line
    country: str


@dataclass(frozen=True)
class Session:
    """A session: title (`name`) and room (`more`) of the line, when, who speaks, what came up."""

    line: Line
    hours: str
    speakers: list[Someone]
    points: list[Point]


def lines_of(meeting: Meeting, person: Any) -> list[QuerySet[Any]]:
    """What `projects.models.agenda.beside` finds along with the rest, in its one query."""
    sessions = MeetingSession.objects.visible_to(person).filter(meeting=meeting)
    points = MeetingPoint.objects.visible_to(person).filter(meeting=meeting)
    people = MeetingPerson.objects.visible_to(person).filter(meeting=meeting)
    speakers: QuerySet[Any] = MeetingSession.speakers.through._default_manager.filter(meetingsession__in=sessions)
    speaker = {name: f"meetingperson__{column}" for name, column in NAMES.items()}
    instead = {name: f"stands_for__{column}" for name, column in NAMES.items()}
    begins, ends = (Coalesce(Cast(hour, TextField()), Value("")) for hour in ("starts_at", "ends_at"))
    hours = {"on": "day", "url": begins, "sort": ends}
    room = {"more_th": "place_th", "more_en": "place_en"}
    return [
        line(sessions, "sessions", under="pk", place="position", **TITLE, **room, **hours),
        line(
            speakers,
            "speakers",
            under="meetingsession_id",
            key="meetingperson_id",
            demo="meetingperson__demo",
            place="meetingperson__position",
            **speaker,
        ),
        line(
            points, "points", under="session_id", key="country", place="position", name_th="text_th", name_en="text_en"
        ),
        line(people, "people", under="pk", key="part", url="also_written", sort="presence", place="position", **NAMES),
        line(
            people.filter(agency__isnull=False),
            "agencies",
            under="pk",
            **{**short_name("agency__"), "sort": "agency__key"},
        ),
        line(people.filter(stands_for__isnull=False), "instead_of", under="pk", key="stands_for_id", **instead),
    ]


def days_of(lines: Mapping[str, list[Line]]) -> list[tuple[date | None, list[Session]]]:
    """The sessions by day and time; those without a day stand last, and within a day those without a time."""
    agencies = {row.under: row for row in lines["agencies"]}
    speakers, points = under(lines["speakers"]), under(lines["points"])
    found = [
        Session(
            row,
            times(_clock(row.url), _clock(row.sort)),
            [Someone(each._replace(url=""), agencies.get(int(each.key))) for each in speakers.get(row.under or 0, [])],
            points_of(points.get(row.under or 0, [])),
        )
        for row in sorted(lines["sessions"], key=lambda row: (row.on or date.max, not row.url, row.url, row.place))
    ]
    return [(day, list(rows)) for day, rows in groupby(found, key=lambda session: session.line.on)]


def _clock(stored: str) -> time | None:
    """A time that came as text."""
    return time.fromisoformat(stored) if stored else None


def points_of(lines: Iterable[Line]) -> list[Point]:
    """Points with the name of their country."""
    return [Point(row, country_name(row.key) if row.key else "") for row in lines]


def people_of(meeting: Meeting, lines: Mapping[str, list[Line]]) -> list[tuple[str, list[Someone]]]:
    """Who came, under the headings of the minutes, at a conference by the part they took; before it only who speaks.

    Where nobody's attendance was noted, the people that the documents name are those who came.
    """
    rows = lines["people"]
    noted = any(row.sort for row in rows)
    if not meeting.took_place:
        rows = [row for row in rows if row.key == Takes.SPEAKER]
    elif noted:
        rows = [row for row in rows if row.sort == Presence.PRESENT]
    agencies, instead = ({row.under: row for row in lines[name]} for name in ("agencies", "instead_of"))
    found = [Someone(row, agencies.get(row.under), instead.get(row.under)) for row in rows]
    if meeting.kind == MeetingKind.CONFERENCE or not meeting.took_place:
        parts = [(str(part.label), [one for one in found if one.line.key == part]) for part in Takes]
    else:
        seats = {row.under: at for at, row in enumerate(lines["people"])}
        members = [one for one in found if one.line.key == Takes.MEMBER or one.instead_of]
        members.sort(key=lambda one: seats.get(int(one.instead_of.key) if one.instead_of else one.line.under, 0))
        others = [one for one in found if one not in members]
        parts = [(_("Members present") if noted else str(Takes.MEMBER.label), members), (_("Also present"), others)]
    return [(title, people) for title, people in parts if people]
