"""What exists and who may see it."""

from projects.models.assignments import Answer, Assignment, AssignmentState
from projects.models.base import PublishState
from projects.models.cohorts import Cohort
from projects.models.facts import LoadedFact
from projects.models.indicators import Direction, Indicator, Reading
from projects.models.innovations import Innovation
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
from projects.models.stages import Stage, StageNumber, StageState
from projects.models.updates import Evidence, ProgressUpdate, UpdateState

__all__ = [
    "REPORTING_PARTS",
    "AgendaItem",
    "Answer",
    "Assignment",
    "AssignmentState",
    "Cohort",
    "Direction",
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
    "Resolution",
    "ServiceField",
    "Stage",
    "StageNumber",
    "StageState",
    "UpdateState",
]
