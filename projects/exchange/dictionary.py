"""The dictionary of the open data: every column of every table, in Thai and in English."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from projects.exchange.columns import BETWEEN, NATURAL_KEYS, Column, Table

TYPES: dict[str, Any] = {
    "text": _("Text"),
    "whole": _("Whole number"),
    "decimal": _("Decimal number; in JSON a text, so that no digit is lost"),
    "year": _("Year of the Buddhist Era"),
    "date": _("Day: year of the Common Era, month, day (2021-11-23)"),
    "time": _("Time of day, 24 hours (09:30)"),
    "moment": _("Day and time with its distance from UTC (ISO 8601)"),
    "yes_no": _("true or false"),
    "code": _("One of the choices, or the code of a record in another table"),
    "codes": _("Codes of records in another table; in CSV and Excel with “; ” between them, in JSON a list"),
    "address": _("Web address"),
}
"""What each type of a column holds, as programs read it."""


@dataclass(frozen=True)
class Entry:
    """What the dictionary says of one column."""

    table: str
    column: str
    heading_th: str
    heading_en: str
    type: str
    unit_th: str
    unit_en: str
    about_th: str
    about_en: str
    choices_th: str
    choices_en: str
    refers: str
    source_th: str
    source_en: str


def _told(language: str, *texts: Any) -> list[str]:
    """The texts in this language; choices with what each is called."""
    with override(language):
        return [_choices(text) if isinstance(text, dict) else str(text) for text in texts]


def _choices(choices: dict[str, Any]) -> str:
    return BETWEEN.join(f"{key} = {label}" for key, label in choices.items())


def entries(tables: Iterable[Table], only: str = "") -> list[Entry]:
    """The dictionary of these tables, in their order; of one of them, where it is named."""
    known = {table.name: table for table in tables}
    wanted = [known[only]] if only else known.values()
    return [_entry(table, column, known) for table in wanted for column in table.columns]


def _entry(table: Table, column: Column, known: dict[str, Table]) -> Entry:
    texts = column.label, column.unit, column.about, dict(column.choices), column.comes_from or table.comes_from
    th, en = _told("th", *texts), _told("en", *texts)
    (heading, unit, about, choices, source), refers = zip(th, en, strict=True), column.refers or _refers(column, known)
    return Entry(table.name, column.name, *heading, column.kind, *unit, *about, *choices, refers, *source)


def _refers(column: Column, known: dict[str, Table]) -> str:
    """Table and column of the records that a column names; "" where they are in none of the tables."""
    if column.names is None:
        return ""
    key = NATURAL_KEYS[column.names]
    name = IN_TABLES.get(column.names._meta.model_name or "", "")
    return f"{name}.{key}" if name in known else ""


IN_TABLES = {
    "agency": "agencies",
    "source": "sources",
    "servicefield": "fields",
    "lab": "labs",
    "facet": "facets",
    "innovationtype": "types",
    "meetingseries": "series",
    "cohort": "cohorts",
    "project": "projects",
    "meeting": "meetings",
}
"""In which table records of these models stand."""

HEADINGS: dict[str, Any] = {
    "table": _("Table"),
    "column": _("Column"),
    "heading_th": _("Heading in Thai"),
    "heading_en": _("Heading in English"),
    "type": _("Type"),
    "unit_th": _("Unit in Thai"),
    "unit_en": _("Unit in English"),
    "about_th": _("Explanation in Thai"),
    "about_en": _("Explanation in English"),
    "choices_th": _("Choices in Thai"),
    "choices_en": _("Choices in English"),
    "refers": _("Refers to"),
    "source_th": _("Source in Thai"),
    "source_en": _("Source in English"),
}
COLUMNS = tuple(
    Column(each.name, HEADINGS[each.name], "code" if each.name == "type" else "text", attrgetter(each.name))
    for each in fields(Entry)
)
"""The dictionary as a table of its own."""
