"""What the public lists share: the filter, numbered pages, a sentence where a page does not exist."""

from typing import Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.doors import PublicDoor
from govlab.filters import Filters, Several
from projects.facets import facets_of


class Listing(PublicDoor):
    """A list with a filter; what the filter does not know stands as an error at its field, over the whole list."""

    filter_class: type[Filters]
    template_name = ""
    title: Any = ""
    per_page = 20

    def rows(self) -> QuerySet[Any]:
        """Everything the list may hold, through `visible_to`."""
        raise NotImplementedError

    def context(self, shown: list[Any]) -> dict[str, Any]:
        """What the template needs besides the page; `shown` are its rows."""
        return {"rows": shown}

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page asked for; one that does not exist says so, with 404."""
        asked = self.filter_class(request.GET, queryset=self.rows())
        paginator = Paginator(asked.qs, self.per_page)
        facets = None
        if any(isinstance(each, Several) for each in asked.filters.values()):
            paginator.count, facets = facets_of(asked, request.GET)  # counted with them, not once more
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
        return render(request, self.template_name, {**context, "page_obj": page, **self.context(list(page))})
