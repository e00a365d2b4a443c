"""What is shown of the entries in the index of the search, by their numbers."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from govlab.seeking import Sql
from govlab.trigrams import TABLE


class Entry(NamedTuple):
    """What is shown of an entry."""

    id: int
    kind: str
    key: str
    title_th: str
    title_en: str
    text: str
    folded_text: str
    more: str
    demo: bool
    on: date | None


def entries_of(asked_for: Iterable[tuple[Sequence[int], Sql]]) -> list[Entry]:
    """The entries with these numbers, as far as their condition holds. One query, none for nothing."""
    columns = ", ".join(f"{TABLE}.{connection.ops.quote_name(name)}" for name in Entry._fields)
    statements, params = [], list[Any]()
    for numbers, (sql, more) in asked_for:
        places = ", ".join(["%s"] * len(numbers))
        statements.append(f"SELECT {columns} FROM {TABLE} WHERE {TABLE}.id IN ({places}) AND {sql}")
        params += [*numbers, *more]
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), params)
        rows = [Entry._make(row) for row in cursor.fetchall()]
    # SQLite keeps a day as a text.
    return [row._replace(on=date.fromisoformat(row.on)) if isinstance(row.on, str) else row for row in rows]
