"""Excel and CSV files brought in from a shell, by the same rules as on the desk."""

import time
from argparse import ArgumentParser
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError
from django.utils.translation import override

from agencies.models import User
from govlab.finding import batched
from projects.exchange import importing_work, reading
from projects.exchange.importing import columns_of
from projects.exchange.importing_report import CHUNK, Called, lines_of
from projects.models import Import, ImportState, ImportTable, Meeting, RowKind
from projects.rules import imports

AGAIN = 0.2
"""Seconds after which a file that a worker has taken is looked at again."""


class Command(BaseCommand):
    """`manage.py import_projects FILE --preview|--apply [--by EMAIL]`."""

    help = "Show what an Excel or CSV file would change (--preview), or apply it as a whole (--apply)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what to do with it, what it holds, and in whose name."""
        parser.add_argument("file", type=Path)
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--preview", action="store_true", help="write nothing, show what the file would do")
        what.add_argument("--apply", action="store_true", help="write it, if no row is to correct")
        parser.add_argument("--by", metavar="EMAIL", help="one of OPDC's staff; needed where there are several")
        parser.add_argument("--table", choices=ImportTable.values, default=ImportTable.PROJECTS)
        parser.add_argument("--meeting", metavar="KEY", help="of resolutions: the address name of the meeting")
        parser.add_argument("--language", choices=("th", "en"), default="th")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reads it, shows the report, applies it; ends with an error where it is refused."""
        with override(options["language"]):
            by = person(options["by"])
            thing = worked(self.brought(by, options))
            self.tell(thing)
            if not options["apply"]:
                imports_stop(thing, by)
                return
            if "apply" not in imports.open_steps(by, thing):
                nothing = thing.state == ImportState.PREVIEWED and not thing.counts[RowKind.REFUSED]
                imports_stop(thing, by)
                if nothing:
                    return
                raise CommandError("Nothing was applied.")
            thing = worked(imports.apply(thing, by=by))
            if thing.state != ImportState.APPLIED:
                raise CommandError(thing.word or str(thing.get_state_display()))
            self.stdout.write(str(thing.get_state_display()))

    def brought(self, by: User, options: dict[str, Any]) -> Import:
        """The file, kept as one that is brought on the page."""
        path: Path = options["file"]
        meeting = Meeting.objects.filter(key=options["meeting"]).first()
        if options["meeting"] and meeting is None:
            raise CommandError("There is no such meeting.")
        try:
            taken = reading.take(SimpleUploadedFile(path.name, path.read_bytes()))
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}") from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        return imports.add(taken, by=by, table=options["table"], meeting=meeting, language=options["language"])

    def tell(self, thing: Import) -> None:
        """The report, row by row; rows that are as they were are only counted."""
        columns = columns_of(thing.table)
        for rows in batched(thing.rows.exclude(kind=RowKind.SAME).iterator(chunk_size=CHUNK), CHUNK):
            called = Called(rows, columns)
            for row in rows:
                self.stdout.write(f"{row.number}\t{row.get_kind_display()}\t{row.name}")
                for line in lines_of(row, columns, called):
                    said = line.sentence or f"{line.before or '–'} → {line.after or '–'}"
                    self.stdout.write(f"\t{line.cell}\t{line.column}\t{said}")
        if thing.word:
            raise CommandError(thing.word)
        self.stdout.write(" · ".join(f"{label}: {thing.counts.get(kind, 0)}" for kind, label in RowKind.choices))


def worked(thing: Import) -> Import:
    """The file once what is next with it is done, here or by the worker that was quicker."""
    begun = thing.state
    while thing.state == begun:
        done = 0
        with suppress(OperationalError):  # another holds the database: begun anew, as the worker does, some times
            done = importing_work.work_on(thing)
        if not done:
            time.sleep(AGAIN)
        thing.refresh_from_db()
    return thing


def imports_stop(thing: Import, by: User) -> None:
    """A file that was only looked at from a shell does not wait on the desk."""
    if "stop" in imports.open_steps(by, thing):
        imports.stop(thing, by=by)


def person(email: str | None) -> User:
    """Whose name stands in the history: the one named, else the only one of OPDC's staff who can sign in."""
    staff = User.objects.filter(is_staff=True, is_active=True)
    found = list(staff.filter(email__iexact=email) if email else staff.exclude(email__endswith=".invalid"))
    if len(found) != 1:
        raise CommandError("Say with --by EMAIL which of OPDC's staff brings the file.")
    return found[0]
