"""How a project's page is cited, in both languages, each with the years of its own era."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from govlab.thai import be_year, format_date, pick
from projects.models import Project


def citations(request: HttpRequest, project: Project, changed: datetime) -> list[dict[str, Any]]:
    """Title, who keeps it, address and the day of the last change, as a Thai and as an English sentence."""
    day = timezone.localdate(changed)
    found = []
    for language, label, year in (("th", _("In Thai"), be_year(day.year)), ("en", _("In English"), day.year)):
        with translation.override(language):
            where = request.build_absolute_uri(reverse("public:project-detail", args=[project.code]))
            text = _("%(by)s (%(year)s). %(title)s. GovLab project %(code)s. Last changed %(day)s. %(where)s") % {
                "by": _("Office of the Public Sector Development Commission (OPDC)"),
                "year": year,
                "title": pick(project, "title", language),
                "code": project.code,
                "day": format_date(day, "long", language),
                "where": where,
            }
        found.append({"language": language, "label": label, "text": text})
    return found
