"""Series of meetings on the desk: one page for each, with its members, its standing items and its meetings."""

from typing import Any

from django.conf import settings
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agencies.doors import DeskDoor
from agencies.rules import records
from govlab.doors import RuleConfirm, RuleForm
from govlab.thai import be_year
from projects.desk.lookups import LOOKUP, LookupForm
from projects.desk.pages import PageDoor, PageForm, PageRemove
from projects.exchange.small_lists import SERIES_LIST
from projects.exchange.taking import take
from projects.models import Assignment, AssignmentState, Meeting, MeetingSeries
from projects.models.meetings import AFTER, BEFORE
from projects.rules import numbers, series

LATEST = 12
"""Meetings that the page of a series shows; the list of meetings has them all."""


class SeriesForm(LookupForm):
    """What staff say about a series."""

    class Meta(LookupForm.Meta):
        model = MeetingSeries
        fields = [*LOOKUP, "quorum"]


class SeriesList(DeskDoor):
    """Every series."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The list, with when each met last and what it waits for."""
        today, open_ones = timezone.localdate(), Q(meetings__phase__in=AFTER)
        open_ones &= ~Q(meetings__assignments__state=AssignmentState.CLOSED)
        rows = MeetingSeries.objects.annotate(
            met=Count("meetings", distinct=True),
            last_on=Max("meetings__starts_on", filter=Q(meetings__phase__in=AFTER)),
            next_on=Min("meetings__starts_on", filter=Q(meetings__starts_on__gte=today, meetings__phase__in=BEFORE)),
            unfinished=Count("meetings__assignments", filter=open_ones, distinct=True),
        ).order_by("position", "sort_key", "pk")
        if file := take(request, SERIES_LIST, rows):
            return file
        crumbs = [(reverse("desk:meeting-list"), _("Meetings")), ("", _("Meeting series"))]
        return render(request, "desk/series/list.html", {"rows": rows, "crumbs": crumbs})


class SeriesAdd(DeskDoor, RuleForm):
    """A new series, with the items that stand on the agenda of every committee."""

    form_class = SeriesForm
    template_name = "desk/form.html"
    title = _("Add a meeting series")
    button = _("Save the series")
    done_message = _("The series is saved.")

    def context(self) -> dict[str, Any]:
        """The way back to the list."""
        back = reverse("desk:series-list")
        return {"back": back, "crumbs": [(back, _("Meeting series")), ("", self.title)]}

    def rule(self, **answers: Any) -> MeetingSeries:
        """Adds it."""
        return series.add(by=self.person, **answers)

    def next_page(self, result: MeetingSeries) -> str:
        """To its page."""
        return reverse("desk:series-detail", args=[result.key])


class SeriesDoor(PageDoor):
    """A door about one series; it is called by the `name` that it had when it was found."""

    name = ""

    def found(self) -> MeetingSeries:
        """The series that the address names."""
        thing = get_object_or_404(MeetingSeries, key=self.kwargs["key"])
        self.name = str(thing)
        return thing

    def own_page(self) -> str:
        """The page of the series."""
        return reverse("desk:series-detail", args=[self.kwargs["key"]])

    def crumbs(self, title: Any) -> list[tuple[str, Any]]:
        """The way from the list over the series."""
        return [(reverse("desk:series-list"), _("Meeting series")), (self.own_page(), self.name), ("", title)]


class SeriesDetail(SeriesDoor):
    """One series with everything that belongs to it."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        """The page."""
        thing = self.found()
        asked = Assignment.objects.given().unfinished().filter(meeting__series=thing)
        members = list(thing.members.select_related("agency"))
        feed = reverse("public:private-calendar", args=[thing.feed_key])
        year = be_year(timezone.localdate().year)
        context = {
            "series": thing,
            "members": members,
            "needed": thing.quorum or -(-len(members) // 2),
            "items": list(thing.standing_items.all()),
            "meetings": list(Meeting.objects.filter(series=thing).order_by("-starts_on", "-pk")[:LATEST]),
            "next_number": f"{numbers.next_number(thing, year)}/{year}",
            "open": asked.count(),
            "late": asked.late(timezone.localdate()).count(),
            "feed": f"{settings.PORTAL_URL}{feed}",
            "crumbs": [
                (reverse("desk:meeting-list"), _("Meetings")),
                (reverse("desk:series-list"), _("Meeting series")),
                ("", thing),
            ],
        }
        return render(request, "desk/series/detail.html", context)


class SeriesEdit(SeriesDoor, PageForm):
    """A series that is there."""

    form_class = SeriesForm
    title = _("Edit a meeting series")
    button = _("Save the series")
    done_message = _("The series is saved.")

    def find(self) -> MeetingSeries:
        """By its key."""
        return self.found()

    def rule(self, **answers: Any) -> MeetingSeries:
        """Changes it."""
        return records.edit(self.thing, by=self.person, **answers)

    def next_page(self, result: MeetingSeries) -> str:
        """To its page, under its key as it is now."""
        return reverse("desk:series-detail", args=[result.key])


class SeriesRemove(SeriesDoor, PageRemove):
    """Takes a series out that no meeting uses."""

    button = _("Remove the series")
    done_message = _("The series is removed.")

    def row(self) -> MeetingSeries:
        """The series."""
        return self.found()

    def question(self, row: Any) -> dict[str, Any]:
        """What goes along."""
        return {
            "title": gettext("Remove “%(name)s”?") % {"name": row},
            "intro": _("Its members and standing items go with it. This is refused while a meeting belongs to it."),
        }

    def next_page(self, result: Any) -> str:
        """To the list."""
        return reverse("desk:series-list")


class FeedRenew(SeriesDoor, RuleConfirm):
    """Gives the private calendar feed another address."""

    template_name = "desk/confirm.html"
    done_message = _("The calendar has a new address. Send it to the members.")

    def context(self) -> dict[str, Any]:
        """What happens to those who use the old one."""
        self.found()
        title = _("Give the members’ calendar a new address?")
        return {
            "title": title,
            "intro": _(
                "Calendars with the old address get no more meetings. Do this when it has come into wrong hands."
            ),
            "button": _("Make a new address"),
            "back": self.own_page(),
            "crumbs": self.crumbs(title),
        }

    def rule(self, **answers: Any) -> MeetingSeries:
        """Renews it."""
        return series.renew_feed(self.found(), by=self.person)
