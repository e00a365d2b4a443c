"""What is asked of the person's agencies, the most urgent first, one next step each."""

from datetime import date
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.access import agencies_of
from agencies.doors import WorkspaceDoor
from projects.models import Assignment, AssignmentState, ProgressUpdate, UpdateState
from projects.workspace.assignments import row_of as assignment_row
from projects.workspace.projects import own_projects, row_of

MOST = 20
"""How much of each kind the page shows; the lists have the rest."""


def asked_of(person: Any, today: date) -> dict[str, Any]:
    """Updates in hand and assignments of the person's agencies, in the order of their urgency on this day."""
    mine = ProgressUpdate.objects.filter(agency__in=agencies_of(person)).select_related("project", "agency")
    in_hand = list(mine.exclude(state=UpdateState.APPROVED).order_by("updated_at", "pk"))
    asked = Assignment.objects.asked_of(person).unfinished().select_related("meeting", "agency")
    assignments = list(asked.order_by(F("due_on").asc(nulls_last=True), "pk"))
    kinds = {state: [u for u in in_hand if u.state == state][:MOST] for state in UpdateState.values}
    return {
        "returned": kinds[UpdateState.RETURNED],
        "open": [assignment_row(a, today) for a in assignments if a.state == AssignmentState.OPEN][:MOST],
        "drafts": kinds[UpdateState.DRAFT],
        "submitted": kinds[UpdateState.SUBMITTED],
        "answered": [assignment_row(a, today) for a in assignments if a.state == AssignmentState.ANSWERED][:MOST],
    }


class Home(WorkspaceDoor):
    """The first page of the workspace."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        asked = asked_of(self.person, timezone.localdate())
        projects = [row_of(project) for project in own_projects(self.person)[:MOST]]
        return render(request, "workspace/home.html", {**asked, "projects": projects})
