"""Meetings with what they resolved and asked of agencies, as tables; nobody is named in them."""

from operator import attrgetter
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from projects.exchange.columns import CHANGED, DEMO, Column, Table, both, number, number_of, of, sources
from projects.models import AgendaItem, Assignment, Meeting, Project, Resolution

VISITOR = AnonymousUser()
BY_THE_MEETING = _("The minutes of the meeting in the column meeting, and the documents in its column sources.")


def _seen(person: Any) -> Prefetch:
    return Prefetch("projects", Project.objects.visible_to(person))


def _meetings(rows: QuerySet[Any], person: Any = VISITOR) -> QuerySet[Any]:
    adopted_in = Prefetch("adopted_in", Meeting.objects.visible_to(person))
    return rows.select_related("series").prefetch_related("hosts", _seen(person), adopted_in, "sources")


MEETINGS = Table(
    "meetings",
    _("Meetings"),
    _("The published meetings; a committee's has a series, a number and a year, a conference a title."),
    (
        of(Meeting, "key", label=_("Code")),
        *(of(Meeting, name) for name in ("kind", "phase", "series", "number")),
        of(Meeting, "year", kind="year"),
        *both(Meeting, "title", "theme", "format"),
        *(of(Meeting, name) for name in ("starts_on", "ends_on", "starts_at", "ends_at", "began_at", "ended_at")),
        *both(Meeting, "place", "attendance"),
        of(Meeting, "hosts"),
        of(Meeting, "projects"),
        of(Meeting, "adopted_on"),
        of(
            Meeting,
            "adopted_in",
            label=_("Minutes adopted at"),
            about=_("The later meeting that adopted the minutes; empty where it was done by letter."),
        ),
        sources(),
        CHANGED,
        DEMO,
    ),
    lambda person: _meetings(Meeting.objects.visible_to(person).order_by("starts_on", "key"), person),
    _meetings,
    "key",
    _("The documents in the column sources, and the minutes."),
)


def _items(rows: QuerySet[Any], person: Any = VISITOR) -> QuerySet[Any]:
    above = Prefetch("parent", AgendaItem.objects.visible_to(person))
    adopts = Prefetch("adopts", Meeting.objects.visible_to(person))
    return rows.select_related("meeting", "presented_by").prefetch_related(above, adopts, _seen(person))


def _discussion(row: Any) -> str | None:
    return row.public_discussion or None


AGENDA_ITEMS = Table(
    "agenda_items",
    _("Agenda items"),
    _("The agendas of meetings, as far as each item is public."),
    (
        number(),
        of(AgendaItem, "meeting", label=_("Meeting")),
        of(AgendaItem, "number"),
        number_of("parent", _("Under"), "agenda_items.id", about=_("The item that it stands under.")),
        of(AgendaItem, "kind"),
        *both(AgendaItem, "title"),
        of(AgendaItem, "presented_by"),
        of(AgendaItem, "projects"),
        of(AgendaItem, "adopts"),
        of(AgendaItem, "discussion", value=_discussion, about=_("Empty where it is not public.")),
        DEMO,
    ),
    lambda person: _items(
        AgendaItem.objects.visible_to(person).order_by("meeting__starts_on", "meeting__key", "position", "pk"), person
    ),
    _items,
    "id",
    BY_THE_MEETING,
)


def _resolutions(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("meeting").prefetch_related("concerns")


RESOLUTIONS = Table(
    "resolutions",
    _("Resolutions"),
    _("What published meetings resolved, as far as it is public."),
    (
        number(),
        of(Resolution, "meeting", label=_("Meeting")),
        Column("item", _("Agenda item"), "whole", attrgetter("item_id"), refers="agenda_items.id"),
        of(Resolution, "number", label=_("Resolution number")),
        *both(Resolution, "text"),
        of(Resolution, "concerns"),
        CHANGED,
        DEMO,
    ),
    lambda person: _resolutions(
        Resolution.objects.visible_to(person).order_by(
            "meeting__starts_on", "meeting__key", "item__position", "position", "pk"
        )
    ),
    _resolutions,
    "id",
    BY_THE_MEETING,
)


def _assignments(rows: QuerySet[Any], person: Any = VISITOR) -> QuerySet[Any]:
    closed_in = Prefetch("closed_in", Meeting.objects.visible_to(person))
    return rows.select_related("meeting", "agency").prefetch_related("partners", _seen(person), closed_in)


ASSIGNMENTS = Table(
    "assignments",
    _("Assignments"),
    _("What published meetings ask of agencies, and how far it is."),
    (
        number(),
        of(Assignment, "meeting", label=_("Meeting")),
        Column(
            "resolution",
            _("Resolution"),
            "whole",
            attrgetter("resolution_id"),
            refers="resolutions.id",
            about=_("Empty where the meeting as a whole asks."),
        ),
        of(Assignment, "agency"),
        of(Assignment, "partners"),
        *both(Assignment, "text"),
        of(Assignment, "projects"),
        of(Assignment, "starts_on"),
        of(Assignment, "due_on"),
        of(Assignment, "state", comes_from=_("What the agency answered and OPDC staff decided in the portal.")),
        Column("closed_at", _("Closed at"), "moment", attrgetter("closed_at")),
        of(
            Assignment,
            "closed_in",
            label=_("Closed by the meeting"),
            about=_("Empty where staff closed it between two meetings."),
        ),
        DEMO,
    ),
    lambda person: _assignments(
        Assignment.objects.visible_to(person).order_by("meeting__starts_on", "meeting__key", "position", "pk"), person
    ),
    _assignments,
    "id",
    BY_THE_MEETING,
)
