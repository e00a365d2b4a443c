"""Calendar files (iCalendar, RFC 5545): events for the programs that people keep their days in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.utils.encoding import iri_to_uri
from icalendar import Calendar, Timezone, TimezoneStandard, vDuration, vText
from icalendar import Event as Component

from govlab.thai import BANGKOK

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//OPDC//GovLab//TH"
REFRESH = timedelta(hours=6)
"""How often a program that follows a feed should ask again."""
DAY = timedelta(days=1)

# What is no text: control characters but for those that end a line, marks that turn the direction of reading around,
# halves of characters.
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Event:
    """What stands in a calendar: from a moment (an aware datetime) to another, or whole days, the last one included.

    A moment without an end, or with one that does not lie after it, says when it starts and no more; a day without one
    is one day.
    """

    uid: str
    title: str
    starts: date | datetime
    ends: date | datetime | None = None
    place: str = ""
    url: str = ""
    description: str = ""
    cancelled: bool = False
    changed_at: datetime | None = None
    version: int = 0


class Text(vText):
    """A text as the standard escapes it; the library would turn a typed \\N into a new line."""

    def to_ical(self) -> bytes:
        """The text on one line, in UTF-8."""
        escaped = re.sub(r"([\\;,])", r"\\\1", self).replace("\n", r"\n")
        return escaped.encode()


def _text(typed: str) -> Text:
    """What people typed, of several lines; nothing in it is more than text."""
    return Text("\n".join(_NO_TEXT.sub("", typed).splitlines()).strip())


def _line(typed: str) -> Text:
    """What people typed, on one line."""
    return Text(" ".join(_NO_TEXT.sub("", typed).split()))


def _utc(moment: datetime) -> datetime:
    """The moment in UTC; raises ValueError where it does not say in which time zone it is."""
    if moment.utcoffset() is None:
        raise ValueError("A moment without a time zone has no place in a calendar.")
    return moment.astimezone(UTC)


def _span(event: Event) -> tuple[date, date | None]:
    """When it begins and when it is over, as the file says it: moments in UTC, or the first day and the one after.

    A moment whose end nobody knows has none.

    Raises ValueError where one is a day and the other a moment.
    """
    starts, ends = event.starts, event.ends
    if isinstance(starts, datetime):
        if ends is None:
            return _utc(starts), None
        if isinstance(ends, datetime):
            return _utc(starts), _utc(ends) if ends > starts else None
    elif not isinstance(ends, datetime):
        return starts, max(starts, ends or starts) + DAY
    raise ValueError("An event goes from a moment to a moment or from a day to a day.")


def _component(event: Event, now: datetime) -> Component:
    """The event as the library writes it."""
    starts, over = _span(event)
    changed = _utc(event.changed_at or now)
    component = Component()
    component.add("uid", _line(event.uid))
    component.add("dtstamp", changed)  # in a file without METHOD: when it was last revised
    component.add("last-modified", changed)
    component.add("sequence", event.version)
    component.add("dtstart", starts)
    if over:
        component.add("dtend", over)
    component.add("status", "CANCELLED" if event.cancelled else "CONFIRMED")
    component.add("summary", _line(event.title))
    for name, text in (("location", _line(event.place)), ("description", _text(event.description))):
        if text:
            component.add(name, text)
    if event.url:
        component.add("url", iri_to_uri(event.url))
    return component


def _bangkok() -> Timezone:
    """Thailand's time: what stands in a file without events, since the standard asks for something."""
    zone, standard = Timezone(), TimezoneStandard()
    zone.add("tzid", "Asia/Bangkok")
    standard.add("dtstart", datetime(1970, 1, 1))
    for name in ("tzoffsetfrom", "tzoffsetto"):
        standard.add(name, BANGKOK.utcoffset(None))
    zone.add_component(standard)
    return zone


def calendar(name: str, events: Iterable[Event], *, now: datetime) -> bytes:
    """The file: UTF-8, lines of at most 75 octets that end in CRLF; the same events give the same bytes.

    `now` dates the events that do not say when they changed. Raises ValueError for a moment without a time zone.
    """
    whole = Calendar()
    whole.add("version", "2.0")
    whole.add("prodid", PRODUCT)
    whole.add("calscale", "GREGORIAN")
    for called in ("name", "x-wr-calname"):  # RFC 7986, and what programs knew before it
        whole.add(called, _line(name))
    whole.add("x-wr-timezone", "Asia/Bangkok")
    whole.add("refresh-interval", vDuration(REFRESH), parameters={"value": "DURATION"})
    whole.add("x-published-ttl", vDuration(REFRESH))
    components = [_component(event, now) for event in events]
    for component in components or [_bangkok()]:
        whole.add_component(component)
    return whole.to_ical()
