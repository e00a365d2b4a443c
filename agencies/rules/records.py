"""Records that staff keep and that have no rule of their own: add, edit, remove."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from agencies.access import require_desk
from agencies.models import User
from govlab.history import drop, hold, keep
from govlab.records import Record

T = TypeVar("T", bound=Record)


@transaction.atomic
def add(model: type[T], *, by: User, **answers: Any) -> T:
    """Staff add a record of this kind."""
    require_desk(by)
    return keep(model(), "add", by=by, **answers)


@transaction.atomic
def edit(thing: T, *, by: User, version: int, verb: str = "edit", **answers: Any) -> T:
    """Staff change the record they read in this version; raises Stale when it has moved on."""
    require_desk(by)
    return keep(hold(thing, version), verb, by=by, **answers)


def _chosen_by(thing: Record) -> list[Record]:
    """Some of the records that name this one in a list of several; the database would let them lose it in silence."""
    found: list[Record] = []
    relations: list[Any] = list(thing._meta.get_fields(include_hidden=True))
    for relation in relations:
        if relation.many_to_many and relation.auto_created:
            found += relation.related_model._base_manager.filter(**{relation.field.name: thing})[:5]
    return found


def _in_use(rows: Iterable[Any]) -> ValidationError:
    names = ", ".join(sorted({str(row) for row in rows})[:5])
    return ValidationError(_("It cannot be removed while these belong to it: %(names)s") % {"names": names})


@transaction.atomic
def remove(thing: Record, *, by: User, version: int | None = None) -> None:
    """Staff take the record out (as they read it in this version); refused while others point to it."""
    require_desk(by)
    if users := _chosen_by(thing):
        raise _in_use(users)
    try:
        drop(hold(thing, version), "remove", by=by)
    except ProtectedError as error:
        raise _in_use(error.protected_objects) from error
