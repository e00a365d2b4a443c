"""What visitors meet besides records: about GovLab, the icon, the note to search engines."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.gather import SOURCE, gather, line
from projects.heads import origin
from projects.models import Facet, InnovationType, Lab, Principle, StageNumber, StageState

LISTS: tuple[tuple[str, Any, Any], ...] = (
    ("principles", Principle, _("How it works")),
    ("labs", Lab, _("Laboratories")),
    ("types", InnovationType, _("Types of innovation")),
    ("facets", Facet, _("Facets of innovation")),
)
CLOSED = ("desk/", "workspace/", "accounts/", "search/", "fill/", "calendars/", "follow/")


class About(PublicDoor):
    """What GovLab is and how it works."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; laboratories, types and facets with their sources come from the database."""
        text = {"key": "key", "name_th": "name_th", "name_en": "name_en", "more_th": "about_th", "more_en": "about_en"}
        source = {name: f"source__{column}" for name, column in SOURCE.items()} | {"demo": "source__demo"}
        lines = []
        for name, model, _heading in LISTS:
            lines.append(line(model.objects.all(), name, place="position", **text))
            lines.append(line(model.sources.through.objects.all(), f"{name}_sources", **source))
        found = gather(*lines)
        lists = [
            (
                heading,
                found[name],
                any(row.more_th or row.more_en for row in found[name]),
                {row.key: row for row in found[f"{name}_sources"]}.values(),
            )
            for name, _model, heading in LISTS
        ]
        stages = [
            {"number": n, "name": label, "state": "done", "url": reverse("public:stage-detail", args=[n])}
            for n, label in StageNumber.choices
        ]
        legend = [([state] * 4, label) for state, label in StageState.choices]
        return render(request, "public/about.html", {"lists": lists, "stages": stages, "legend": legend})


class Robots(PublicDoor):
    """What search engines should leave alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The doors that are closed, in both languages."""
        lines = [f"Disallow: {start}{path}" for start in ("/", "/en/") for path in CLOSED]
        lines += ["", f"Sitemap: {origin(request)}{reverse('public:sitemap')}"]
        return HttpResponse("\n".join(["User-agent: *", *lines, ""]), content_type="text/plain; charset=utf-8")


class Favicon(PublicDoor):
    """The icon, for programs that ask for it at the old address."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Leads to where it is."""
        return redirect(static("img/favicon.svg"))
