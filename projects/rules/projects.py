"""Projects and the agencies with a part in them: staff add and edit; a project has its four stages from the start."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import Agency, User
from govlab.history import hold, keep
from projects.models import Cohort, Project, ProjectAgency, Stage, StageNumber


def _fits(code: str, cohort: Cohort) -> None:
    if not code.startswith(f"GL{cohort.year}-"):
        raise ValidationError(
            {"code": _("The code of a project of this cohort begins with %(start)s") % {"start": f"GL{cohort.year}-"}}
        )


@transaction.atomic
def add(*, by: User, code: str, cohort: Cohort, **answers: Any) -> Project:
    """Adds a draft project with its four stages, of which nothing is known yet."""
    require_desk(by)
    code = code.strip().upper()
    _fits(code, cohort)
    project = keep(Project(), "add", by=by, code=code, cohort=cohort, **answers)
    for number in StageNumber:
        keep(Stage(project=project, number=number), "add", by=by)
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
