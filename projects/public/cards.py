"""The pictures that go with shared links: one for each public project, one for every other page."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from agencies.doors import PublicDoor
from govlab.templatetags.thai import year
from govlab.thai import known_language
from projects.documents.card import Card, drawn
from projects.models import Project, Stage, StageState
from projects.models.stages import standing
from projects.public.renamed import lead_on


def picture(card: Card) -> HttpResponse:
    """The answer; other sites show it, so it may be asked for from anywhere."""
    response = HttpResponse(drawn(card), content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


class ProjectCard(PublicDoor):
    """The picture of one project: its title, its code, how far it is."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """The picture; 404 for a project that a visitor may not see."""
        seen = Stage.objects.visible_to(self.person).filter(project__code=code)
        stages = list(seen.select_related("project__cohort").order_by("number"))
        if not stages:
            return lead_on(request, Project, "code", code)
        project, states = stages[0].project, [stage.state for stage in stages]
        return picture(
            Card(
                name=_("Government Innovation Lab"),
                above=f"{project.code} · {_('Cohort %(year)s') % {'year': year(project.cohort.year)}}",
                title=str(project),
                below=standing(states),
                beside=_("Demonstration data") if any(row.demo for row in (project, *stages)) else "",
                states=states,
                language=known_language(),
            )
        )


class GeneralCard(PublicDoor):
    """The picture of all other pages."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The picture."""
        return picture(
            Card(
                name="",
                above="",
                title=_("Government Innovation Lab"),
                below=_("Office of the Public Sector Development Commission (OPDC)"),
                beside="",
                states=[StageState.DONE] * 4,
                language=known_language(),
            )
        )
