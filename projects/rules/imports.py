"""Files that staff bring in: read, looked at, applied as a whole, taken back as a whole.

    read ──previewed──▶ previewed ──apply──▶ applying ──applied──▶ applied ──undo───────▶ taking_back ──▶ taken_back
      │                     │                  │   ▲                  ▲                       │
      ├──────refuse─────────┼──────refuse──────┤   │                  └────────keep_it────────┘
      └───────stop──────────┴───────stop───────┘   └ a worker that died leaves it; the next one takes it up

What a worker does for a person it does in the name of that person (`by`), through the rules of the records.
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from agencies.access import is_desk, require_desk
from agencies.models import User
from govlab.files import Attached
from govlab.history import hold, keep
from projects.models import Import, ImportRow, ImportState, Meeting, RowKind

READ, PREVIEWED, APPLYING, APPLIED = (
    ImportState.READ,
    ImportState.PREVIEWED,
    ImportState.APPLYING,
    ImportState.APPLIED,
)
STEPS: dict[str, tuple[frozenset[str], str]] = {
    "previewed": (frozenset({READ}), PREVIEWED),
    "apply": (frozenset({PREVIEWED}), APPLYING),
    "applied": (frozenset({APPLYING}), APPLIED),
    "stop": (frozenset({READ, PREVIEWED, APPLYING}), ImportState.STOPPED),
    "refuse": (frozenset({READ, APPLYING}), ImportState.REFUSED),
    "undo": (frozenset({APPLIED}), ImportState.TAKING_BACK),
    "taken_back": (frozenset({ImportState.TAKING_BACK}), ImportState.TAKEN_BACK),
    "keep_it": (frozenset({ImportState.TAKING_BACK}), APPLIED),
}
"""From which states each verb leads, and to which."""
ASKED = ("apply", "stop", "undo")
"""The verbs of people; the others are the worker's."""
ENDS = ("refuse", "keep_it")
"""Verbs that change nothing but the note: a file also ends so when the person it is for is no longer one of staff."""
MOST_TRIES = 3
"""How many workers may die over one file before it is refused."""
BATCH = 500


def open_steps(user: User, thing: Import) -> list[str]:
    """The verbs that this person may use on the import now."""
    if not is_desk(user):
        return []
    found = [verb for verb in ASKED if thing.state in STEPS[verb][0]]
    return [verb for verb in found if verb != "apply" or _may_be_applied(thing)]


def _may_be_applied(thing: Import) -> bool:
    """Whether nothing is to correct and something is to do."""
    counts = thing.counts
    return not counts.get(RowKind.REFUSED) and bool(counts.get(RowKind.NEW) or counts.get(RowKind.CHANGED))


def _step(verb: str, thing: Import, by: User, **answers: Any) -> Import:
    if verb not in ENDS:
        require_desk(by)
    held = hold(thing)
    before, after = STEPS[verb]
    if held.state not in before:
        raise ValidationError(_("This file has moved on. Look at the page again."), code="moment")
    return keep(held, verb, by=by, state=after, tries=0, **answers)


@transaction.atomic
def add(file: Attached, *, by: User, table: str, meeting: Meeting | None = None, language: str = "th") -> Import:
    """Staff bring a file in, which was stored; a worker reads it next."""
    require_desk(by)
    return keep(Import(made_by=by), "add", by=by, table=table, meeting=meeting, language=language, **file._asdict())


@transaction.atomic
def previewed(thing: Import, *, by: User, rows: Iterable[ImportRow], ignored: list[str]) -> Import:
    """Keeps what a worker found in the file, row by row."""
    rows = list(rows)
    counts = {kind: sum(row.kind == kind for row in rows) for kind in RowKind.values}
    held = _step("previewed", thing, by, counts=counts, ignored=ignored)
    ImportRow.objects.bulk_create(rows, batch_size=BATCH)
    return held


@transaction.atomic
def apply(thing: Import, *, by: User, version: int | None = None) -> Import:
    """Staff let a worker write what the preview says; refused while a row is to correct, or none would do anything."""
    require_desk(by)
    held = hold(thing, version)
    if held.state == PREVIEWED and not _may_be_applied(held):
        raise ValidationError(_("Nothing can be applied: correct the rows that are marked, and bring the file again."))
    return _step("apply", held, by, applied_by=by)


@transaction.atomic
def applied(thing: Import, *, by: User, rows: Iterable[ImportRow]) -> Import:
    """Keeps what became of each row; called in the transaction that applied them all."""
    ImportRow.objects.bulk_update(list(rows), ["record", "after"], batch_size=BATCH)
    return _step("applied", thing, by, applied_at=timezone.now())


@transaction.atomic
def stop(thing: Import, *, by: User) -> Import:
    """Staff give the file up before it is applied; nothing of it is kept but that it was there."""
    return _step("stop", thing, by)


@transaction.atomic
def refuse(thing: Import, *, by: User, word: str) -> Import:
    """The file cannot be read, or not be applied any more; `word` says why and what to do."""
    return _step("refuse", thing, by, word=word[:5000])


@transaction.atomic
def undo(thing: Import, *, by: User) -> Import:
    """Staff have a worker put back what the file changed, as a whole."""
    return _step("undo", thing, by, word="", applied_by=by)


@transaction.atomic
def taken_back(thing: Import, *, by: User) -> Import:
    """Everything is back; called in the transaction that put it back."""
    return _step("taken_back", thing, by)


@transaction.atomic
def keep_it(thing: Import, *, by: User, word: str) -> Import:
    """It stays applied, as `word` says why it cannot be taken back."""
    return _step("keep_it", thing, by, word=word[:5000])


@transaction.atomic
def begin(thing: Import) -> bool:
    """Counts that a worker begins with what is next; False where another one has it, or too many died over it."""
    held = Import.objects.select_for_update(skip_locked=True).filter(pk=thing.pk, state=thing.state).first()
    if held is None:
        return False
    held.tries += 1
    held.skip_history_when_saving = True
    held.save(update_fields=["tries"])
    thing.tries = held.tries
    return held.tries <= MOST_TRIES
