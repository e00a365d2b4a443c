"""A file row by row: what each would do, found out by doing it through the rules in a transaction."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agencies.models import User
from govlab import files
from govlab.finding import batched
from govlab.history import Gone, Stale
from govlab.together import trace
from projects.exchange.books import plain
from projects.exchange.columns import Column
from projects.exchange.importing_intakes import INTAKES
from projects.exchange.importing_kinds import Intake, Values
from projects.exchange.reading import Line, Sheet, read
from projects.exchange.reading_values import Names, headings, same, text_of, value_of
from projects.models import Import, ImportRow, RowKind

CHUNK = 250
"""So many rows are read and written between two looks at whether to go on."""
LONGEST_SHOWN = 200
"""Characters of a refused value that the page shows."""
Tell = Callable[[int, int], None]


@dataclass
class Planned:
    """What one row does."""

    number: int
    kind: str = RowKind.SAME
    name: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)
    record: Any = None
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    values: Values = field(default_factory=dict)
    """What the row says; once it is compared, of a known record only what differs."""
    found: Any = None
    unnamed: bool = False
    """Whether it names a record of its own kind that is not there: a row above may bring it."""

    def as_row(self, thing: Import) -> ImportRow:
        """As it is kept."""
        told = {name: getattr(self, name) for name in ("number", "kind", "name", "changes", "problems", "before")}
        return ImportRow(of=thing, record="" if self.record is None else str(self.record), **told)


def columns_of(table: str) -> dict[str, Column]:
    """The columns that a file of this kind may have, by their names."""
    return {column.name: column for column in INTAKES[table].columns()}


@dataclass
class Run:
    """One going through of a file, in the name of a person; it ends in the transaction that is running."""

    thing: Import
    by: User
    tell: Tell = lambda done, whole: None
    marks: bool = True
    """Whether it notes the versions that its writing leaves, by which a later change is told."""

    def __post_init__(self) -> None:
        kind = INTAKES[self.thing.table]
        self.columns = columns_of(self.thing.table)
        self.names = Names()
        self.intake: Intake = kind(self.names, self.by, self.thing.meeting)
        known = headings((*kind.passed_over(), *kind.columns()))
        self.sheet: Sheet = read(files.address(self.thing.sha256), self.thing.kind, known)
        self.taken = {name: place for name, place in self.sheet.places.items() if name in self.columns}
        self.seen: dict[Any, int] = {}

    def rows(self) -> Iterator[Planned]:
        """Carries out each row through the rules and says what it did; call it in a transaction."""
        whole, done = len(self.sheet.lines), 0
        for lines in batched(self.sheet.lines, CHUNK):
            self.tell(done, whole)
            planned = [self._parsed(line) for line in lines]
            self.intake.load([row.values for row in planned])
            for row in planned:
                self._compare(row)
            self._hold(planned)
            for line, row in zip(lines, planned, strict=True):
                self._write(line, row)
            if self.marks:
                self._mark(planned)
            for row in planned:
                row.found, row.values = None, {}  # thousands of records need not stay in memory
                yield row
            if waiting := trace():
                waiting.let_go()
            done += len(lines)
        self.tell(done, whole)

    def _parsed(self, line: Line, planned: Planned | None = None) -> Planned:
        planned = planned or Planned(line.number)
        for name, place in self.taken.items():
            if (raw := line.cells.get(place)) is None:
                continue
            try:
                planned.values[name] = value_of(self.columns[name], raw, self.names)
            except ValidationError as error:
                self._refuse(planned, error, name, raw)
        planned.name = self.intake.called(planned.values)[:300]
        return planned

    def _compare(self, planned: Planned) -> None:
        """Finds the record and what the row would change of it."""
        if planned.problems:
            return
        values = planned.values
        try:
            record = planned.found = self.intake.find(values)
            self._require_once(planned, values, record)
            before = self.intake.now(record) if record else {}
            if record:
                planned.record, planned.before, planned.name = record.pk, self.intake.marks(record), str(record)[:300]
                changed = {n: v for n, v in values.items() if n in before and not self._same(n, before[n], v)}
            else:
                changed = {name: value for name, value in values.items() if value not in (None, "", ())}
        except ValidationError as error:
            self._refuse(planned, error, "", None)
            return
        planned.kind = (RowKind.CHANGED if changed else RowKind.SAME) if record else RowKind.NEW
        planned.changes = [
            {"column": name, "before": plain(before.get(name)), "after": plain(value)}
            for name, value in changed.items()
            if name in self.columns
        ]
        planned.values = changed if record else values

    def _hold(self, planned: list[Planned]) -> None:
        """Locks what will change, all of a kind with one query."""
        wanted: dict[Any, list[Any]] = {}
        for row in planned:
            for record in self.intake.touched(row.found, row.values) if row.kind == RowKind.CHANGED else ():
                wanted.setdefault(type(record), []).append(record.pk)
        for model, keys in wanted.items():
            if waiting := trace():
                waiting.hold(model, keys)

    def _write(self, line: Line, planned: Planned) -> None:
        """Carries a row out. One that named what was not there may name what a row above it has just brought."""
        if planned.unnamed:
            planned.problems, planned.values, planned.kind = [], {}, RowKind.SAME
            self._parsed(line, planned)
            self.intake.load([planned.values])
            self._compare(planned)
        if planned.kind not in (RowKind.NEW, RowKind.CHANGED):
            return
        record, values = planned.found, planned.values
        waiting = trace()
        try:
            with transaction.atomic():
                done = self.intake.edit(record, values) if record else self.intake.add(values)
        except ValidationError as error:
            self._refuse(planned, error, "", None)
        except (Stale, Gone):
            sentence = _("Somebody is changing this just now. Bring the file again.")
            self._refuse(planned, ValidationError(sentence), "", None)
        else:
            if record is None:
                self.names.learn(done)
                planned.record = done.pk
            return
        if waiting:
            waiting.let_go()  # what rules typed into them before they refused was rolled back

    def _same(self, name: str, before: Any, after: Any) -> bool:
        """Whether the cell says what the record does; where the first of several leads, it counts which is first."""
        first = name in self.intake.ordered and (before or ("",))[0] != (after or ("",))[0]
        return not first and same(before, after)

    def _require_once(self, planned: Planned, values: Values, record: Any) -> None:
        first = self.seen.setdefault(self.intake.identity(values, record), planned.number)
        if first != planned.number:
            raise ValidationError(_("Row %(row)s is about the same. Delete one of the two.") % {"row": first})

    def _mark(self, planned: list[Planned]) -> None:
        """The versions after the writing."""
        written = [row for row in planned if row.kind in (RowKind.NEW, RowKind.CHANGED)]
        standing = self.intake.standing([row.record for row in written]) if written else {}
        for row in written:
            row.after = standing[row.record]

    def _refuse(self, planned: Planned, error: ValidationError, column: str, raw: Any) -> None:
        planned.kind, planned.changes = RowKind.REFUSED, []
        planned.unnamed = planned.unnamed or (bool(column) and self.columns[column].names is self.intake.model)
        found = error.error_dict.items() if hasattr(error, "error_dict") else [(column, [error])]
        for name, errors in found:
            value = raw if raw is not None else planned.values.get(name)
            for sentence in (sentence for each in errors for sentence in each.messages):
                planned.problems.append(
                    {
                        "cell": self.sheet.cell(planned.number, name),
                        "column": name if name in self.columns else "",
                        "value": "" if value is None else text_of(_shown(value))[:LONGEST_SHOWN],
                        "sentence": sentence,
                    }
                )


def _shown(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, tuple) else value


def as_value(column: Column, kept: Any) -> Any:
    """A value as `Column.value` gives it, from what `books.plain` made of it."""
    if kept is None:
        return () if column.kind == "codes" else None
    made: dict[str, Callable[[Any], Any]] = {"date": date.fromisoformat, "decimal": Decimal, "codes": tuple}
    return made[column.kind](kept) if column.kind in made else kept
