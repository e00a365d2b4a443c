"""Databases for measuring the search: filled with the facts and many other records, thrown away afterwards."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests import serving
from tests.faults.__main__ import database_for, drop


def on_each_database(projects: int, module: str, *arguments: str) -> Iterator[tuple[str, str]]:
    """Runs the module on SQLite, and on PostgreSQL where a server answers: the database's name and what it printed."""
    server = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
    with tempfile.TemporaryDirectory() as place:
        yield "SQLite", _run(Path(place) / "sqlite", "", projects, module, *arguments)
        try:
            database = database_for(server)
        except Exception as error:
            print(f"\nPostgreSQL left out: {type(error).__name__}", file=sys.stderr)
            return
        try:
            yield "PostgreSQL", _run(Path(place) / "postgresql", database, projects, module, *arguments)
        finally:
            drop(server, database)


def _run(place: Path, database: str, projects: int, module: str, *arguments: str) -> str:
    env = serving.environment(place, 0) | {"DJANGO_SETTINGS_MODULE": "govlab.settings"}
    env |= {"DATABASE_URL": database} if database else {}
    for command in (["migrate", "-v0"], ["load_facts"], ["make_big", "--projects", str(projects)]):
        subprocess.run([sys.executable, "manage.py", *command], env=env, check=True, stdout=sys.stderr)
    run = [sys.executable, "-m", module, *arguments]
    return subprocess.run(run, env=env, check=True, capture_output=True, text=True).stdout
