"""Makes the open data now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from projects.exchange import opendata


class Command(BaseCommand):
    """`manage.py open_data [--if-due]`."""

    help = "Make the files of the open data now; the worker does it by itself when something changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Makes it in any case unless told to look first."""
        parser.add_argument("--if-due", action="store_true", help="only where something changed since")

    def handle(self, *args: Any, **options: Any) -> None:
        """Makes it and says what there is."""
        now = timezone.now()
        if options["if_due"] and not opendata.is_due(now):
            self.stdout.write("open data: up to date")
            return
        made = opendata.make(now)
        if made is None:
            self.stdout.write("open data: another worker is making it")
            return
        rows = sum(table.rows for table in made.tables.values())
        size = made.files[opendata.WHOLE].size
        self.stdout.write(
            f"open data: {len(made.tables)} tables, {rows:,} rows, {len(made.files)} files, "
            f"zip of {size:,} bytes, {made.seconds} s"
        )
