"""The open data, made in the background whenever something changed: each table as CSV, JSON and Excel, and one zip.

Everything is read as a visitor reads it, as of one moment, into a file of plain values; from that the files are
written, row by row. The same records give the same bytes: no file tells when it was made.
"""

import json
import pickle
import shutil
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from govlab import edition
from govlab.snapshot import one_moment
from projects.exchange import dictionary, kept
from projects.exchange.books import csv_lines, json_lines
from projects.exchange.columns import Column, Table
from projects.exchange.enclosed import enclosed
from projects.exchange.kept import Counted, File, Made
from projects.exchange.sheets import Sheets, entry
from projects.exchange.tables import TABLES

FORM = 1
"""Raised when files of the same columns are written in another way."""
PAUSE = timedelta(minutes=10)
"""Between two times at least; more where making takes long, so that it never takes more than a tenth of one core."""
SHARE = 10
AT_A_TIME = 1000
"""Rows read from the database at once."""
WHOLE = "govlab.zip"
DICTIONARY = _("Dictionary")
SHOWN_ROWS, SHOWN_LETTERS = 5, 120
"""Rows of a table that its page shows, and letters of each cell."""
LANGUAGES = ("th", "en")
PACKED = (".xlsx", ".zip")
"""Endings of files that are packed in themselves."""


# --- when ------------------------------------------------------------------------------------------------------------
@cache
def form() -> str:
    """A digest of all that decides what the files look like, besides the records."""
    told = repr((FORM, settings.PORTAL_URL, dictionary.entries(TABLES.values())))
    return sha256(told.encode()).hexdigest()


def is_due(now: datetime) -> bool:
    """Whether it is time to make it anew: something changed, and the last time was long enough ago."""
    made = kept.current()
    if made is None or made.form != form() or not kept.is_whole(made):
        return True
    if made.edition == edition.current():
        return False
    return now >= made.made_at + max(PAUSE, timedelta(seconds=made.seconds * SHARE))


def tick(now: datetime | None = None) -> Made | None:
    """Makes it anew where it is due; None where it is not, or where another worker is at it."""
    now = now or timezone.now()
    return make(now) if is_due(now) else None


# --- what ------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Spooled:
    """The rows of a table as plain values in a file, and what is known of them."""

    table: Table
    path: Path
    counted: Counted
    until: datetime | None

    @property
    def columns(self) -> tuple[Column, ...]:
        """The table's columns, which read such a row of values."""
        return tuple(replace(column, value=itemgetter(n)) for n, column in enumerate(self.table.columns))

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows, one by one."""
        with self.path.open("rb") as file:
            for _row in range(self.counted.rows):
                yield pickle.load(file)  # noqa: S301  written by `spool` a moment ago, in a folder of ours


def spool(table: Table, folder: Path) -> Spooled:
    """Reads a table as a visitor sees it."""
    read = [column.value for column in table.columns]
    moments = [n for n, column in enumerate(table.columns) if column.kind == "moment"]
    marked = [column.name for column in table.columns].index("demo")
    rows, demo, until = 0, 0, None
    path = folder / f"{table.name}.rows"
    with path.open("wb") as file:
        for row in table.rows(AnonymousUser()).iterator(chunk_size=AT_A_TIME):
            values = tuple(value(row) for value in read)
            pickle.dump(values, file, pickle.HIGHEST_PROTOCOL)
            rows, demo = rows + 1, demo + bool(values[marked])
            until = max(filter(None, (until, *(values[n] for n in moments))), default=None)
    return Spooled(table, path, Counted(rows, demo), until)


def make(now: datetime | None = None) -> Made | None:
    """Makes all files and then, at once, makes them the current ones; None where another one is at it.

    OSError on a full disk: then everything stays as it was.
    """
    now, began = now or timezone.now(), time.monotonic()
    with kept.alone() as folder:
        if folder is None:
            return None
        with one_moment():
            number = edition.current()
            spooled = [spool(table, folder) for table in TABLES.values()]
        before = kept.current()
        known = before.files if before else {}
        files: dict[str, File] = {}

        def keep(name: str, write: Callable[[Path], None]) -> None:
            write(folder / name)
            digest, size = kept.put(folder / name, pack=not name.endswith(PACKED))
            same = name in known and known[name].sha256 == digest
            files[name] = known[name] if same else File(digest, size, now)

        for each in spooled:
            for name, write in _files_of(each):
                keep(name, write)
            each.path.unlink()
        for name, write in _dictionary():
            keep(name, write)
        until = max(filter(None, (each.until for each in spooled)), default=None)
        tables = {each.table.name: each.counted for each in spooled}
        around = enclosed(tables, files, until, in_zip)
        keep(WHOLE, lambda path: _zip(path, files, around))
        seconds = round(time.monotonic() - began, 1)
        since = before.since if before else now
        made = Made(number, form(), now, seconds, since, until, tables, files)
        kept.publish(made, folder)
        kept.forget_old(now)
    return made


Writer = tuple[str, Callable[[Path], None]]


def _files_of(spooled: Spooled) -> Iterator[Writer]:
    name, columns = spooled.table.name, spooled.columns
    yield f"{name}.csv", lambda path: _text(path, csv_lines(columns, spooled.rows()))
    yield f"{name}.json", lambda path: _text(path, json_lines(columns, spooled.rows()))
    yield f"{name}.preview", lambda path: _text(path, [json.dumps(_preview(spooled), ensure_ascii=False)])
    for language in LANGUAGES:
        yield f"{name}.{language}.xlsx", _sheets(language, spooled.table.label, columns, spooled.rows)


def _dictionary() -> Iterator[Writer]:
    rows = dictionary.entries(TABLES.values())
    yield "dictionary.csv", lambda path: _text(path, csv_lines(dictionary.COLUMNS, rows))
    for language in LANGUAGES:
        yield f"dictionary.{language}.xlsx", _sheets(language, DICTIONARY, dictionary.COLUMNS, lambda: rows)


def _text(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def _sheets(
    language: str, label: Any, columns: Sequence[Column], rows: Callable[[], Iterable[Any]]
) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        with override(language), path.open("wb") as file:
            book = Sheets(file)
            book.sheet(str(label), columns, rows())
            book.close()

    return write


def _preview(spooled: Spooled) -> dict[str, list[list[str]]]:
    """The first rows as people read them, in each language."""
    first = [row for row, _place in zip(spooled.rows(), range(SHOWN_ROWS), strict=False)]
    told = {}
    for language in LANGUAGES:
        with override(language):
            told[language] = [[_cut(str(column.shown(row))) for column in spooled.columns] for row in first]
    return told


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_LETTERS else f"{text[: SHOWN_LETTERS - 1].rstrip()}…"


def _zip(path: Path, files: dict[str, File], around: dict[str, str]) -> None:
    """All files in folders by their kind, with what explains them."""
    with path.open("wb") as to, zipfile.ZipFile(to, "w") as archive:
        for name, text in around.items():
            archive.writestr(entry(name), text)
        for name, file in files.items():
            if not in_zip(name):
                continue
            info = entry(in_zip(name), packed=not name.endswith(PACKED))
            info.file_size = file.size  # a file beyond 2 GB gets the larger form of an entry
            with kept.place(file.sha256).open("rb") as source, archive.open(info, "w") as part:
                shutil.copyfileobj(source, part, 1024 * 1024)


def in_zip(name: str) -> str:
    """Where a file lies in the zip: `csv/projects.csv`, `xlsx-th/projects.xlsx`; "" for what is not in it."""
    stem, _dot, ending = name.rpartition(".")
    if ending == "preview":
        return ""
    base, _dot, language = stem.partition(".")
    return f"{ending}-{language}/{base}.{ending}" if language else f"{ending}/{name}"
