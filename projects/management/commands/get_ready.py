"""Everything between a fresh checkout and a portal that answers; a second time it only looks."""

import hashlib
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand

from govlab import finding

UNUSED = ["redoc", "rest_framework", "*standalone-preset*"]
"""What libraries bring and no page of ours asks for; compressing it would take most of a minute."""


class Command(BaseCommand):
    """`manage.py get_ready`: database, font, static files, facts, demonstration."""

    help = "Bring the database and the static files up to date and load facts and demonstration."

    def handle(self, *args: Any, **options: Any) -> None:
        """Runs the steps in their order."""
        call_command("migrate", verbosity=0)
        call_command("createcachetable")
        call_command("build_font", verbosity=0)
        self.collect()
        call_command("load_facts", stdout=self.stdout)
        if finding.is_empty():
            call_command("reindex", stdout=self.stdout)
        call_command("demo", stdout=self.stdout)
        call_command("open_data", "--if-due", stdout=self.stdout)

    def collect(self) -> None:
        """Collects and compresses the static files, unless none has changed."""
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in finder.list([]):
                digest.update(f"{path} {storage.size(path)} {storage.get_modified_time(path)}".encode())
        stamp = settings.STATIC_ROOT / ".collected"
        if not stamp.exists() or stamp.read_text() != digest.hexdigest():
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNUSED)
            stamp.write_text(digest.hexdigest())
