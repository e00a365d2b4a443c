"""How a meeting is called at the head of a document: its body and number, its day and time, its place."""

import re
from datetime import time

from django.utils.translation import gettext as _

from govlab.thai import format_date, format_range, format_time, known_language, pick
from projects.models import Meeting

BLANK = "." * 24
"""Room for the pen, where a letter needs what the portal does not know."""
LONGEST_BODY = 60
"""Characters of a body's name in the name of a file."""
_STANDS_APART = re.compile(r"[ก-ฮ]{1,4}\.|[^ก-๙]")
_ALREADY_SAID = ("ผ่าน", "ทาง", "ณ ")


def body_of(meeting: Meeting) -> str:
    """The body that meets, or the meeting's own title."""
    return pick(meeting.series, "name") if meeting.series else pick(meeting, "title")


def names(meeting: Meeting) -> list[str]:
    """The lines that name the meeting: its body with its number, its title, its theme."""
    numbered = str(meeting) if meeting.number and meeting.year else ""
    lines = [body_of(meeting), numbered, pick(meeting, "title") if meeting.series else "", pick(meeting, "theme")]
    return [line for line in lines if line]


def call(meeting: Meeting) -> str:
    """The meeting in a sentence: its body and its number."""
    return " ".join(names(meeting)[: 2 if meeting.number and meeting.year else 1])


def behind_thai(name: str) -> str:
    """The name as it follows a Thai word: with a space before it when it begins with an abbreviation or is not Thai."""
    return f" {name}" if _STANDS_APART.match(name) else name


def file_name(kind: str, meeting: Meeting) -> str:
    """What the file is called when it is saved, without its ending: its kind, its body and number, or its title."""
    if meeting.number and meeting.year:
        body = pick(meeting.series, "name")[:LONGEST_BODY].strip()
        return " ".join(text for text in (kind, body, f"{meeting.number}-{meeting.year}") if text)
    return f"{kind} {pick(meeting, 'title')[:80].strip()}"


def times(start: time | None, end: time | None = None) -> str:
    """From a time to a time; only the first where the second is not known, "" where neither is."""
    if not start:
        return ""
    if not end:
        return format_time(start)
    first = format_time(start)
    return f"{first.removesuffix(' น.')}–{format_time(end)}"


def days(meeting: Meeting) -> str:
    """The day with its weekday, or from the first day to the last."""
    if meeting.last_day == meeting.starts_on:
        return format_date(meeting.starts_on, "full")
    between = format_range(meeting.starts_on, meeting.ends_on)
    return f"วันที่ {between}" if known_language() == "th" else between


def day_and_time(meeting: Meeting, start: time | None, end: time | None = None) -> str:
    """The day, and the time where it is known."""
    if not start:
        return days(meeting)
    return _("%(day)s, %(time)s") % {"day": days(meeting), "time": times(start, end)}


def place_line(meeting: Meeting) -> str:
    """The place; in Thai behind ณ, unless the meeting was held over a medium (ผ่านสื่ออิเล็กทรอนิกส์)."""
    place = pick(meeting, "place")
    return f"ณ {place}" if place and known_language() == "th" and not place.startswith(_ALREADY_SAID) else place
