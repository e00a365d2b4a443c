"""The agenda of a meeting on paper: what the minutes say at each item, what an invitation announces."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from agencies.access import is_desk
from govlab.thai import format_date, known_language, pick
from projects.documents.given import Given, given_before
from projects.documents.sheets import Block, Heading, Paragraph
from projects.documents.standing import label_for
from projects.models import AgendaItem, AssignmentState, FollowUp, ItemKind, Meeting, PublishState
from projects.models.agenda import Agenda, Asked, Carried, Item

DONE = (AssignmentState.ACCEPTED, AssignmentState.CLOSED)


def item_heading(item: AgendaItem, level: int) -> Heading:
    """An item with its number; at the top ระเบียบวาระที่ 1, below only 1.1."""
    number = _("Agenda item %(number)s") % {"number": item.number} if level == 1 else item.number
    return Heading(pick(item, "title"), number, level)


def presented(item: AgendaItem) -> str:
    """Who presents the item: the person as typed, the agency."""
    agency = item.presented_by.short if item.presented_by else ""
    return ", ".join(name for name in (item.presenter, agency) if name)


def typed(text: str) -> Iterator[Paragraph]:
    """Each line that was typed as a paragraph of its own."""
    for each in text.splitlines():
        if each.strip():
            yield Paragraph(each.strip())


def agenda_blocks(meeting: Meeting, agenda: Agenda, person: Any) -> Iterator[Block]:
    """Everything that was said and resolved, item by item, and what the meeting asked for as a whole."""
    given = given_before(meeting)
    for row in agenda.items:
        yield from _item(row, 1, person, given)
    if agenda.asked:
        yield Heading(_("Asked by the meeting as a whole"))
        for asked in agenda.asked:
            yield _asked(asked, given)


def _item(row: Item, level: int, person: Any, given: dict[int, Given]) -> Iterator[Block]:
    yield item_heading(row.item, level)
    if who := presented(row.item):
        yield Paragraph(who, lead=_("Presenter"))
    yield from typed(row.item.discussion if is_desk(person) else row.item.public_discussion)
    if row.item.kind == ItemKind.ADOPTION:
        yield from _adopts(row, person)
    yield from back_blocks(row.follow_ups, person, said=True)
    for below in row.items:
        yield from _item(below, level + 1, person, given)
    yield from _decided(row, given)


def _adopts(row: Item, person: Any) -> Iterator[Block]:
    adopted = row.item.adopts
    if adopted is None or not (is_desk(person) or adopted.state == PublishState.PUBLISHED):
        return
    about = {"meeting": adopted, "day": format_date(adopted.starts_on, "long")}
    if adopted.adopted_in_id == row.item.meeting_id and not row.decided:
        yield Paragraph(_("The minutes of %(meeting)s of %(day)s are adopted.") % about, lead=_("Resolved"))
    else:
        yield Paragraph(_("Minutes of %(meeting)s of %(day)s") % about)


def back_blocks(rows: Iterable[Carried], person: Any, *, said: bool) -> Iterator[Block]:
    """What earlier meetings asked for: from which resolution, how far it was; `said`: and what this meeting said."""
    for place, row in enumerate(rows, start=1):
        asked = row.assignment
        source = str(row.origin)
        if asked.resolution:
            source = _("%(number)s of %(meeting)s") % {"number": asked.resolution.number, "meeting": source}
        who = _together(asked.agency.short, tuple(pick(partner, "name") for partner in row.partners))
        about = {"source": source, "agency": who, "text": pick(asked, "text")}
        yield Paragraph(_("%(source)s: %(agency)s, %(text)s") % about, "numbered", f"({place})")
        yield Paragraph(_standing(row.follow_up, staff=is_desk(person)), lead=_("Progress"))
        if said and row.follow_up.note:
            yield Paragraph(row.follow_up.note, lead=_("The meeting on this"))
        if said and row.closed_here:
            yield Paragraph(_("The matter is closed."), lead=_("Resolved"))


def _standing(row: FollowUp, *, staff: bool) -> str:
    """The state when the meeting was held; before it was, as it is. How much is done is for staff alone."""
    then = bool(row.was)
    state = AssignmentState(row.was if then else row.assignment.state)
    percent = row.was_percent if then else row.assignment.percent
    due = row.was_due_on if then else row.assignment.due_on
    said = label_for(state, staff=staff)
    if staff and percent is not None and not (percent == 100 and state in DONE):
        said = _("%(state)s (%(percent)s percent)") % {"state": said, "percent": percent}
    if due:
        said = _between().join([said, _("due on %(day)s") % {"day": format_date(due, "long")}])
    return said


def _decided(row: Item, given: dict[int, Given]) -> Iterator[Block]:
    """The resolutions: one behind the words "resolved", several below them.

    Where they follow the items under theirs, the words say to which item they belong.
    """
    lead = _("Resolved on item %(number)s") % {"number": row.item.number} if row.items else _("Resolved")
    several = len(row.decided) > 1
    if several:
        yield Paragraph("", lead=lead)
    for each in row.decided:
        text = pick(each.resolution, "text")
        if each.concerns:
            names = ", ".join(pick(agency, "name") for agency in each.concerns)
            text = _("%(text)s (concerns %(agencies)s)") % {"text": text, "agencies": names}
        number = each.resolution.number
        yield Paragraph(text, "numbered", number) if several else Paragraph(f"{number} {text}", lead=lead)
        for asked in each.asked:
            yield _asked(asked, given)


def _asked(asked: Asked, given: dict[int, Given]) -> Paragraph:
    row = asked.assignment
    now = Given(row.agency.short, tuple(pick(partner, "name") for partner in asked.partners), row.due_on)
    first = given.get(row.pk, now)
    who = _together(first.agency, first.partners)
    said = _("%(agency)s: %(text)s") % {"agency": who, "text": pick(row, "text")}
    if first.due_on:
        said = _("%(work)s, by %(day)s") % {"work": said, "day": format_date(first.due_on, "long")}
    return Paragraph(said, lead=_("Assigned to"))


def _together(agency: str, partners: tuple[str, ...]) -> str:
    if not partners:
        return agency
    return _("%(agency)s together with %(partners)s") % {"agency": agency, "partners": ", ".join(partners)}


def _between() -> str:
    return " " if known_language() == "th" else ", "
