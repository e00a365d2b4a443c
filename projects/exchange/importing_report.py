"""What a file did, row by row, as people read it: on the page and as an Excel file to keep."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from govlab.finding import batched
from projects.exchange.books import Book
from projects.exchange.columns import BETWEEN, NATURAL_KEYS, Column
from projects.exchange.importing import as_value, columns_of
from projects.exchange.reading_values import named_by
from projects.models import Import, ImportRow, Meeting

CHUNK = 500
"""Rows whose names are read together."""


@dataclass(frozen=True)
class Told:
    """One line: a column that changes, or something to correct."""

    row: ImportRow
    cell: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    sentence: str = ""


class Called:
    """What the records are called that rows name by their codes, in the active language; read for many rows at once."""

    def __init__(self, rows: Iterable[ImportRow], columns: Mapping[str, Column]) -> None:
        wanted: dict[type[models.Model], set[str]] = {}
        for row in rows:
            for each in row.changes:
                column = columns.get(each["column"])
                if column and column.names and column.kind != "year":
                    wanted.setdefault(column.names, set()).update(_codes(each["before"]), _codes(each["after"]))
        self._names = {model: _names(model, codes) for model, codes in wanted.items() if codes}

    def told(self, column: Column, kept: Any) -> str:
        """A value as people read it: records by name, with the code behind it where several have that name."""
        names: Mapping[str, str] = self._names.get(column.names, {}) if column.names else {}
        if not names:
            return str(column.told(as_value(column, kept)))
        return BETWEEN.join(names.get(code, code) for code in _codes(kept))


def _codes(kept: Any) -> list[str]:
    """The codes of a value as it is kept, one or several or none."""
    return [str(each) for each in (kept if isinstance(kept, list) else [kept]) if each]


def _names(model: type[models.Model], codes: set[str]) -> dict[str, str]:
    """What the records with these codes are called, by their codes, in two queries."""
    key = NATURAL_KEYS[model]
    rows: Any = model._default_manager.filter(**{f"{key}__in": codes})
    rows = rows.select_related("series") if model is Meeting else rows
    called = {str(getattr(row, key)): str(getattr(row, "full_name", row)) for row in rows}
    alike = Q(*((f"{name}__in", {*called.values()}) for name in named_by(model)), _connector=Q.OR)
    owners: dict[str, set[str]] = {}
    for code, *names in model._default_manager.filter(alike).order_by().values_list(key, *named_by(model)):
        for name in names:
            owners.setdefault(name, set()).add(str(code))
    return {code: f"{name} ({code})" if owners.get(name, {code}) - {code} else name for code, name in called.items()}


def lines_of(row: ImportRow, columns: Mapping[str, Column], called: Called | None = None) -> list[Told]:
    """What a row changes and what of it is to correct, in the active language; `called` was read for it and others."""
    called = called or Called([row], columns)
    found = [
        Told(row, column=_label(columns, each["column"]), **_both(columns, each, called))
        for each in row.changes
        if each["column"] in columns
    ]
    return found + [
        Told(row, each["cell"], _label(columns, each["column"]), after=each["value"], sentence=each["sentence"])
        for each in row.problems
    ]


def _label(columns: Mapping[str, Column], name: str) -> str:
    return str(columns[name].label) if name in columns else ""


def _both(columns: Mapping[str, Column], change: Mapping[str, Any], called: Called) -> dict[str, str]:
    column = columns[change["column"]]
    return {side: called.told(column, change[side]) for side in ("before", "after")}


def _text(label: Any, value: Any) -> Column:
    return Column(str(label), label, "text", value)


COLUMNS = (
    Column("row", gettext_lazy("Row"), "whole", lambda told: told.row.number),
    _text(gettext_lazy("Result"), lambda told: told.row.get_kind_display()),
    _text(gettext_lazy("Record"), lambda told: told.row.name),
    _text(gettext_lazy("Cell"), lambda told: told.cell),
    _text(gettext_lazy("Column"), lambda told: told.column),
    _text(gettext_lazy("Before"), lambda told: told.before),
    _text(gettext_lazy("In the file"), lambda told: told.after),
    _text(gettext_lazy("What to do"), lambda told: told.sentence),
)


def report(thing: Import, rows: Iterable[ImportRow]) -> Book:
    """The report as an Excel file in the active language."""
    columns = columns_of(thing.table)

    def lines() -> Iterator[Told]:
        for some in batched(rows, CHUNK):
            called = Called(some, columns)
            for row in some:
                yield from lines_of(row, columns, called) or [Told(row)]

    book = Book()
    book.sheet(_("Report"), COLUMNS, lines())
    return book
