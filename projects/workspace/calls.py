"""Calls in the workspace: the team reads what people answered, sorts it into themes, answers; a lead drafts calls."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import led_by
from agencies.doors import WorkspaceDoor
from govlab.paging import page_of
from projects import answering, asking
from projects.calls import STANDINGS, counted, standing, team_page
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import Call, Voice
from projects.models.calls import team_projects
from projects.rules.calls import in_team

PAGE = 20


class CallList(WorkspaceDoor):
    """The calls of the person's projects."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        today = timezone.localdate()
        own = Call.objects.visible_to(self.person).filter(project__in=team_projects(self.person))
        rows = counted(own).order_by("-opens_on", "-pk")
        if file := take(request, desk_tables.calls(today), rows):
            return file
        page = page_of(request, rows, PAGE)
        context = {
            "page_obj": page,
            "rows": [(row, standing(row, today), STANDINGS[standing(row, today)]) for row in page],
            "asks": led_by(self.person).exists(),
        }
        return render(request, "workspace/calls/list.html", context, status=page.status)


class CallDoor(asking.AroundCall, WorkspaceDoor):
    """A door about one call of the team's projects."""

    space = "workspace"
    template_name = "workspace/form.html"

    def call(self) -> Call:
        """By its number: 404 if it is not visible to the person, PermissionDenied if it is another team's."""
        rows = Call.objects.visible_to(self.person).select_related("project")
        call = get_object_or_404(rows, pk=self.kwargs["pk"])
        if not in_team(self.person, call.project):
            raise PermissionDenied(_("Only people of the project's agencies may do this."))
        return call


class CallDetail(CallDoor):
    """One call."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page."""
        call = self.call()
        shown = team_page(request, call, self.person, timezone.localdate())
        if file := take(request, desk_tables.VOICES, shown["every_voice"]):
            return file
        context = {
            **shown,
            "space": self.space,
            "crumbs": [(reverse("workspace:call-list"), _("Co-design")), ("", call)],
        }
        return render(request, "workspace/calls/detail.html", context, status=context["page_obj"].status)


class CallAdd(asking.Adding, CallDoor):
    """A new call; for leads."""

    def admit(self, request: HttpRequest) -> None:
        """Admits leads."""
        super().admit(request)
        if not led_by(request.user).exists():
            raise PermissionDenied(_("Only OPDC staff and leads of the project's agencies may do this."))


class CallEdit(asking.Editing, CallDoor):
    """A draft."""


class CallExtend(asking.Extending, CallDoor):
    """A later last day."""


class CallGroup(asking.Grouping, CallDoor):
    """Voices into themes."""


class VoiceDecide(asking.Deciding, CallDoor):
    """Decides the ticked ones, where the call lets a lead."""

    def rows(self) -> Any:
        """The voices of the call."""
        rows = Voice.objects.visible_to(self.person).filter(call=self.call())
        return rows.select_related("call__project").order_by("created_at", "pk")


class ThemeAdd(answering.ThemeAdding, CallDoor):
    """A new theme."""


class ThemeEdit(answering.ThemeEditing, CallDoor):
    """A theme in other words."""


class ThemeAnswer(answering.ThemeAnswering, CallDoor):
    """The team's answer."""


class ThemeRemove(answering.ThemeRemoving, CallDoor):
    """A theme goes."""

    template_name = "workspace/confirm.html"


class ThemeStep(answering.ThemeStepping, CallDoor):
    """Show, unshow, up, down."""
