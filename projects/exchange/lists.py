"""The lists and charts that several doors offer to take along, with what other records are called, not their codes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from govlab.thai import pick
from projects.calls import STANDINGS, standing
from projects.documents.standing import label_for
from projects.exchange.columns import BETWEEN, Column, heading, of
from projects.exchange.tables import AGENCIES, DEMO, INNOVATIONS, PROJECTS
from projects.exchange.taking import List, take
from projects.models import Call, Indicator, Innovation, Meeting, PublishState, Reading, Voice
from projects.models.countries import country_name
from projects.models.projects import PartKind


def said(name: str, label: Any, value: Callable[[Any], Any], kind: str = "text") -> Column:
    """A column of a list that only leaves the portal."""
    return Column(name, label, kind, value)


def own(name: str, label: Any, path: str = "") -> Column:
    """A text that a record, or one it leads to by `path`, has in both languages, in the active one if it can."""

    def value(row: Any) -> Any:
        for step in filter(None, path.split(".")):
            row = getattr(row, step)
        return pick(row, name) or None

    return said(name, label, value)


def names_of(rows: Iterable[Any]) -> str | None:
    """Records by their names, in one cell."""
    return BETWEEN.join(str(row) for row in rows) or None


def by_name(column: Column) -> Column:
    """A column that names other records by codes, with what they are called instead; any other as it is."""
    if column.names is None or column.kind == "year":
        return column

    def value(row: Any) -> Any:
        found = getattr(row, column.name)
        return (str(found) if found else None) if column.kind == "code" else names_of(found.all())

    return replace(column, kind="text", names=None, value=value)


def _parts(part: str) -> Callable[[Any], str | None]:
    return lambda row: names_of(each.agency for each in row.parts.all() if each.part == part)


PARTS = {"owners": PartKind.OWNER, "partners": PartKind.PARTNER, "supporters": PartKind.SUPPORT}


def _of_a_project(column: Column) -> Column:
    if column.name in PARTS:
        return replace(column, kind="text", names=None, value=_parts(PARTS[column.name]))
    return by_name(column)


PROJECT_LIST = List(PROJECTS.label, tuple(_of_a_project(each) for each in PROJECTS.columns), PROJECTS.read_with)
AGENCY_LIST = List(AGENCIES.label, tuple(by_name(each) for each in AGENCIES.columns), AGENCIES.read_with)


# --- innovations, meetings, calls ------------------------------------------------------------------------------------
def _country(column: Column) -> Column:
    value = column.value
    return replace(column, kind="text", choices={}, value=lambda row: country_name(value(row)) if value(row) else None)


# An entry may be public before the project that it came from: its code stays here.
INNOVATION_LIST = List(
    INNOVATIONS.label,
    tuple(
        _country(each) if each.name == "country" else by_name(each)
        for each in INNOVATIONS.columns
        if each.name != "project"
    ),
    lambda rows: rows.select_related("agency").prefetch_related("types", "sources"),
)
VISIBILITY = of(Innovation, "state", label=_("Visibility"), choices={str(k): v for k, v in PublishState.choices})
MEETING_LIST = List(
    _("Meetings"),
    (
        of(Meeting, "starts_on"),
        of(Meeting, "ends_on"),
        said("series", _("Series"), lambda row: str(row.series) if row.series else None),
        said("meeting", _("Meeting"), str),
        own("theme", _("Theme")),
        own("place", _("Place")),
        of(Meeting, "kind"),
        DEMO,
    ),
    lambda rows: rows.select_related("series"),
)


def _day_of(row: Voice) -> Any:
    return timezone.localdate(row.created_at)


def call_list(on: Any) -> List:
    """Calls as they stand on this day."""
    return List(
        _("Calls"),
        (
            own("question", _("Question")),
            said("code", heading(_("Code")), lambda row: row.project.code),
            own("title", _("Project"), "project"),
            of(Call, "opens_on"),
            of(Call, "closes_on"),
            said("standing", _("State"), lambda row: str(STANDINGS[standing(row, on)])),
            said("voices", _("Answers shown"), lambda row: row.n_shown, "whole"),
            DEMO,
        ),
    )


VOICE_LIST = List(
    _("What people answered"),
    (
        of(Voice, "created_at", label=_("Date"), kind="date", value=_day_of),
        of(Voice, "standpoint"),
        of(Voice, "text"),
        DEMO,
    ),
)
"""Answers as everybody reads them on the page of their call."""


# --- resolutions -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class ResolutionLine:
    """One resolution of a meeting with one thing that it asks; without a resolution, what the whole meeting asks."""

    meeting: Meeting
    decided: Any
    asked: Any
    """Both as `projects.models.agenda` has them, or None."""


def _resolved(name: str, label: Any, value: Callable[[Any], Any]) -> Column:
    return said(name, label, lambda row: value(row.decided) if row.decided else None)


def _asked(name: str, label: Any, value: Callable[[Any], Any], kind: str = "text") -> Column:
    return said(name, label, lambda row: value(row.asked) if row.asked else None, kind)


def _lines(rows: Iterable[Any]) -> str | None:
    return BETWEEN.join(pick(row, "name") for row in rows) or None


RESOLUTION_LIST = List(
    _("Resolutions"),
    (
        said("meeting", _("Meeting"), lambda row: str(row.meeting)),
        said("series", _("Series"), lambda row: str(row.meeting.series) if row.meeting.series else None),
        said("met_on", _("Meeting held on"), lambda row: row.meeting.starts_on, "date"),
        _resolved("number", _("Number of the resolution"), lambda row: row.resolution.number),
        _resolved("resolution", _("Resolution"), lambda row: pick(row.resolution, "text")),
        _resolved("concerns", _("Concerns"), lambda row: _lines(row.concerns)),
        _asked("asked", _("What is asked"), lambda row: pick(row.assignment, "text")),
        _asked("agency", _("Agency"), lambda row: str(row.assignment.agency)),
        _asked("partners", _("Together with"), lambda row: _lines(row.partners)),
        _asked("due_on", _("Due"), lambda row: row.assignment.due_on, "date"),
        _asked("state", _("State"), lambda row: label_for(row.assignment.state)),
        _asked("days_late", _("Days late"), lambda row: row.days_late, "whole"),
        said("demo", _("Demonstration data"), lambda row: row.meeting.demo, "yes_no"),
    ),
)


# --- charts ----------------------------------------------------------------------------------------------------------
def _number_of(name: str) -> Callable[[Any], Any]:
    return lambda row: getattr(row, name)


READINGS = List(
    _("Indicators and readings"),
    (
        said("code", _("Project"), lambda row: row.indicator.project.code),
        own("name", _("Indicator"), "indicator"),
        own("unit", _("Unit"), "indicator"),
        said("kind", _("What the number is"), lambda row: str(row.what)),
        said("happened_on", _("Date"), lambda row: row.on, "date"),
        said("value", _("Value"), _number_of("value"), "decimal"),
        said("unavailable", _("Why there is no number"), lambda row: row.why or None),
    ),
)
"""The numbers of indicator charts: baseline, readings in the order of their days, target."""


class Measured:
    """One point of an indicator's chart."""

    def __init__(self, indicator: Indicator, what: Any, value: Any, on: Any = None, why: str = "") -> None:
        self.indicator, self.what, self.value, self.on, self.why = indicator, what, value, on, why


def measured(charts: Iterable[dict[str, Any]]) -> Iterable[Measured]:
    """The rows of READINGS from what `projects.charts` draws, chart by chart."""
    for chart in charts:
        indicator = chart["indicator"]
        if indicator.baseline is not None:
            yield Measured(indicator, _("Baseline"), indicator.baseline)
        for reading, _text in chart["readings"]:
            row: Reading = reading
            yield Measured(indicator, _("Reading"), row.value, row.update.happened_on, row.unavailable)
        if indicator.target is not None:
            yield Measured(indicator, _("Target"), indicator.target)


def take_readings(request: HttpRequest, charts: Iterable[dict[str, Any]]) -> HttpResponse | None:
    """The numbers of the chart that the address asks for; the others are offered."""
    for chart in charts:
        if file := take(request, READINGS, partial(measured, [chart]), chart["taken"]):
            return file
    return None


def counts(label: Any, of_what: Any, by: Any = "") -> List:
    """A chart that counts: rows are (what is counted by, its value, how many), the first only where there is `by`."""
    columns = (
        said("by", by, lambda row: str(row[0])),
        said("value", of_what, lambda row: str(row[-2])),
        said("count", _("How many"), lambda row: row[-1], "whole"),
    )
    return List(label, columns if by else columns[1:])


def star_counts(lines: Iterable[Any]) -> list[tuple[int, int]]:
    """From five stars down, how many gave them; `lines` have the stars as `place` and how many as `sort`."""
    found = {int(line.place): int(line.sort) for line in lines}
    return [(stars, found.get(stars, 0)) for stars in range(5, 0, -1)]


def facet_counts(facets: Iterable[Any] | None) -> Iterable[tuple[str, str, int]]:
    """The numbers beside the choices of a filter."""
    return [(facet.label, choice.label, choice.count) for facet in facets or () for choice in facet.choices]


STANDPOINTS = counts(_("Who answered"), _("Who they are in the matter"))
STARS = counts(_("What people think of it"), _("Stars"))
FACETS = counts(_("Numbers beside the filter"), _("Choice"), _("Filter"))


def crossed(label: Any, down: Any, columns: Iterable[Any]) -> List:
    """A table of numbers: rows are (name, [number of each column]); `columns` are the headings."""

    def at(place: int) -> Callable[[Any], Any]:
        return lambda row: row[1][place]

    numbers = (Column(f"column{n}", format_lazy("{}", each), "whole", at(n)) for n, each in enumerate(columns))
    return List(label, (said("row", down, lambda row: str(row[0])), *numbers))
