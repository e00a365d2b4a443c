"""The lists that people of agencies work with, as files: what their pages show."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from projects.exchange.columns import of
from projects.exchange.lists import own, said
from projects.exchange.tables import DEMO
from projects.exchange.taking import List
from projects.models import Assignment

ASKED = List(
    _("Everything that is asked"),
    (
        said("what", _("What is asked"), lambda row: str(row.what)),
        said("where", _("Where it comes from"), lambda row: str(row.where)),
        said("state", _("State"), lambda row: str(row.state)),
        said("why", _("Why?"), lambda row: row.why or None),
        said("due_on", _("Due"), lambda row: row.due_on, "date"),
        said("days_late", _("Days late"), lambda row: row.days_late, "whole"),
        DEMO,
    ),
)


def assignments(group: Callable[[Assignment], Any], days_late: Callable[[Assignment], int]) -> List:
    """What meetings ask; under which heading it stands and how late it is for the agency, the page says.

    The resolution and the other projects stay out: their meeting may not be published.
    """
    return List(
        _("What meetings ask"),
        (
            own("text", _("What is asked")),
            said("group", _("Next step"), lambda row: str(group(row))),
            said("meeting", _("Meeting"), lambda row: str(row.meeting)),
            said("met_on", _("Meeting held on"), lambda row: row.meeting.starts_on, "date"),
            said("agency", _("Agency"), lambda row: str(row.agency)),
            of(Assignment, "due_on", label=_("Due")),
            said("days_late", _("Days late"), days_late, "whole"),
            of(Assignment, "state", label=_("State")),
            of(Assignment, "percent"),
            DEMO,
        ),
    )
