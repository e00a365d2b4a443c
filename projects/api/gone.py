"""What a person could see and sees no more: removed, hidden, renamed, or not theirs any longer; read off the history.

What was never seen by the person has no stretch of time in which they saw it, so it is never told of.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from agencies.api import people
from agencies.api.asking import regained
from agencies.api.columns import seen_by
from agencies.api.keeping import staff_only
from agencies.models import Agency, Membership, Source, User
from govlab.spans import both, ended, spans_of
from projects.api import part_writes, sight, sight_meetings
from projects.api.lookups import TABLES
from projects.api.sight import AT_ONCE, Eyes, Seen, history
from projects.models import (
    AgendaItem,
    Assignment,
    Call,
    Cohort,
    DueReport,
    FollowUp,
    Indicator,
    Innovation,
    Meeting,
    MeetingPerson,
    MeetingPoint,
    MeetingSeries,
    MeetingSession,
    Paper,
    ProgressUpdate,
    Project,
    ProjectAgency,
    Proposal,
    Rating,
    ReportLink,
    Resolution,
    Round,
    Schedule,
    ScheduleDate,
    ScheduleException,
    SeriesMember,
    Stage,
    StandingItem,
    Synonyms,
    Theme,
    Voice,
)


@dataclass(frozen=True)
class Kind:
    """One list of the API: its model, its key, when its records were seen, and what else makes them come and go."""

    name: str
    model: Any
    key: str
    seen: Seen
    wholes: tuple[str, ...] = ()
    """The paths to what it stands under, which decides with it who sees it."""
    project: str = ""
    """The path to the project whose team sees it where others do not."""
    rows: Callable[[Any], QuerySet[Any]] | None = None
    """What a person sees of it now, where its model does not say it."""
    few: bool = False
    """Whether there are so few that each is looked at, as what decides about seeing them stands under them."""


KINDS = (
    Kind("agencies", Agency, "key", sight.always),
    Kind("sources", Source, "key", sight.always),
    Kind("people", User, "id", sight.desk, rows=staff_only(User)),
    Kind("memberships", Membership, "id", sight.colleagues, rows=people.colleagues),
    Kind("cohorts", Cohort, "year", sight.always),
    *(Kind(f"lookups/{name}", model, "key", sight.always) for name, model in TABLES.items()),
    Kind("synonyms", Synonyms, "id", sight.desk),
    Kind("series", MeetingSeries, "key", sight.always),
    Kind("series-members", SeriesMember, "id", sight.desk),
    Kind("standing-items", StandingItem, "id", sight.desk),
    Kind("schedules", Schedule, "id", sight.desk, rows=staff_only(Schedule)),
    Kind("named-dates", ScheduleDate, "id", sight.desk, rows=staff_only(ScheduleDate)),
    Kind("exceptions", ScheduleException, "id", sight.desk),
    Kind("rounds", Round, "id", sight.rounds, few=True),
    Kind("projects", Project, "code", sight.projects, project="id"),
    Kind("parts", ProjectAgency, "id", sight.of_projects, ("project",), "project"),
    Kind("stages", Stage, "id", sight.of_projects, ("project",), "project"),
    Kind("innovations", Innovation, "id", sight.published),
    Kind("indicators", Indicator, "id", sight.of_projects, ("project",), "project"),
    Kind("updates", ProgressUpdate, "id", sight.updates, ("project",)),
    Kind("links", ReportLink, "id", sight.links),
    Kind("due-reports", DueReport, "id", sight.due_reports, ("project",), "project"),
    Kind("calls", Call, "id", sight.calls, ("project",), "project"),
    Kind("voices", Voice, "id", sight.under_calls, ("call", "call__project"), "call__project"),
    Kind("themes", Theme, "id", sight.under_calls, ("call", "call__project"), "call__project"),
    Kind("ratings", Rating, "id", sight.ratings, ("project",), "project"),
    Kind("proposals", Proposal, "id", sight.desk),
    Kind("meetings", Meeting, "key", sight.published),
    Kind("meeting-people", MeetingPerson, "id", sight_meetings.meeting_people, ("meeting",), rows=part_writes.called),
    Kind("sessions", MeetingSession, "id", sight_meetings.of_meetings, ("meeting",)),
    Kind("points", MeetingPoint, "id", sight_meetings.of_meetings, ("meeting",)),
    Kind("agenda-items", AgendaItem, "id", sight_meetings.agenda_items, ("meeting",)),
    Kind("papers", Paper, "id", sight_meetings.papers, ("item", "item__meeting")),
    Kind("resolutions", Resolution, "id", sight_meetings.resolutions, ("meeting", "item")),
    Kind("assignments", Assignment, "id", sight_meetings.assignments, ("meeting", "resolution", "resolution__item")),
    Kind(
        "follow-ups",
        FollowUp,
        "id",
        sight_meetings.follow_ups,
        ("meeting", "item", *(f"assignment{path}" for path in ("", "__meeting", "__resolution", "__resolution__item"))),
    ),
)
"""Every list of which something may go, in the order of the feed."""


@dataclass(frozen=True, order=True)
class Deletion:
    """That a record under this key is no longer in the list of this kind, and since when."""

    deleted_at: datetime
    kind: str
    key: str


class Moves:
    """What moved since a moment for a person, by model, asked once."""

    def __init__(self, person: Any, since: datetime) -> None:
        self.since = since
        self.anew = regained(person, since)
        """Whether their own rights changed, so that anything may have gone with them."""
        self.known: dict[Any, set[Any]] = {}

    def rows(self, model: Any) -> Any:
        """The entries of the history since then."""
        return model.history.filter(history_date__gte=self.since)

    def of(self, model: Any) -> set[Any]:
        """The numbers of the records that changed."""
        if model not in self.known:
            self.known[model] = {*self.rows(model).values_list("id", flat=True)}
        return self.known[model]


def candidates(kind: Kind, eyes: Eyes, moves: Moves) -> set[Any]:
    """The records of which any might have gone since: they moved, or what decides about seeing them did."""
    rows = kind.model.history
    if kind.few or moves.anew:
        return {*rows.values_list("id", flat=True)}
    moved = {*moves.of(kind.model)}
    for path in kind.wholes:
        whole = kind.model
        for step in path.split("__"):
            whole = whole._meta.get_field(step).related_model
        if moves.of(whole):
            near = moves.rows(whole).values("id")
            moved |= {*rows.filter(**{f"{path}__in": near}).values_list("id", flat=True)}
    if kind.project and eyes.agencies and moves.of(ProjectAgency):
        parts = moves.rows(ProjectAgency).filter(agency_id__in=[*eyes.agencies])
        moved |= {*rows.filter(**{f"{kind.project}__in": parts.values("project_id")}).values_list("id", flat=True)}
    return moved


def gone(kind: Kind, eyes: Eyes, moves: Moves) -> list[Deletion]:
    """What went from one list since, under each key that it had there."""
    numbers = candidates(kind, eyes, moves)
    if not numbers:
        return []
    visible = kind.rows(eyes.person) if kind.rows else seen_by(kind.model, eyes.person)
    there: dict[int, Any] = {}
    known = sorted(numbers)
    for start in range(0, len(known), AT_ONCE):
        there |= dict(visible.filter(pk__in=known[start : start + AT_ONCE]).values_list("pk", kind.key))
    entries = history(kind.model, {number for number in numbers if kind.key != "id" or number not in there})
    seen = kind.seen(eyes, entries) if entries else {}
    found: dict[str, datetime] = {}
    for number, steps in entries.items():
        for key in {getattr(step, kind.key) for step in steps} - {there.get(number)}:
            named = spans_of(steps, lambda row, key=key: getattr(row, kind.key) == key)
            end = ended(both(seen[number], named))
            if end is not None and end >= moves.since:
                found[str(key)] = max(end, found.get(str(key), end))
    taken = {str(key) for key in visible.filter(**{f"{kind.key}__in": [*found]}).values_list(kind.key, flat=True)}
    return [Deletion(end, kind.name, key) for key, end in found.items() if key not in taken]


def deletions(person: Any, since: datetime) -> list[Deletion]:
    """Everything that went since, the first one first."""
    eyes, moves = Eyes(person), Moves(person, since)
    return sorted(deletion for kind in KINDS for deletion in gone(kind, eyes, moves))
