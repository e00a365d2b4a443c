"""The working page of a meeting: how far it is, the one thing to do next, and everything that it holds."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from govlab.gather import Line, line
from govlab.thai import format_date, format_time
from projects.desk.followups import asked_in, came_up
from projects.desk.meetings import MeetingDoor
from projects.models import Meeting, MeetingKind, MeetingPerson, MeetingSession, Phase, PublishState, Takes
from projects.models.agenda import Agenda, Item, agenda_of, beside
from projects.models.attendance import quorum
from projects.models.countries import country_name
from projects.rules import phases, publishing

LONG = 20
"""A list of people longer than this is folded up."""
VERBS = {
    "invite": _("Send the invitation"),
    "call_off": _("Call the meeting off"),
    "hold": _("Say that it was held"),
    "finish": _("Say that the minutes are complete"),
    "adopt": _("Adopt the minutes"),
    "reopen": _("Open the minutes again"),
    "publish": _("Publish it"),
    "hide": _("Hide it from the public"),
}
PREPARING = ("agenda", "programme", "people")
"""What comes before the invitation; no steps of the rules."""
POSTED = ("publish", "hide")
"""What a button does at once; the others first lead to a page that says what happens."""
STEP_OF = {Phase.INVITED: "invite", Phase.HELD: "hold", Phase.DRAFTED: "finish", Phase.ADOPTED: "adopt"}


# --- how far it is ---------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Mark:
    """One phase on the track: `done`, `now`, `open`, or `unknown` for one that nobody noted."""

    label: Any
    state: str
    on: date | None = None


def days_of(meeting: Meeting) -> dict[str, datetime]:
    """When each step of the meeting was taken last, by its verb; one query."""
    rows = meeting.history.filter(history_change_reason__in=VERBS).order_by("history_date", "history_id")
    return dict(rows.values_list("history_change_reason", "history_date"))


def track(meeting: Meeting, taken: dict[str, datetime]) -> list[Mark]:
    """The phases from the preparation to the publishing; a conference has no minutes to adopt."""
    marks = []
    listed = [Phase.PLANNED, Phase.INVITED, Phase.HELD]
    listed += [] if meeting.kind == MeetingKind.CONFERENCE else [Phase.DRAFTED, Phase.ADOPTED]
    place = listed.index(Phase(meeting.phase)) if meeting.phase in listed else len(listed) - 1
    for number, phase in enumerate(listed):
        at = taken.get(STEP_OF.get(phase, ""))
        on = timezone.localdate(at) if at else None
        state = "done" if number < place else "now" if number == place else "open"
        if phase == Phase.INVITED and state == "done" and on is None:
            state = "unknown"
        if phase == Phase.HELD:
            on = meeting.last_day
        elif phase == Phase.ADOPTED:
            on = meeting.adopted_on
        elif state == "open":
            on = None
        marks.append(Mark(phase.label, state, on))
    published = meeting.state == PublishState.PUBLISHED
    at = taken.get("publish") if published else None
    return [*marks, Mark(_("Published"), "done" if published else "open", timezone.localdate(at) if at else None)]


# --- what to do next -------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Do:
    """Something to do about the meeting: what it says, where it leads, and whether it is a button that posts."""

    label: Any
    url: str
    posts: bool = False


@dataclass(frozen=True)
class Next:
    """What needs doing: a sentence, the one main thing if there is one, and what else can be done."""

    sentence: str
    main: Do | None
    others: list[Do]


def every(items: Iterable[Item]) -> Iterator[Item]:
    """Every item of the tree."""
    for row in items:
        yield row
        yield from every(row.items)


SENTENCES = {
    "programme": _("Put together the programme, then send the invitation."),
    "people": _("Say who is called to the meeting, then send the invitation."),
    "agenda": _("Put together the agenda, then send the invitation."),
    "invite": _("When the agenda stands, send the invitation."),
    "wait": _("Everybody is invited. It takes place on %(day)s; after that, say that it was held."),
    "hold": _("Its day has come. Say that it was held, then write what was said and resolved."),
    "write": _("Write the minutes, one agenda item after another."),
    "finish": _("When everything is written, say that the minutes are complete."),
    "adopt": _("The minutes wait to be adopted, by the next meeting or by letter."),
    "publish": _("Publish it, so that everybody can read what is shown of it."),
    "shown": _("Everybody can read what is shown of it."),
}
"""What comes next, in a sentence."""


def next_of(meeting: Meeting, verbs: list[str], agenda: Agenda, *, programme: bool, people: bool, on: date) -> Next:
    """The one next step of the meeting on this day, of the `verbs` that may be used; the rest stands beside it."""
    thought = _thought(meeting, agenda, on, programme=programme, people=people)
    left = [verb for verb in verbs if verb != thought]
    if on < meeting.starts_on and "hold" in left:
        left.remove("hold")  # it would be refused
    if "invite" in left and (meeting.last_day < on or thought in PREPARING):
        left.remove("invite")
    sentence = str(SENTENCES[thought]) % {"day": format_date(meeting.starts_on, "long")}
    main = _do(meeting, thought, agenda) if thought in (*verbs, *PREPARING, "write") else None
    return Next(sentence, main, [_do(meeting, verb, agenda) for verb in left])


def _thought(meeting: Meeting, agenda: Agenda, on: date, *, programme: bool, people: bool) -> str:
    """What comes next, by its name in SENTENCES."""
    if not meeting.took_place and on < meeting.starts_on:
        return _to_prepare(meeting, agenda, programme, people) if meeting.phase == Phase.PLANNED else "wait"
    if not meeting.took_place:
        return "hold"
    if meeting.phase == Phase.HELD and meeting.kind != MeetingKind.CONFERENCE:
        return "finish" if any(row.item.discussion or row.decided for row in every(agenda.items)) else "write"
    if meeting.phase == Phase.DRAFTED:
        return "adopt"
    return "shown" if meeting.state == PublishState.PUBLISHED else "publish"


def _to_prepare(meeting: Meeting, agenda: Agenda, programme: bool, people: bool) -> str:
    """What a meeting still lacks before its invitation goes out."""
    if not agenda.items and not programme:
        return "programme" if meeting.kind == MeetingKind.CONFERENCE else "agenda"
    return "invite" if people else "people"


def _do(meeting: Meeting, verb: str, agenda: Agenda) -> Do:
    """The thing to do as a link or a button."""
    if verb == "agenda" or (verb == "write" and not agenda.items):
        return Do(_("Arrange the agenda"), reverse("desk:meeting-agenda", args=[meeting.key]))
    if verb == "programme":
        return Do(_("Add a session"), reverse("desk:meeting-part-add", args=[meeting.key, "sessions"]))
    if verb == "people":
        return Do(_("Add somebody"), reverse("desk:meeting-part-add", args=[meeting.key, "people"]))
    if verb == "write":
        return Do(_("Write the minutes"), reverse("desk:meeting-item", args=[meeting.key, agenda.items[0].item.pk]))
    url = reverse(f"desk:meeting-{verb.replace('_', '-')}", args=[meeting.key])
    return Do(VERBS[verb], url, verb in POSTED)


# --- who and when ----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class People:
    """Those who take one part in the meeting, and in whose stead they came."""

    part: str
    label: Any
    rows: list[tuple[MeetingPerson, MeetingPerson | None]]

    @property
    def folded(self) -> bool:
        """Whether the list is long."""
        return len(self.rows) > LONG


PARTS = {Takes.MEMBER: _("Members"), Takes.OBSERVER: _("Participants"), Takes.SPEAKER: _("Speakers")}


def hours_of(*times: time | None) -> str:
    """13.30–15.40 น.: the unit once."""
    return "–".join(format_time(at) for at in times if at).replace(" น.–", "–")


def by_part(people: list[MeetingPerson]) -> list[People]:
    """The people by the part they take, without a part that nobody takes."""
    known = {row.pk: row for row in people}
    rows: dict[str, list[tuple[MeetingPerson, MeetingPerson | None]]] = defaultdict(list)
    for row in people:
        rows[row.part].append((row, known.get(row.stands_for_id or 0)))
    return [People(part, label, rows[part]) for part, label in PARTS.items() if rows[part]]


@dataclass(frozen=True)
class Day:
    """The sessions of one day of a conference, each with when it is and who speaks."""

    on: date | None
    rows: list[tuple[MeetingSession, str, list[MeetingPerson]]]


def programme_of(meeting: Meeting, people: list[MeetingPerson], speakers: list[Line]) -> list[Day]:
    """The sessions by day, each day by the clock; those without a day last."""
    known = {str(row.pk): row for row in people}
    speaking: dict[int, list[MeetingPerson]] = defaultdict(list)
    for each in speakers:
        if each.key in known:
            speaking[each.under or 0].append(known[each.key])
    days: dict[date | None, list[tuple[MeetingSession, str, list[MeetingPerson]]]] = defaultdict(list)
    ordered = sorted(
        meeting.sessions.all(),
        key=lambda row: (row.day or date.max, row.starts_at is None, str(row.starts_at or ""), row.position, row.pk),
    )
    for row in ordered:
        hours = hours_of(row.starts_at, row.ends_at)
        days[row.day].append((row, hours, speaking[row.pk]))
    return [Day(on, rows) for on, rows in days.items()]


class MeetingDetail(MeetingDoor):
    """The working page of a meeting: everything it holds, with a way to add, edit and remove at its place."""

    def found(self) -> Meeting:
        """The meeting, with where its minutes were adopted."""
        rows = Meeting.objects.visible_to(self.person).select_related("series", "adopted_in__series")
        return get_object_or_404(rows, key=self.kwargs["key"])

    def verbs(self, meeting: Meeting) -> list[str]:
        """What may be done about it now."""
        verbs = phases.open_steps(self.person, meeting) + publishing.open_steps(self.person, meeting)
        try:
            publishing.require_adopted(meeting)
        except ValidationError:
            verbs.remove("publish")
        return verbs

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page; fifteen queries at most, however long the agenda."""
        meeting, today = self.found(), timezone.localdate()
        through: Any = MeetingSession.speakers.through
        speakers = through._default_manager.filter(meetingsession__meeting=meeting)
        lines = beside(
            meeting,
            self.person,
            line(speakers, "speakers", under="meetingsession_id", key="meetingperson_id", demo=None),
        )
        agenda = agenda_of(meeting, self.person, lines, on=today)
        came_up(asked_in(agenda))
        people = list(meeting.people.select_related("agency"))
        days = programme_of(meeting, people, lines["speakers"])
        points = [(point, country_name(point.country)) for point in meeting.points.select_related("session")]
        context = {
            "meeting": meeting,
            "hours": hours_of(meeting.starts_at, meeting.ends_at),
            "track": track(meeting, days_of(meeting)),
            "next": next_of(meeting, self.verbs(meeting), agenda, programme=bool(days), people=bool(people), on=today),
            "open": meeting.phase != Phase.ADOPTED,
            "agenda": agenda,
            "people": by_part(people),
            "count": quorum(people, meeting.series.quorum if meeting.series else None),
            "programme": days,
            "points": points,
            "conference": meeting.kind == MeetingKind.CONFERENCE or days or points,
            "hosts": lines["hosts"],
            "projects": lines["projects"],
            "sources": lines["sources"],
            "crumbs": [(reverse("desk:meeting-list"), _("Meetings")), ("", meeting)],
        }
        return render(request, "desk/meetings/detail.html", context)
