"""What takes long to write is written once, and put back row by row for each further test that stands on it."""

from collections.abc import Callable
from datetime import time
from typing import Any, TypeVar

from django.db import connection

T = TypeVar("T")
Rows = dict[str, list[tuple[Any, ...]]]

BUILT: dict[Callable[[], Any], tuple[Rows, Any]] = {}
"""By who builds: the rows, and the answer."""


def rows() -> Rows:
    """Every row of every table, as the database has it."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            # Of all that is read only the time of a day is not taken back as it is.
            found[table] = [tuple(str(one) if isinstance(one, time) else one for one in row) for row in cursor]
    return found


def once(build: Callable[[], T]) -> T:
    """What `build` answered, and all that it wrote; a test calls it before it writes anything itself.

    So numbers that `build` was given are still free.
    """
    if build not in BUILT:
        before, answer = rows(), build()
        BUILT[build] = (
            {table: [row for row in now if row not in before[table]] for table, now in rows().items()},
            answer,
        )
        return answer
    written, answer = BUILT[build]
    with connection.cursor() as cursor:
        for table, own in written.items():
            if own:
                places = ", ".join(["%s"] * len(own[0]))
                cursor.executemany(f"INSERT INTO {connection.ops.quote_name(table)} VALUES ({places})", own)
    return answer
