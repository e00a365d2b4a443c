"""What the worker does with files that staff bring in: look at each, apply it as a whole, take it back as a whole.

Whoever works on a file holds its row for as long as the transaction lasts. A worker that dies lets go of it with all
that it wrote, and the next one begins anew: so nothing is applied twice, and nothing by half.
"""

import logging
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import OperationalError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _
from django.utils.translation import override

from agencies.models import User
from govlab import finding
from govlab.history import Gone, Stale, falling_with
from govlab.snapshot import trial
from govlab.together import together, trace
from projects.exchange import progress
from projects.exchange.importing import Run, as_value, columns_of
from projects.exchange.importing_intakes import INTAKES
from projects.exchange.importing_kinds import mark_of
from projects.exchange.progress import Stopped
from projects.exchange.reading_values import Names
from projects.models import Import, ImportRow, ImportState, RowKind
from projects.rules import imports

NAMED = 20
"""So many rows a sentence names."""
log = logging.getLogger(__name__)


class Moved(Exception):
    """What the file would change is not any more what it was when staff looked at it; says which rows."""

    def __init__(self, rows: Iterable[str]) -> None:
        super().__init__("moved on")
        self.rows = list(rows)

    def named(self) -> str:
        """The rows, and how many more."""
        shown = ", ".join(self.rows[:NAMED])
        return f"{shown} … (+{len(self.rows) - NAMED})" if len(self.rows) > NAMED else shown


def call_off(thing: Import) -> None:
    """Tells the worker to stop, beside the database, whose row it holds while it applies; `stop` notes it there."""
    if thing.state in (ImportState.READ, ImportState.APPLYING):
        progress.stop(thing.pk)


def stop(thing: Import, *, by: User) -> Import:
    """Staff give the file up; one that the worker has stopped already is stopped."""
    return thing if thing.state == ImportState.STOPPED else imports.stop(thing, by=by)


def work() -> int:
    """Does what is next with every file that waits; how many."""
    return sum(
        work_on(thing) for thing in Import.objects.under_way().select_related("made_by", "applied_by", "meeting")
    )


def work_on(thing: Import) -> int:
    """Does what is next with one file, unless another worker is at it."""
    with progress.alone(thing.pk) as mine:
        return _work_on(thing) if mine else 0


def _work_on(thing: Import) -> int:
    by: User = thing.applied_by or thing.made_by
    with override(thing.language):
        if not imports.begin(thing):
            if thing.tries > imports.MOST_TRIES:
                _end(thing, by, _("The portal stopped several times over this file. Split it, and bring the parts."))
            return 0
        try:
            STEPS[thing.state](thing, by)
        except Stopped:
            _end(thing, by, "", stopped=True)
        except ValidationError as error:
            _end(thing, by, " ".join(error.messages))
        except PermissionDenied as error:
            _end(thing, by, str(error))
        except Moved as error:
            _end(thing, by, _moved(thing) % {"rows": error.named()})
        except OperationalError:
            raise  # the database is in trouble: the worker waits and begins anew
        except Exception:
            log.exception("an import failed")
            _end(thing, by, _("The portal could not go on with this file. Tell those who keep it running."))
    progress.forget(thing.pk)
    return 1


def _moved(thing: Import) -> str:
    if thing.state == ImportState.TAKING_BACK:
        return _("It stays applied: somebody changed these since. Put them back by hand, or leave them: %(rows)s")
    return _("Nothing was applied: these rows have changed since you looked at them. Bring the file again: %(rows)s")


def _end(thing: Import, by: User, word: str, stopped: bool = False) -> None:
    """Notes why it does not go on; somebody may have stopped it meanwhile."""
    try:
        if stopped and thing.state != ImportState.TAKING_BACK:
            imports.stop(thing, by=by)
        elif thing.state == ImportState.TAKING_BACK:
            imports.keep_it(thing, by=by, word=word)
        else:
            imports.refuse(thing, by=by, word=word)
    except (ValidationError, PermissionDenied) as error:
        log.info("import %s had moved on: %s", thing.pk, error)


def _held(thing: Import) -> bool:
    """Locks the file until the transaction ends; False when another worker has it or it is somewhere else by now."""
    return Import.objects.select_for_update(skip_locked=True).filter(pk=thing.pk, state=thing.state).exists()


def _at_once(thing: Import, write: bool = True) -> AbstractContextManager[None]:
    """What follows from each change waits for the last one, unless the rules need it before."""
    return nullcontext() if INTAKES[thing.table].reads_history else together(write)


def _look(thing: Import, by: User) -> None:
    """What each row would do: they are carried out, where it is forgotten again."""
    run = Run(thing, by, partial(progress.tell, thing.pk), marks=False)
    with trial(), transaction.atomic(), _at_once(thing, write=False):
        rows = [planned.as_row(thing) for planned in run.rows()]
    imports.previewed(thing, by=by, rows=rows, ignored=run.sheet.ignored)


def _apply(thing: Import, by: User) -> None:
    """Carries out each row, if it still does what the preview said."""
    run = Run(thing, by, partial(progress.tell, thing.pk))
    with transaction.atomic():
        if not _held(thing):
            return
        said = {row.number: row for row in thing.rows.all()}
        moved, done = [], []
        with _at_once(thing):
            for planned in run.rows():
                row = said.get(planned.number)
                if row is None or not _as_said(planned, row):
                    moved.append(f"{planned.number} {planned.name[:60]}".strip())
                elif planned.record is not None:
                    row.record, row.after = str(planned.record), planned.after
                    done.append(row)
            if moved:
                raise Moved(moved)
        imports.applied(thing, by=by, rows=done)


def _as_said(planned: Any, row: ImportRow) -> bool:
    """Whether a row does what the preview said, to a record as it stood then."""
    if planned.kind != row.kind or planned.changes != row.changes:
        return False
    return planned.kind != RowKind.CHANGED or planned.before == row.before


def _take_back(thing: Import, by: User) -> None:
    """Puts everything back, the last row first, if nobody has changed any of it since."""
    intake, columns = INTAKES[thing.table](Names(), by, thing.meeting), columns_of(thing.table)
    rows = list(thing.rows.filter(kind__in=[RowKind.NEW, RowKind.CHANGED]).order_by("-number"))
    with transaction.atomic():
        if not _held(thing):
            return
        with _at_once(thing):
            _require_unmoved(intake, rows)
            for done, chunk in enumerate(finding.batched(rows, 250)):
                progress.tell(thing.pk, done * 250, len(rows))
                records = intake.fresh([_key(intake, row) for row in chunk])
                for row in chunk:
                    record = records[_key(intake, row)]
                    if row.kind == RowKind.NEW:
                        _removed(intake, record, row)
                    else:
                        before = {
                            each["column"]: as_value(columns[each["column"]], each["before"]) for each in row.changes
                        }
                        intake.edit(record, before)
                if waiting := trace():
                    waiting.let_go()
        imports.taken_back(thing, by=by)


def _key(intake: Any, row: ImportRow) -> Any:
    return intake.model._meta.pk.to_python(row.record)


def _require_unmoved(intake: Any, rows: list[ImportRow]) -> None:
    moved = []
    for chunk in finding.batched(rows, 250):
        standing = intake.standing([_key(intake, row) for row in chunk])
        for row in chunk:
            if standing.get(_key(intake, row)) != row.after:
                moved.append(f"{row.number} {row.name[:60]}")
    if moved:
        raise Moved(reversed(moved))


def _removed(intake: Any, record: Any, row: ImportRow) -> None:
    """Takes out what the row brought, with what it brought below it; raises Moved where others added to it since.

    What the portal asks for by itself, a report of a round, goes along while nobody has touched it.
    """
    try:
        with suppress(ProtectedError):  # the rule says it in its own words
            others = [below for below in falling_with(record) if mark_of(below) not in row.after]
            if any(below.history.exclude(history_user=None).exists() for below in others):
                raise Moved([f"{row.number} {row.name[:60]}"])
        intake.remove(record)
    except ValidationError as error:
        raise ValidationError(f"{row.number} {row.name[:60]}: {' '.join(error.messages)}") from error
    except (Stale, Gone):
        raise Moved([f"{row.number} {row.name[:60]}"]) from None


STEPS: dict[str, Callable[[Import, User], None]] = {
    ImportState.READ: _look,
    ImportState.APPLYING: _apply,
    ImportState.TAKING_BACK: _take_back,
}
"""What is next with a file in each state."""
