"""Walking through a whole list by a cursor: a record added meanwhile comes last, and none is met twice or missed."""

import base64
import binascii
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ValidationError

NO_CURSOR = _("This is no cursor. Begin with an empty one and follow the address under “next”.")
OWN_ORDER = _("A walk by cursor has an order and a place of its own. Leave this out.")
ADDED = ("created_at", "happened_at", "number")
"""The columns that tell the order of adding where the numbers of records are drawn by lot; the first there is."""
BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LIMITS = {1: (2**63,), 2: (2**57, 2**128)}
"""Below which the parts of a cursor stay, by their count: a number; microseconds since 1970, a number or UUID."""
Place = tuple[int, ...]


def added_by(model: Any) -> str | None:
    """The column that tells in which order the records were added; None where their numbers do."""
    if isinstance(model._meta.pk, models.AutoField):
        return None
    names = {field.name for field in model._meta.concrete_fields}
    return next((name for name in ADDED if name in names), None)


def cursor_of(*place: int) -> str:
    """The cursor that stands behind a record: its number, before it its place where the number tells none."""
    return base64.urlsafe_b64encode(".".join(map(str, place)).encode()).decode().rstrip("=")


def place_of(cursor: str, parts: int) -> Place | None:
    """Where the cursor stands, None for the empty one; raises ValidationError where it is no cursor of this list."""
    if not cursor:
        return None
    try:
        told = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        place = tuple(int(part) for part in told.split(b"."))
    except (binascii.Error, ValueError) as error:
        raise ValidationError({"cursor": [NO_CURSOR]}) from error
    within = len(place) == parts and all(0 < part < most for part, most in zip(place, LIMITS[parts], strict=True))
    if not within or cursor != cursor_of(*place):
        raise ValidationError({"cursor": [NO_CURSOR]})
    return place


def walked(rows: QuerySet[Any], cursor: str, size: int) -> tuple[list[Any], str | None]:
    """So many records behind the cursor, in the order of adding, and the cursor behind the last; None where it ends."""
    column = added_by(rows.model)
    place = place_of(cursor, 2 if column else 1)
    if column is None:
        found = list(rows.order_by("pk").filter(pk__gt=place[0] if place else 0)[: size + 1])
        return found[:size], cursor_of(found[size - 1].pk) if len(found) > size else None
    moment = isinstance(rows.model._meta.get_field(column), models.DateTimeField)
    if place:
        at: Any = BEGIN + place[0] * TICK if moment else place[0]
        number = rows.model._meta.pk.to_python(_as_key(rows.model, place[1]))
        rows = rows.filter(Q(**{f"{column}__gt": at}) | Q(**{column: at, "pk__gt": number}))
    found = list(rows.order_by(column, "pk")[: size + 1])
    if len(found) <= size:
        return found, None
    last = found[size - 1]
    value = getattr(last, column)
    return found[:size], cursor_of((value - BEGIN) // TICK if moment else value, int(last.pk))


def _as_key(model: Any, number: int) -> Any:
    return f"{number:032x}" if isinstance(model._meta.pk, models.UUIDField) else number
