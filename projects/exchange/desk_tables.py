"""The lists that OPDC's staff and agencies work with, as files: what their pages show, and no more of any person."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from govlab.thai import pick
from projects.exchange.columns import Column, of
from projects.exchange.lists import (
    AGENCY_LIST,
    INNOVATION_LIST,
    MEETING_LIST,
    PROJECT_LIST,
    VISIBILITY,
    names_of,
    own,
    said,
)
from projects.exchange.lists import call_list as _calls
from projects.exchange.tables import DEMO
from projects.exchange.taking import List
from projects.models import (
    Assignment,
    DueReport,
    DueState,
    Meeting,
    ProgressUpdate,
    Proposal,
    Rating,
    Round,
    StageNumber,
    Synonyms,
    Voice,
)
from projects.models.countries import country_name


def of_row(columns: tuple[Column, ...], name: str) -> tuple[Column, ...]:
    """Columns of a record that stands in a row under this name."""

    def inner(column: Column) -> Column:
        return replace(column, value=lambda row: column.value(getattr(row, name)))

    return tuple(inner(each) for each in columns)


def _stage_name(number: int | None) -> str | None:
    return str(StageNumber(number).label) if number else None


def _state_of(row: Any) -> str:
    return str(DueState(row.state).label)


CODE = said("project", _("Project"), lambda row: row.project.code)
TITLE = own("title", _("Title"), "project")

# --- projects, updates -----------------------------------------------------------------------------------------------
PROJECTS = List(
    _("Project table"),
    (
        *of_row(PROJECT_LIST.columns, "project"),
        *of_row((VISIBILITY,), "project"),
        said("days_late", _("Days late"), lambda row: max((late for _stage, late in row.cells), default=0), "whole"),
        said("update", _("Last update"), lambda row: str(row.update) if row.update else None),
        said("sent", _("Sent on"), lambda row: row.update.submitted_at if row.update else None, "moment"),
    ),
)
"""The rows of the desk's project table."""
UPDATES = List(
    _("Updates"),
    (
        of(ProgressUpdate, "submitted_at", label=_("Sent on")),
        said("headline", _("Headline"), str),
        CODE,
        TITLE,
        said("agency", _("Agency"), lambda row: str(row.agency)),
        said("stage", _("Stage"), lambda row: _stage_name(row.stage_number)),
        of(ProgressUpdate, "happened_on"),
        of(ProgressUpdate, "state", label=_("State")),
        DEMO,
    ),
)

# --- rounds, who is late ---------------------------------------------------------------------------------------------
ROUNDS = List(
    _("Rounds of reporting"),
    (
        said("round", _("Round"), lambda row: str(row.round)),
        *of_row(tuple(of(Round, name) for name in ("period_start", "period_end", "due_on", "closed_at")), "round"),
        *(
            said(f"count_{state}", label, lambda row, place=place: row.counts[place], "whole")
            for place, (state, label) in enumerate(DueState.choices)
        ),
        *of_row((DEMO,), "round"),
    ),
)
AGENCIES_ASKED = said(
    "agencies", _("Agency"), lambda row: names_of(part.agency for part in row.project.reporting) or None
)


def _due(name: str, label: Any, value: Callable[[Any], Any], kind: str = "text") -> Column:
    return said(name, label, lambda row: value(row.due) if row.due else None, kind)


ROUND = List(
    _("Reports of the round"),
    (
        _due("project", _("Project"), lambda due: due.project.code),
        _due("title", _("Title"), lambda due: pick(due.project, "title")),
        *of_row((AGENCIES_ASKED,), "due"),
        _due("state", _("State"), _state_of),
        *of_row((of(DueReport, "due_on"),), "due"),
        said("days_late", _("Days late"), lambda row: row.days_late, "whole"),
        said("update", _("Update"), lambda row: str(row.update) if row.update else None),
        *of_row((DEMO,), "due"),
    ),
)
_HEARD = said("heard", _("Last heard from"), lambda row: row.heard, "moment")
LATE = List(
    _("Late reports"),
    (
        CODE,
        TITLE,
        AGENCIES_ASKED,
        _due("round", _("Round"), lambda due: str(due.round)),
        _due("due_on", _("Due"), lambda due: due.due_on, "date"),
        _due("state", _("State"), _state_of),
        said("days", _("Days late"), lambda row: row.days, "whole"),
        _HEARD,
        DEMO,
    ),
)
SILENT = List(
    _("Silent projects"),
    (CODE, TITLE, AGENCIES_ASKED, said("days", _("Days of silence"), lambda row: row.days, "whole"), _HEARD, DEMO),
)


# --- what meetings asked ---------------------------------------------------------------------------------------------
def ledger(next_step: Callable[[Assignment], str], days_late: Callable[[Assignment], int]) -> List:
    """Assignments; who has the next step, and how late one is, its page says."""
    return List(
        _("Resolutions to follow"),
        (
            own("text", _("What is asked")),
            said("projects", _("Projects"), lambda row: names_of(each.code for each in row.projects.all())),
            said("series", _("Series"), lambda row: str(row.meeting.series) if row.meeting.series else None),
            said("meeting", _("Meeting"), lambda row: str(row.meeting)),
            said("met_on", _("Meeting held on"), lambda row: row.meeting.starts_on, "date"),
            said("number", _("Number of the resolution"), lambda row: row.resolution and row.resolution.number),
            said("resolution", _("Resolution"), lambda row: row.resolution and pick(row.resolution, "text")),
            said("agency", _("Agency"), lambda row: str(row.agency)),
            said("partners", _("Together with"), lambda row: names_of(row.partners.all())),
            of(Assignment, "due_on", label=_("Due")),
            said("days_late", _("Days late"), days_late, "whole"),
            of(Assignment, "state", label=_("State")),
            of(Assignment, "percent"),
            said("next_step", _("Next step"), lambda row: next_step(row) or None),
            DEMO,
        ),
        lambda rows: rows.select_related("meeting__series", "resolution", "agency").prefetch_related(
            "partners", "projects"
        ),
    )


OPINIONS = List(
    _("Resolutions that ask nothing"),
    (
        said("meeting", _("Meeting"), lambda row: str(row.meeting)),
        said("met_on", _("Meeting held on"), lambda row: row.meeting.starts_on, "date"),
        said("number", _("Number of the resolution"), lambda row: row.number),
        own("text", _("Resolution")),
        said("concerns", _("Concerns"), lambda row: names_of(row.concerns.all())),
        said("projects", _("Projects"), lambda row: names_of(each.code for each in row.item.projects.all())),
        DEMO,
    ),
)

# --- from the public: what was written, never how to reach who wrote it -----------------------------------------------
RATINGS = List(
    _("Ratings"),
    (
        of(Rating, "created_at", label=_("Date")),
        CODE,
        TITLE,
        of(Rating, "stars"),
        of(Rating, "comment"),
        of(Rating, "state", label=_("State")),
        of(Rating, "reason"),
        DEMO,
    ),
)
VOICES = List(
    _("Answers of the public"),
    (
        of(Voice, "created_at", label=_("Date")),
        said("project", _("Project"), lambda row: row.call.project.code),
        own("question", _("Question"), "call"),
        of(Voice, "standpoint"),
        of(Voice, "text", label=_("Answer")),
        of(Voice, "state", label=_("State")),
        of(Voice, "reason"),
        DEMO,
    ),
)
PROPOSALS = List(
    _("Proposed innovations"),
    (
        of(Proposal, "created_at", label=_("Date")),
        *(of(Proposal, name) for name in ("title", "about", "carries_over", "agency")),
        said("country", _("Country"), lambda row: country_name(row.country) if row.country else None),
        of(Proposal, "url"),
        of(Proposal, "state", label=_("State")),
        DEMO,
    ),
)

# --- meetings, innovations, agencies, calls, words -------------------------------------------------------------------
MEETINGS = List(
    MEETING_LIST.label,
    (
        *MEETING_LIST.columns,
        of(Meeting, "phase"),
        VISIBILITY,
        said("unfinished", _("Not closed"), lambda row: row.unfinished, "whole"),
    ),
    MEETING_LIST.read_with,
)
INNOVATIONS = List(INNOVATION_LIST.label, (*INNOVATION_LIST.columns, VISIBILITY), INNOVATION_LIST.read_with)
AGENCIES = List(
    AGENCY_LIST.label,
    (*AGENCY_LIST.columns, said("people", _("People"), lambda row: row.people, "whole")),
    AGENCY_LIST.read_with,
)
SYNONYMS = List(_("Words that mean the same"), (of(Synonyms, "words"),))


def calls(on: date) -> List:
    """Calls as they stand on this day, with what waits."""
    shown = _calls(on)
    return List(
        shown.label,
        (*shown.columns, said("waiting", _("Waiting to be looked at"), lambda row: row.n_waiting, "whole")),
    )
