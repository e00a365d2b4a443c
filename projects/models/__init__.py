"""What exists and who may see it."""

from projects.models.assignments import Answer, AnswerFile, AnswerKind, Assignment, AssignmentState, FollowUp
from projects.models.attendance import MeetingPerson, Presence, Takes
from projects.models.base import PublishState
from projects.models.cohorts import Cohort
from projects.models.facts import LoadedFact
from projects.models.indicators import Counting, Direction, Indicator, Reading
from projects.models.innovations import Innovation
from projects.models.items import AgendaItem, Paper, Resolution, Shown
from projects.models.links import ReportLink
from projects.models.lookups import Facet, InnovationType, Lab, Principle, ServiceField
from projects.models.meetings import Meeting, MeetingKind, Phase
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
from projects.models.series import ItemKind, MeetingSeries, SeriesMember, StandingItem
from projects.models.sessions import MeetingPoint, MeetingSession
from projects.models.stages import Stage, StageNumber, StageState
from projects.models.updates import Comment, Evidence, ProgressUpdate, UpdateState

__all__ = [
    "REPORTING_PARTS",
    "AgendaItem",
    "Answer",
    "AnswerFile",
    "AnswerKind",
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
    "FollowUp",
    "Indicator",
    "Innovation",
    "InnovationType",
    "ItemKind",
    "Lab",
    "LoadedFact",
    "Meeting",
    "MeetingKind",
    "MeetingPerson",
    "MeetingPoint",
    "MeetingSeries",
    "MeetingSession",
    "Paper",
    "PartKind",
    "Phase",
    "Presence",
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
    "SeriesMember",
    "ServiceField",
    "Shown",
    "Snapshot",
    "Stage",
    "StageNumber",
    "StageState",
    "StandingItem",
    "Takes",
    "UpdateState",
]
