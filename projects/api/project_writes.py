"""Projects with their parts, cohorts and the library of innovations, written by programs: OPDC staff keep them."""

from functools import partial
from typing import Any

from rest_framework import serializers

from agencies.api.columns import CodeField, record, stepped
from agencies.api.keeping import Noun, by, door, keeping
from agencies.api.reading import Beside
from agencies.models import Agency
from agencies.rules import records
from govlab.api import KeyField
from govlab.filters import Choice
from projects.api.call_writes import Calls
from projects.api.cohorts import Cohorts
from projects.api.indicators import Indicators
from projects.api.innovations import Innovations, InnovationSerializer
from projects.api.projects import Projects, ProjectSerializer
from projects.api.publishing_verbs import PUBLISHING
from projects.api.touching import projects as projects_seen
from projects.api.touching import team
from projects.api.updates import UpdateDoor
from projects.api.visitor_writes import Ratings
from projects.models import Cohort, Indicator, Innovation, Project, ProjectAgency, Stage, StageNumber
from projects.models.countries import COUNTRIES
from projects.models.innovations import TOLD
from projects.models.projects import STORY
from projects.rules import indicators, projects, publishing, stages

DAYS = ("planned_start", "planned_end", "actual_start", "actual_end")


def country(required: bool = False) -> serializers.Field:
    """One of the countries that pages offer, or none."""
    return KeyField(choices=list(COUNTRIES), allow_blank=True, required=False)


def published_steps(serializer: Any, row: Any) -> list[str]:
    """What staff may do with what is published."""
    return publishing.open_steps(serializer.person, row)


# --- the rows --------------------------------------------------------------------------------------------------------
PROJECTS = Noun(
    Project,
    "project",
    columns=(
        *("code", "cohort", "title_th", "title_en", "field", "province"),
        *("focus_th", "focus_en", "aim_th", "aim_en", *STORY),
        *("types", "labs", "facets", "sources"),
    ),
    whole=("code", "cohort"),
    add=projects.add,
    edit=projects.edit,
    remove=publishing.remove,
    verbs=PUBLISHING,
    asks={"code": partial(CodeField, max_length=20, help_text="Such as GL2562-3.")},
)
PARTS = Noun(
    ProjectAgency,
    "part",
    begins=("project",),
    columns=("agency", "part"),
    add=projects.add_part,
    edit=records.edit,
    remove=records.remove,
)
STAGES = Noun(Stage, "stage", columns=("state", *DAYS), edit=stages.edit)
INDICATORS = Noun(
    Indicator,
    "indicator",
    begins=("project",),
    columns=("name_th", "name_en", "unit_th", "unit_en", "direction", "counting", "baseline", "target"),
    later=("sure",),
    add=partial(records.add, Indicator),
    edit=indicators.edit,
    remove=records.remove,
    asks={
        "sure": partial(
            serializers.BooleanField, help_text="The numbers that were reported stay right with this change."
        )
    },
)
COHORTS = Noun(
    Cohort,
    "cohort",
    columns=("year", "supported_by", "about_th", "about_en", "sources"),
    add=partial(records.add, Cohort),
    edit=records.edit,
)
INNOVATIONS = Noun(
    Innovation,
    "innovation",
    columns=("title_th", "title_en", *TOLD, "types", "country", "agency", "project", "sources"),
    add=partial(records.add, Innovation),
    edit=records.edit,
    remove=publishing.remove,
    verbs=PUBLISHING,
    asks={"country": country},
)

# --- the doors -------------------------------------------------------------------------------------------------------
PART = record(
    "AgencyPartSerializer",
    ProjectAgency,
    ("id", "project", "agency", "part", "demo", "version"),
    about="That an agency has a part in a project.",
)
STAGE = record(
    "ProjectStageSerializer",
    Stage,
    ("id", "project", "number", "state", *DAYS, "demo", "version"),
    about="One of the four stages of a project.",
)
KeptInnovations = keeping(Innovations, INNOVATIONS, stepped(InnovationSerializer, published_steps, called="Innovation"))


class KeptProjects(Projects):
    """What is published; an agency's own and all of them with a token."""

    beside = {
        "indicators": Beside(Indicators, "project"),
        "updates": Beside(UpdateDoor, "project"),
        "innovations": Beside(KeptInnovations, "project"),
        "calls": Beside(Calls, "project"),
        "ratings": Beside(Ratings, "project"),
    }


DOORS: list[tuple[str, Any, str]] = [
    ("cohorts", keeping(Cohorts, COHORTS), "cohort"),
    ("indicators", keeping(Indicators, INDICATORS), "indicator"),
    ("innovations", KeptInnovations, "innovation"),
    (
        "parts",
        door(
            PARTS,
            PART,
            "parts that agencies have in projects",
            "A part is seen by whoever sees its project.",
            filters={"project": by(Project), "agency": by(Agency)},
            touched={"project": projects_seen, "project__parts": team, "agency": None},
        ),
        "part",
    ),
    (
        "projects",
        keeping(KeptProjects, PROJECTS, stepped(ProjectSerializer, published_steps, called="Project")),
        "project",
    ),
    (
        "stages",
        door(
            STAGES,
            STAGE,
            "stages of projects",
            "A stage is seen by whoever sees its project.",
            filters={"project": by(Project), "number": Choice(choices=StageNumber.choices)},
            touched={"project": projects_seen, "project__parts": team},
        ),
        "stage",
    ),
]
