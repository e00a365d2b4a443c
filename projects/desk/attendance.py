"""Who came to a meeting, for all people on one page; members of the series who are missing come by a button."""

from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from govlab.doors import RuleButton
from projects.desk.meetings import MeetingDoor
from projects.desk.pages import PageForm
from projects.forms.people import AttendanceForm
from projects.models import Meeting, MeetingPerson, Phase, Takes
from projects.models.attendance import quorum
from projects.rules import attendance


class MeetingAttendance(MeetingDoor, PageForm):
    """One form for everybody: present, excused, absent. The button `all` says that every member came."""

    form_class = AttendanceForm
    template_name = "desk/meetings/attendance.html"
    title = _("Who came")
    button = _("Save who came")
    done_message = _("It is noted who came.")
    autosaves = True

    @cached_property
    def meeting(self) -> Meeting:
        """The meeting that the address names."""
        return self.found()

    @cached_property
    def people(self) -> list[MeetingPerson]:
        """Its people: members first."""
        rows = {part: [] for part in Takes}  # type: dict[Any, list[MeetingPerson]]
        for person in self.meeting.people.select_related("agency", "stands_for"):
            rows[person.part].append(person)
        return [person for part in (Takes.MEMBER, Takes.OBSERVER, Takes.SPEAKER) for person in rows[part]]

    def form_kwargs(self) -> dict[str, Any]:
        """The people."""
        return {"people": self.people}

    def context(self) -> dict[str, Any]:
        """The quorum as noted so far, who is missing of the series, and who stands in for whom."""
        meeting = self.meeting
        needed = meeting.series.quorum if meeting.series else None
        return {
            **super().context(),
            "meeting": meeting,
            "count": quorum(self.people, needed),
            "missing": attendance.missing_members(meeting),
            "open": meeting.phase != Phase.ADOPTED,
        }

    def rule(self, **answers: Any) -> int:
        """Notes it."""
        return attendance.mark(self.meeting, by=self.person, **answers)

    def next_page(self, result: int) -> str:
        """Back here when all members were marked at once, as some may have to be changed; else to the meeting."""
        if "all" in self.request.POST:
            return reverse("desk:meeting-attendance", args=[self.meeting.key])
        return f"{self.own_page()}#people"


class MeetingBringMembers(MeetingDoor, RuleButton):
    """Puts the members of the series who are missing among the people."""

    def rule(self, **answers: Any) -> int:
        """Brings them in."""
        return attendance.bring_members(self.found(), by=self.person)

    def next_page(self, result: int) -> str:
        """To who came, with a sentence on how many there are."""
        said = ngettext("%(n)d member was brought in.", "%(n)d members were brought in.", result) % {"n": result}
        messages.success(self.request, said)
        return self.back_page()

    def back_page(self) -> str:
        """Who came."""
        return reverse("desk:meeting-attendance", args=[self.kwargs["key"]])
