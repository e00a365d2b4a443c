"""Cohorts, and what happened in projects: stages, parts of agencies, approved updates and what they measured."""

from dataclasses import replace
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from govlab.thai import ce_year
from projects.exchange.columns import CHANGED, DEMO, Column, Table, both, number, of, sources
from projects.models import Cohort, ProgressUpdate, ProjectAgency, Reading, Stage, UpdateState

BY_DOCUMENTS = _("The documents in the column sources.")
BY_THE_PROJECT = _(
    "The documents in the column sources of the project; since agencies report in the portal, its approved updates."
)
BY_THE_AGENCY = _("Reported by the agency in the column agency, read and approved by OPDC staff.")


def _cohorts(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.prefetch_related("supported_by", "sources")


COHORTS = Table(
    "cohorts",
    _("Cohorts"),
    _("The years of GovLab, each with the bodies that supported it."),
    (
        of(Cohort, "year", kind="year"),
        Column(
            "year_ce",
            _("Year (Common Era)"),
            "whole",
            lambda row: ce_year(row.year),
            comes_from=_("Worked out from the column year."),
        ),
        *both(Cohort, "about"),
        of(Cohort, "supported_by"),
        sources(),
        CHANGED,
        DEMO,
    ),
    lambda person: _cohorts(Cohort.objects.order_by("-year")),
    _cohorts,
    "year",
    BY_DOCUMENTS,
)


# --- parts of projects -----------------------------------------------------------------------------------------------
def _stages(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("project")


STAGES = Table(
    "stages",
    _("Stages"),
    _("The four stages of every project, one row each; days that nobody stated are empty."),
    (
        of(Stage, "project", label=_("Project")),
        replace(of(Stage, "number"), name="stage"),
        *(of(Stage, name) for name in ("state", "planned_start", "planned_end", "actual_start", "actual_end")),
        CHANGED,
        DEMO,
    ),
    lambda person: _stages(Stage.objects.visible_to(person).order_by("project__code", "number")),
    _stages,
    comes_from=BY_THE_PROJECT,
)


def _parts(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("project", "agency")


PARTS_TABLE = Table(
    "parts",
    _("Parts of agencies in projects"),
    _("Which agency has which part in which project."),
    (
        of(ProjectAgency, "project", label=_("Project")),
        of(ProjectAgency, "agency"),
        of(ProjectAgency, "part"),
        CHANGED,
        DEMO,
    ),
    lambda person: _parts(ProjectAgency.objects.visible_to(person).order_by("project__code", "part", "agency__key")),
    _parts,
    comes_from=_("The documents in the column sources of the project."),
)


# --- what agencies report --------------------------------------------------------------------------------------------
def _updates(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("project", "agency")


UPDATES = Table(
    "updates",
    _("Progress updates"),
    _("What agencies reported of their projects, once OPDC staff approved it."),
    (
        number(),
        of(ProgressUpdate, "project"),
        of(ProgressUpdate, "agency"),
        replace(of(ProgressUpdate, "stage_number"), name="stage"),
        of(ProgressUpdate, "stage_state"),
        of(ProgressUpdate, "happened_on", label=_("Happened on")),
        of(ProgressUpdate, "title"),
        of(ProgressUpdate, "text"),
        Column("reviewed_at", _("Approved at"), "moment", attrgetter("reviewed_at")),
        DEMO,
    ),
    lambda person: _updates(
        ProgressUpdate.objects.visible_to(person)
        .filter(state=UpdateState.APPROVED)
        .order_by("project__code", "happened_on", "reviewed_at", "pk")
    ),
    _updates,
    "id",
    BY_THE_AGENCY,
)


def _readings(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("indicator__project", "update__agency")


READINGS = Table(
    "readings",
    _("Readings of indicators"),
    _("What was measured for the indicators of projects, or why there is no number; from approved updates."),
    (
        number(),
        Column("indicator", _("Indicator"), "whole", attrgetter("indicator_id"), refers="indicators.id"),
        Column("project", _("Project"), "code", attrgetter("indicator.project.code"), refers="projects.code"),
        Column("update", _("Progress update"), "whole", attrgetter("update_id"), refers="updates.id"),
        Column("agency", _("Agency"), "code", attrgetter("update.agency.key"), refers="agencies.key"),
        Column("happened_on", _("Date"), "date", attrgetter("update.happened_on")),
        of(Reading, "value", unit=_("that of the indicator")),
        of(Reading, "unavailable"),
        DEMO,
    ),
    lambda person: _readings(
        Reading.objects.visible_to(person)
        .filter(update__state=UpdateState.APPROVED)
        .order_by("indicator__project__code", "indicator", "update__happened_on", "pk")
    ),
    _readings,
    "id",
    _("Reported with the update in the column update, read and approved by OPDC staff."),
)
