"""The desk's first page: what waits for staff, the longest waiting first, then what is late."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from agencies.doors import DeskDoor
from projects.models import Assignment, AssignmentState, ProgressUpdate, PublishState, Stage

SHOWN = 20  # rows of each kind; the lists behind hold the rest


@dataclass(frozen=True)
class Waiting:
    """A record that waits for staff, and since how many days."""

    thing: Any
    days: int
    own: bool = False


def days_between(since: datetime | None, now: datetime) -> int:
    """How many midnights in Bangkok lie between two moments; 0 where the first is not known."""
    if since is None:
        return 0
    return (timezone.localdate(now) - timezone.localdate(since)).days


def tab_counts() -> dict[str, int]:
    """The numbers on the desk's tabs (templates/desk/_tabs.html)."""
    return {
        "waiting_count": ProgressUpdate.objects.waiting().count(),
        "to_follow_count": Assignment.objects.unfinished().count(),
    }


class Home(DeskDoor):
    """What waits for staff."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Updates to review, answers to close, stages that are late."""
        now = timezone.now()
        today = timezone.localdate(now)
        updates = ProgressUpdate.objects.waiting().visible_to(self.person).select_related("project", "agency")[:SHOWN]
        answered = (
            Assignment.objects.visible_to(self.person)
            .filter(state=AssignmentState.ANSWERED)
            .select_related("meeting", "agency")
            .annotate(answered_at=Max("answers__created_at"))
            .order_by("answered_at", "pk")[:SHOWN]
        )
        late = (
            Stage.objects.visible_to(self.person)
            .late(today)
            .exclude(project__state=PublishState.HIDDEN)
            .select_related("project")
            .order_by("planned_end", "pk")
        )
        late_rows = list(late[: SHOWN + 1])
        context = {
            **tab_counts(),
            "updates": [
                Waiting(
                    update,
                    days_between(update.submitted_at, now),
                    own=self.person.pk in (update.author_id, update.submitted_by_id),
                )
                for update in updates
            ],
            "answered": [Waiting(each, days_between(each.answered_at, now)) for each in answered],
            "late": [Waiting(stage, stage.days_late(today)) for stage in late_rows[:SHOWN]],
            "more_late": len(late_rows) > SHOWN,
            "shown": SHOWN,
        }
        return render(request, "desk/home/home.html", context)
