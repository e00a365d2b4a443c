"""Searching all that is public: the page with what was found, kind by kind, and what is offered as one types."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.paging import page_of
from projects.exchange.small_lists import found_list
from projects.exchange.taking import take
from projects.search import KINDS, LONGEST, MARKS, Answer, Group, Hit, answer

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


LISTS = {
    "project": "project-list",
    "meeting": "meeting-list",
    "resolution": "resolution-list",
    "innovation": "innovation-list",
    "agency": "agency-list",
}
"""The lists that take the same words and have filters besides."""


def typed(request: HttpRequest) -> tuple[str, bool]:
    """What is looked for, as far as it is read, and whether it was longer; no letter loses its marks."""
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())
    if len(words) <= LONGEST:
        return words, False
    end = LONGEST
    while end and words[end] in MARKS:
        end -= 1
    return words[:end].rstrip(), True


def list_of(kind: str, found: Answer) -> str:
    """The list of this kind with these words, where it finds the same; "" where it has none, or would find other."""
    if found.nearest or found.instead or kind not in LISTS:
        return ""
    return f"{reverse(f'public:{LISTS[kind]}')}?{urlencode({'q': found.q})}"


class Search(PublicDoor):
    """The page with the box and what was found."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The best of each kind; of one kind, all in pages; without words, what may be typed."""
        (q, cut), kind = typed(request), request.GET.get("kind", "")
        context: dict[str, Any] = {"q": q, "examples": EXAMPLES, "kind": kind if kind in KINDS else ""}
        context |= {"cut": cut, "longest": LONGEST}
        if not q:
            return render(request, "public/search/page.html", context)
        kinds = (kind,) if kind in KINDS else KINDS
        if file := take(request, found_list(LABELS), lambda: answer_hits(self.person, q, kinds)):
            return file
        if kind not in KINDS:
            found = answer(self.person, q, each=EACH)
            groups = [(row.kind, LABELS[row.kind], row, list_of(row.kind, found)) for row in found.groups]
            context |= {"found": found, "groups": groups}
            context["total"] = sum(row.count for row in found.groups)
            context["more"] = any(row.more for row in found.groups)
            return render(request, "public/search/page.html", context)
        number = request.GET.get("page", "1")
        start = (int(number) - 1) * PER_PAGE if number.isascii() and number.isdigit() and len(number) < 6 else 0
        found = answer(self.person, q, kinds=(kind,), each=PER_PAGE, start=max(start, 0))
        group = next(iter(found.groups), Group(kind))
        page = page_of(request, OnePage(group), PER_PAGE)
        context |= {"found": found, "label": LABELS[kind], "group": group, "page_obj": page, "kinds": LABELS.items()}
        context["list"] = list_of(kind, found) if group.count else ""
        return render(request, "public/search/page.html", context, status=page.status)


def answer_hits(person: Any, q: str, kinds: Sequence[str]) -> list[Hit]:
    """All that was found of these kinds, kind by kind, the closest first, as far as the search counts."""
    counted = max((group.count for group in answer(person, q, kinds=kinds, each=0).groups), default=0)
    groups = answer(person, q, kinds=kinds, each=counted).groups if counted else []
    return [hit for group in groups for hit in group.hits]


class Suggest(PublicDoor):
    """What is offered as one types, for static/js/search.js: a piece of a page."""

    kept = False  # every letter typed would be a page

    def get(self, request: HttpRequest) -> HttpResponse:
        """The best few of each kind, each a link, and a link to all."""
        q, _cut = typed(request)
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
