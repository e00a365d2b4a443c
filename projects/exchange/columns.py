"""What stands in a table that leaves or enters the portal: its columns, each read from a record in one way.

One table serves the open data, the lists that people take along, and the Excel files they bring back: the heading, the
type and the choices of a column follow from the model, and are told once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from operator import attrgetter
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.models import Agency, Source
from govlab.thai import format_date, format_time
from projects.models import Cohort, Facet, InnovationType, Lab, Meeting, MeetingSeries, Project, ServiceField

KINDS = ("text", "whole", "decimal", "year", "date", "time", "moment", "yes_no", "code", "codes", "address")
"""What a value is. `whole` and `decimal` are numbers, `year` is a Buddhist year, `moment` a date with its time;
`code` and `codes` name other records or choices, `address` is a URL."""
NATURAL_KEYS: dict[type[models.Model], str] = {
    Agency: "key",
    Source: "key",
    ServiceField: "key",
    Lab: "key",
    Facet: "key",
    InnovationType: "key",
    MeetingSeries: "key",
    Cohort: "year",
    Project: "code",
    Meeting: "key",
}
"""By which column a record of this kind is named outside the portal."""
BETWEEN = "; "
"""What stands between several values in one cell."""


def _told_moment(value: datetime) -> str:
    local = timezone.localtime(value)
    return f"{format_date(local.date())} {format_time(local)}"


def _told_decimal(value: Decimal) -> Decimal:
    return value.normalize() if value % 1 else value.quantize(Decimal(1))


TOLD: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (type(None), lambda value: ""),
    (tuple, BETWEEN.join),
    (Decimal, _told_decimal),
    (datetime, _told_moment),
    (date, format_date),
    (time, format_time),
)
"""How values are told to people, by their type; a moment is a date too."""


@dataclass(frozen=True)
class Column:
    """One column: `value` gives a record's value as Python has it (None: nobody stated it; `codes`: a tuple)."""

    name: str
    """As programs read it; the same as in the API."""
    label: Any
    """The heading that people read, in the active language."""
    kind: str
    """One of KINDS."""
    value: Callable[[Any], Any]
    choices: Mapping[str, Any] = field(default_factory=dict)
    """Of a `code` that is a choice: each choice and what it is called."""
    names: type[models.Model] | None = None
    """Of a `code` or `codes`: which records they name, by NATURAL_KEYS."""
    unit: Any = ""
    about: Any = ""
    """What it says, where the heading does not tell."""
    needed: bool = False
    longest: int | None = None
    """Characters."""
    comes_from: Any = ""
    """Where its facts come from, where that differs from its table."""
    refers: str = ""
    """Of a number that names a record: the table and column in which that record stands, such as `indicators.id`."""
    aliases: tuple[Any, ...] = ()
    """Other headings that people write above it, and those of lists that leave the portal."""
    besides: str = ""
    """Of a `code` that is a choice: which capital letters are taken besides, as a pattern."""
    offered: bool = True
    """Whether templates have it; else it is understood where a list that left the portal has it."""

    def told(self, value: Any) -> Any:
        """A value as people read it, in the active language: choices by name, dates in its era; numbers as they are."""
        if self.kind == "yes_no" and value is not None:
            return _("Yes") if value else _("No")
        if self.choices and value is not None:
            return str(self.choices.get(str(value), value))
        return next((told(value) for kind, told in TOLD if isinstance(value, kind)), value)

    def shown(self, row: Any) -> Any:
        """The record's value as people read it."""
        return self.told(self.value(row))


@dataclass(frozen=True)
class Table:
    """One table: what it is called, its columns, and the rows that a person may see."""

    name: str
    """As programs read it, and the name of its file."""
    label: Any
    about: Any
    columns: tuple[Column, ...]
    rows: Callable[[Any], QuerySet[Any]]
    """The rows of a person, in an order that stays; with all that the columns read."""
    read_with: Callable[[QuerySet[Any]], QuerySet[Any]]
    """Adds to rows that were found elsewhere what the columns read."""
    key: str = ""
    """The column that names a row; "" where several do together."""
    comes_from: Any = ""
    """Where its facts come from: documents, reports, visitors."""

    def column(self, name: str) -> Column:
        """The column of this name; raises KeyError where there is none."""
        return {column.name: column for column in self.columns}[name]


heading = lazy(lambda name: capfirst(str(name)), str)
"""A column's name as a heading: with a capital, in the language that is active when it is read."""


def _type_of(column: Any) -> str:
    kinds: Sequence[tuple[type, str]] = (
        (models.DateTimeField, "moment"),
        (models.DateField, "date"),
        (models.TimeField, "time"),
        (models.BooleanField, "yes_no"),
        (models.DecimalField, "decimal"),
        (models.IntegerField, "whole"),
        (models.URLField, "address"),
    )
    return next((name for kind, name in kinds if isinstance(column, kind)), "text")


def of(model: type[models.Model], name: str, **told: Any) -> Column:
    """A column of the model as a column of a table; a relation as the codes of the records it leads to.

    Raises FieldDoesNotExist where the model has no such column.
    """
    column: Any = model._meta.get_field(name)
    made = Column(
        name,
        heading(column.verbose_name),
        _type_of(column),
        attrgetter(name),
        needed=not column.blank,
        longest=column.max_length,
    )
    if column.many_to_many:
        target = column.related_model
        key = NATURAL_KEYS[target]
        made = replace(made, kind="codes", names=target, value=lambda row: _codes(getattr(row, name).all(), key))
    elif column.is_relation:
        target = column.related_model
        key = NATURAL_KEYS[target]
        made = replace(made, kind="code", names=target, value=lambda row: _code(getattr(row, name), key))
    elif column.choices:
        made = replace(made, kind="code", choices={str(key): label for key, label in column.choices})
    elif made.kind == "text":
        made = replace(made, value=lambda row: getattr(row, name) or None)
    return replace(made, **told)


def both(model: type[models.Model], *names: str) -> tuple[Column, ...]:
    """The columns of these names in Thai and in English."""
    return tuple(of(model, f"{name}_{language}") for name in names for language in ("th", "en"))


def sources() -> Column:
    """The documents that a row's facts stand in, by their codes in the table `sources`."""
    return of(Project, "sources")


def number() -> Column:
    """The number by which the portal knows a record, as it stands in its address and in the API."""
    return Column("id", gettext_lazy("Number"), "whole", attrgetter("pk"))


def number_of(name: str, label: Any, refers: str, **told: Any) -> Column:
    """The number of a record that the row leads to by its column `name`; None where a person may not see it."""

    def value(row: Any) -> Any:
        found = getattr(row, name)
        return found.pk if found else None

    return replace(Column(name, label, "whole", value, refers=refers), **told)


CHANGED = Column("updated_at", gettext_lazy("Changed last"), "moment", attrgetter("updated_at"))
DEMO = Column(
    "demo",
    gettext_lazy("Demonstration data"),
    "yes_no",
    attrgetter("demo"),
    about=gettext_lazy("Invented, to try the portal out."),
)


def _codes(rows: Any, key: str) -> tuple[str, ...]:
    return tuple(sorted(str(getattr(row, key)) for row in rows))


def _code(row: Any, key: str) -> Any:
    return getattr(row, key) if row else None
