"""The first page of the workspace: what is asked of the person's agencies, what waits for others, their projects."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.doors import WorkspaceDoor
from govlab.paging import page_of
from projects.exchange import workspace_tables
from projects.exchange.taking import take
from projects.models import UpdateState
from projects.models.assignments import WITH_DESK
from projects.workspace.asked import asked_of, assigned, in_hand
from projects.workspace.assignments import row_of as assignment_row
from projects.workspace.projects import own_projects, row_of
from projects.workspace.urgency import Kind

MOST = 20
"""How much of each kind the page shows; the lists have the rest."""


class Home(WorkspaceDoor):
    """The first page of the workspace."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        today = timezone.localdate()
        updates, assignments = list(in_hand(self.person)), list(assigned(self.person))
        rows = asked_of(self.person, today, updates, assignments)
        to_pass_on = {row.what.pk for row in rows if row.kind == Kind.WITH_LEAD}
        waiting: dict[str, Any] = {
            "with_lead": [u for u in updates if u.state == UpdateState.WITH_LEAD and u.pk not in to_pass_on],
            "submitted": [u for u in updates if u.state == UpdateState.SUBMITTED],
            "answered": [assignment_row(a, today) for a in assignments if a.state in WITH_DESK],
        }
        context = {
            "rows": rows[:MOST],
            "more": len(rows) if len(rows) > MOST else 0,
            "projects": [row_of(project) for project in own_projects(self.person)[:MOST]],
            **{name: found[:MOST] for name, found in waiting.items()},
        }
        return render(request, "workspace/home.html", context)


class AskedList(WorkspaceDoor):
    """Everything that is asked, when it is more than the first page shows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        rows = asked_of(self.person, timezone.localdate(), in_hand(self.person), assigned(self.person))
        if file := take(request, workspace_tables.ASKED, lambda: rows):
            return file
        page = page_of(request, rows, MOST)
        crumbs = [(reverse("workspace:home"), _("My work")), ("", _("Everything that is asked"))]
        context = {"page_obj": page, "rows": page.object_list, "crumbs": crumbs}
        return render(request, "workspace/asked/list.html", context, status=page.status)
