"""The letter that invites to a meeting (หนังสือภายนอก), with the agenda as its enclosure on a page of its own.

The office prints it on paper with the garuda, so the letter leaves its place free; where the portal does not know a
number, a date or who signs, there are dots.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from govlab.thai import format_date, known_language, pick
from projects.documents.agenda import back_blocks, item_heading, presented
from projects.documents.heads import BLANK, behind_thai, call, day_and_time, names, place_line
from projects.documents.sheets import (
    Block,
    Digits,
    Gap,
    PageBreak,
    Paragraph,
    Sheet,
    Sides,
    Signature,
)
from projects.models import Meeting, MeetingPerson
from projects.models.agenda import Item, agenda_of, beside

ADDRESS = "." * 40
"""Room for the address below the office's name."""
ASKED = {
    (True, True): gettext_lazy(
        "You are kindly asked to attend the meeting on the day, at the time and the place named above."
    ),
    (True, False): gettext_lazy("You are kindly asked to attend the meeting on the day and at the time named above."),
    (False, True): gettext_lazy("You are kindly asked to attend the meeting on the day and at the place named above."),
    (False, False): gettext_lazy("You are kindly asked to attend the meeting on the day named above."),
}
"""The sentence that asks, by whether the letter names a time and a place."""
GARUDA = 22
"""Millimetres below the upper margin that the garuda takes."""


def invitation(
    meeting: Meeting,
    person: Any,
    *,
    to: MeetingPerson | None = None,
    digits: Digits = "thai",
    language: str = "th",
) -> Sheet:
    """The letter to everybody who is called, or to one of them."""
    with override(language):
        lines = beside(meeting, person)
        hosts = [pick(host, "name") for host in meeting.hosts.order_by("sort_key")] or [
            _("Office of the Public Sector Development Commission")
        ]
        agenda = agenda_of(meeting, person, lines, on=meeting.starts_on)
        demo = [Paragraph(_("Demonstration data"), "title")] if meeting.demo or agenda.demo else []
        blocks: list[Block] = [*demo, *_letter(meeting, hosts, to, enclosed=bool(agenda.items))]
        if agenda.items:
            blocks += [PageBreak(), *_enclosure_head(meeting), *demo]
            for row in agenda.items:
                blocks += _item(row, 1, person)
        return Sheet(
            title=_subject(meeting),
            day=meeting.letter_on or meeting.starts_on,
            blocks=tuple(blocks),
            language="en" if language == "en" else "th",
            digits=digits,
        )


def _letter(meeting: Meeting, hosts: list[str], to: MeetingPerson | None, *, enclosed: bool) -> Iterator[Block]:
    yield Gap(GARUDA)
    yield Sides(_("No. %(number)s") % {"number": meeting.letter_number or BLANK}, "\n".join([*hosts, ADDRESS]))
    yield Paragraph(format_date(meeting.letter_on, "long") if meeting.letter_on else BLANK, "centred")
    yield Paragraph(_subject(meeting), "labelled", _("Subject"))
    yield Paragraph(_addressee(meeting, to), "labelled", _("Dear"))
    if enclosed:
        yield Paragraph(_("The agenda of the meeting, 1 copy"), "labelled", _("Enclosure"))
    yield Paragraph(_opening(meeting, hosts, enclosed=enclosed))
    yield Paragraph(str(ASKED[bool(meeting.starts_at), bool(place_line(meeting))]))
    yield Signature((f"({BLANK}{BLANK})", BLANK * 2), _("Yours faithfully,"))
    yield Gap(10)
    reached = [_("Tel. %(number)s") % {"number": BLANK}, _("E-mail %(address)s") % {"address": BLANK}]
    yield Paragraph("\n".join([*hosts, *reached]), "body")


def _called(meeting: Meeting) -> str:
    return behind_thai(call(meeting)) if known_language() == "th" else call(meeting)


def _subject(meeting: Meeting) -> str:
    if meeting.series:
        return _("Invitation to the meeting of %(meeting)s") % {"meeting": _called(meeting)}
    return _("Invitation to take part in %(meeting)s") % {"meeting": _called(meeting)}


def _between(names: Iterable[str]) -> str:
    return (" " if known_language() == "th" else ", ").join(names)


def _all_of(hosts: list[str]) -> str:
    *others, last = hosts
    return _("%(names)s and %(last)s") % {"names": _between(others), "last": last} if others else last


def _opening(meeting: Meeting, hosts: list[str], *, enclosed: bool) -> str:
    about = {
        "host": _all_of(hosts),
        "meeting": _called(meeting),
        "when": day_and_time(meeting, meeting.starts_at, meeting.ends_at),
        "place": place_line(meeting),
    }
    if meeting.series:
        said = _("%(host)s will hold the meeting of %(meeting)s on %(when)s %(place)s") % about
    else:
        said = _("%(host)s will hold %(meeting)s on %(when)s %(place)s") % about
    more = _("The agenda is enclosed.") if enclosed else ""
    stop = "" if known_language() == "th" else "."
    return " ".join(f"{said.strip()}{stop} {more}".split())


def _addressee(meeting: Meeting, to: MeetingPerson | None) -> str:
    if to is None:
        return pick(meeting.series, "name") if meeting.series else _("those who take part in the meeting")
    name, role = pick(to, "name"), pick(to, "role")
    return f"{name} ({role})" if name and role else name or role


def _enclosure_head(meeting: Meeting) -> Iterator[Block]:
    when = day_and_time(meeting, meeting.starts_at, meeting.ends_at)
    for text in (_("Agenda of the meeting"), *names(meeting), when, place_line(meeting)):
        if text:
            yield Paragraph(text, "title")


def _item(row: Item, level: int, person: Any) -> Iterator[Block]:
    yield item_heading(row.item, level)
    if who := presented(row.item):
        yield Paragraph(who, lead=_("Presenter"))
    yield from back_blocks(row.follow_ups, person, said=False)
    for below in row.items:
        yield from _item(below, level + 1, person)
