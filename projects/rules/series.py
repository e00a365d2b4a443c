"""A series of meetings: a new name for its private calendar feed, and the order of its members and standing items."""

from typing import Any, TypeVar

from django.db import transaction

from agencies.access import require_desk
from agencies.models import User
from govlab.history import hold, keep
from projects.models import MeetingSeries
from projects.models.series import STANDING, SeriesPart, StandingItem, feed_key

T = TypeVar("T", bound=SeriesPart)


@transaction.atomic
def add(*, by: User, **answers: Any) -> MeetingSeries:
    """Staff add a series; what stands on the agenda of every Thai committee stands on its agenda from the start."""
    require_desk(by)
    series = keep(MeetingSeries(), "add", by=by, **answers)
    for position, (kind, title_th, title_en) in enumerate(STANDING, start=1):
        row = StandingItem(series=series, position=position)
        keep(row, "add", by=by, kind=kind, title_th=title_th, title_en=title_en)
    return series


@transaction.atomic
def add_part(model: type[T], *, by: User, series: MeetingSeries, **answers: Any) -> T:
    """Staff add a member or a standing item at the end."""
    require_desk(by)
    series = hold(series)  # two at once would get the same place
    last = model._default_manager.filter(series=series).order_by("-position").first()
    return keep(model(series=series), "add", by=by, **{"position": last.position + 1 if last else 1, **answers})


@transaction.atomic
def move(part: T, *, by: User, to: str) -> T:
    """Moves a member or a standing item `up` or `down` by one place; at the end of the list nothing changes."""
    require_desk(by)
    series = hold(part.series)  # type: ignore[attr-defined]
    rows = list(type(part)._default_manager.filter(series=series))
    place = next(place for place, row in enumerate(rows) if row.pk == part.pk)
    target = place + (1 if to == "down" else -1)
    if 0 <= target < len(rows):
        rows.insert(target, rows.pop(place))
    for position, row in enumerate(rows, start=1):
        if row.position != position:
            keep(row, "move", by=by, moves_on=False, position=position)
    return part


@transaction.atomic
def renew_feed(series: MeetingSeries, *, by: User) -> MeetingSeries:
    """Gives the private feed another address; the old one answers no more."""
    require_desk(by)
    return keep(hold(series), "renew_feed", by=by, moves_on=False, feed_key=feed_key())
