"""Completing the minutes of a meeting: the page names first what is not written, not saved, or missing in the form."""

import re
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from govlab.autosave import form_address
from govlab.typed import kept_for
from projects.desk.phases import PhaseStep, unsaid
from projects.models import Meeting, Presence
from projects.models.agenda import number_key

UNDER_ITEM = re.compile(r"(items/|resolutions/add/\?under=)(?P<pk>\d{1,18})/?", re.ASCII)
"""The forms of an agenda item by the end of their addresses."""


def missing_of(meeting: Meeting) -> list[tuple[str, str]]:
    """What the official form of the minutes needs and the meeting does not say, each with where it is said."""
    asked = [
        (meeting.began_at, gettext("When the meeting was opened"), "began_at"),
        (meeting.ended_at, gettext("When the meeting was closed"), "ended_at"),
        (meeting.minutes_by, gettext("Who took the minutes"), "minutes_by"),
        (meeting.checked_by, gettext("Who checked the minutes"), "checked_by"),
    ]
    found = unsaid(meeting, asked)
    people = meeting.people.filter(presence="").exclude(deputies__presence=Presence.PRESENT).count()
    if people:
        said = ngettext("Whether %(n)d person came is not noted", "Whether %(n)d people came is not noted", people)
        found.append((said % {"n": people}, reverse("desk:meeting-attendance", args=[meeting.key])))
    elif not meeting.people.exists():
        add = reverse("desk:meeting-part-add", args=[meeting.key, "people"])
        found.append((gettext("Who was at the meeting"), add))
    return found


class MeetingFinish(PhaseStep):
    """The minutes are written."""

    verb = "finish"
    title = _("The minutes are complete")
    button = _("Yes, they are complete")
    done_message = _("The minutes wait to be adopted.")
    misses = _("The official form still misses")

    def sentences(self, meeting: Meeting) -> list[Any]:
        """What follows."""
        return [
            gettext("The minutes then wait to be adopted, by the next meeting or by letter."),
            gettext("You can still change them until they are adopted."),
        ]

    def more(self, meeting: Meeting) -> dict[str, Any]:
        """Items about which nothing is written, what was typed and not saved, and what the official form misses."""
        silent = Q(discussion="", resolutions=None, children=None, follow_ups=None)
        return {
            "silent": sorted(meeting.agenda.filter(silent), key=lambda item: number_key(item.number)),
            "unsaved": self.unsaved(meeting),
            "missing": missing_of(meeting),
        }

    def unsaved(self, meeting: Meeting) -> list[tuple[str, str]]:
        """What this person typed into a form of the meeting and did not save, with where it is."""
        own = self.own_page()
        path = form_address(own)
        tongue = own.removesuffix(path)
        found = []
        for row in kept_for(self.person).filter(path__startswith=path).order_by("path"):
            place = UNDER_ITEM.fullmatch(row.path.removeprefix(path))
            item = meeting.agenda.filter(pk=int(place["pk"])).first() if place else None
            found.append((str(item) if item else gettext("Another form of this meeting"), f"{tongue}{row.path}"))
        return found
