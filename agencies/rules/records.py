"""Records that staff keep and that have no rule of their own: add, edit, remove."""

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
def edit(thing: T, *, by: User, version: int, **answers: Any) -> T:
    """Staff change the record they read in this version; raises Stale when it has moved on."""
    require_desk(by)
    return keep(hold(thing, version), "edit", by=by, **answers)


@transaction.atomic
def remove(thing: Record, *, by: User) -> None:
    """Staff take the record out; refused while others point to it."""
    require_desk(by)
    try:
        drop(hold(thing), "remove", by=by)
    except ProtectedError as error:
        names = ", ".join(sorted({str(row) for row in error.protected_objects})[:5])
        raise ValidationError(
            _("It cannot be removed while these belong to it: %(names)s") % {"names": names}
        ) from error
