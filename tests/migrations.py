"""`python -m tests.migrations [POSTGRES]`: the migrations run on the data of the release before.

In a database of its own: SQLite, and where a server is named PostgreSQL too. Ends with 1 when a row came out wrong.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import serving
from tests.faults.__main__ import database_for, drop


def main(server: str) -> int:
    """On each database in a process of its own, all at the same time."""
    databases = ["", database_for(server)] if server else [""]
    with tempfile.TemporaryDirectory() as place:
        runs = []
        for number, database in enumerate(databases):
            env = serving.environment(Path(place) / str(number), 0) | {"DJANGO_SETTINGS_MODULE": "govlab.settings"}
            env |= {"DATABASE_URL": database} if database else {}
            runs.append(subprocess.Popen([sys.executable, "-m", "tests.populated"], env=env))
        status = max(each.wait() for each in runs)
    for database in filter(None, databases):
        drop(server, database)
    print("the data of the release before " + ("did not come through" if status else "came through"))
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if sys.argv[1:] else os.environ.get("TEST_POSTGRES_URL", "")))
