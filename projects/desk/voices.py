"""What visitors wrote, as a queue: of all calls or of one, the longest waiting first; several decided at once."""

import uuid
from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from agencies.doors import DeskDoor
from govlab.paging import page_of
from projects import asking
from projects.desk.home import tab_counts
from projects.exchange import desk_tables
from projects.exchange.taking import take
from projects.forms.calls import reason_choices
from projects.models import Call, Moderation, Voice

PAGE = 20
ORDER = {Moderation.WAITING: ("created_at", "pk")}
"""What is decided stands with the newest decision first, so that a slip is found and taken back."""


class VoiceList(DeskDoor):
    """The queue."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        state = request.GET.get("state", "")
        state = state if state in Moderation.values else Moderation.WAITING
        number = request.GET.get("call", "")
        rows = Voice.objects.visible_to(self.person)
        call = None
        if number.isascii() and number.isdigit() and len(number) < 19:
            call = Call.objects.visible_to(self.person).filter(pk=int(number)).first()
        if call:
            rows = rows.filter(call=call)
        counts = rows.aggregate(**{name: Count("pk", filter=Q(state=name)) for name in Moderation.values})
        chosen = rows.filter(state=state).select_related("call__project", "decided_by", "contact")
        chosen = chosen.order_by(*ORDER.get(Moderation(state), ("-decided_at", "pk")))
        if file := take(request, desk_tables.VOICES, chosen):
            return file
        page = page_of(request, chosen, PAGE)
        context: dict[str, Any] = {
            **tab_counts(),
            "page_obj": page,
            "voices": list(page),
            "states": [(name, label, counts[name]) for name, label in Moderation.choices],
            "state": state,
            "call": call,
            "reasons": reason_choices(),
            "ticked": set(request.GET.getlist("ticked")),
            "typed": request.GET,
            "form_key": uuid.uuid4().hex,
            "queue": True,
        }
        return render(request, "desk/voices/list.html", context, status=page.status)


class VoiceDecide(asking.Deciding, DeskDoor):
    """Decides the ticked ones; back to where they were ticked: the queue, or the page of their call."""

    space = "desk"

    def rows(self) -> Any:
        """All that staff see."""
        return Voice.objects.visible_to(self.person).select_related("call__project").order_by("created_at", "pk")

    def own_page(self) -> str:
        """The queue, or the page of the call."""
        number = self.request.POST.get("on_call", "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            return reverse("desk:call-detail", args=[number])
        return reverse("desk:voice-list")

    def where(self) -> dict[str, str]:
        """The queue may be narrowed to a call, too."""
        call = {"call": self.request.POST["call"]} if self.request.POST.get("call") else {}
        return {**call, **super().where()}
