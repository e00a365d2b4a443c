"""Who did what, when, with the difference: the only way a record is held, kept or dropped."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from itertools import pairwise
from types import NoneType
from typing import Any, TypeVar
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, models, transaction
from django.db.models.deletion import Collector
from django.utils import timezone
from simple_history.signals import pre_create_historical_record

from govlab import edition, finding
from govlab.models import Event
from govlab.together import trace

T = TypeVar("T", bound=models.Model)
"""A kept record; people are kept too, although their table is not a `Record`."""

DERIVED = {"version", "updated_at", "created_at", "sort_key", "search_text", "id", "demo"}
"""Columns that follow from others; a reader of the history does not want to see them."""


class Gone(Exception):
    """The record was removed since it was read."""


class Stale(Exception):
    """Somebody saved the record since it was read; `current` is the row as it stands now."""

    def __init__(self, current: Any) -> None:
        super().__init__(f"{current} has moved on to version {current.version}")
        self.current = current


def hold(thing: T, version: int | Collection[int] | None = None) -> T:
    """Locks the row until the transaction ends and gives it fresh from the database; others may go on pointing to it.

    Raises `Stale` when `version` is given and is not the row's (of several: none is), `Gone` when there is no such row.
    """
    waiting = trace()
    held: Any = waiting.give(type(thing), thing.pk) if waiting else None
    if held is None:
        held = type(thing)._base_manager.select_for_update(no_key=True).filter(pk=thing.pk).first()
    if held is None:
        raise Gone(f"{type(thing).__name__} {thing.pk}")
    if version is not None and held.version not in ((version,) if isinstance(version, int) else version):
        raise Stale(held)
    held._stood = {field.name: getattr(held, field.attname) for field in held._meta.concrete_fields}
    return held


def keep(
    thing: T,
    verb: str,
    *,
    by: models.Model | None,
    now: datetime | None = None,
    moves_on: bool = True,
    **answers: Any,
) -> T:
    """Puts the answers (columns and many-to-many) into the record, checks it whole, saves it with one history row.

    `by` is None for what the portal does by itself when a day has come. `now` is the moment the history names, for
    rules that are told one. `moves_on=False` leaves the version, for what no form asks about: whoever has the record
    open in one is not disturbed. Raises ValidationError with the field when an answer is not good; then nothing is
    saved.
    """
    row: Any = thing
    many = {name: answers.pop(name) for name in list(answers) if thing._meta.get_field(name).many_to_many}
    for name, value in answers.items():
        setattr(row, name, value)
    adding = row._state.adding
    if adding and getattr(by, "demo", False):
        row.demo = True  # what a demonstration account writes is demonstration data
    waiting = trace()
    stood = vars(row).pop("_stood", None)
    row._unchanged = _unchanged(row, stood)
    if waiting:
        row._given, row._unique = _given(row), waiting.unique(row)
    try:
        row.full_clean()
    finally:
        row._unchanged = row._given = row._unique = frozenset()
    row.version += moves_on
    row._history_user, row._change_reason, row._history_date = by, verb, now or timezone.now()
    columns = _to_save(row, stood)
    with transaction.atomic(savepoint=waiting is None):
        if many or waiting:
            row.skip_history_when_saving = True
            if adding and many:
                row.save()
            for name, values in many.items():
                getattr(row, name).set(values)
        if waiting:
            row.save(update_fields=columns)
            if adding:
                waiting.learn(row)
            waiting.note(row, adding, bool(many))
            waiting.held[(type(row), row.pk)] = row  # it is locked, and stands as the database has it
        if many or waiting:
            del row.skip_history_when_saving
        if not waiting:
            row._history_of_adding = adding
            row.save(update_fields=columns)
            del row._history_of_adding
        finding.index(row)
        edition.move_on()
        _note(row)
    return thing


FIXED = (str, int, float, Decimal, date, time, UUID, NoneType)
"""What cannot change in its place, so that one can tell by the value whether it was changed."""


def _unchanged(row: Any, stood: dict[str, Any] | None) -> frozenset[str]:
    """Columns that stand as they were held: what they point to is there, and nobody else has their unique value."""
    values = {field.name: getattr(row, field.attname) for field in row._meta.concrete_fields} if stood else {}
    return frozenset(
        name for name, value in values.items() if stood and isinstance(value, FIXED) and value == stood.get(name, row)
    )


def _given(row: Any) -> frozenset[str]:
    """Columns whose record was given as such, not as a number: it was read or added in this very transaction."""
    return frozenset(
        field.name
        for field in row._meta.concrete_fields
        if field.is_relation
        and field.is_cached(row)
        and (there := field.get_cached_value(row))
        and not there._state.adding
    )


def _to_save(row: Any, stood: dict[str, Any] | None) -> list[str] | None:
    """The columns that have to be written, None for all: of a record that was held, what is another than it was."""
    if not stood:
        return None
    same = _unchanged(row, stood)
    return [
        field.name
        for field in row._meta.concrete_fields
        if (field.name not in same or getattr(field, "auto_now", False)) and not field.primary_key
    ]


def derive(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Saves columns that follow from what the history keeps, as numbers follow from places; leaves no trace."""
    if rows:
        type(rows[0])._base_manager.bulk_update(rows, columns)
        edition.move_on()


def _as_added(instance: Any, history_instance: Any, **_more: Any) -> None:
    """The one row stands for the adding, although the many-to-many ones needed a saved record first."""
    if getattr(instance, "_history_of_adding", False):
        history_instance.history_type = "+"
    instance._history_row = history_instance


def _note(*rows: Any) -> None:
    """Leaves what was kept to whoever tells others of it, in the transaction of the change."""
    entries = [(row._meta.label_lower, vars(row).pop("_history_row")) for row in rows if hasattr(row, "_history_row")]
    Event.objects.bulk_create([Event(model=label, entry=entry.pk) for label, entry in entries])


pre_create_historical_record.connect(_as_added)


def renamed(rows: models.QuerySet[Any], column: str, old: str) -> Any:
    """What stands now in the column of the record, among these rows, that was the last to have `old` there.

    Codes are found in small letters too, keys in capitals.

    None where a record has it now, among the rows or not, and where none ever had it.
    """
    model: Any = rows.model
    spelt = {f"{column}__in": sorted({old, old.upper(), old.lower()})}
    if model._base_manager.filter(**spelt).exists():
        return None
    had = model.history.filter(**spelt).order_by("-history_date", "-history_id").values_list("id", flat=True)
    return rows.filter(pk=had[:1]).values_list(column, flat=True).first()


def standing(record: models.Model, name: str) -> Any:
    """What stands in a column now; of a list, its records."""
    value = getattr(record, name)
    return list(value.all()) if record._meta.get_field(name).many_to_many else value


def _falling(thing: models.Model) -> Collector:
    falling = Collector(using=thing._state.db or DEFAULT_DB_ALIAS, origin=thing)
    falling.collect([thing])
    return falling


def falling_with(thing: models.Model) -> list[Any]:
    """The records that dropping this one would delete, itself among them; raises ProtectedError as `drop` does."""
    return [row for model, rows in _falling(thing).data.items() if hasattr(model, "history") for row in rows]


def drop(thing: models.Model, verb: str, *, by: models.Model) -> None:
    """Deletes the record with what falls with it; the history of each stays and says who did it.

    Raises ProtectedError while other records point to it.
    """
    falling = _falling(thing)
    now = timezone.now()
    for rows in falling.data.values():
        for row in rows:
            row._history_user = by  # type: ignore[attr-defined]
            row._change_reason = verb  # type: ignore[attr-defined]
            row._history_date = now  # type: ignore[attr-defined]
    gone = [row for rows in falling.data.values() for row in rows]
    along = [other for row in gone for other in finding.around(row) if other not in gone]
    with transaction.atomic():
        finding.forget(gone)
        falling.delete()
        finding.refresh(along)
        edition.move_on()
        _note(*gone)


@dataclass(frozen=True)
class Change:
    """One field of one step, and what stood there before and after: values, records, or lists of records."""

    field: models.Field
    before: Any
    after: Any


def changes(entries: Sequence[Any]) -> list[tuple[Any, list[Change]]]:
    """What each history row of one record changed, from rows that are newest first without a gap.

    The oldest row has none before it to compare with, and comes back without changes.
    Queries: one for each many-to-many field, one for each foreign key that changed.
    """
    if not entries:
        return []
    fields = [field for field in entries[0].tracked_fields if field.name not in DERIVED]
    many = {field: _related(entries, field) for field in entries[0]._history_m2m_fields}
    steps = []
    for entry, before in pairwise(entries):
        pairs = [(field, getattr(before, field.attname), getattr(entry, field.attname)) for field in fields]
        pairs += [(field, rows.get(before.pk, []), rows.get(entry.pk, [])) for field, rows in many.items()]
        steps.append((entry, [Change(field, old, new) for field, old, new in pairs if old != new]))
    _name(steps)
    return [*steps, (entries[-1], [])]


def _related(entries: Sequence[Any], field: models.Field) -> dict[int, list[models.Model]]:
    """The records that stood in a many-to-many field, by history row."""
    rows = getattr(entries[0], f"{entries[0]._meta.model_name}_{field.name}_set").model.objects
    target = next(f.name for f in rows.model._meta.fields if f.is_relation and f.related_model is field.related_model)
    found: dict[int, list[models.Model]] = {}
    for row in rows.filter(history__in=entries).select_related(target).order_by(f"{target}_id"):
        if record := getattr(row, target):
            found.setdefault(row.history_id, []).append(record)
    return found


def _name(steps: list[tuple[Any, list[Change]]]) -> None:
    """Puts records where foreign keys stood; a record that is gone stays a number."""
    keys: dict[models.Field, set[Any]] = {}
    for change in (change for _entry, found in steps for change in found if change.field.many_to_one):
        keys.setdefault(change.field, set()).update({change.before, change.after} - {None})
    known = {}
    for field, wanted in keys.items():
        model: Any = field.related_model
        known[field] = model._base_manager.in_bulk(wanted)
    for _entry, found in steps:
        for place, change in enumerate(found):
            if change.field in known:
                records = known[change.field]
                before, after = (records.get(value, value) for value in (change.before, change.after))
                found[place] = Change(change.field, before, after)
