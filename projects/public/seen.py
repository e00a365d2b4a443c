"""How often a project is looked at, told by the page itself once it is shown; no cookie, and no address is kept."""

from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from agencies.doors import CookielessDoor
from govlab import visitors
from projects.models import Project
from projects.rules import seen

APART = timedelta(minutes=30)
"""One address counts for one project once in this time."""


class ProjectSeen(CookielessDoor):
    """What a project's page sends when somebody looks at it (static/js/portal.js); only our own pages may."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        """204, counted or not; 404 for what a visitor may not see, 403 from a page that is not ours."""
        project = get_object_or_404(Project.objects.visible_to(self.person).only("pk"), code=code)
        if not visitors.from_our_page(request):
            raise PermissionDenied
        if visitors.allow(request, f"seen {code}", 1, APART):
            seen.count(project, on=timezone.localdate())
        return HttpResponse(status=204)
