"""The portal as one would write it first: it believes every request is the only one and every disk is endless.

The negative control of `python -m tests.faults`: each fault must show on it.
"""

# isort: off
# The order matters: what is replaced must be replaced before others import it.
import hashlib
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "govlab.settings")

import django

django.setup()  # the history knows the index of the search, which is a model; the rules are not imported yet

from govlab import history  # noqa: E402

careful_hold = history.hold


def hold(thing: Any, version: int | None = None) -> Any:
    """Whatever was read is overwritten."""
    return careful_hold(thing)


history.hold = hold

from govlab.wsgi import application as careful_application  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.files.uploadedfile import UploadedFile  # noqa: E402
import agencies.api.doors  # noqa: E402
import govlab.doors  # noqa: E402
import govlab.files  # noqa: E402

__all__ = ["application"]

MAIL_SERVER_TAKES = 0.05
"""Seconds; a fast one."""


def application(environ: Any, start_response: Any) -> Any:
    """Tells the mail server before it answers, instead of leaving the letter to somebody else."""
    answer = careful_application(environ, start_response)
    if environ["REQUEST_METHOD"] == "POST":
        time.sleep(MAIL_SERVER_TAKES)
    return answer


class Forgotten:
    """A form that nobody remembers to have carried out."""

    answer: Any = None

    def save(self) -> None:
        """Nowhere."""


def first_time(user: Any, key: str, digest: str) -> Forgotten:
    """Every time is the first."""
    return Forgotten()


def store(upload: UploadedFile) -> govlab.files.Stored:
    """Written where it will stay, as it comes in."""
    upload.seek(0)
    name = hashlib.sha256(upload.read()).hexdigest()
    place: Path = govlab.files.address(name)
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb", buffering=0) as file:
        for chunk in upload.chunks(4096):
            file.write(chunk)
    return govlab.files.Stored(name, place.stat().st_size)


govlab.doors.first_time = agencies.api.doors.first_time = first_time  # type: ignore[assignment]
govlab.files.store = store
# Whoever waits for a lock waits.
settings.DATABASES["default"]["OPTIONS"] |= (
    {"timeout": 20} if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") else {"options": ""}
)
