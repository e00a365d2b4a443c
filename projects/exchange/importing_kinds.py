"""What can be brought in: for each kind of row its columns, how its record is found, and which rules write it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from agencies.models import Agency, User
from agencies.rules import records
from projects.exchange.columns import NATURAL_KEYS, Column
from projects.exchange.importing_headings import as_written
from projects.exchange.reading_values import Names
from projects.exchange.tables import TABLES
from projects.models import Indicator, Innovation, Meeting
from projects.models.countries import COUNTRIES
from projects.rules import indicators, publishing

Values = dict[str, Any]
"""What a row says, by the name of the column, as `Column.value` gives it of a record."""


def told(column: str, sentence: str) -> ValidationError:
    """A refusal at a column."""
    return ValidationError({column: sentence})


def mark_of(record: models.Model) -> str:
    """Under which name an import remembers the version of a record."""
    return f"{type(record).__name__}:{record.pk}"


def answers_of(model: type[models.Model], values: Mapping[str, Any], names: Names) -> dict[str, Any]:
    """Values as rules take them: records instead of their codes, what is cleared as the column keeps nothing."""
    return {name: _answer(model._meta.get_field(name), value, names) for name, value in values.items()}


def _answer(field: Any, value: Any, names: Names) -> Any:
    if field.many_to_many:
        key = NATURAL_KEYS[field.related_model]
        return list(field.related_model._default_manager.filter(**{f"{key}__in": value})) if value else []
    if field.is_relation:
        return None if value is None else names.record(field.related_model, value)
    if value is None and not field.null:
        return field.get_default()
    return value


class Intake:
    """One kind of row; an instance serves one file. Its subclasses say how a record is found and written."""

    table: str = ""
    model: type[models.Model]
    key: str = ""
    """The column by which a row names its record."""
    also: frozenset[str] = frozenset()
    """Columns that a file may have although they are none of the model's own."""
    ordered: frozenset[str] = frozenset()
    """Columns in which it counts who stands first."""

    marked: tuple[str, ...] = ()
    """The lists of a record that its marks read."""
    reads_history: bool = False
    """Whether its rules read what they have just written into the history, which then cannot wait."""

    def __init__(self, names: Names, by: User, meeting: Meeting | None = None) -> None:
        self.names, self.by, self.meeting = names, by, meeting
        self.known: dict[Any, Any] = {}
        self.compared = self.columns()

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The columns that a file may have, in the order of the template; others follow from them."""
        own = {field.name for field in cls.model._meta.get_fields() if getattr(field, "editable", False)} - {"id"}
        return as_written(cls.table, (each for each in TABLES[cls.table].columns if each.name in own | cls.also))

    @classmethod
    def passed_over(cls) -> tuple[Column, ...]:
        """The columns of an exported file: those that are not written are known, the others may have other headings."""
        labels = [str(each.label) for each in TABLES[cls.table].columns]
        return tuple(each for each in TABLES[cls.table].columns if labels.count(str(each.label)) == 1)

    @classmethod
    def rows(cls, person: Any, meeting: Meeting | None = None) -> Iterable[Any]:
        """The records that are there, for a template that is filled in."""
        return TABLES[cls.table].rows(person)

    @classmethod
    def with_columns(cls, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Rows with all that the columns read."""
        return TABLES[cls.table].read_with(rows)

    def load(self, lines: list[Values]) -> None:
        """Reads the records that these rows name in one go."""
        wanted = [line[self.key] for line in lines if line.get(self.key) is not None]
        rows: QuerySet[Any] = self.model._default_manager.filter(**{f"{self.key}__in": wanted})
        self.known = {getattr(row, self.key): row for row in self.with_columns(rows)}

    def fresh(self, keys: Iterable[Any]) -> dict[Any, Any]:
        """The records with these primary keys as they stand, by them."""
        rows: QuerySet[Any] = self.model._default_manager.filter(pk__in=list(keys))
        return {row.pk: row for row in self.with_columns(rows)}

    def standing(self, keys: Iterable[Any]) -> dict[Any, dict[str, int]]:
        """The marks of the records with these primary keys as they stand, by them."""
        rows = self.model._base_manager.filter(pk__in=list(keys)).prefetch_related(*self.marked)
        return {row.pk: self.marks(row) for row in rows}

    def find(self, values: Values) -> Any:
        """The record that a row is about, None for a new one; raises ValidationError at the column to correct."""
        raise NotImplementedError

    def identity(self, values: Values, record: Any) -> Any:
        """What two rows about the same have in common."""
        return record.pk if record else str(values.get(self.key) or self.called(values)).casefold()

    def called(self, values: Values) -> str:
        """What a row calls its record."""
        return str(
            next((values[name] for name in ("title_th", "name_th", "title_en", "name_en") if values.get(name)), "")
        )

    def now(self, record: Any) -> Values:
        """The record's values."""
        return {column.name: column.value(record) for column in self.compared}

    def add(self, values: Values) -> Any:
        """Adds the record through its rule."""
        return records.add(self.model, by=self.by, **answers_of(self.model, values, self.names))  # type: ignore[type-var]

    def edit(self, record: Any, changed: Values) -> Any:
        """Changes it through its rule."""
        return records.edit(record, by=self.by, version=record.version, **answers_of(self.model, changed, self.names))

    def remove(self, record: Any) -> None:
        """Takes a record out that the file brought in."""
        records.remove(record, by=self.by)

    def touched(self, record: Any, changed: Values) -> list[Any]:
        """What a change of these values is written to, so that it can be locked together with that of other rows."""
        return [record]

    def marks(self, record: Any) -> dict[str, int]:
        """The versions of everything that a row may change."""
        return {mark_of(record): record.version}


class Agencies(Intake):
    """Agencies, by their code or their name."""

    table, model, key = "agencies", Agency, "key"

    def find(self, values: Values) -> Agency | None:
        """By the code; without one by the name."""
        if code := values.get("key"):
            return self.known.get(code)
        name = values.get("name_th") or values.get("name_en") or ""
        codes = self.names.named(Agency, name) if name else set()
        if len(codes) == 1:
            return Agency.objects.select_related("parent").prefetch_related("sources").get(key=codes.pop())
        raise told("key", _("Type a code for the new agency, such as opdc: it stands in its web address."))

    def identity(self, values: Values, record: Any) -> Any:
        """The agency, or the code that it gets."""
        return record.pk if record else values["key"].casefold()


class Numbered(Intake):
    """Records that have a number and no code of their own: by that, or by what they are called."""

    key = "id"
    also = frozenset({"id"})

    def find(self, values: Values) -> Any:
        """By the number; without one by its name."""
        if (number := values.pop("id", None)) is not None:
            if number not in self.known:
                raise told("id", _("The portal has no such number. Clear it to add a new row."))
            return self.known[number]
        found = self.by_name(values)
        if len(found) > 1:
            raise told("id", _("Several have this name. Type the number of the right one."))
        return self.with_columns(self.model._default_manager.filter(pk=found[0])).get() if found else None

    def by_name(self, values: Values) -> list[int]:
        """The numbers of those with the name that the row gives."""
        raise NotImplementedError

    def now(self, record: Any) -> Values:
        """The record's values; its number is not one that changes."""
        return {name: value for name, value in super().now(record).items() if name != "id"}


class Innovations(Numbered):
    """The library of innovations."""

    table, model = "innovations", Innovation

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The country by its name or code; one whose name is not kept here by its code."""
        return tuple(
            replace(each, kind="code", choices=COUNTRIES, besides="[A-Z]{2}") if each.name == "country" else each
            for each in super().columns()
        )

    def by_name(self, values: Values) -> list[int]:
        """Those with this very title."""
        named: dict[str, str] = {name: values[name] for name in ("title_th", "title_en") if values.get(name)}
        return list(Innovation.objects.filter(**named).values_list("pk", flat=True)[:2]) if named else []

    def remove(self, record: Any) -> None:
        """A draft goes; what was published since stays."""
        publishing.remove(record, by=self.by)


class Indicators(Numbered):
    """What projects are measured by."""

    table, model = "indicators", Indicator

    def by_name(self, values: Values) -> list[int]:
        """Those of the project with this very name."""
        if not values.get("project"):
            raise told("project", _("Type the code of the project."))
        named = Indicator.objects.filter(project__code=values["project"], name_th=values.get("name_th") or "")
        return list(named.values_list("pk", flat=True)[:2])

    def identity(self, values: Values, record: Any) -> Any:
        """The indicator, or its project and name."""
        return record.pk if record else (values.get("project"), values.get("name_th"))

    def edit(self, record: Any, changed: Values) -> Any:
        """Changes it; it stays with its project, and a number that was reported keeps its meaning."""
        if "project" in changed:
            raise told("project", _("An indicator stays with its project. Clear its number to add a new one."))
        answers = answers_of(Indicator, changed, self.names)
        return indicators.edit(record, by=self.by, version=record.version, **answers)
