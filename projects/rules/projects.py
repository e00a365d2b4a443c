"""Projects and the agencies with a part in them: staff add and edit; a project has its four stages from the start."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import Agency, User
from govlab.history import hold, keep
from projects.models import Cohort, Project, ProjectAgency, Stage, StageNumber, StageState
from projects.models.stages import current_stage


def _fits(code: str, cohort: Cohort) -> None:
    if not code.startswith(f"GL{cohort.year}-"):
        raise ValidationError(
            {"code": _("The code of a project of this cohort begins with %(start)s") % {"start": f"GL{cohort.year}-"}}
        )


@contextmanager
def refused_at(start: str) -> Iterator[None]:
    """Puts the refusals of a part of a record at the columns that begin so."""
    try:
        yield
    except ValidationError as error:
        if not hasattr(error, "error_dict"):
            raise
        raise ValidationError(
            {name if name == NON_FIELD_ERRORS else start + name: each for name, each in error.error_dict.items()}
        ) from error


@transaction.atomic
def add(
    *, by: User, code: str, cohort: Cohort, stages: Mapping[int, Mapping[str, Any]] | None = None, **answers: Any
) -> Project:
    """Adds a draft project with its four stages; `stages` holds what is known of them, by their numbers.

    Raises ValidationError; what is refused of a stage stands at `stage1_planned_end` and so on.
    """
    require_desk(by)
    code = code.strip().upper()
    _fits(code, cohort)
    known = {number: (stages or {}).get(number, {}) for number in StageNumber.values}
    standing = current_stage([said.get("state", StageState.UNKNOWN) for said in known.values()])
    project = keep(Project(current_stage=standing), "add", by=by, code=code, cohort=cohort, **answers)
    for number, said in known.items():
        with refused_at(f"stage{number}_"):
            keep(Stage(project=project, number=number), "add", by=by, **said)
    return project


@transaction.atomic
def edit(
    project: Project, *, by: User, version: int, code: str, cohort: Cohort, verb: str = "edit", **answers: Any
) -> Project:
    """Changes what is written about a project."""
    require_desk(by)
    code = code.strip().upper()
    _fits(code, cohort)
    return keep(hold(project, version), verb, by=by, code=code, cohort=cohort, **answers)


@transaction.atomic
def add_part(project: Project, *, by: User, agency: Agency, part: str) -> ProjectAgency:
    """Gives an agency a part in the project."""
    require_desk(by)
    return keep(ProjectAgency(project=project), "add", by=by, agency=agency, part=part)
