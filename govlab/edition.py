"""The number of the portal's edition: raised in the transaction of every change, so that a page kept under it is exact.

The number is a sum over rows that are only added. Were it the highest number given out, a page made between two
changes that commit in the other order would be kept without the one that was numbered first.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, Sum, Value

from govlab.models import Edition
from govlab.worded import worded

AT_ONCE = 1000
"""Rows put together in one transaction: as many as any database takes by their numbers, and soon done."""


_noted: ContextVar[bool] = ContextVar("noted", default=False)


def move_on() -> None:
    """Notes, in the running transaction, that something changed."""
    if not _noted.get():
        Edition.objects.create()


@contextmanager
def as_one() -> Iterator[None]:
    """Notes thousands of changes of one transaction once, at its beginning: nobody sees any of them before its end."""
    move_on()
    before = _noted.set(True)
    try:
        yield
    finally:
        _noted.reset(before)


def current() -> int:
    """The number of the edition; it never goes back."""
    return _sum()[0][0] or 0


@worded()
def _sum() -> QuerySet[Any]:
    return Edition.objects.values(over=Value(0)).annotate(all=Sum("steps")).values_list("all")


def compact() -> int:
    """Puts the rows together without changing their sum, so that it stays quick to ask for; how many went.

    Two at once do no harm: each takes only rows that it has locked, and writers are never waited for.
    """
    gone = 0
    while went := _compact_some():
        gone += went
    return gone


@transaction.atomic
def _compact_some() -> int:
    """A part of them, in one transaction: whoever asks meanwhile reads the sum as it was or as it is, the same."""
    locked = Edition.objects.select_for_update(skip_locked=True).order_by("pk")
    rows = dict(locked.values_list("pk", "steps")[:AT_ONCE])
    if len(rows) < 2:
        return 0
    Edition.objects.filter(pk__in=rows).delete()
    Edition.objects.create(steps=sum(rows.values()))
    return len(rows) - 1
