"""Several short lists in one query: what stands beside a record, what the selects of a form offer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import BigIntegerField, BooleanField, DateField, IntegerField, QuerySet, TextField, Value
from django.db.models.functions import Cast, Coalesce, NullIf


class Line(NamedTuple):
    """One row of one of the lists: `of` names the list, `under` the row above it; texts are "" where there is none."""

    of: str
    under: int | None
    key: str
    name_th: str
    name_en: str
    more_th: str
    more_en: str
    url: str
    on: date | None
    demo: bool
    place: int
    sort: str


TEXT = Value("")
EMPTY: dict[str, Any] = {"under": None, "on": None, "demo": "demo", "place": Value(0)}
KINDS: dict[str, type] = {"under": BigIntegerField, "on": DateField, "demo": BooleanField, "place": IntegerField}


TITLE = {"name_th": "title_th", "name_en": "title_en"}
"""The columns of a record with titles."""
SOURCE = {
    "key": "key",
    "sort": "key",
    **TITLE,
    "more_th": "publisher_th",
    "more_en": "publisher_en",
    "on": "published_on",
    "url": "url",
}
"""The columns of a document in which facts stand."""


def short_name(path: str = "") -> dict[str, Any]:
    """The columns `key`, `name_th`, `name_en` and `sort` of an agency under its short name; `path` leads to it."""
    names = {f"name_{of}": Coalesce(NullIf(f"{path}short_{of}", Value("")), f"{path}name_{of}") for of in ("th", "en")}
    return {"key": f"{path}key", "sort": f"{path}sort_key", **names}


def line(rows: QuerySet[Any], of: str, **columns: Any) -> QuerySet[Any]:
    """The rows as the list `of`; each column of `Line` is a field, an expression, or left empty."""
    select = [Cast(Value(of), TextField())]
    for name in Line._fields[1:]:
        value = columns.get(name, EMPTY.get(name, TEXT))
        # Typed even where it is empty: PostgreSQL will not put an untyped NULL over a date.
        select.append(Cast(Value(None) if value is None else value, KINDS.get(name, TextField)()))
    return rows.order_by().values_list(*select)


def gather(*lines: QuerySet[Any]) -> dict[str, list[Line]]:
    """Every list by its name, in one query, each in the order of `place` and `sort`; a list without rows is empty."""
    return gathered(together(*lines))


def together(*lines: QuerySet[Any]) -> QuerySet[Any]:
    """The lists as one query, for whoever keeps its words (`govlab.worded`)."""
    return lines[0].union(*lines[1:], all=True)


def gathered(rows: Iterable[Any]) -> dict[str, list[Line]]:
    """What `gather` gives, from the rows of `together`."""
    found: dict[str, list[Line]] = defaultdict(list)
    for row in sorted(map(Line._make, rows), key=lambda row: (row.place, row.sort or "")):
        found[row.of].append(row)
    return found


def under(lines: Iterable[Line]) -> dict[int, list[Line]]:
    """The lines by the row they stand under."""
    found: dict[int, list[Line]] = defaultdict(list)
    for row in lines:
        found[row.under or 0].append(row)
    return found
