"""An earlier state of a record, put back: what stands otherwise now, and what of it can stand so again."""

from collections.abc import Callable, Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from agencies.models import User
from govlab.history import Change, changes, standing


def differing(entry: Any, current: Any, columns: Collection[str]) -> list[Change]:
    """What differs in these columns; `before` is now, `after` is then (a row of the record's history)."""
    [(_entry, found), _latest] = changes([entry, current.history.latest()])
    return [change for change in found if change.field.name in columns]


def returning(found: list[Change]) -> dict[str, Any]:
    """The answers that differ, without those that name a record which is no longer there."""
    return {
        change.field.name: change.after
        for change in found
        if not change.field.many_to_one or change.after is None or isinstance(change.after, Model)
    }


def put_back(
    current: Any,
    answers: dict[str, Any],
    *,
    by: User,
    version: int,
    rule: Callable[..., Any],
    columns: Collection[str],
    **more: Any,
) -> Any:
    """Edits the record by the rule of its form, with the answers of then where they differ.

    Raises ValidationError where nothing would change, besides what the rule raises.
    """
    if not answers:
        raise ValidationError(_("Nothing that can be put back differs from how it stands now."))
    whole = {name: standing(current, name) for name in columns} | answers
    return rule(current, by=by, version=version, verb="put_back", **whole, **more)
