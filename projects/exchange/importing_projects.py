"""Projects brought in: one row is a project with its agencies and the dates of its four stages."""

import re
from typing import Any

from django.utils.translation import gettext as _

from agencies.models import Agency
from agencies.rules import records
from govlab.thai import arabic_digits
from projects.exchange.importing_kinds import Intake, Values, answers_of, mark_of, told
from projects.exchange.tables import STAGE_COLUMNS
from projects.models import Cohort, PartKind, Project, ProjectAgency, Stage
from projects.models.stages import StageNumber
from projects.rules import projects, publishing, stages


class Projects(Intake):
    """Projects with their agencies and the dates of their four stages."""

    table, model, key = "projects", Project, "code"
    marked = ("stages", "parts")
    also = frozenset(
        {"owners", "partners", "supporters"}
        | {f"stage{number}_{name}" for number in StageNumber.values for name in STAGE_COLUMNS}
    )

    def load(self, lines: list[Values]) -> None:
        """The codes as they are kept, then the projects."""
        for line in lines:
            if line.get("code"):
                line["code"] = _code(line["code"])
        super().load(lines)

    def find(self, values: Values) -> Project | None:
        """By the code; without one by the title."""
        if code := values.get("code"):
            return self.known.get(code)
        title = values.get("title_th") or values.get("title_en") or ""
        codes = self.names.named(Project, title) if title else set()
        if len(codes) > 1:
            offered = ", ".join(sorted(codes)[:5])
            raise told(
                "code", _("Several have this name. Type the code of the right one: %(codes)s") % {"codes": offered}
            )
        if not codes:
            raise told("code", _("Type the code of the project, such as GL2562-3."))
        return self.with_columns(Project.objects.filter(code=codes.pop())).get()

    def add(self, values: Values) -> Project:
        """Adds it as a draft; without a cohort it belongs to the one that its code names."""
        own, parts, each = _split(values)
        year = int(values["code"][2:6]) if re.match(r"GL2\d{3}-", values["code"]) else None
        if own.get("cohort") is None:
            if not Cohort.objects.filter(year=year).exists():
                raise told("cohort", _("Type the year of the cohort. Add the cohort to the portal first."))
            own["cohort"] = year
        known = {number: answers_of(Stage, values, self.names) for number, values in each.items()}
        project = projects.add(by=self.by, stages=known, **answers_of(Project, own, self.names))
        self._parts(project, parts, [])
        return project

    def edit(self, record: Any, changed: Values) -> Project:
        """Changes it, what part agencies have in it, and its stages."""
        own, parts, each = _split(changed)
        if own:
            answers = {"code": record.code, "cohort": record.cohort, **answers_of(Project, own, self.names)}
            projects.edit(record, by=self.by, version=record.version, **answers)
        self._parts(record, parts, list(record.parts.all()))
        rows = {stage.number: stage for stage in record.stages.all()}
        for number, values in each.items():
            with projects.refused_at(f"stage{number}_"):
                answers = answers_of(Stage, values, self.names)
                stages.edit(rows[number], by=self.by, version=rows[number].version, **answers)
        return record

    def _parts(self, project: Project, parts: Values, there: list[ProjectAgency]) -> None:
        """Gives each agency the part that the row says; who stands in no column of these any more goes."""
        told_parts = {COLUMN_OF[part]: part for part in PartKind.values}
        wanted: dict[str, str] = {}
        for name, codes in parts.items():
            for code in codes:
                if code in wanted:
                    raise told(name, _("An agency has one part in a project. This one stands in two columns."))
                wanted[code] = told_parts[name]
        for row in there:
            part = wanted.pop(row.agency.key, None)
            if part and part != row.part:
                records.edit(row, by=self.by, version=row.version, part=part)
            elif part is None and COLUMN_OF[row.part] in parts:
                records.remove(row, by=self.by)
        for code, part in wanted.items():
            projects.add_part(project, by=self.by, agency=self.names.record(Agency, code), part=part)

    def remove(self, record: Any) -> None:
        """A draft goes with its stages; what was published since stays."""
        publishing.remove(record, by=self.by)

    def touched(self, record: Any, changed: Values) -> list[Any]:
        """The project, and the stages whose dates change."""
        numbers = _split(changed)[2]
        return [record, *(stage for stage in record.stages.all() if stage.number in numbers)]

    def marks(self, record: Any) -> dict[str, int]:
        """The project, its stages, its agencies."""
        rows = [record, *record.stages.all(), *record.parts.all()]
        return {mark_of(row): row.version for row in rows}


COLUMN_OF: dict[str, str] = {PartKind.OWNER: "owners", PartKind.PARTNER: "partners", PartKind.SUPPORT: "supporters"}
"""In which column the agencies with each part stand."""


def _code(typed: str) -> str:
    """A project's code as it is kept: small letters, Thai digits, spaces and leading zeros are as good."""
    code = arabic_digits(typed).upper().replace(" ", "").replace("–", "-")
    return re.sub(r"-0+(?=\d)", "-", code)


def _split(values: Values) -> tuple[Values, Values, dict[int, Values]]:
    """What belongs to the project itself, to the parts of agencies, and to each stage."""
    own: Values = {}
    parts: Values = {}
    each: dict[int, Values] = {}
    for name, value in values.items():
        stage, _underscore, column = name.partition("_")
        if stage in STAGES:
            each.setdefault(STAGES[stage], {})[column] = value
        else:
            (parts if name in COLUMN_OF.values() else own)[name] = value
    return own, parts, each


STAGES = {f"stage{number}": number for number in StageNumber.values}
