"""Takes the demonstration out whole: what its accounts wrote goes, what they changed is put back as it was."""

from functools import partial
from typing import Any

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import ProtectedError, Q

from agencies.access import require_desk
from agencies.models import User
from govlab.files import forget
from govlab.history import DERIVED, drop, keep
from govlab.models import Letter, Typed
from govlab.records import Record
from projects.models import Project, Stage
from projects.rules import stages
from projects.rules.evidence import FILES


def _kinds() -> list[type[Any]]:
    return [model for model in apps.get_models() if issubclass(model, Record)]


@transaction.atomic
def remove(*, by: User) -> tuple[int, int]:
    """Removes every demonstration record and restores what demonstration accounts changed; (removed, restored)."""
    require_desk(by)
    # A stage's mark follows its latest word, so a marked stage of a real project is put back, not removed.
    stages_of_real = Stage.objects.filter(demo=True, project__demo=False)
    kept = [thing for kind in _kinds() for thing in kind._base_manager.filter(demo=False, pk__in=_touched(kind))]
    restored = sum(_restore(thing, by) for thing in [*stages_of_real, *kept])
    for project in Project.objects.filter(demo=False):
        stages.settle_project(project, by=by)
    files = {
        sha256 for kind in FILES for sha256 in kind._default_manager.filter(demo=True).values_list("sha256", flat=True)
    }
    removed = _remove([thing for kind in _kinds() for thing in kind._base_manager.filter(demo=True)], by)
    left = {sha256 for kind in FILES for sha256 in kind._default_manager.values_list("sha256", flat=True)}
    for sha256 in files - left:
        transaction.on_commit(partial(forget, sha256))
    Letter.objects.filter(user__demo=True).delete()
    Typed.objects.filter(user__demo=True).delete()
    for user in User.objects.filter(demo=True):
        try:
            with transaction.atomic():
                user.delete()
            removed += 1
        except ProtectedError:  # signed something that stays: the name stays with it, the door is shut
            keep(user, "remove", by=by, is_active=False, demo=False)
    return removed, restored


def _restore(thing: Any, by: User) -> bool:
    """Tells the record's history again without the demonstration's steps, and keeps what comes out."""
    entries = list(thing.history.select_related("history_user").order_by("history_id"))
    if not any(map(_by_demo, entries)):
        return False
    told = before = _values(thing, entries[0])
    for entry in entries[1:]:
        after = _values(thing, entry)
        if not _by_demo(entry):
            told = {**told, **{name: value for name, value in after.items() if value != before[name]}}
        before = after
    if told == before and not thing.demo:
        return False
    many = {column.name: told.pop(column.name) for column in _tracked(thing)}
    for name, value in told.items():
        setattr(thing, name, value)
    thing.demo = False
    try:
        with transaction.atomic():
            keep(thing, "restore", by=by, **many)
    except ValidationError:  # real steps stand on the demonstration's: better left for people to see
        return False
    return True


def _touched(kind: type[Any]) -> set[Any]:
    """The keys of the records whose history has a step of the demonstration."""
    by_demo = Q(history_user__demo=True) | Q(history_change_reason="settle", demo=True)
    return set(kind.history.filter(by_demo).values_list(kind._meta.pk.attname, flat=True))


def _by_demo(entry: Any) -> bool:
    """Whether a demonstration account took the step, or a report of one moved the stage."""
    moved = entry.history_change_reason == "settle" and getattr(entry, "demo", False)
    return bool(moved or (entry.history_user and entry.history_user.demo))


def _values(thing: Any, entry: Any) -> dict[str, Any]:
    """The record's own columns and related records as one step of its history left them."""
    columns = [column.attname for column in thing._meta.concrete_fields if column.name not in DERIVED]
    values = {name: getattr(entry, name) for name in columns if hasattr(entry, name)}
    for column in _tracked(thing):
        reverse = f"{column.m2m_reverse_field_name()}_id"
        values[column.name] = sorted(getattr(row, reverse) for row in getattr(entry, column.name).all())
    return values


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
