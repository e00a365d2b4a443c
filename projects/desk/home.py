"""The desk's first page: what waits for staff, the longest waiting first, then who is late or silent."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.doors import DeskDoor
from projects.desk.waiting import everything
from projects.models import (
    Assignment,
    AssignmentState,
    DueReport,
    ProgressUpdate,
    Proposal,
    PublishState,
    Rating,
    Stage,
    Voice,
)
from projects.models.assignments import NOT_DONE, WITH_DESK

SHOWN = 50  # rows that wait; the lists behind hold the rest
IN_SHORT = 5  # late reports; their own page holds all
LATE_STAGES = 20
SILENT_AFTER = 90
"""Days without a report after which a project that is under way counts as silent, in every list of the desk."""


@dataclass(frozen=True)
class Late:
    """A record that is late, and by how many days."""

    thing: Any
    days: int


def _counts(*lists: QuerySet[Any]) -> list[int]:
    """How many rows each list has, in one query."""
    numbered = [
        rows.order_by().values(of=Value(n)).annotate(n=Count("pk")).values_list("of", "n")
        for n, rows in enumerate(lists)
    ]
    found = dict(numbered[0].union(*numbered[1:], all=True))
    return [found.get(n, 0) for n in range(len(lists))]


def tab_counts() -> dict[str, int]:
    """The numbers on the desk's tabs (templates/desk/_tabs.html), and how many assignments wait or are overdue."""
    late = Q(state__in=NOT_DONE, due_on__lt=timezone.localdate())
    waiting, voices, comments, proposed = _counts(
        ProgressUpdate.objects.waiting(),
        Voice.objects.waiting(),
        Rating.objects.waiting(),
        Proposal.objects.waiting(),
    )
    asked = Assignment.objects.aggregate(
        to_follow_count=Count("pk", filter=~Q(state=AssignmentState.CLOSED)),
        answers_count=Count("pk", filter=Q(state__in=WITH_DESK)),
        overdue_count=Count("pk", filter=late),
    )
    return {
        "voices_count": voices,
        "comments_count": comments,
        "public_count": voices + comments,
        "proposals_count": proposed,
        "waiting_count": waiting,
        "desk_count": waiting + asked["answers_count"],
        **asked,
    }


class Home(DeskDoor):
    """What waits for staff."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Updates to review and assignments to decide about in one list; reports and stages that are late."""
        now = timezone.now()
        today = timezone.localdate(now)
        late_reports = DueReport.objects.visible_to(self.person).late(today).select_related("project").urgent()
        late_stages = (
            Stage.objects.visible_to(self.person)
            .late(today)
            .exclude(project__state=PublishState.HIDDEN)
            .select_related("project")
            .order_by("planned_end", "pk")
        )
        waiting = everything(self.person, now, SHOWN)
        reports, stages = list(late_reports[: IN_SHORT + 1]), list(late_stages[: LATE_STAGES + 1])
        context = {
            **tab_counts(),
            "waiting": waiting,
            "form_key": uuid.uuid4().hex,
            "ready_count": sum(row.ready for row in waiting),
            "review_days": settings.REVIEW_DAYS,
            "reports": [Late(due, due.days_late(today)) for due in reports[:IN_SHORT]],
            "more_reports": len(reports) > IN_SHORT,
            "late": [Late(stage, stage.days_late(today)) for stage in stages[:LATE_STAGES]],
            "more_late": len(stages) > LATE_STAGES,
            "shown": LATE_STAGES,
        }
        return render(request, "desk/home/home.html", context)
