"""When something held: stretches of time read off the history, cut with each other and put together."""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

Span = tuple[datetime, datetime | None]
"""From a moment up to another, None while it goes on."""
Spans = list[Span]


def spans_of(entries: Iterable[Any], holds: Callable[[Any], bool] | None = None) -> Spans:
    """When a record was there and this held of it; its history rows come oldest first."""
    rows = list(entries)
    found: Spans = []
    for entry, following in pairwise([*rows, None]):
        if entry is None or entry.history_type == "-" or (holds and not holds(entry)):
            continue
        found.append((entry.history_date, following.history_date if following else None))
    return joined(found)


def joined(*several: Spans) -> Spans:
    """When at least one of them held; what touches is one stretch."""
    found: Spans = []
    for start, end in sorted((span for spans in several for span in spans), key=lambda span: span[0]):
        last = found[-1][1] if found else None
        if found and (last is None or start <= last):
            longer = None if last is None or end is None else max(last, end)
            found[-1] = (found[-1][0], longer)
        else:
            found.append((start, end))
    return found


def both(one: Spans, other: Spans) -> Spans:
    """When the two held at once; a stretch without length is none."""
    found: Spans = []
    for start, end in one:
        for begin, close in other:
            first = max(start, begin)
            last = min(filter(None, (end, close)), default=None)
            if last is None or first < last:
                found.append((first, last))
    return joined(found)


def ended(spans: Spans) -> datetime | None:
    """When the last stretch ended; None where there was none, or where it goes on."""
    return spans[-1][1] if spans else None
