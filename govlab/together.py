"""Thousands of changes in one transaction: what follows from each is written once, at its end, by the thousand.

Whatever a rule checks and writes stays the same. Only its trace in the history, the entries of the search and the
edition of the portal wait until everything is done: nobody could see any of them before.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import models

from govlab import edition, finding
from govlab.models import Event

BATCH = 500
MOST = 2000
"""So many rows of the history wait at most: each holds its record."""


class Step(NamedTuple):
    """One row of the history that is not written yet."""

    row: models.Model
    entry: Any


class Trace:
    """The rows of the history that wait, in their order."""

    def __init__(self, write: bool) -> None:
        self.write = write
        self.steps: list[Step] = []
        self.rows: set[tuple[type[models.Model], Any]] = set()
        self.held: dict[tuple[type[models.Model], Any], Any] = {}
        self.added: set[tuple[type[models.Model], Any]] = set()
        self.taken: set[tuple[str, tuple[Any, ...]]] = set()
        """What stands in unique constraints under the records that were added."""

    def hold(self, model: type[models.Model], keys: list[Any]) -> None:
        """Locks these records until the transaction ends, all with one query; `history.hold` then gives them out."""
        near = [field.name for field in model._meta.concrete_fields if field.many_to_one]
        rows: Any = model._base_manager.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk")
        self.held |= {(model, row.pk): row for row in rows.prefetch_related(*near)}

    def give(self, model: type[models.Model], key: Any) -> Any:
        """A record that is locked and stands as the database has it; given out only once, as rules type into it."""
        return self.held.pop((model, key), None)

    def let_go(self) -> None:
        """Forgets the records that were locked, which stay so: whoever holds one again reads it again."""
        self.held.clear()

    def unique(self, row: Any) -> frozenset[str]:
        """The unique constraints that bind this row under a record which was added here, and that are still free.

        Nobody else knows of such a record, so there is nothing to look up.
        """
        return frozenset(name for name, values in self._under_added(row) if (name, values) not in self.taken)

    def learn(self, row: Any) -> None:
        """That this row was added."""
        self.added.add((type(row), row.pk))
        self.taken |= set(self._under_added(row))

    def _under_added(self, row: Any) -> Iterator[tuple[str, tuple[Any, ...]]]:
        for constraint in row._meta.total_unique_constraints:
            fields = [row._meta.get_field(name) for name in constraint.fields]
            values = tuple(getattr(row, field.attname) for field in fields)
            above = [field for field in fields if field.many_to_one]
            if any((field.related_model, getattr(row, field.attname)) in self.added for field in above):
                yield constraint.name, values

    def note(self, row: Any, adding: bool, lists: bool) -> None:
        """Keeps the record's state as the next row of its history; `lists` says that its lists were set."""
        if not self.write:
            return
        key = (type(row), row.pk)
        if lists and key in self.rows:
            self.flush()  # the row before has its lists as they stood then
        history = row.history.model
        values = {field.attname: getattr(row, field.attname) for field in history.tracked_fields}
        entry = history(
            history_date=row._history_date,
            history_type="+" if adding else "~",
            history_user=row._history_user,
            history_change_reason=row._change_reason,
            **values,
        )
        self.steps.append(Step(row, entry))
        self.rows.add(key)
        if len(self.steps) >= MOST:
            self.flush()

    def flush(self) -> None:
        """Writes what waits."""
        kinds: dict[type[models.Model], list[Step]] = {}
        for step in self.steps:
            kinds.setdefault(type(step.row), []).append(step)
        for model, steps in kinds.items():
            manager: Any = model._meta.get_field("id").model  # the model itself, for its history
            history: Any = manager.history.model
            for chunk in finding.batched(steps, BATCH):
                history.objects.bulk_create([step.entry for step in chunk])
                Event.objects.bulk_create([Event(model=model._meta.label_lower, entry=s.entry.pk) for s in chunk])
                for field in history._history_m2m_fields:
                    _lists(history, field, chunk)
        self.steps, self.rows = [], set()


def _lists(history: Any, field: Any, steps: list[Step]) -> None:
    """Writes what stands in a list of the records, with the rows of their history that were just written."""
    through: Any = field.remote_field.through
    copies: Any = getattr(history, f"{history._meta.model_name}_{field.name}_set").rel.related_model
    own = field.m2m_field_name()
    entries: dict[Any, list[Any]] = {}
    for step in steps:
        entries.setdefault(step.row.pk, []).append(step.entry)
    columns = list(through._meta.concrete_fields)
    made = [
        copies(history=entry, **{column.attname: getattr(link, column.attname) for column in columns})
        for link in through._default_manager.filter(**{f"{own}__in": list(entries)}).order_by("pk")
        for entry in entries[getattr(link, f"{own}_id")]
    ]
    copies.objects.bulk_create(made, batch_size=BATCH)


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def trace() -> Trace | None:
    """What waits in the running transaction; None where every change leaves its own trace at once."""
    return _trace.get()


@contextmanager
def together(write: bool = True) -> Iterator[None]:
    """Lets the traces of all changes inside wait for its end; `write=False` for a transaction that is rolled back."""
    found = Trace(write)
    before = _trace.set(found)
    try:
        with finding.at_once(write), edition.as_one():
            yield
            if write:
                found.flush()
    finally:
        _trace.reset(before)
