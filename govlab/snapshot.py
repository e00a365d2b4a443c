"""Reading much as of one moment, and trying out what writes, without holding anybody up."""

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.db.utils import load_backend


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within is as it was at one moment, however long it takes; nobody who writes waits for it.

    A transaction of Django's would do on PostgreSQL at its strictest level; on SQLite it would lock out every writer.
    Within a transaction it does nothing: that one says what is read.
    """
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            # The limits of requests, which nothing here holds up.
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        else:
            cursor.execute("BEGIN DEFERRED")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK")


@contextmanager
def trial() -> Iterator[None]:
    """Whatever is written within is forgotten at its end; nobody else who writes waits for it.

    On SQLite, where one writes at a time, it is written to a copy of the database.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
        return
    with tempfile.TemporaryDirectory(prefix="trial-") as folder, _copied(Path(folder) / "copy.sqlite3"):
        yield


@contextmanager
def _copied(path: Path) -> Iterator[None]:
    """Lets this thread's connection be one to a copy of the database."""
    connection.ensure_connection()
    copy = sqlite3.connect(path)
    connection.connection.backup(copy)
    copy.close()
    own = connections[DEFAULT_DB_ALIAS]
    told = {**connections.settings[DEFAULT_DB_ALIAS], "NAME": str(path)}
    connections[DEFAULT_DB_ALIAS] = load_backend(told["ENGINE"]).DatabaseWrapper(told, DEFAULT_DB_ALIAS)
    try:
        yield
    finally:
        connection.close()
        connections[DEFAULT_DB_ALIAS] = own
