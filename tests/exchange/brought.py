"""Files as staff bring them, made for tests: the first row are the headings."""

import csv
import io
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from agencies.models import User
from projects.exchange import importing_work, reading
from projects.models import Import, ImportState, Meeting
from projects.rules import imports

Rows = Sequence[Sequence[Any]]


def book(rows: Rows) -> bytes:
    """An Excel file with these rows."""
    made, file = Workbook(), io.BytesIO()
    for row in rows:
        made.active.append(list(row))
    made.save(file)
    return file.getvalue()


def text(rows: Rows) -> str:
    """The same as CSV."""
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return file.getvalue()


def upload(data: bytes | Rows, name: str = "ตาราง.xlsx") -> SimpleUploadedFile:
    """As the form gets it."""
    return SimpleUploadedFile(name, data if isinstance(data, bytes) else book(data))


def bring(
    by: User, data: bytes | Rows, table: str = "projects", *, meeting: Meeting | None = None, name: str = "ตาราง.xlsx"
) -> Import:
    """The file, looked at by the worker."""
    taken = reading.take(upload(data, name))
    thing = imports.add(taken, by=by, table=table, meeting=meeting, language="en")
    importing_work.work()
    thing.refresh_from_db()
    return thing


def carry_out(thing: Import, verb: str, by: User) -> Import:
    """Asks for a verb of staff, and lets the worker do it."""
    thing = getattr(imports, verb)(thing, by=by)
    importing_work.work()
    thing.refresh_from_db()
    return thing


def apply(by: User, data: bytes | Rows, table: str = "projects", **more: Any) -> Import:
    """Brought, looked at, applied; fails where a row is to correct."""
    thing = bring(by, data, table, **more)
    told = [row.problems for row in thing.rows.all() if row.problems]
    assert (thing.state, told) == (ImportState.PREVIEWED, [])
    return carry_out(thing, "apply", by)


def kinds(thing: Import) -> list[str]:
    """What each row does."""
    return list(thing.rows.values_list("kind", flat=True))


def problems(thing: Import) -> list[tuple[str, str]]:
    """Each cell to correct and its sentence."""
    return [(each["cell"], each["sentence"]) for row in thing.rows.all() for each in row.problems]
