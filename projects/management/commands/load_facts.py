"""Brings the facts file in; twice gives the same, and what people changed since is left alone and named."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from projects.exchange import facts, synonyms


class Command(BaseCommand):
    """`manage.py load_facts [FILE]`."""

    help = "Load the facts that the source documents state."

    def add_arguments(self, parser: CommandParser) -> None:
        """Another file than the project's own may be named."""
        parser.add_argument("file", nargs="?", type=Path, default=facts.FILE)

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads and says what happened."""
        report = facts.load(options["file"])
        self.stdout.write(f"facts: {report.added} added, {report.changed} changed, {report.same} as they were")
        for line in report.kept:
            self.stdout.write(f"  left alone: {line}")
        if added := synonyms.load():
            self.stdout.write(f"synonyms: {added} groups of words that mean the same added")
