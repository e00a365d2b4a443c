"""How many rows a list has: asked of the database once for each edition of the portal and each question."""

from collections import OrderedDict
from functools import cached_property
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.core.paginator import Paginator

from govlab import edition
from govlab.worded import Steady

KEPT = 2000
"""So many questions are kept; those that nobody asked for longest go first."""


class Counts:
    """The numbers of one edition in this process, by the question in the database's words."""

    def __init__(self, most: int = KEPT) -> None:
        self.most = most
        self._lock, self._edition = Lock(), -1
        self._kept: OrderedDict[Any, int] = OrderedDict()

    def of(self, rows: Any, now: int | None = None) -> int:
        """How many rows there are. Queries: one where this was not asked in the edition before, one for the edition.

        The edition is `now`, where it was read before; then it is not asked for.

        Exact: every change moves the edition on, and what is asked of a person or a day stands in the question.
        """
        if not settings.PAGES_MEMORY:
            return int(rows.count())
        try:
            now, question = edition.current() if now is None else now, _question(rows)
        except EmptyResultSet:  # it can be told without the database that nothing fits
            return 0
        with self._lock:
            if now != self._edition:
                self._kept.clear()
                self._edition = now
            if question in self._kept:
                self._kept.move_to_end(question)
                return self._kept[question]
        found: int = rows.count()
        with self._lock:
            if now == self._edition:
                self._kept[question] = found
                while len(self._kept) > self.most:
                    self._kept.popitem(last=False)
        return found

    def clear(self) -> None:
        """Forgets every number."""
        with self._lock:
            self._kept.clear()


COUNTS = Counts()
"""This process's."""


def _question(rows: Any) -> Any:
    if isinstance(rows, Steady):
        return rows.shape
    sql, params = rows.order_by().query.get_compiler(using=rows.db).as_sql()
    return rows.db, sql, tuple(params)


class Counted(Paginator):
    """A paginator that counts so; `now` is the edition, where it was read before."""

    def __init__(self, rows: Any, size: int, now: int | None = None) -> None:
        super().__init__(rows, size)
        self.now = now

    @cached_property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.object_list) if isinstance(self.object_list, list) else COUNTS.of(self.object_list, self.now)
