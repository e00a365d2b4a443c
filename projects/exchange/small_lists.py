"""Short lists to take along: cohorts, news, what the search found, series of meetings, the lists of choices."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from govlab.thai import pick
from projects.exchange.columns import of
from projects.exchange.lists import RESOLUTION_LIST, ResolutionLine, names_of, own, said
from projects.exchange.tables import DEMO
from projects.exchange.taking import CHUNK, List
from projects.models import Assignment, Cohort, Meeting, StageNumber, StageState
from projects.models.agenda import Asked, Decided

COHORT_LIST = List(
    _("Cohorts"),
    (
        of(Cohort, "year"),
        said("supported_by", _("Supporters of the cohort"), lambda row: names_of(row.supported_by.all())),
        own("about", _("About")),
        DEMO,
    ),
    lambda rows: rows.prefetch_related("supported_by"),
)


def news_list(kinds: Any) -> List:
    """What happened; `kinds` names the kinds of news."""
    return List(
        _("News"),
        (
            said("on", _("Date"), lambda row: row.on, "date"),
            said("kind", _("Kind"), lambda row: str(kinds[row.kind])),
            said("title", _("Headline"), lambda row: row.title or None),
            said("project", _("Project"), lambda row: row.project or None),
            own("project", _("Title")),
            own("agency", _("Agency")),
            said("address", _("Address"), lambda row: row.url),
            DEMO,
        ),
    )


def found_list(kinds: Any) -> List:
    """What the search found; `kinds` names the kinds of records."""
    return List(
        _("Found by the search"),
        (
            said("kind", _("Kind"), lambda row: str(kinds[row.kind])),
            said("id", _("Code"), lambda row: row.id),
            own("title", _("Title")),
            said("excerpt", _("Where it says so"), lambda row: row.excerpt or None),
            said("on", _("Date"), lambda row: row.on, "date"),
            said("address", _("Address"), lambda row: row.url),
            DEMO,
        ),
    )


# --- what meetings resolved, on the pages of a meeting, an agency and a project --------------------------------------
def resolved_lines(
    meeting: Meeting, decided: Iterable[Decided], as_a_whole: Iterable[Asked]
) -> Iterator[ResolutionLine]:
    """The rows of RESOLUTION_LIST of one meeting: each resolution with each thing it asks, then what the whole asks."""
    for each in decided:
        yield from (ResolutionLine(meeting, each, asked) for asked in each.asked)
        if not each.asked:
            yield ResolutionLine(meeting, each, None)
    for asked in as_a_whole:
        yield ResolutionLine(meeting, None, asked)


ASKED_LIST = replace(
    RESOLUTION_LIST,
    label=_("Asked of this agency"),
    columns=tuple(each for each in RESOLUTION_LIST.columns if each.name != "concerns"),
)
"""Assignments, each with the resolution that asks."""


def asked_lines(rows: models.QuerySet[Assignment], on: date) -> Iterator[ResolutionLine]:
    """The rows of ASKED_LIST, late or not on this day."""
    for row in rows.prefetch_related("partners").iterator(chunk_size=CHUNK):
        decided = Decided(row.resolution, (), []) if row.resolution else None
        yield ResolutionLine(row.meeting, decided, Asked(row, [*row.partners.all()], row.days_late(on)))


RESOLVED_ABOUT = List(
    _("Resolutions about it"),
    (
        said("met_on", _("Meeting held on"), lambda row: row.on, "date"),
        said("number", _("Number of the resolution"), lambda row: row.url),
        own("name", _("Resolution")),
        DEMO,
    ),
)
"""Resolutions about a project; rows are lines as `projects.public.known` finds them."""


# --- what happened in a project --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Entry:
    """What happened on a day: an approved update, or a meeting at which results were presented, as a line."""

    on: date | None
    update: Any
    meeting: Any

    @property
    def demo(self) -> bool:
        """Whether it is demonstration data."""
        return bool((self.update or self.meeting).demo)


def _headline(row: Entry) -> str:
    if row.update:
        return str(row.update.title)
    meeting = pick(row.meeting, "name") or f"{pick(row.meeting, 'more')} {row.meeting.sort}/{row.meeting.under}"
    return f"{gettext('Results presented at a meeting')}: {meeting}"


def _told(name: str, label: Any, value: Any) -> Any:
    return said(name, label, lambda row: value(row.update) if row.update else None)


HAPPENED = List(
    _("What has happened"),
    (
        said("on", _("Date"), lambda row: row.on, "date"),
        _told("stage", _("Stage"), lambda update: str(StageNumber(update.stage_number).label)),
        said("headline", _("Headline"), _headline),
        _told("text", _("Text"), lambda update: update.text),
        _told("agency", _("Agency"), lambda update: str(update.agency)),
        DEMO,
    ),
)
SERIES_LIST = List(
    _("Meeting series"),
    (
        said("key", _("Code"), lambda row: row.key),
        own("name", _("Name")),
        said("met", _("Meetings"), lambda row: row.met, "whole"),
        said("last_on", _("Met last on"), lambda row: row.last_on, "date"),
        said("next_on", _("Meets next on"), lambda row: row.next_on, "date"),
        said("unfinished", _("Not closed"), lambda row: row.unfinished, "whole"),
        DEMO,
    ),
)


def choices(name: Any, model: type[models.Model]) -> List:
    """A list of choices that staff keep, with what every row of it has."""
    known = {column.name for column in model._meta.get_fields() if isinstance(column, models.Field)}
    shown = ("key", "name_th", "name_en", "title_th", "title_en", "about_th", "about_en", "url", "published_on", "demo")
    return List(name, tuple(of(model, each) for each in shown if each in known))


def _stage(number: int) -> Any:
    label = f"{number}. {StageNumber(number).label}"
    return said(f"stage{number}", label, lambda row: str(StageState(row.states[number - 1]).label))


def kept_list() -> List:
    """How every project stood when a round closed; the headings are in the language that is active now."""
    return List(
        _("How every project stood"),
        (
            said("code", _("Project"), lambda row: row.code),
            said("title", _("Title"), lambda row: row.title),
            *map(_stage, StageNumber.values),
            said("standing", _("Standing"), lambda row: row.standing),
            said("update", _("Last approved update"), lambda row: row.update or None),
            said("happened_on", _("Date"), lambda row: row.happened_on or None),
            said("due", _("Due report"), lambda row: row.due),
        ),
    )
