"""How far a long job is and whether it is to stop, told beside its transaction: nobody could read it there yet."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.core.files import locks

SILENT = 60
"""Seconds after which a job that nobody has touched seems to have no worker."""


class Progress(NamedTuple):
    """So many of so many rows."""

    done: int = 0
    all: int = 0

    @property
    def percent(self) -> int:
        """From 0 to 100."""
        return min(100, self.done * 100 // self.all) if self.all else 0


class Stopped(Exception):
    """Somebody asked for the job to stop."""


def _file(name: Any, ending: str) -> Path:
    folder = Path(settings.MEDIA_ROOT) / "jobs"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{name}.{ending}"


def tell(name: Any, done: int, whole: int) -> None:
    """Notes how far the job is; raises Stopped when it was asked to stop."""
    if _file(name, "stop").exists():
        raise Stopped
    half = _file(name, "half")
    half.write_text(json.dumps([done, whole]))
    os.replace(half, _file(name, "json"))


def of(name: Any) -> Progress:
    """How far the job is; nothing of nothing where it has not begun."""
    with suppress(OSError, ValueError, TypeError):
        return Progress(*json.loads(_file(name, "json").read_text()))
    return Progress()


@contextmanager
def alone(name: Any) -> Iterator[bool]:
    """Whether nobody else on this machine is at the job; the system itself lets go of it when its process dies."""
    with _file(name, "lock").open("w") as lock:
        mine = locks.lock(lock, locks.LOCK_EX | locks.LOCK_NB)
        try:
            yield mine
        finally:
            if mine:
                locks.unlock(lock)


def silent(name: Any, since: datetime, now: datetime) -> bool:
    """Whether nothing was heard of the job for long; `since` is when it came to wait."""
    heard = since.timestamp()
    with suppress(OSError):
        heard = max(heard, _file(name, "json").stat().st_mtime)
    return now.timestamp() - heard > SILENT


def stop(name: Any) -> None:
    """Asks the job to stop."""
    _file(name, "stop").touch()


def forget(name: Any) -> None:
    """Takes away what was noted."""
    for ending in ("json", "stop", "half", "lock"):
        _file(name, ending).unlink(missing_ok=True)
