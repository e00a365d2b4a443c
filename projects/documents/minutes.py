"""The minutes of a meeting in the official form (form 11 of the regulation on correspondence).

Everybody gets what they may read on its page. What is not known stands there as not known; nothing is made up.
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.access import is_desk
from govlab.gather import Line, line
from govlab.thai import format_date, format_time, pick
from projects.documents.agenda import agenda_blocks
from projects.documents.attendance import people_blocks
from projects.documents.heads import BLANK, day_and_time, names, place_line
from projects.documents.sheets import Block, Digits, Heading, Paragraph, Sheet, Signature
from projects.models import Meeting, MeetingKind, Phase, PublishState
from projects.models.agenda import Agenda, agenda_of, beside


def minutes(meeting: Meeting, person: Any, *, digits: Digits = "arabic", language: str = "th") -> Sheet:
    """The minutes as this person may read them; as many queries for 500 items as for one."""
    with override(language):
        lines = beside(
            meeting,
            person,
            line(meeting.sessions.all(), "sessions", place="position", name_th="title_th", name_en="title_en"),
            line(meeting.points.all(), "points", place="position", name_th="text_th", name_en="text_en"),
        )
        agenda = agenda_of(meeting, person, lines, on=meeting.last_day)
        blocks = [
            *people_blocks(meeting, person),
            Paragraph(_time_of(meeting.began_at), "body", _("Meeting opened at")),
            *_listed(_("Sessions"), [pick(row, "name") for row in lines["sessions"]]),
            *_agenda(meeting, agenda, person),
            *_listed(_("Points of interest"), [pick(row, "name") for row in lines["points"]]),
            Paragraph(_time_of(meeting.ended_at), "body", _("Meeting closed at")),
            *_adoption(meeting, person),
            *_signatures(meeting, documented=bool(lines["sources"])),
            *_listed(_("Sources"), [_source(row) for row in lines["sources"]]),
        ]
        return Sheet(
            title=" ".join([_("Minutes of the meeting"), *names(meeting)[:2]]),
            day=meeting.starts_on,
            lines=tuple(_head(meeting, _standing(meeting, bool(lines["sources"])), demo=meeting.demo or agenda.demo)),
            blocks=tuple(blocks),
            language="en" if language == "en" else "th",
            digits=digits,
        )


def _standing(meeting: Meeting, documented: bool) -> str:
    """What these minutes are worth: adopted, put together from documents that others published, or a draft."""
    if meeting.phase == Phase.ADOPTED or (meeting.kind == MeetingKind.CONFERENCE and not documented):
        return ""
    return _("(Put together from published documents)") if documented else _("(Draft, not adopted yet)")


def _head(meeting: Meeting, standing: str, *, demo: bool) -> list[str]:
    when = _("Held on %(day)s") % {"day": day_and_time(meeting, meeting.starts_at)}
    lines = [_("Minutes of the meeting"), *names(meeting), when, place_line(meeting), standing]
    return [line for line in [*lines, _("Demonstration data") if demo else ""] if line]


def _source(row: Line) -> str:
    published = format_date(row.on, "long") if row.on else ""
    return ", ".join(text for text in (pick(row, "name"), pick(row, "more"), published, row.url) if text)


def _time_of(at: Any) -> str:
    return format_time(at) if at else _("No data yet")


def _listed(title: str, texts: list[str]) -> list[Block]:
    rows = [Paragraph(text, "numbered", f"{place}.") for place, text in enumerate(texts, start=1)]
    return [Heading(title), *rows] if rows else []


def _agenda(meeting: Meeting, agenda: Agenda, person: Any) -> Iterator[Block]:
    if agenda.items or agenda.asked:
        yield from agenda_blocks(meeting, agenda, person)
    elif meeting.kind == MeetingKind.COMMITTEE:
        yield Paragraph(_("No data yet"), "body", _("Agenda"))


def _adoption(meeting: Meeting, person: Any) -> Iterator[Block]:
    if not meeting.adopted_on:
        return
    day = {"day": format_date(meeting.adopted_on, "long")}
    later = meeting.adopted_in
    if later is None:
        yield Paragraph(_("These minutes were adopted by letter on %(day)s.") % day, "body")
    elif is_desk(person) or later.state == PublishState.PUBLISHED:
        sentence = _("These minutes were adopted at %(meeting)s on %(day)s.")
        yield Paragraph(sentence % {**day, "meeting": later}, "body")
    else:
        yield Paragraph(_("These minutes were adopted on %(day)s.") % day, "body")
    if meeting.adoption_note and is_desk(person):
        yield Paragraph(meeting.adoption_note, "body", _("Corrections and notes"))


def _signatures(meeting: Meeting, *, documented: bool) -> Iterator[Block]:
    """Who signs; who is not known, on a line for the pen, unless documents of others are what this comes from."""
    to_sign = meeting.kind != MeetingKind.CONFERENCE and not documented
    for name, role, label in (
        (meeting.minutes_by, meeting.minutes_by_role, _("Minutes taken by")),
        (meeting.checked_by, meeting.checked_by_role, _("Minutes checked by")),
    ):
        if name or to_sign:
            yield Signature(tuple(filter(None, [f"({name or BLANK * 2})", role, label])))
