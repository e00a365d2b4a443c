"""Who is late or silent: reports that were due, and projects nobody has been heard from; the worst first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from projects.desk.home import SILENT_AFTER, tab_counts
from projects.desk.rounds import reporting
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import DueReport, ProgressUpdate, Project, PublishState
from projects.models.stages import ALL_DONE

SHOWN = 100


@dataclass(frozen=True)
class Row:
    """A project that somebody should ask about: the report it owes, if it does; how many days; last heard from."""

    project: Any
    days: int | None
    heard: Any
    due: DueReport | None = None
    demo: bool = False


def heard(project: str, column: str = "submitted_at") -> Subquery:
    """When the last report on a project was sent, or another column of it; `project` is its key in the outer query."""
    sent = ProgressUpdate.objects.filter(project=OuterRef(project)).exclude(submitted_at=None)
    return Subquery(sent.order_by("-submitted_at").values(column)[:1])


class LateList(DeskDoor):
    """Late reports and silent projects."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Both tables, each with its SHOWN worst."""
        now = timezone.now()
        today = timezone.localdate(now)
        late = (
            DueReport.objects.visible_to(self.person)
            .late(today)
            .annotate(heard=heard("project"))
            .select_related("project", "round__schedule__cohort")
            .prefetch_related(reporting("project__parts"))
            .urgent()
        )
        silent = self.silent(now - timedelta(days=SILENT_AFTER))
        taken = take(
            request,
            desk_tables.LATE,
            lambda: (self.late_row(due, today) for due in late.iterator(chunk_size=500)),
            "late",
        ) or take(
            request,
            desk_tables.SILENT,
            lambda: (self.silent_row(each, today) for each in silent.iterator(chunk_size=500)),
            "silent",
        )
        if taken:
            return taken
        rows: list[Any] = list(late[: SHOWN + 1])
        quiet: list[Any] = list(silent[: SHOWN + 1])
        context = {
            **tab_counts(),
            "title": _("Late or silent"),
            "late": [self.late_row(due, today) for due in rows[:SHOWN]],
            "silent": [self.silent_row(each, today) for each in quiet[:SHOWN]],
            "more_late": len(rows) > SHOWN,
            "more_silent": len(quiet) > SHOWN,
            "shown": SHOWN,
            "silent_after": SILENT_AFTER,
        }
        return render(request, "desk/late/list.html", context)

    def late_row(self, due: Any, today: date) -> Row:
        """A report that is late."""
        return Row(due.project, due.days_late(today), due.heard, due, due.demo)

    def silent_row(self, project: Any, today: date) -> Row:
        """A project nobody has been heard from."""
        days = (today - timezone.localdate(project.heard)).days if project.heard else None
        return Row(project, days, project.heard, demo=bool(project.heard_demo))

    def silent(self, since: Any) -> QuerySet[Any]:
        """Projects under way that sent nothing since that moment, those never heard from first."""
        rows: QuerySet[Any] = Project.objects.visible_to(self.person).exclude(state=PublishState.HIDDEN)
        rows = rows.exclude(current_stage=ALL_DONE).annotate(heard=heard("pk"), heard_demo=heard("pk", "demo"))
        rows = rows.filter(Q(heard__lt=since) | Q(heard=None, created_at__lt=since))
        rows = rows.prefetch_related(reporting("parts"))
        return rows.order_by(F("heard").asc(nulls_first=True), "cohort__year", "code")
