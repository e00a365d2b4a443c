"""Every public page in one list: for search engines as XML, for people as a page."""

from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Cast
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import override

from agencies.doors import PublicDoor
from agencies.models import Agency
from projects.heads import origin
from projects.models import Call, Cohort, Innovation, Meeting, Project, Resolution, StageNumber

AT_MOST = 10_000
"""Records in one file, each in two languages; search engines take 50,000 addresses and 50 MB."""
PLACES = (
    "home",
    "project-list",
    "project-map",
    "cohort-list",
    "agency-list",
    "meeting-list",
    "resolution-list",
    "innovation-list",
    "news",
    "call-list",
    "data",
    "about",
    "sitemap-page",
    "privacy",
    "accessibility",
    "terms",
    "contact",
)
"""Pages that are always there, by their routes."""
KINDS: tuple[tuple[str, Any, str], ...] = (
    ("project-detail", Project, "code"),
    ("cohort-detail", Cohort, "year"),
    ("agency-detail", Agency, "key"),
    ("meeting-detail", Meeting, "key"),
    ("resolution-detail", Resolution, "pk"),
    ("innovation-detail", Innovation, "pk"),
    ("call-detail", Call, "pk"),
)
"""Pages of records: route, model, and the column that stands in the address."""


class Place(NamedTuple):
    """One page: its address in Thai and in English, and when it was changed last."""

    th: str
    en: str
    changed: datetime | None


def records() -> QuerySet[Any, Any]:
    """(route, key, changed) of every record that a visitor may see, in one query."""
    text: CharField[Any, Any] = CharField(max_length=80)
    parts = []
    for route, model, column in KINDS:
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(AnonymousUser())
        told = rows.order_by().annotate(route=Cast(Value(route), text), named=Cast(F(column), text))
        parts.append(told.values_list("route", "named", "updated_at"))
    return parts[0].union(*parts[1:], all=True)


def place(home: str, route: str, *args: Any, changed: datetime | None = None) -> Place:
    """The page of this route in both languages."""
    found = {}
    for language in ("th", "en"):
        with override(language):
            found[language] = home + reverse(f"public:{route}", args=args)
    return Place(found["th"], found["en"], changed)


def places_of(home: str, rows: Any) -> list[Place]:
    """The pages of these records: an address is worked out once for each kind, then filled in."""
    frames = {route: place(home, route, 7777777) for route, _model, _column in KINDS}
    return [
        Place(frames[route].th.replace("7777777", key), frames[route].en.replace("7777777", key), changed)
        for route, key, changed in rows
    ]


class SiteMap(PublicDoor):
    """What search engines read; with many records a list of lists."""

    def get(self, request: HttpRequest, number: int = 0) -> HttpResponse:
        """All pages in one file, or the file with this number; 404 for one that is not there."""
        home, rows = origin(request), records()
        count = rows.count()
        files = -(-count // AT_MOST)
        if number == 0 and files > 1:
            listed = [home + reverse("public:sitemap-part", args=[n]) for n in range(1, files + 1)]
            return self.answer(request, "index", {"listed": listed})
        if number > max(files, 1):
            raise Http404
        begin = max(number - 1, 0) * AT_MOST
        # In the same order whoever asks, so that no record falls between two files.
        places = places_of(home, rows.order_by("route", "named")[begin : begin + AT_MOST])
        if begin == 0:
            fixed = [place(home, route) for route in PLACES]
            stages = [place(home, "stage-detail", stage) for stage in StageNumber.values]
            places = [*fixed, *stages, *places]
        return self.answer(request, "pages", {"places": places})

    def answer(self, request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
        """The file."""
        kind = "application/xml; charset=utf-8"
        return render(request, f"public/sitemap/{name}.xml", context, content_type=kind)


class SiteMapPage(PublicDoor):
    """The portal at one look, for people."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; records are reached by their lists."""
        stages = [(number, label) for number, label in StageNumber.choices]
        return render(request, "public/sitemap/page.html", {"cohorts": Cohort.objects.all(), "stages": stages})
