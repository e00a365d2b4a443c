"""Searching all that is public: the page with what was found, kind by kind, and what is offered as one types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.paging import page_of
from projects.search import KINDS, LONGEST, Group, Hit, answer

EACH, PER_PAGE = 5, 20  # found of each kind on the first page, and of one kind on a page of its own
OFFERED, OFFERED_EACH = 8, 3  # as one types: in all, and of each kind
LABELS = {
    "project": _("Projects"),
    "update": _("Progress reports"),
    "meeting": _("Meetings"),
    "resolution": _("Resolutions"),
    "innovation": _("Innovations"),
    "agency": _("Agencies"),
}
EXAMPLES = [_("tourist guides"), _("foreign workers"), _("water"), _("patients"), "OECD", "GL2562-3"]


class OnePage:
    """All that was found of one kind, of which the rows of one page are here."""

    def __init__(self, group: Group) -> None:
        self.group = group

    def __len__(self) -> int:
        return self.group.count

    def __getitem__(self, rows: slice) -> list[Hit]:
        return self.group.hits


def typed(request: HttpRequest) -> str:
    """What is looked for, as far as it is read."""
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:LONGEST]


class Search(PublicDoor):
    """The page with the box and what was found."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The best of each kind; of one kind, all in pages; without words, what may be typed."""
        q, kind = typed(request), request.GET.get("kind", "")
        context: dict[str, Any] = {"q": q, "examples": EXAMPLES, "kind": kind if kind in KINDS else ""}
        if not q:
            return render(request, "public/search/page.html", context)
        if kind not in KINDS:
            found = answer(self.person, q, each=EACH)
            context |= {"found": found, "groups": [(row.kind, LABELS[row.kind], row) for row in found.groups]}
            context["total"] = sum(row.count for row in found.groups)
            context["more"] = any(row.more for row in found.groups)
            return render(request, "public/search/page.html", context)
        number = request.GET.get("page", "1")
        start = (int(number) - 1) * PER_PAGE if number.isascii() and number.isdigit() and len(number) < 6 else 0
        found = answer(self.person, q, kinds=(kind,), each=PER_PAGE, start=max(start, 0))
        group = next(iter(found.groups), Group(kind))
        page = page_of(request, OnePage(group), PER_PAGE)
        context |= {"found": found, "label": LABELS[kind], "group": group, "page_obj": page, "kinds": LABELS.items()}
        return render(request, "public/search/page.html", context, status=page.status)


class Suggest(PublicDoor):
    """What is offered as one types, for static/js/search.js: a piece of a page."""

    kept = False  # every letter typed would be a page

    def get(self, request: HttpRequest) -> HttpResponse:
        """The best few of each kind, each a link, and a link to all."""
        q = typed(request)
        found = answer(self.person, q, each=OFFERED_EACH)
        left, groups = OFFERED, []
        for group in found.groups:
            if hits := group.hits[: min(left, OFFERED_EACH)]:
                groups.append((group.kind, LABELS[group.kind], hits))
                left -= len(hits)
        context = {
            "q": q,
            "found": found,
            "groups": groups,
            "total": sum(group.count for group in found.groups),
            "more": any(group.more for group in found.groups),
        }
        response = render(request, "public/search/_suggest.html", context)
        response.headers["X-Fragment"] = "1"
        response.headers["X-Robots-Tag"] = "noindex"
        return response
