"""What waits for staff, as one list: reports to review, answers, objections, wishes for more time; the oldest first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from agencies.models import User
from projects.models import Assignment, ProgressUpdate, Stage
from projects.rules import reviews


def days_between(since: datetime | None, now: datetime) -> int:
    """How many midnights in Bangkok lie between two moments; 0 where the first is not known."""
    if since is None:
        return 0
    return (timezone.localdate(now) - timezone.localdate(since)).days


@dataclass(frozen=True)
class Waiting:
    """A record that waits for staff, and since when.

    `look` says why an update must be opened before it is approved; `ready` that it may be approved from the list.
    """

    kind: str
    thing: Any
    since: datetime | None
    days: int
    barred: bool = False
    look: tuple[str, ...] = ()

    @property
    def late(self) -> bool:
        """Whether it has waited longer than the portal promises."""
        return self.days > settings.REVIEW_DAYS

    @property
    def ready(self) -> bool:
        """Whether this person may approve it without opening it."""
        return self.kind == "update" and not self.barred and not self.look


def waiting_updates(person: User, now: datetime, most: int) -> list[Waiting]:
    """Updates to review: five queries, however many there are."""
    rows = ProgressUpdate.objects.waiting().visible_to(person).select_related("project", "agency", "opened_by")
    found = list(rows.prefetch_related("evidence", "readings", "comments")[:most])
    stages = Stage.objects.filter(project__in={update.project_id for update in found})
    by_number = {(stage.project_id, stage.number): stage for stage in stages}
    return [
        Waiting(
            "update",
            update,
            update.waiting_since,
            days_between(update.waiting_since, now),
            barred=person.pk not in update.approvers,
            look=tuple(reviews.needs_look(update, by_number[update.project_id, update.stage_number])),
        )
        for update in found
    ]


def waiting_answers(person: User, now: datetime, most: int) -> list[Waiting]:
    """What agencies answered, contested or asked more time for, since the first of it that nobody has decided about."""
    rows: Any = Assignment.objects.visible_to(person).waiting().select_related("meeting__series", "agency")
    return [Waiting("assignment", row, row.waiting_since, days_between(row.waiting_since, now)) for row in rows[:most]]


def everything(person: User, now: datetime, most: int) -> list[Waiting]:
    """All of it, the longest waiting first, at most so many."""
    rows = [*waiting_updates(person, now, most), *waiting_answers(person, now, most)]
    return sorted(rows, key=lambda row: row.since or now)[:most]
