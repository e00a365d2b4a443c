"""What exists and who may see it."""

from projects.models.assignments import Answer, Assignment, AssignmentState
from projects.models.base import PublishState
from projects.models.cohorts import Cohort
from projects.models.facts import LoadedFact
from projects.models.indicators import Counting, Direction, Indicator, Reading
from projects.models.innovations import Innovation
from projects.models.links import ReportLink
from projects.models.lookups import Facet, InnovationType, Lab, MeetingSeries, Principle, ServiceField
from projects.models.meetings import (
    AgendaItem,
    Meeting,
    MeetingKind,
    MeetingPerson,
    MeetingPoint,
    MeetingSession,
    Resolution,
)
from projects.models.projects import REPORTING_PARTS, PartKind, Project, ProjectAgency
from projects.models.rounds import (
    Asked,
    DueReport,
    DueState,
    Rhythm,
    Round,
    Schedule,
    ScheduleDate,
    ScheduleException,
    Snapshot,
)
from projects.models.stages import Stage, StageNumber, StageState
from projects.models.updates import Comment, Evidence, ProgressUpdate, UpdateState

__all__ = [
    "REPORTING_PARTS",
    "AgendaItem",
    "Answer",
    "Asked",
    "Assignment",
    "AssignmentState",
    "Cohort",
    "Comment",
    "Counting",
    "Direction",
    "DueReport",
    "DueState",
    "Evidence",
    "Facet",
    "Indicator",
    "Innovation",
    "InnovationType",
    "Lab",
    "LoadedFact",
    "Meeting",
    "MeetingKind",
    "MeetingPerson",
    "MeetingPoint",
    "MeetingSeries",
    "MeetingSession",
    "PartKind",
    "Principle",
    "ProgressUpdate",
    "Project",
    "ProjectAgency",
    "PublishState",
    "Reading",
    "ReportLink",
    "Resolution",
    "Rhythm",
    "Round",
    "Schedule",
    "ScheduleDate",
    "ScheduleException",
    "ServiceField",
    "Snapshot",
    "Stage",
    "StageNumber",
    "StageState",
    "UpdateState",
]
