"""A project as a small card for other people's websites."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from agencies.doors import PublicDoor
from govlab.middleware import CSP
from projects.heads import origin
from projects.models import Project, Stage
from projects.models.stages import standing
from projects.public.renamed import lead_on


class ProjectEmbed(PublicDoor):
    """The only page that other sites may show in a frame: nothing in it can be sent or signed."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """The card; 404 for a project that a visitor may not see."""
        seen = Stage.objects.visible_to(self.person).filter(project__code=code)
        stages = list(seen.select_related("project__cohort").order_by("number"))
        if not stages:
            return lead_on(request, Project, "code", code)
        states = [stage.state for stage in stages]
        context = {
            "project": stages[0].project,
            "demo": any(row.demo for row in (stages[0].project, *stages)),
            "states": states,
            "standing": standing(states),
            "home": origin(request),
        }
        response = render(request, "public/embed/project.html", context)
        response["Content-Security-Policy"] = CSP.replace("frame-ancestors 'none'", "frame-ancestors *")
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        response["X-Robots-Tag"] = "noindex"
        response.xframe_options_exempt = True
        return response
