"""Searching all that is public."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from projects.search import LONGEST, search

MOST = 40
KINDS = {
    "project": _("Project"),
    "agency": _("Agency"),
    "meeting": _("Meeting"),
    "innovation": _("Innovation"),
}


class Search(PublicDoor):
    """The page with the box and what was found."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """At most MOST records, titles first; without words, what may be typed."""
        q = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
        hits = search(self.person, q, MOST + 1)
        context: dict[str, Any] = {
            "q": q,
            "hits": [(KINDS[hit.kind], hit) for hit in hits[:MOST]],
            "more": len(hits) > MOST,
            "most": MOST,
        }
        return render(request, "public/search.html", context)
