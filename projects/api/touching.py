"""Which changes of what is told with a record count as its own, for whom (`RecordDoor.touched`).

Each says it of one state of the other record: it counts where the person saw the record in a state that it had since,
or had until then; `Steps` say it of the change itself.
"""

from typing import Any

from django.db.models import Q

from agencies.access import agencies_of, is_desk
from agencies.api.asking import Steps
from projects.models import (
    Assignment,
    FollowUp,
    ProgressUpdate,
    Project,
    PublishState,
    Shown,
    UpdateState,
)
from projects.models.meetings import AFTER
from projects.models.updates import INSIDE_AGENCY

PUBLIC = Q(state=PublishState.PUBLISHED)
NUMBERING = ("add", "move", "put_back", "remove")
"""The verbs after which items of an agenda are numbered anew; what follows from a place has no history of its own."""


def published(person: Any) -> Q:
    """Of what staff publish: changes while it was public; staff see all."""
    return Q() if is_desk(person) else PUBLIC


def projects(person: Any) -> Q:
    """Of projects: changes while they were public; an agency sees all of those that it reports on."""
    return Q() if is_desk(person) else PUBLIC | Q(id__in=Project.objects.reported_by(person).values("pk"))


def meetings(person: Any) -> Q:
    """Of meetings: changes while they were public; an agency sees those that ask it for something."""
    return Q() if is_desk(person) else PUBLIC | Q(id__in=Assignment.objects.asked_of(person).values("meeting"))


def team(person: Any) -> Q:
    """Of parts in projects: those of the own agencies, which decide what these see; staff see all without."""
    return Q(history_id__in=[]) if is_desk(person) else Q(agency__in=agencies_of(person))


def calls(person: Any) -> Q:
    """Of calls: changes while they were public; the project's team and staff see all."""
    public = PUBLIC & Q(project__state=PublishState.PUBLISHED)
    return Q() if is_desk(person) else public | of_team(person)


def of_team(person: Any) -> Q:
    """Of what stands under a project: what the project's team sees; staff see all."""
    return Q() if is_desk(person) else Q(project__in=Project.objects.reported_by(person))


def sent(person: Any) -> Q:
    """Of updates: those approved; an agency sees all of its own, staff what was sent to them."""
    own = Q(agency__in=agencies_of(person))
    return own | (~Q(state__in=INSIDE_AGENCY) if is_desk(person) else Q(state=UpdateState.APPROVED))


def measured(person: Any) -> Q:
    """Of readings: those of updates that the person sees, or that their agency had until it threw them away."""
    own = ProgressUpdate.history.filter(agency__in=agencies_of(person)).values("id")
    return Q(update__in=ProgressUpdate.objects.visible_to(person)) | Q(update__in=own)


@Steps
def stepped(person: Any) -> Q:
    """Of updates that answer due reports: an agency's own; of others no more than the steps, which move the report."""
    return Q() if is_desk(person) else Q(agency__in=agencies_of(person)) | ~Q(history_change_reason__in=WRITTEN)


WRITTEN = ("edit", "fill")
"""The verbs by which an update is written on, so that it stays where it is on its way."""


def own(person: Any) -> Q:
    """Of what agencies say: an agency's own; staff see all."""
    return Q() if is_desk(person) else Q(agency__in=agencies_of(person))


def answered(person: Any) -> Q:
    """Of files of answers: those of an agency's own; staff see all."""
    return Q() if is_desk(person) else Q(answer__agency__in=agencies_of(person))


def shown_papers(person: Any) -> Q:
    """Of papers: those of items of which everything is shown; staff see all."""
    return Q() if is_desk(person) else Q(item__shown=Shown.EVERYTHING)


def resolved(person: Any) -> Q:
    """Of resolutions: those of items that show them, once the meeting was held; staff see all."""
    return Q() if is_desk(person) else Q(item__shown__gte=Shown.RESOLUTIONS, meeting__phase__in=AFTER)


def came_up(person: Any) -> Q:
    """Of follow-ups: those that the person sees, and those removed from where they would; staff see all."""
    if is_desk(person):
        return Q()
    seen = Q(id__in=FollowUp.objects.visible_to(person).values("pk"))
    return seen | Q(history_type="-", meeting__state=PublishState.PUBLISHED, item__shown__gte=Shown.RESOLUTIONS)


def asked(person: Any) -> Q:
    """Of assignments: those that the person sees; staff see all."""
    return Q() if is_desk(person) else Q(id__in=Assignment.objects.visible_to(person).values("pk"))


@Steps
def numbered(person: Any) -> Q:
    """Of the items of an agenda: the steps after which the others beside have other numbers."""
    return Q(history_change_reason__in=NUMBERING)


@Steps
def removed(person: Any) -> Q:
    """Of what is named by its number alone: that it is no longer there."""
    return Q(history_type="-")


def released(person: Any) -> Q:
    """Of files of updates: those that the public gets; an agency sees all of its own, staff all."""
    own = Q(update__in=ProgressUpdate.history.filter(agency__in=agencies_of(person)).values("id"))
    return Q() if is_desk(person) else Q(released=True) | own


OF_MEETING = {"meeting": published}
UNDER_FOLLOW_UP = {
    "assignment": asked,
    "assignment__agency": None,
    "assignment__meeting": meetings,
    "assignment__resolution": None,
    "assignment__resolution__item": None,
}
"""What is told with a follow-up, and what decides with it who sees it."""
OF_ITEM = {
    **OF_MEETING,
    "meeting__agenda": numbered,
    "presented_by": None,
    "adopts": published,
    "projects": projects,
    "projects__parts": team,
    "papers": shown_papers,
    "resolutions": resolved,
    "resolutions__concerns": None,
    "follow_ups": came_up,
    **{f"follow_ups__{path}": counts for path, counts in UNDER_FOLLOW_UP.items()},
}
"""What is told with an item of an agenda."""
