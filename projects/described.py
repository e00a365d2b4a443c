"""What the page of a record tells of it: a description, schema.org, the list it stands under; from what is loaded."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from govlab.templatetags.thai import written
from govlab.thai import format_range, pick

Context = Mapping[str, Any]
Data = dict[str, Any]


def first_of(thing: Any, *names: str) -> str:
    """The first of these texts that is there, in either language."""
    return next(filter(None, (pick(thing, name) for name in names)), "")


def _together(parts: Iterable[Any]) -> str:
    """The parts that are there, as one line."""
    return " · ".join(str(part) for part in parts if part)


def _counted(*pairs: tuple[Any, int]) -> list[str]:
    """Each label with its number, as far as there is anything to count."""
    return [f"{label} {number:,}" for label, number in pairs if number]


def _names(rows: Iterable[Any]) -> str:
    return ", ".join(pick(row, "name") for row in rows)


def _agency_line(row: Any, home: str) -> Data:
    link = home + reverse("public:agency-detail", args=[row.key])
    return {"@type": "GovernmentOrganization", "name": pick(row, "name"), "url": link}


# --- projects and cohorts --------------------------------------------------------------------------------------------
def _owners(context: Context) -> list[Any]:
    project = context["project"]
    return [row for row in context.get("beside", {}).get("owner", []) if project.demo or not row.demo]


def _project_told(context: Context) -> str:
    project = context["project"]
    if text := first_of(project, "aim", "problem", "focus"):
        return text
    called = _("GovLab project %(code)s") % {"code": project.code}
    return _together((pick(project, "title"), called, project.cohort, _names(_owners(context))))


def _project(context: Context, home: str) -> Data:
    project = context["project"]
    data = {"@type": "Project", "name": pick(project, "title"), "identifier": project.code}
    if owners := _owners(context):
        data["parentOrganization"] = [_agency_line(row, home) for row in owners]
    return data


def _cohort_told(context: Context) -> str:
    cohort = context["cohort"]
    numbers = _counted(
        (_("Projects"), context.get("count", 0)),
        (_("Meetings about them"), context.get("meetings", 0)),
        (_("Questions asked of the public"), context.get("calls", 0)),
    )
    return first_of(cohort, "about") or _together((f"GovLab {cohort}", *numbers))


def _cohort(context: Context, home: str) -> Data:
    return {"@type": "Collection", "name": str(context["cohort"]), "collectionSize": context.get("count", 0)}


def _stage_told(context: Context) -> str:
    told = context["told"]
    return f"{told['lede']} {_('What it leaves behind')}: {told['leaves']}"


def _stage(context: Context, home: str) -> Data:
    name = {"name": str(context["name"]), "termCode": str(context["number"])}
    return {"@type": "DefinedTerm", **name, "description": str(context["told"]["lede"])}


# --- meetings and what they resolved ---------------------------------------------------------------------------------
def _meeting_told(context: Context) -> str:
    meeting = context["meeting"]
    when = format_range(meeting.starts_on, meeting.ends_on)
    return _together((pick(meeting, "theme"), meeting.full_name, when, pick(meeting, "place")))


def _meeting(context: Context, home: str) -> Data:
    meeting = context["meeting"]
    data = {"@type": "Event", "name": meeting.full_name, "startDate": meeting.starts_on.isoformat()}
    if meeting.ends_on:
        data["endDate"] = meeting.ends_on.isoformat()
    if place := pick(meeting, "place"):
        data["location"] = {"@type": "Place", "name": place}
    return data


def _resolution_told(context: Context) -> str:
    return pick(context["resolution"], "text")


def _resolution(context: Context, home: str) -> Data:
    meeting = context["meeting"]
    link = home + reverse("public:meeting-detail", args=[meeting.key])
    held = {"@type": "Event", "name": meeting.full_name, "startDate": meeting.starts_on.isoformat(), "url": link}
    return {"@type": "CreativeWork", "text": pick(context["resolution"], "text"), "recordedAt": held}


# --- the others ------------------------------------------------------------------------------------------------------
def _agency_told(context: Context) -> str:
    agency = context["agency"]
    numbers = _counted(
        (_("Projects"), context.get("n_projects", 0)),
        (_("Assignments"), context.get("n_assignments", 0)),
        (_("Meetings"), context.get("n_meetings", 0)),
        (_("Innovations"), context.get("n_innovations", 0)),
    )
    return _together((pick(agency, "name"), agency.get_kind_display(), *numbers))


def _agency(context: Context, home: str) -> Data:
    return {"@type": "GovernmentOrganization", "name": pick(context["agency"], "name")}


def _innovation_told(context: Context) -> str:
    innovation, types = context["innovation"], _names(context.get("beside", {}).get("types", []))
    agency = pick(innovation.agency, "name") if innovation.agency else ""
    told = (pick(innovation, "title"), types, context.get("country"), agency)
    return first_of(innovation, "about") or _together(told)


def _innovation(context: Context, home: str) -> Data:
    return {"@type": "CreativeWork", "name": pick(context["innovation"], "title")}


def _call_told(context: Context) -> str:
    call = context["call"]
    open_to = _("Answer until %(day)s") % {"day": written(call.closes_on)} if context["standing"] == "open" else ""
    return _together((open_to, first_of(call, "about", "use")))


def _call(context: Context, home: str) -> Data:
    call = context["call"]
    about = home + reverse("public:project-detail", args=[call.project.code])
    project = {"@type": "Project", "name": pick(call.project, "title"), "url": about}
    answers = {"answerCount": context["tally"].shown, "expires": call.closes_on.isoformat()}
    return {"@type": "Question", "name": pick(call, "question"), **answers, "about": project}


@dataclass(frozen=True)
class Kind:
    """What pages of one kind are about: the record's name in their context, its description, schema.org, their list."""

    of: str
    told: Callable[[Context], str]
    data: Callable[[Context, str], Data]
    under: str


KINDS = {
    "project-detail": Kind("project", _project_told, _project, "project-list"),
    "cohort-detail": Kind("cohort", _cohort_told, _cohort, "cohort-list"),
    "stage-detail": Kind("told", _stage_told, _stage, "cohort-list"),
    "meeting-detail": Kind("meeting", _meeting_told, _meeting, "meeting-list"),
    "resolution-detail": Kind("resolution", _resolution_told, _resolution, "resolution-list"),
    "agency-detail": Kind("agency", _agency_told, _agency, "agency-list"),
    "innovation-detail": Kind("innovation", _innovation_told, _innovation, "innovation-list"),
    "call-detail": Kind("call", _call_told, _call, "call-list"),
}
"""By the name of their route."""
LISTS: dict[str, Callable[[], str]] = {
    "project-list": lambda: _("Projects"),
    "cohort-list": lambda: _("Cohorts and stages"),
    "meeting-list": lambda: _("Meetings"),
    "resolution-list": lambda: _("Resolutions"),
    "agency-list": lambda: _("Agencies"),
    "innovation-list": lambda: _("Innovation library"),
    "call-list": lambda: _("Co-design"),
}
"""What the lists are called."""
