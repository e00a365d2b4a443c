"""Writing the minutes, one item at a time: what was said, the papers, the resolutions and the work they ask for."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.doors import RuleForm
from projects.desk.editor import small_number
from projects.desk.followups import came_up, matters_of
from projects.desk.meetings import MeetingDoor
from projects.desk.outline import Outline, outline_of
from projects.forms.minutes import ItemMinutesForm
from projects.models import AgendaItem, Assignment, ItemKind, Meeting, Paper, Phase, Resolution
from projects.models.agenda import Asked, Decided
from projects.rules import followups, meetings, papers


def item_url(meeting: Meeting, pk: int, anchor: str = "") -> str:
    """The page where the item is written."""
    return reverse("desk:meeting-item", args=[meeting.key, pk]) + anchor


class ItemMinutes(MeetingDoor, RuleForm):
    """One item with the form for what was said, everything under it, and the way to the items around it."""

    autosaves = True
    form_class = ItemMinutesForm
    template_name = "desk/meetings/minutes/item.html"
    button = _("Save the item")
    thing: AgendaItem
    resolved: Resolution | None = None

    @property
    def done_message(self) -> str:
        """What was saved."""
        if self.resolved is None:
            return gettext("The item is saved.")
        return gettext("The item is saved, with resolution %(number)s.") % {"number": self.resolved.number}

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        return self.found()

    @cached_property
    def outline(self) -> Outline:
        """The whole agenda beside it."""
        return outline_of(self.meeting, self.person)

    def find(self) -> AgendaItem:
        """By its number, in this meeting."""
        rows = AgendaItem.objects.visible_to(self.person).select_related("presented_by", "adopts__series")
        item = get_object_or_404(rows, meeting=self.meeting, pk=self.kwargs["pk"])
        item.meeting = self.meeting
        self.title = str(item)  # before a form writes what was typed into it
        self.kind, self.adopts = item.kind, item.adopts
        return item

    def form_kwargs(self) -> dict[str, Any]:
        """The item, its meeting, and who attaches."""
        return {"instance": self.thing, "meeting": self.meeting, "person": self.person}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form; once the minutes are adopted, what it says."""
        self.thing = self.find()
        if self.meeting.phase == Phase.ADOPTED:
            sentence = gettext("The minutes of this meeting are adopted. Open them again before you change them.")
            page = self.left_over(sentence, self.own_page())
            return page or render(request, self.template_name, self.context())
        return self.show(self.form_class(**self.form_kwargs()))

    def context(self) -> dict[str, Any]:
        """Everything under the item, the items around it, the whole agenda."""
        rows = self.outline.all
        place = next((number for number, row in enumerate(rows) if row.item.pk == self.thing.pk), 0)
        decided, saved = self.decided(), small_number(self.request.GET.get("saved", ""))
        found: dict[str, Any] = {
            "meeting": self.meeting,
            "item": self.thing,
            "title": self.title,
            "rows": rows,
            "previous": rows[place - 1].item if place else None,
            "following": rows[place + 1].item if place + 1 < len(rows) else None,
            "decided": decided,
            "papers": Paper.objects.visible_to(self.person).filter(item=self.thing),
            "adopts": self.adopts,
            "closed": self.meeting.phase == Phase.ADOPTED,
            "writable": self.meeting.phase != Phase.ADOPTED,
            "saved": next((row.resolution for row in decided if row.resolution.pk == saved), None),
            "back": self.own_page(),
            "crumbs": self.crumbs(self.title),
        }
        if self.kind == ItemKind.ARISING:
            carried = followups.open_at(self.meeting).filter(item=self.thing)
            found["matters"], found["before"] = matters_of(self.meeting, carried, self.person, timezone.localdate())
        return found

    def decided(self) -> list[Decided]:
        """The resolutions of the item with what each asks for."""
        work: QuerySet[Assignment] = Assignment.objects.filter(resolution__item=self.thing).select_related("agency")
        asked: dict[int | None, list[Asked]] = {}
        given = list(work.prefetch_related("partners"))
        came_up(given)
        for row in given:
            late = row.days_late(timezone.localdate())
            asked.setdefault(row.resolution_id, []).append(Asked(row, list(row.partners.all()), late))
        rows = Resolution.objects.filter(item=self.thing).order_by("position", "pk").prefetch_related("concerns")
        return [Decided(row, list(row.concerns.all()), asked.get(row.pk, [])) for row in rows]

    def rule(self, *, attach: Any = (), resolution: str = "", **answers: Any) -> AgendaItem:
        """Saves the item with the papers and the resolution that came along."""
        item = meetings.edit_part(self.thing, by=self.person, **answers)
        if attach:
            papers.attach(item, by=self.person, files=attach)
        if resolution:
            self.resolved = meetings.add_part(
                Resolution, by=self.person, meeting=self.meeting, item=item, text_th=resolution
            )
        return item

    def next_page(self, result: AgendaItem) -> str:
        """The item again, or the one after it, or the form of a resolution of it."""
        rows, verb = [row.item.pk for row in self.outline.all], self.request.POST.get("verb")
        place = rows.index(result.pk)
        if verb == "next" and place + 1 < len(rows):
            return item_url(self.meeting, rows[place + 1])
        if verb == "resolve":
            add = reverse("desk:meeting-part-add", args=[self.meeting.key, "resolutions"])
            return f"{add}?under={result.pk}"
        return item_url(self.meeting, result.pk, f"?saved={self.resolved.pk}" if self.resolved else "")
