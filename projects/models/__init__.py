"""What exists and who may see it."""

from projects.models.assignments import Answer, AnswerFile, AnswerKind, Assignment, AssignmentState, FollowUp
from projects.models.attendance import MeetingPerson, Presence, Takes
from projects.models.base import PublishState
from projects.models.calls import Call, Moderation, Outcome, Standpoint, Theme, Voice
from projects.models.cohorts import Cohort
from projects.models.facts import LoadedFact
from projects.models.follows import Follow, FollowKind
from projects.models.imports import Import, ImportRow, ImportState, ImportTable, RowKind
from projects.models.indicators import Counting, Direction, Indicator, Reading
from projects.models.innovations import Innovation
from projects.models.items import AgendaItem, Paper, Resolution, Shown
from projects.models.links import ReportLink
from projects.models.lookups import Facet, InnovationType, Lab, Principle, ServiceField
from projects.models.meetings import Meeting, MeetingKind, Phase
from projects.models.projects import REPORTING_PARTS, PartKind, Project, ProjectAgency
from projects.models.proposals import Contact, Proposal, ProposalState
from projects.models.ratings import Rater, Rating, Seen
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
from projects.models.synonyms import Synonyms
from projects.models.updates import Comment, Evidence, ProgressUpdate, UpdateState
from projects.models.webhooks import Delivery, DeliveryState, Told, Webhook

__all__ = [
    "REPORTING_PARTS",
    "AgendaItem",
    "Answer",
    "AnswerFile",
    "AnswerKind",
    "Asked",
    "Assignment",
    "AssignmentState",
    "Call",
    "Cohort",
    "Comment",
    "Contact",
    "Counting",
    "Delivery",
    "DeliveryState",
    "Direction",
    "DueReport",
    "DueState",
    "Evidence",
    "Facet",
    "Follow",
    "FollowKind",
    "FollowUp",
    "Import",
    "ImportRow",
    "ImportState",
    "ImportTable",
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
    "Moderation",
    "Outcome",
    "Paper",
    "PartKind",
    "Phase",
    "Presence",
    "Principle",
    "ProgressUpdate",
    "Project",
    "ProjectAgency",
    "Proposal",
    "ProposalState",
    "PublishState",
    "Rater",
    "Rating",
    "Reading",
    "ReportLink",
    "Resolution",
    "Rhythm",
    "Round",
    "RowKind",
    "Schedule",
    "ScheduleDate",
    "ScheduleException",
    "Seen",
    "SeriesMember",
    "ServiceField",
    "Shown",
    "Snapshot",
    "Stage",
    "StageNumber",
    "StageState",
    "StandingItem",
    "Standpoint",
    "Synonyms",
    "Takes",
    "Theme",
    "Told",
    "UpdateState",
    "Voice",
    "Webhook",
]
