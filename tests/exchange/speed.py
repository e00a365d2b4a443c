"""What bringing in 10,000 rows costs: `python -m tests.exchange.speed [ROWS]` prints seconds and memory.

It fills an SQLite database of its own, in a folder that goes again. Each file is worked on in a process of its own,
which begins as small as a worker does.
"""

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EMAIL = "speed@govlab.test"
YEAR = 2599
"""The Buddhist year of the new projects."""


def ready(folder: str) -> None:
    """Sets Django up for the database in this folder."""
    os.environ.update(VAR_DIR=folder, HTTPS="0", DJANGO_SETTINGS_MODULE="govlab.settings")
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 (the folder is chosen first)

    django.setup()


def fill(folder: str, rows: int) -> None:
    """So many projects, and files of all: as they are, each with another title and date, and as new ones of a year."""
    ready(folder)
    from django.core.management import call_command  # noqa: PLC0415

    from agencies.models import User  # noqa: PLC0415
    from agencies.rules import records  # noqa: PLC0415
    from projects.exchange.templates import template  # noqa: PLC0415
    from projects.models import Cohort  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("make_big", projects=rows, verbosity=0)
    by = User.objects.create_user(EMAIL, "a-long-password-for-tests", name="วัดความเร็ว", is_staff=True)
    as_it_is = Path(folder) / "unchanged.xlsx"
    template("projects", by, filled=True).save(as_it_is)
    records.add(Cohort, by=by, year=YEAR)
    write_anew(as_it_is, Path(folder) / "changed.xlsx", title_th="{} (แก้)", stage4_planned_end="31 ธ.ค. 2575")
    write_anew(as_it_is, Path(folder) / "new.xlsx", code=f"GL{YEAR}-{{row}}", cohort=str(YEAR))


def write_anew(source: Path, target: Path, **said: str) -> None:
    """The same file with these columns said otherwise in every row: `{}` is what stood there, `{row}` the number."""
    from openpyxl import Workbook, load_workbook  # noqa: PLC0415

    from projects.exchange.importing import columns_of  # noqa: PLC0415

    places = {list(columns_of("projects")).index(name): text for name, text in said.items()}
    rows = load_workbook(source, read_only=True).worksheets[0].iter_rows(values_only=True)
    book = Workbook(write_only=True)
    to = book.create_sheet("projects")
    to.append(next(rows))
    for number, row in enumerate(rows, 1):
        cells = list(row)
        for place, text in places.items():
            cells[place] = text.format(cells[place], row=number)
        to.append(cells)
    book.save(target)


def bring(folder: str, name: str) -> None:
    """Looks at a file, applies it where it changes anything, and takes it back."""
    ready(folder)
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    from agencies.models import User  # noqa: PLC0415
    from projects.exchange import importing_work, reading  # noqa: PLC0415
    from projects.rules import imports  # noqa: PLC0415

    by = User.objects.get(email=EMAIL)
    taken = reading.take(SimpleUploadedFile(f"{name}.xlsx", (Path(folder) / f"{name}.xlsx").read_bytes()))
    thing = imports.add(taken, by=by, table="projects")
    measure(f"{name}: preview", lambda: importing_work.work_on(thing))
    thing.refresh_from_db()
    print(f"{'':20} {thing.state} {thing.word} {thing.counts}", flush=True)
    for verb in ("apply", "undo"):
        if verb in imports.open_steps(by, thing):
            thing = getattr(imports, verb)(thing, by=by)
            measure(f"{name}: {verb}", lambda: importing_work.work_on(thing))
            thing.refresh_from_db()
            print(f"{'':20} {thing.state} {thing.word}", flush=True)


def measure(name: str, work: Callable[[], Any]) -> None:
    """Carries it out and prints its seconds, and the most memory that this process has had."""
    began, before = time.monotonic(), time.process_time()
    work()
    seconds, busy = time.monotonic() - began, time.process_time() - before
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    print(f"{name:20} {seconds:6.1f} s  {busy:6.1f} s CPU  {int(peak.split()[1]) // 1024:4} MB", flush=True)


def main(rows: int) -> None:
    """Fills, then measures each file."""
    fresh = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        jobs: list[tuple[Callable[..., None], tuple[Any, ...]]] = [(fill, (folder, rows))]
        jobs += [(bring, (folder, name)) for name in ("unchanged", "changed", "new")]
        for job, told in jobs:
            process = fresh.Process(target=job, args=told)
            process.start()
            process.join()
            if process.exitcode:
                sys.exit(process.exitcode)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
