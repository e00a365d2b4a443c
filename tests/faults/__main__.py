"""`python -m tests.faults`: ill-treats a portal of its own, prints what became of it, then the same of its naive twin.

Ends with 1 when the portal broke a promise, or when the naive twin kept it, for then the trial would prove nothing.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psycopg2

from tests import serving


def database_for(server: str) -> str:
    """A new, empty database on this PostgreSQL server, in UTF-8."""
    line = psycopg2.connect(server)
    line.autocommit = True
    name = f"govlab_faults_{os.getpid()}"
    line.cursor().execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    line.cursor().execute(
        f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_CTYPE 'C.UTF-8' LC_COLLATE 'C'"
    )
    line.close()
    return f"{server.rpartition('/')[0]}/{name}"


def drop(server: str, database: str) -> None:
    """Takes that database away."""
    line = psycopg2.connect(server)
    line.autocommit = True
    line.cursor().execute(f"DROP DATABASE IF EXISTS {database.rpartition('/')[2]} WITH (FORCE)")
    line.close()


def main() -> int:
    """Makes a portal ready in a folder (and on PostgreSQL in a database) of its own, and plays the trials on it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", default="", help="a PostgreSQL server's address; SQLite without it")
    asked, rest = parser.parse_known_args()
    database = database_for(asked.postgres) if asked.postgres else ""
    try:
        with tempfile.TemporaryDirectory() as folder:
            env = serving.environment(Path(folder), 0, **({"DATABASE_URL": database} if database else {}))
            serving.make_ready(env, Path(folder), copy=not database)
            env["DJANGO_SETTINGS_MODULE"] = "govlab.settings"
            return subprocess.run([sys.executable, "-m", "tests.faults.play", *rest], env=env, check=False).returncode
    finally:
        if database:
            drop(asked.postgres, database)


if __name__ == "__main__":
    sys.exit(main())
