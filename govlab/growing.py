"""What only grows: the database itself refuses to change or take out a row of the history or a security event.

The guards are triggers, lifted before migrations and set again after them: so every table of a history has its own,
also one that is new, or that SQLite had to build anew. Only who did it may be forgotten, when an account is deleted.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from simple_history.models import HistoricalChanges

REFUSAL = "what is kept here is never changed or taken out"
FUNCTION = f"""
CREATE OR REPLACE FUNCTION only_grows() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'restrict_violation'; END $$
"""
COLUMNS = {
    "sqlite": "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'",
    "postgresql": "SELECT table_name, column_name FROM information_schema.columns"
    " WHERE table_schema = ANY (current_schemas(false))",
}
BODIES = {
    "sqlite": f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "postgresql": "EXECUTE FUNCTION only_grows()",
}


def growing() -> dict[str, str]:
    """Every table that only grows, with its column that says who did it ("" where there is none).

    The tables of the history, and of models that name this column in `only_grows`.
    """
    found = {}
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, HistoricalChanges):
            columns = {field.column for field in model._meta.concrete_fields}
            found[model._meta.db_table] = min(columns & {"history_user_id"}, default="")
        elif who := getattr(model, "only_grows", ""):
            found[model._meta.db_table] = who
    return found


def _events(connection: BaseDatabaseWrapper, columns: list[str], who: str) -> Iterator[tuple[str, str, str]]:
    """What is refused: a name, the event, and when."""
    others = ", ".join(connection.ops.quote_name(column) for column in columns if column != who)
    each = "" if connection.vendor == "sqlite" else "FOR EACH ROW"
    yield "change", f"UPDATE OF {others}", each
    yield "remove", "DELETE", each
    if who:
        yield "who", f"UPDATE OF {who}", f"{each} WHEN (NEW.{who} IS NOT NULL)"
    if connection.vendor == "postgresql":
        yield "empty", "TRUNCATE", "FOR EACH STATEMENT"


def lift(connection: BaseDatabaseWrapper) -> None:
    """Takes the guards off, for migrations."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'only_grows_%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS only_grows() CASCADE")


def guard(connection: BaseDatabaseWrapper) -> None:
    """Puts the guards on every table that only grows and that is there."""
    lift(connection)
    quote, body = connection.ops.quote_name, BODIES[connection.vendor]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(FUNCTION)
        cursor.execute(COLUMNS[connection.vendor])
        columns: dict[str, list[str]] = {}
        for table, column in cursor.fetchall():
            columns.setdefault(table, []).append(column)
        for number, (table, who) in enumerate(growing().items()):
            for name, event, when in _events(connection, columns[table], who) if table in columns else ():
                trigger = quote(f"only_grows_{number}_{name}")
                cursor.execute(f"CREATE TRIGGER {trigger} BEFORE {event} ON {quote(table)} {when} {body}")


def before_migrating(using: str, **_more: Any) -> None:
    """Django's word that migrations begin."""
    lift(connections[using])


def after_migrating(using: str, **_more: Any) -> None:
    """Django's word that migrations are done."""
    guard(connections[using])
