"""Writes the index of the search anew, from what is kept."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from govlab import finding, trigrams


class Command(BaseCommand):
    """`manage.py reindex`."""

    help = "Write the index of the search anew."

    def handle(self, *args: Any, **options: Any) -> None:
        """Writes it and says how much there is."""
        trigrams.set_up(connection)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
        written = finding.write_anew()
        trigrams.settle(connection)
        self.stdout.write(f"search: {written} records in the index")
