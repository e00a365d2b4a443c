"""What the public lists share: the filter, numbered pages, a sentence where a page does not exist."""

from collections.abc import Callable, Hashable, Iterable
from functools import partial
from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.doors import PublicDoor
from govlab.filters import Filters, Several
from govlab.worded import Statements
from projects.exchange.lists import FACETS, facet_counts
from projects.exchange.taking import List, take
from projects.facets import facets_of

WORDS = Statements()
"""Of all lists together: visitors choose, so there is no end of them."""


class Listing(PublicDoor):
    """A list with a filter; what the filter does not know stands as an error at its field, over the whole list."""

    filter_class: type[Filters]
    template_name = ""
    title: Any = ""
    per_page = 20
    taken: List
    """Its rows as a file."""
    steady = False
    """Whether its queries follow from what is chosen alone, so that their words may be kept; they prefetch nothing."""

    def rows(self) -> QuerySet[Any]:
        """Everything the list may hold, through `visible_to`."""
        raise NotImplementedError

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """What the template needs besides the page; `shown` are its rows."""
        return {"rows": shown}

    def read(self, asked: Filters, name: Hashable, make: Callable[[], QuerySet[Any]]) -> Iterable[Any]:
        """The rows of one of its queries; what is read of the search's index changes, so that is made each time."""
        chosen = {
            each: tuple(value) if isinstance(value, list) else value for each, value in asked.form.cleaned_data.items()
        }
        if not self.steady or chosen.get("q"):
            return make()
        return WORDS.ask((type(self), name, frozenset(chosen.items())), make, {})

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page asked for; one that does not exist says so, with 404."""
        asked = self.filter_class(request.GET, queryset=self.rows())
        read = partial(self.read, asked)
        if file := take(request, self.taken, asked.qs, asked=asked):
            return file
        paginator = Paginator(asked.qs, self.per_page)
        facets = None
        if any(isinstance(each, Several) for each in asked.filters.values()):
            counted: Any = lambda: facet_counts(facets_of(asked, request.GET)[1])  # noqa: E731
            if file := take(request, FACETS, counted, "facets", asked=asked):
                return file
            paginator.count, facets = facets_of(asked, request.GET, read)  # counted with them, not once more
        context: dict[str, Any] = {
            "title": self.title,
            "form": asked.form,
            "plain": [field for field in asked.form if not isinstance(asked.filters[field.name], Several)],
            "facets": facets,
            "count": paginator.count,
            "whole": not any(request.GET.values()),
        }
        try:
            page = paginator.page(request.GET.get("page", 1))
        except InvalidPage:
            return render(request, self.template_name, {**context, "no_such_page": True}, status=404)
        # Not the paginator's own slice: that ends where the rows end today.
        start = (page.number - 1) * self.per_page
        shown = list(read(page.number, lambda: asked.qs[start : start + self.per_page])) if paginator.count else []
        page.object_list = shown
        return render(request, self.template_name, {**context, "page_obj": page, **self.context(shown)})
