"""`manage.py messages`: brings the Thai catalogue up to date with the code and compiles it; --check only looks."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from govlab.messages import Build, build, entries


class Command(BaseCommand):
    """Gathers every string, keeps its Thai, drops what is no longer used, and writes django.po and django.mo."""

    help = "Gather the strings to translate into the Thai catalogue and compile it."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --check, which changes nothing."""
        parser.add_argument(
            "--check", action="store_true", help="change nothing; fail when a file is stale or a string has no Thai"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Write both files, or with --check raise CommandError where they are stale or a string has no Thai."""
        try:
            result = build(settings.BASE_DIR)
        except (SyntaxError, ValueError) as error:
            raise CommandError(str(error)) from error
        stale = [path.name for path in result.stale]
        if not options["check"]:
            result.write()
        self.report(result)
        if options["check"] and (stale or result.untranslated):
            reasons = [f"{name} is stale: run manage.py messages" for name in stale]
            if result.untranslated:
                reasons.append(f"{len(result.untranslated)} without Thai")
            raise CommandError("; ".join(reasons))

    def report(self, result: Build) -> None:
        """Say how many strings there are and which have no Thai."""
        self.stdout.write(f"{len(entries(result.catalogue))} strings, {len(result.untranslated)} without Thai")
        for english in result.untranslated:
            self.stdout.write(f"  {english!r}")
