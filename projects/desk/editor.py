"""The agenda editor: the tree of items, one step or one drag at a time, with and without JavaScript."""

import uuid
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleButton, RuleForm, SentBefore, sentences
from govlab.history import Gone
from projects.desk.meetings import MeetingDoor
from projects.desk.outline import Outline, outline_of
from projects.forms.agenda import QuickItemForm
from projects.models import AgendaItem, Meeting, Phase
from projects.rules import agenda, meetings

SCRIPT = "X-Agenda"
"""Marks a request of static/js/agenda.js, which wants the tree as it stands now and a sentence, in JSON."""
MOVED_ON = _("Somebody has changed the agenda since this page was opened. Here is how it stands now: move it again.")
GONE = _("This item is no longer on the agenda. Here is how it stands now.")
SIGNS = (("up", "↑"), ("down", "↓"), ("in", "→"), ("out", "←"))
UNCLEAR = _("Say where the item goes. Nothing was moved.")


def editor_url(meeting: Meeting, anchor: str = "") -> str:
    """The agenda editor of a meeting."""
    return reverse("desk:meeting-agenda", args=[meeting.key]) + anchor


def small_number(typed: str) -> int | None:
    """What was sent as a number that a row can have."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 19 else None


class AgendaDoor(MeetingDoor):
    """A door about the agenda of one meeting."""

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        return self.found()

    def tree(self) -> dict[str, Any]:
        """What the tree is drawn from."""
        outline: Outline = outline_of(self.meeting, self.person)
        closed = self.meeting.phase == Phase.ADOPTED
        return {
            "meeting": self.meeting,
            "outline": outline,
            "closed": closed,
            "signs": SIGNS,
            "deepest": agenda.DEEPEST,
            "here": editor_url(self.meeting),
            "items": reverse("desk:meeting-item", args=[self.meeting.key, 0]).removesuffix("0/"),
            "move_key": uuid.uuid4().hex,
        }


class AgendaEditor(AgendaDoor, RuleForm):
    """The whole tree, and one line to add to it; `?under=` names the item that the line begins under."""

    form_class = QuickItemForm
    template_name = "desk/meetings/agenda/editor.html"
    title = _("Arrange the agenda")
    button = _("Add the item")
    added: AgendaItem

    @property
    def done_message(self) -> str:
        """Which item it became."""
        return gettext("%(item)s is on the agenda.") % {"item": self.added}

    def form_kwargs(self) -> dict[str, Any]:
        """The meeting, and the item above where the address names one of this meeting."""
        pk = small_number(self.request.GET.get("under", ""))
        under = AgendaItem.objects.filter(meeting=self.meeting, pk=pk).first() if pk else None
        return {"meeting": self.meeting, "under": under}

    def context(self) -> dict[str, Any]:
        """The tree, and the way back to the meeting."""
        return {**self.tree(), "back": self.own_page(), "crumbs": self.crumbs(self.title)}

    def rule(self, **answers: Any) -> AgendaItem:
        """Adds the item at the end of what it stands under."""
        self.added = meetings.add_part(AgendaItem, by=self.person, meeting=self.meeting, **answers)
        return self.added

    def next_page(self, result: AgendaItem) -> str:
        """To the line again, under the same item: often there is one more."""
        under = f"?under={result.parent_id}" if result.parent_id else ""
        return editor_url(self.meeting, f"{under}#id_title_th")


class ItemMove(AgendaDoor, RuleButton):
    """Moves an item: one step (`to`), or `under` another one to the place `at`; only in the tree that the page showed.

    Whoever asks by script gets the tree as it stands now, and the sentence of a refusal.
    """

    def rule(self, **answers: Any) -> AgendaItem:
        """Moves it."""
        rows = AgendaItem.objects.visible_to(self.person).filter(meeting=self.meeting)
        item = get_object_or_404(rows, pk=self.kwargs["pk"])
        sent = self.request.POST
        if (to := sent.get("to", "")) in agenda.MOVES:
            self.require_same()
            return agenda.move(item, by=self.person, to=to)
        at, above = small_number(sent.get("at", "")), sent.get("under", "")
        if to or at is None:
            raise ValidationError(UNCLEAR)
        self.require_same()
        under = get_object_or_404(rows, pk=small_number(above) or 0) if above else None
        return agenda.move(item, by=self.person, under=under, at=at)

    def require_same(self) -> None:
        """Raises ValidationError when the page shows an older arrangement."""
        if self.request.POST.get("tree") != outline_of(self.meeting, self.person).mark:
            raise ValidationError(MOVED_ON)

    def next_page(self, result: AgendaItem) -> str:
        """To the row."""
        return editor_url(self.meeting, f"#agenda-{result.pk}")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Carries it out; whatever comes of it, the tree is shown as it stands."""
        self.meeting  # noqa: B018 - 404 for a meeting that is not there
        refused = ""
        try:
            answer = self.carry_out(request)
        except SentBefore as before:
            answer, refused = redirect(before.answer["to"]), "" if before.same else str(MOVED_ON)
        except (Gone, Http404):
            refused = str(GONE)
        except ValidationError as error:
            refused = " ".join(sentences(error))
        if SCRIPT in request.headers:
            html = render_to_string("desk/meetings/agenda/_tree.html", self.tree(), request)
            return JsonResponse({"tree": html, "refused": refused}, status=409 if refused else 200)
        if refused:
            messages.error(request, refused)
            return redirect(editor_url(self.meeting))
        return answer
