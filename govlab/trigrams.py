"""The index of the search inside the database: every three letters that follow each other, in titles and in texts.

SQLite: FTS5 with its trigram tokeniser, kept in step by triggers. PostgreSQL: pg_trgm with GIN indexes, the kind
beside. Both are set up after migrating, so that a table that SQLite had to build anew has its triggers again.
"""

from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

KIND_BITS = 50
"""A record's own number has at most 48 bits (`govlab.fields.random_id`); the number of its kind stands above."""

TABLE = "govlab_searchentry"
HIDDEN = "search_hidden"
"""The index of what is not public."""
INDEXES = {"folded_title": "search_titles", "folded_text": "search_texts"}
"""Column and the name of its index: on SQLite a virtual table, on PostgreSQL an index."""


KIND = f"id >> {KIND_BITS}"
"""The number of an entry's kind. On PostgreSQL it is a part of the index, so that a word of a small kind is found among
its entries alone."""


def _sqlite(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name LIKE 'search\\_%' ESCAPE '\\'")
        known = {name for (name,) in cursor.fetchall()}
        for column, index in INDEXES.items():
            new = f"INSERT INTO {index} (rowid, {column}) VALUES (NEW.id, NEW.{column});"
            old = f"INSERT INTO {index} ({index}, rowid, {column}) VALUES ('delete', OLD.id, OLD.{column});"
            triggers = {
                f"{index}_add": f"AFTER INSERT ON {TABLE} BEGIN {new} END",
                f"{index}_change": f"AFTER UPDATE OF {column} ON {TABLE} WHEN OLD.{column} IS NOT NEW.{column}"
                f" BEGIN {old} {new} END",
                f"{index}_remove": f"AFTER DELETE ON {TABLE} BEGIN {old} END",
            }
            if {index, *triggers} <= known:
                continue
            cursor.execute(
                f"CREATE VIRTUAL TABLE IF NOT EXISTS {index}"
                f" USING fts5({column}, content='{TABLE}', content_rowid='id', tokenize='trigram')"
            )
            for name, body in triggers.items():
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
                cursor.execute(f"CREATE TRIGGER {name} {body}")
            cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")


def _postgresql(connection: BaseDatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
        for column, index in INDEXES.items():
            # No list of entries not yet merged in: a search would read through it.
            cursor.execute(
                f"CREATE INDEX IF NOT EXISTS {index} ON {TABLE} USING gin (({KIND}), {column} gin_trgm_ops)"
                " WITH (fastupdate = off)"
            )
            # Nothing is kept of how common a word is: the planner would hold every pattern against long samples, which
            # takes longer than the search, and would leave the index for common words.
            cursor.execute(f"ALTER TABLE {TABLE} ALTER COLUMN {column} SET STATISTICS 0")


def set_up(connection: BaseDatabaseWrapper) -> None:
    """Makes what is missing of the index; filled from the entries that are there."""
    if TABLE in connection.introspection.table_names():
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE INDEX IF NOT EXISTS {HIDDEN} ON {TABLE} (id) WHERE NOT public")
        {"sqlite": _sqlite, "postgresql": _postgresql}[connection.vendor](connection)


def take_down(connection: BaseDatabaseWrapper) -> None:
    """Takes the index out, before very many entries are written: making it anew (`set_up`) is quicker."""
    with connection.cursor() as cursor:
        for index in INDEXES.values() if connection.vendor == "postgresql" else ():
            cursor.execute(f"DROP INDEX IF EXISTS {index}")


def settle(connection: BaseDatabaseWrapper) -> None:
    """Puts the index in its quickest form, after many entries were written at once."""
    with connection.cursor() as cursor:
        for index in INDEXES.values() if connection.vendor == "sqlite" else ():
            cursor.execute(f"INSERT INTO {index} ({index}) VALUES ('optimize')")
        cursor.execute("ANALYZE")  # of every table: what is found is looked up in its own


def after_migrating(using: str, **_more: Any) -> None:
    """Django's word that migrations are done."""
    set_up(connections[using])
