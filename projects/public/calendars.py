"""Meetings as calendar files: one meeting, the public feed of a series, the private feed of its members."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from agencies.doors import PublicDoor
from govlab.thai import BANGKOK, pick
from projects.documents.calendars import CONTENT_TYPE, Event, calendar
from projects.models import Meeting, MeetingSeries, MeetingSession, Phase, PublishState

MOST = 200
"""Meetings in a feed, the latest ones: programs fetch the whole of it again and again."""


def uid_of(thing: str) -> str:
    """A name that no other portal gives to anything."""
    return f"{thing}@{urlsplit(settings.PORTAL_URL).hostname}"


def at(day: date | None, hour: time | None) -> datetime | None:
    """This time of the day in Thailand, where both are known."""
    return datetime.combine(day, hour, BANGKOK) if day and hour else None


def bare_event(meeting: Meeting) -> Event:
    """What it is, when and where: hours if it takes one day and they are known, else whole days."""
    begins = at(meeting.starts_on, meeting.starts_at) if meeting.last_day == meeting.starts_on else None
    return Event(
        uid=uid_of(meeting.key),
        title=f"{meeting.series} {meeting}" if meeting.series else str(meeting),
        starts=begins or meeting.starts_on,
        ends=at(meeting.starts_on, meeting.ends_at) if begins else meeting.last_day,
        place=pick(meeting, "place"),
        description=_("Demonstration data") if meeting.demo else "",
        changed_at=meeting.updated_at,
        version=meeting.version,
    )


def public_event(meeting: Meeting, request: HttpRequest) -> Event:
    """The same with the address of its page."""
    page = request.build_absolute_uri(reverse("public:meeting-detail", args=[meeting.key]))
    return replace(bare_event(meeting), url=page)


def session_event(session: MeetingSession, whole: Event) -> Event:
    """A session of a conference; what is not known of it is as with the whole."""
    return replace(
        whole,
        uid=uid_of(f"session-{session.pk}"),
        title=f"{session} ({whole.title})",
        starts=at(session.day, session.starts_at) or whole.starts,
        ends=at(session.day, session.ends_at),
        place=", ".join(filter(None, (pick(session, "place"), whole.place))),
        changed_at=session.updated_at,
        version=session.version,
    )


def file_of(name: str, events: Iterable[Event], filename: str) -> HttpResponse:
    """The answer of all doors here.

    It has no Last-Modified: a meeting that is taken out changes the file and makes nothing younger. The ETag tells.
    """
    response = HttpResponse(calendar(name, events, now=timezone.now()), content_type=CONTENT_TYPE)
    response["Content-Disposition"] = content_disposition_header(True, f"{filename}.ics") or ""
    return response


def latest(meetings: QuerySet[Meeting], series: MeetingSeries) -> QuerySet[Meeting]:
    """What a feed of the series holds of them: what people were invited to, and never what is still being prepared."""
    called = meetings.filter(series=series).exclude(phase=Phase.PLANNED)
    return called.select_related("series").order_by("-starts_on", "key")[:MOST]


class MeetingCalendar(PublicDoor):
    """One meeting for a visitor's calendar; of a conference of several days the sessions, too."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The file; 404 for a meeting that a visitor may not see."""
        meeting = get_object_or_404(Meeting.objects.visible_to(self.person).select_related("series"), key=key)
        events = [whole := public_event(meeting, request)]
        if meeting.last_day != meeting.starts_on:
            sessions = MeetingSession.objects.visible_to(self.person).filter(meeting=meeting)
            timed = sessions.filter(day__isnull=False, starts_at__isnull=False).order_by("day", "starts_at", "pk")
            events += [session_event(session, whole) for session in timed]
        return file_of(whole.title, events, meeting.key)


class SeriesCalendar(PublicDoor):
    """The published meetings of a series, for calendars that ask for news by themselves."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The feed, empty while nothing of the series is public; 404 for a series that is not there."""
        series = get_object_or_404(MeetingSeries, key=key)
        meetings = latest(Meeting.objects.visible_to(self.person), series)
        return file_of(str(series), [public_event(meeting, request) for meeting in meetings], series.key)


class PrivateCalendar(PublicDoor):
    """The meetings of a series for its members, whose programs cannot log in: whoever has the address reads it.

    So it says what, when and where, and nothing else; whoever keeps the series can renew the address.
    """

    kept = False
    cache_control = "private, no-store"

    def get(self, request: HttpRequest, feed_key: str) -> HttpResponse:
        """The feed; what staff have hidden is not in it. 404 for an address that is none, or no more."""
        series = get_object_or_404(MeetingSeries, feed_key=feed_key)
        meetings = latest(Meeting.objects.exclude(state=PublishState.HIDDEN), series)
        response = file_of(str(series), map(bare_event, meetings), series.key)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response
