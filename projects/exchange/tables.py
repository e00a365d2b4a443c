"""The tables in which the portal's records leave it and come back: one row each, one table for each kind."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Prefetch, QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from projects.exchange.columns import CHANGED, DEMO, Column, Table, both, heading, number, of, sources
from projects.exchange.tables_lists import LISTS, SOURCES
from projects.exchange.tables_meetings import AGENDA_ITEMS, ASSIGNMENTS, MEETINGS, RESOLUTIONS
from projects.exchange.tables_progress import BY_DOCUMENTS, COHORTS, PARTS_TABLE, READINGS, STAGES, UPDATES
from projects.exchange.tables_voices import CALLS, RATINGS, THEMES, VOICES
from projects.models import Indicator, Innovation, Project, ProjectAgency, Stage, StageNumber
from projects.models.projects import PartKind

VISITOR = AnonymousUser()
"""For whom a table is read where nobody is named."""

__all__ = ["AGENCIES", "CHANGED", "DEMO", "INDICATORS", "INNOVATIONS", "PROJECTS", "TABLES"]


# --- projects --------------------------------------------------------------------------------------------------------
def _near(row: Any, name: str) -> list[Any]:
    """The records below one, read once for the many columns that tell of them."""
    found: list[Any] | None = vars(row).get(f"_near_{name}")
    if found is None:
        found = vars(row)[f"_near_{name}"] = list(getattr(row, name).all())
    return found


def _with_parts(part: str) -> Any:
    return lambda row: tuple(each.agency.key for each in _near(row, "parts") if each.part == part)


def _of_stage(number: int, name: str) -> Column:
    """A column of one of a project's four stages: `stage1_state`, `stage1_planned_start` and so on."""
    made = of(Stage, name)

    def value(row: Project) -> Any:
        stage = next((each for each in _near(row, "stages") if each.number == number), None)
        return getattr(stage, name) if stage else None

    label = format_lazy("{} {}: {}", _("Stage"), number, made.label)
    reported = _("The documents in the column sources; since agencies report in the portal, its approved updates.")
    return Column(f"stage{number}_{name}", label, made.kind, value, made.choices, comes_from=reported)


PARTS = tuple(
    Column(name, label, "codes", _with_parts(part), names=Agency)
    for part, name, label in (
        (PartKind.OWNER, "owners", _("Owners")),
        (PartKind.PARTNER, "partners", _("Partners")),
        (PartKind.SUPPORT, "supporters", _("Supporters")),
    )
)
STAGE_COLUMNS = ("state", "planned_start", "planned_end", "actual_start", "actual_end")


def _projects(rows: QuerySet[Any]) -> QuerySet[Any]:
    parts = Prefetch("parts", ProjectAgency.objects.select_related("agency"))
    return rows.select_related("cohort", "field").prefetch_related(
        parts, "stages", "types", "labs", "facets", "sources"
    )


PROJECTS = Table(
    "projects",
    _("Projects"),
    _("The projects of all cohorts, each with its agencies and its four stages."),
    (
        of(Project, "code"),
        of(Project, "cohort", kind="year"),
        *both(Project, "title"),
        of(Project, "field"),
        *PARTS,
        *(of(Project, name) for name in ("types", "labs", "facets", "province")),
        Column(
            "current_stage",
            heading(_("current stage")),
            "whole",
            lambda row: row.current_stage,
            about=_("0: not started; 1 to 4: the stage it is at; 5: all done; empty: not known."),
            comes_from=_("Worked out from the states of the four stages."),
        ),
        *(_of_stage(number, name) for number in StageNumber.values for name in STAGE_COLUMNS),
        *both(Project, "focus", "aim", "problem", "learned", "tried", "result", "used"),
        sources(),
        CHANGED,
        DEMO,
    ),
    lambda person: _projects(Project.objects.visible_to(person).order_by("-cohort__year", "code")),
    _projects,
    "code",
    BY_DOCUMENTS,
)


# --- agencies, indicators, innovations -------------------------------------------------------------------------------
def _agencies(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("parent").prefetch_related("sources")


AGENCIES = Table(
    "agencies",
    _("Agencies"),
    _("Every body that has a part in GovLab."),
    (
        of(Agency, "key", label=_("Code")),
        *both(Agency, "name", "short"),
        of(Agency, "kind"),
        of(Agency, "parent"),
        sources(),
        CHANGED,
        DEMO,
    ),
    lambda person: _agencies(Agency.objects.order_by("key")),
    _agencies,
    "key",
    BY_DOCUMENTS,
)


def _indicators(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("project")


INDICATORS = Table(
    "indicators",
    _("Indicators"),
    _("What projects are measured by; what was measured stands in the table of readings."),
    (
        number(),
        of(Indicator, "project", label=_("Project")),
        *both(Indicator, "name", "unit"),
        *(of(Indicator, name) for name in ("direction", "counting", "baseline", "target")),
        CHANGED,
        DEMO,
    ),
    lambda person: _indicators(Indicator.objects.visible_to(person).order_by("project__code", "pk")),
    _indicators,
    "id",
    _("Agreed on by the agency and OPDC staff; entered by OPDC staff."),
)


def _innovations(rows: QuerySet[Any], person: Any = VISITOR) -> QuerySet[Any]:
    """An entry may be public before the project that it came from: that one is named only to who may see it."""
    seen = Prefetch("project", Project.objects.visible_to(person))
    return rows.select_related("agency").prefetch_related(seen, "types", "sources")


INNOVATIONS = Table(
    "innovations",
    _("Innovations"),
    _("The library of innovations of the public sector."),
    (
        number(),
        *both(Innovation, "title", "about", "carries_over", "mind"),
        *(of(Innovation, name) for name in ("agency", "project", "country", "types")),
        sources(),
        CHANGED,
        DEMO,
    ),
    lambda person: _innovations(Innovation.objects.visible_to(person).order_by("pk"), person),
    _innovations,
    "id",
    BY_DOCUMENTS,
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        *(COHORTS, PROJECTS, STAGES, PARTS_TABLE, UPDATES, INDICATORS, READINGS),
        *(AGENCIES, INNOVATIONS),
        *(MEETINGS, AGENDA_ITEMS, RESOLUTIONS, ASSIGNMENTS),
        *(CALLS, VOICES, THEMES, RATINGS),
        *(*LISTS, SOURCES),
    )
}
"""Every table, by its name, in the order in which they are read."""
