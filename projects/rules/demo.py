"""Takes the demonstration out whole: what its accounts wrote goes, what they changed is put back as it was."""

from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.models import ProtectedError

from agencies.access import require_desk
from agencies.models import User
from govlab.history import DERIVED, drop, keep
from govlab.records import Record


def _kinds() -> list[type[Any]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


@transaction.atomic
def remove(*, by: User) -> tuple[int, int]:
    """Removes every demonstration record and restores what demonstration accounts changed; (removed, restored)."""
    require_desk(by)
    restored = sum(_restore(thing, by) for kind in _kinds() for thing in kind._base_manager.filter(demo=False))
    # A stage's mark follows its latest word, so a marked stage of a real project is put back, not removed.
    stages = [kind for kind in _kinds() if kind.__name__ == "Stage"]
    restored += sum(
        _restore(thing, by) for kind in stages for thing in kind._base_manager.filter(demo=True, project__demo=False)
    )
    removed = _remove([thing for kind in _kinds() for thing in kind._base_manager.filter(demo=True)], by)
    for user in User.objects.filter(demo=True):
        try:
            with transaction.atomic():
                user.delete()
            removed += 1
        except ProtectedError:  # signed something that stays: the name stays with it, the door is shut
            keep(user, "remove", by=by, is_active=False, demo=False)
    return removed, restored


def _restore(thing: Any, by: User) -> bool:
    """Puts a record back to its last state that no demonstration account wrote."""
    entries = thing.history.select_related("history_user").order_by("-history_date", "-history_id")
    latest = entries.first()
    if latest is None or not _by_demo(latest):
        return False
    for entry in entries:
        if not _by_demo(entry):
            for column in thing._meta.concrete_fields:
                if column.name not in DERIVED or column.name == "demo":
                    setattr(thing, column.attname, getattr(entry.instance, column.attname))
            many: dict[str, Any] = {
                column.name: [
                    getattr(row, column.m2m_reverse_field_name()) for row in getattr(entry, column.name).all()
                ]
                for column in _tracked(thing)
            }
            keep(thing, "restore", by=by, **many)
            return True
    return False


def _by_demo(entry: Any) -> bool:
    return bool(getattr(entry, "demo", False) or (entry.history_user and entry.history_user.demo))


def _tracked(thing: Any) -> list[models.ManyToManyField]:
    names = getattr(thing, "_history_m2m_fields", [])
    return [column for column in thing._meta.many_to_many if column.name in names]


def _remove(things: list[Any], by: User) -> int:
    """Removes them all, those that others point to after those others."""
    removed = 0
    while things:
        left = []
        for thing in things:
            if not type(thing)._base_manager.filter(pk=thing.pk).exists():
                continue  # went with the one it belonged to
            try:
                with transaction.atomic():
                    drop(thing, "remove", by=by)
                removed += 1
            except ProtectedError:
                left.append(thing)
        if len(left) == len(things):
            break  # something real points to each of them
        things = left
    return removed
