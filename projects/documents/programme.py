"""The programme of a conference for print: day by day with times, sessions, rooms and speakers."""

from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from govlab.thai import format_date, pick
from projects.documents.heads import day_and_time, names, place_line, times
from projects.documents.sheets import Block, Digits, Heading, Paragraph, Sheet, Table
from projects.models import Meeting, MeetingPerson, MeetingSession


def programme(meeting: Meeting, person: Any, *, digits: Digits = "arabic", language: str = "th") -> Sheet:
    """The programme as this person may read it, in two queries."""
    with override(language):
        found = MeetingSession.objects.visible_to(person).filter(meeting=meeting).prefetch_related("speakers__agency")
        rows = sorted(found, key=_place_in_time)
        blocks: list[Block] = []
        for day, sessions in groupby(rows, key=lambda row: row.day):
            if day:
                blocks.append(Heading(format_date(day, "full")))
            blocks.append(_table(list(sessions)))
        when = day_and_time(meeting, meeting.starts_at, meeting.ends_at)
        lines = [_("Programme"), *names(meeting), when, place_line(meeting)]
        if meeting.demo or any(row.demo for row in rows):
            lines.append(_("Demonstration data"))
        return Sheet(
            title=" ".join([_("Programme"), *names(meeting)[:2]]),
            day=meeting.starts_on,
            lines=tuple(text for text in lines if text),
            blocks=tuple(blocks or [Paragraph(_("No data yet"), "centred")]),
            language="en" if language == "en" else "th",
            digits=digits,
        )


def _place_in_time(row: MeetingSession) -> tuple[date, bool, Any, int, int]:
    """By day and time; within a day those without a time stand last, in their order."""
    return row.day or date.max, row.starts_at is None, row.starts_at or "", row.position, row.pk


def _table(rows: list[MeetingSession]) -> Table:
    """The sessions of a day; columns that nothing is known for are left out."""
    columns: list[tuple[str, int, list[str]]] = [
        (_("Time"), 9, [times(row.starts_at, row.ends_at) for row in rows]),
        (_("Session"), 14, [pick(row, "title") for row in rows]),
        (_("Speakers"), 10, ["\n".join(map(_speaker, row.speakers.all())) for row in rows]),
        (_("Room"), 7, [pick(row, "place") for row in rows]),
    ]
    known = [column for column in columns if any(column[2])]
    return Table(
        head=tuple(head for head, _width, _texts in known),
        rows=tuple(zip(*(texts for _head, _width, texts in known), strict=True)),
        widths=tuple(width for _head, width, _texts in known),
    )


def _speaker(row: MeetingPerson) -> str:
    return " ".join(text for text in (pick(row, "name"), pick(row, "role")) if text)
