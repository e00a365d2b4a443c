"""Demonstration accounts and progress: loads them once, prints how to sign in, takes them out again whole."""

import os
import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from projects.exchange import demo, facts
from projects.rules import demo as rules


class Command(BaseCommand):
    """`manage.py demo [--remove]`."""

    help = "Add demonstration accounts and progress, or take them out."

    def add_arguments(self, parser: CommandParser) -> None:
        """Loads unless asked to remove."""
        parser.add_argument("--remove", action="store_true", help="take the demonstration out again, whole")

    def handle(self, *args: Any, **options: Any) -> None:
        """Loads or removes, and says so."""
        if options["remove"]:
            removed, restored = rules.remove(by=facts.robot())
            self.stdout.write(f"demo: {removed} records removed, {restored} put back as they were")
            return
        if not demo.is_loaded():
            demo.load()
        password = self.password()
        demo.set_password(password)
        self.stdout.write("demo: sign in at /accounts/login/ with one of")
        for person in demo.people():
            role = "OPDC staff" if person.get("staff") else f"{person['role']} of {person['agency']}"
            self.stdout.write(f"  {person['email']:<26} {role}")
        self.stdout.write(f"  password for all of them: {password}")

    def password(self) -> str:
        """The password of this installation's demonstration, made once and kept beside the secret key."""
        path = settings.VAR_DIR / "demo_password"
        if not path.exists():
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
                file.write(f"govlab-{secrets.token_hex(4)}")
        return path.read_text().strip()
