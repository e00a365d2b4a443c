"""One page of a list, and an honest answer for a page that is not there."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import HttpRequest


class Leaf(Page):
    """One page; `missing` when the number asked for is none of the list's, and then without rows."""

    missing = False

    @property
    def status(self) -> int:
        """The status of the answer that shows it."""
        return 404 if self.missing else 200


class Leaves(Paginator):
    """A list cut into leaves."""

    def _get_page(self, *args: Any, **kwargs: Any) -> Leaf:
        return Leaf(*args, **kwargs)


def page_of(request: HttpRequest, rows: Any, size: int) -> Leaf:
    """The page of the rows that `?page=` names, `size` rows long; templates/parts/_pages.html leads to the others."""
    leaves = Leaves(rows, size)
    try:
        return leaves.page(request.GET.get("page", "1"))  # type: ignore[return-value]
    except InvalidPage:
        nothing: Sequence[Any] = []
        leaf = Leaf(nothing, 1, leaves)
        leaf.missing = True
        return leaf
