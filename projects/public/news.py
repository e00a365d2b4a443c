"""The page of the news: everything that really happened, month by month."""

from datetime import date
from itertools import groupby
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from agencies.doors import PublicDoor
from govlab.thai import format_date
from projects import happened, news
from projects.exchange.small_lists import news_list
from projects.exchange.taking import take

PER_PAGE = 30


def month_of(day: date) -> str:
    """The month with its year, in the era of the language: พฤศจิกายน 2564."""
    return format_date(day.replace(day=1), "long").partition(" ")[2]


class All:
    """All news of a kind, of which a paginator reads one page."""

    ordered = True

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def count(self) -> int:
        """How many there are."""
        return happened.count(kind=self.kind)

    def __getitem__(self, part: slice) -> list[news.Entry]:
        """One page."""
        return news.entries(happened.rows(kind=self.kind, most=part.stop)[part.start : part.stop])


class News(PublicDoor):
    """All of them, or those of one kind, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page; 404 for a kind or a page there is none of."""
        kind = request.GET.get("kind", "")
        if kind and kind not in news.KINDS:
            raise Http404
        if file := take(request, news_list(news.KINDS), lambda: All(kind)[: happened.count(kind=kind)]):
            return file
        try:
            rows: Any = All(kind)
            page: Any = Paginator(rows, PER_PAGE).page(request.GET.get("page", 1))
        except InvalidPage:
            raise Http404 from None
        months: list[tuple[str, list[Any]]] = [
            (month_of(days[0].on), days)
            for days in (list(own) for _month, own in groupby(page, lambda e: (e.on.year, e.on.month)))
        ]
        context = {
            "title": _("News"),
            "kind": kind,
            "kinds": news.KINDS.items(),
            "months": months,
            "page_obj": page,
        }
        return render(request, "public/news/list.html", context)
