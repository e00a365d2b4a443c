"""Calls on the desk: all of them with what waits, one with its voices and themes, add, edit, publish, hide, remove."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from govlab.paging import page_of
from projects import answering, asking
from projects.calls import STANDINGS, counted, standing, team_page
from projects.desk.pages import PageDoor
from projects.desk.publishing import Hide, Publish, RemoveDraft
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.models import Call
from projects.rules import publishing

PAGE = 50


class CallList(DeskDoor):
    """Every call, those with voices that wait first, then the newest."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list."""
        today = timezone.localdate()
        rows = counted(Call.objects.visible_to(self.person)).order_by("-n_waiting", "-opens_on", "-pk")
        if file := take(request, desk_tables.calls(today), rows):
            return file
        page = page_of(request, rows, PAGE)
        context = {
            "title": _("Co-design"),
            "page_obj": page,
            "rows": [(row, standing(row, today), STANDINGS[standing(row, today)]) for row in page],
        }
        return render(request, "desk/calls/list.html", context, status=page.status)


class CallDoor(asking.AroundCall, PageDoor):
    """A door about one call."""

    space = "desk"
    template_name = "desk/form.html"

    def call(self) -> Call:
        """By its number."""
        rows = Call.objects.visible_to(self.person).select_related("project")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def found(self) -> Call:
        """The call, as `publishing` asks for it."""
        return self.call()


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
            "publishing": publishing.open_steps(self.person, call),
            "crumbs": [(reverse("desk:call-list"), _("Co-design")), ("", call)],
        }
        return render(request, "desk/calls/detail.html", context, status=context["page_obj"].status)


class CallAdd(asking.Adding, CallDoor):
    """A new call."""


class CallEdit(asking.Editing, CallDoor):
    """A call that is there."""


class CallExtend(asking.Extending, CallDoor):
    """A later last day."""


class CallPublish(CallDoor, Publish):
    """Shows a call to the public."""


class CallHide(CallDoor, Hide):
    """Takes a call off the public pages."""


class CallRemove(CallDoor, RemoveDraft):
    """Takes a draft out."""

    list_page = "desk:call-list"
    template_name = "desk/confirm.html"

    def context(self) -> dict[str, Any]:
        """The question."""
        return RemoveDraft.context(self)

    def next_page(self, result: None) -> str:
        """To the list."""
        return reverse(self.list_page)


class CallGroup(asking.Grouping, CallDoor):
    """Voices into themes."""


class ThemeAdd(answering.ThemeAdding, CallDoor):
    """A new theme."""


class ThemeEdit(answering.ThemeEditing, CallDoor):
    """A theme in other words."""


class ThemeAnswer(answering.ThemeAnswering, CallDoor):
    """The team's answer."""


class ThemeRemove(answering.ThemeRemoving, CallDoor):
    """A theme goes."""

    template_name = "desk/confirm.html"


class ThemeStep(answering.ThemeStepping, CallDoor):
    """Show, unshow, up, down."""
