"""Short lists, synonyms, series of meetings, schedules and rounds, written by programs: OPDC staff keep them."""

from functools import partial
from typing import Any

from django.conf import settings
from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.api.columns import record
from agencies.api.keeping import Noun, Verb, by, door, keeping, staff_only
from agencies.api.reading import Beside
from agencies.models import User
from agencies.rules import records
from govlab.api import KeyField
from projects.api.lookups import TABLES, Lookups
from projects.api.rounds import Rounds
from projects.models import (
    Cohort,
    Lab,
    MeetingSeries,
    Round,
    Schedule,
    ScheduleDate,
    ScheduleException,
    SeriesMember,
    StandingItem,
    Synonyms,
)
from projects.rules import rounds, schedules, series

LOOKUP = ("key", "position", "name_th", "name_en", "about_th", "about_en", "sources")
MEMBER = ("name_th", "name_en", "role_th", "role_en", "agency", "email")
STANDING = ("kind", "title_th", "title_en")
SCHEDULE = ("rhythm", "starts_on", "ends_on", "opens_after", "due_after", "closes_after")
EXCEPTION = ("project", "asked", "extra_days", "reason")


def add_choice(*, by: User, table: str, **answers: Any) -> Any:
    """Staff add a choice to the list; a series begins with its standing items."""
    if TABLES[table] is MeetingSeries:
        return series.add(by=by, **answers)
    return records.add(TABLES[table], by=by, **answers)


@extend_schema_field({"type": ["string", "null"], "format": "uri"})
def calendar_of(serializer: Any, row: MeetingSeries) -> str:
    """The address of the private calendar; whoever has it reads every meeting of the series."""
    return f"{settings.PORTAL_URL}{reverse('public:private-calendar', args=[row.feed_key])}"


# --- the rows --------------------------------------------------------------------------------------------------------
LOOKUPS = Noun(Lab, "choice", columns=LOOKUP, add=add_choice, edit=records.edit, remove=records.remove)
SYNONYMS = Noun(
    Synonyms,
    "group of synonyms",
    columns=("words",),
    add=partial(records.add, Synonyms),
    edit=records.edit,
    remove=records.remove,
)
SERIES = Noun(
    MeetingSeries,
    "series",
    columns=(*LOOKUP, "quorum"),
    add=series.add,
    edit=records.edit,
    remove=records.remove,
    verbs=(
        Verb(
            "renew_feed",
            series.renew_feed,
            "Renew the calendar's address",
            "OPDC staff give the members' calendar another address; the old one answers no more.",
            versioned=False,
        ),
    ),
)
MOVE = Verb(
    "move",
    series.move,
    "Move by one place",
    "OPDC staff move it up or down; at the end of the list nothing changes.",
    takes={"to": partial(KeyField, choices=["up", "down"])},
    versioned=False,
)
MEMBERS = Noun(
    SeriesMember,
    "series member",
    begins=("series",),
    columns=MEMBER,
    add=partial(series.add_part, SeriesMember),
    edit=records.edit,
    remove=records.remove,
    verbs=(MOVE,),
)
STANDING_ITEMS = Noun(
    StandingItem,
    "standing item",
    begins=("series",),
    columns=STANDING,
    add=partial(series.add_part, StandingItem),
    edit=records.edit,
    remove=records.remove,
    verbs=(MOVE,),
)
SCHEDULES = Noun(Schedule, "schedule", begins=("cohort",), columns=SCHEDULE, add=schedules.add, edit=schedules.edit)
DATES = Noun(
    ScheduleDate,
    "named date",
    begins=("schedule", "ends_on"),
    add=partial(records.add, ScheduleDate),
    remove=records.remove,
)
EXCEPTIONS = Noun(
    ScheduleException,
    "exception",
    begins=("schedule",),
    columns=EXCEPTION,
    add=partial(records.add, ScheduleException),
    edit=records.edit,
    remove=records.remove,
)
ROUNDS = Noun(Round, "round", columns=("due_on", "closes_on"), whole=("due_on", "closes_on"), edit=rounds.edit)


# --- the doors -------------------------------------------------------------------------------------------------------
class KeptLookups(Lookups):
    """Everybody may read them; the table stands in the address."""

    def where(self) -> dict[str, Any]:
        """The table."""
        return {"table": self.kwargs["table"]}


def _staffs(noun: Noun, name: str, columns: tuple[str, ...], things: str, **more: Any) -> Any:
    """A door to what only staff read."""
    told = record(f"{name}Serializer", noun.model, ("id", *columns, "demo", "version"), about=f"{noun.one}."[2:])
    seen = staff_only(noun.model)
    about = "Only OPDC staff read and keep them."
    return door(noun, told, things, about, seen=seen, signed_in=True, **more)


SeriesRecord = record(
    "MeetingSeriesSerializer",
    MeetingSeries,
    (*LOOKUP, "quorum", "calendar", "demo", "version"),
    about="A body that meets again and again and numbers its meetings by the Buddhist year.",
    inside=("calendar", "version"),
    also={"calendar": serializers.SerializerMethodField(), "get_calendar": calendar_of},
)
Members = _staffs(
    MEMBERS,
    "SeriesMember",
    ("series", "position", *MEMBER),
    "members of series",
    filters={"series": by(MeetingSeries)},
    touched={"series": None, "agency": None},
)
StandingItems = _staffs(
    STANDING_ITEMS,
    "StandingItem",
    ("series", "position", *STANDING),
    "items that stand on every agenda of a series",
    filters={"series": by(MeetingSeries)},
    touched={"series": None},
)
Dates = _staffs(
    DATES, "NamedDate", ("schedule", "ends_on"), "named dates of schedules", filters={"schedule": by(Schedule)}
)
Exceptions = _staffs(
    EXCEPTIONS,
    "ScheduleException",
    ("schedule", *EXCEPTION),
    "exceptions of schedules",
    filters={"schedule": by(Schedule)},
    touched={"project": None},
)
Series = door(
    SERIES,
    SeriesRecord,
    "series of meetings",
    "Everybody may read them.",
    touched={"sources": None},
    beside={"series-members": Beside(Members, "series"), "standing-items": Beside(StandingItems, "series")},
)
Schedules = _staffs(
    SCHEDULES,
    "Schedule",
    ("cohort", *SCHEDULE),
    "reporting schedules",
    filters={"cohort": by(Cohort)},
    touched={"cohort": None},
    beside={"named-dates": Beside(Dates, "schedule"), "exceptions": Beside(Exceptions, "schedule")},
)
DOORS: list[tuple[str, Any, str]] = [
    (rf"lookups/(?P<table>{'|'.join(TABLES)})", keeping(KeptLookups, LOOKUPS), "lookup"),
    ("synonyms", _staffs(SYNONYMS, "Synonyms", ("words",), "groups of words that mean the same"), "synonyms"),
    ("series", Series, "series"),
    ("series-members", Members, "series-member"),
    ("standing-items", StandingItems, "standing-item"),
    ("schedules", Schedules, "schedule"),
    ("named-dates", Dates, "named-date"),
    ("exceptions", Exceptions, "exception"),
    ("rounds", keeping(Rounds, ROUNDS), "round"),
]
