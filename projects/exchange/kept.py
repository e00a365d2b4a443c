"""Where the files of the open data lie: under the SHA-256 of their bytes, and one list that says which are current.

A file is written beside its place, flushed to the disk and moved there whole; then the list is moved into its place
in the same way. So whoever reads finds the list and the files of one version, or of the one before, and never half a
file, whatever dies or fills up meanwhile.
"""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings

OLD_FOR = timedelta(hours=1)
"""How long files stay once others took their place: whoever has just read the list of before still finds them.
No longer, as a large portal makes half a gigabyte at a time.
"""
MAKING = ".making-"
KINDS = {
    "csv": "text/csv; charset=utf-8; header=present",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}
"""The media types of what is handed out, by the ending."""


@dataclass(frozen=True)
class File:
    """One file: SHA-256 in hex, bytes, and since when it has been the current one."""

    sha256: str
    size: int
    changed: datetime


@dataclass(frozen=True)
class Counted:
    """Rows of a table, and how many of them are demonstration data."""

    rows: int
    demo: int


@dataclass(frozen=True)
class Made:
    """One version of the open data."""

    edition: int
    """Of the portal, whose records it holds."""
    form: str
    """What tells whether tables are made in another way since: a digest."""
    made_at: datetime
    seconds: float
    """How long it took."""
    since: datetime
    """When there was open data for the first time."""
    until: datetime | None
    """The last change that a row of it tells of."""
    tables: dict[str, Counted]
    files: dict[str, File]
    """By name: `projects.csv`, `projects.th.xlsx`, `govlab.zip`."""

    @property
    def changed(self) -> datetime:
        """When a file changed last."""
        return max(file.changed for file in self.files.values())

    @property
    def demo(self) -> int:
        """Rows of demonstration data."""
        return sum(table.demo for table in self.tables.values())


def root() -> Path:
    """The folder of it all."""
    return Path(settings.MEDIA_ROOT) / "open-data"


def place(sha256: str) -> Path:
    """Where the bytes of this SHA-256 lie; packed for the way, where they are text, beside it with `.gz`."""
    return root() / "files" / sha256[:2] / sha256[2:]


def packed_place(sha256: str) -> Path:
    """Where the same bytes lie packed with gzip; there is no such file for what is packed in itself."""
    return place(sha256).with_suffix(".gz")


# --- writing ---------------------------------------------------------------------------------------------------------
@contextmanager
def alone() -> Iterator[Path | None]:
    """A folder to make files in, for one at a time over all processes; None where another one is at it.

    The lock goes with whoever holds it, so a killed one holds up nobody; what it left half done is taken away.
    """
    root().mkdir(parents=True, exist_ok=True)
    with (root() / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        for half in root().glob(f"{MAKING}*"):
            shutil.rmtree(half, ignore_errors=True)
        folder = root() / f"{MAKING}{os.getpid()}"
        folder.mkdir()
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def put(made: Path, *, pack: bool) -> tuple[str, int]:
    """Moves a whole file to the address of its bytes; its SHA-256 and size. OSError on a full disk."""
    with made.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        size = os.fstat(file.fileno()).st_size
    target = place(sha256)
    target.parent.mkdir(parents=True, exist_ok=True)
    if pack and not packed_place(sha256).exists():
        packed = made.with_name(f"{made.name}.gz")
        with made.open("rb") as source, packed.open("wb") as to, gzip.GzipFile("", "wb", 6, to, mtime=0) as zipped:
            shutil.copyfileobj(source, zipped, 1024 * 1024)
        _move(packed, packed_place(sha256))
    _move(made, target)
    return sha256, size


def _move(made: Path, target: Path) -> None:
    with made.open("rb") as file:
        os.fsync(file.fileno())
    made.replace(target)
    for folder in (target.parent, target.parent.parent):
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)  # or a loss of power forgets the name
        finally:
            os.close(number)


def publish(made: Made, folder: Path) -> None:
    """Makes this the current version; the files of the one before stay for a while."""
    before = current()
    text = json.dumps(asdict(made), default=datetime.isoformat, ensure_ascii=False)
    (folder / "current.json").write_text(text)
    _move(folder / "current.json", root() / "current.json")
    for version in filter(None, (before, made)):
        for file in version.files.values():
            for path in (place(file.sha256), packed_place(file.sha256)):
                with suppress(FileNotFoundError):
                    os.utime(path, (made.made_at.timestamp(),) * 2)


def forget_old(now: datetime) -> int:
    """Removes the files that have not been current for OLD_FOR; how many."""
    made, gone = current(), 0
    held = {file.sha256 for file in made.files.values()} if made else set()
    for path in (root() / "files").glob("[0-9a-f][0-9a-f]/*"):
        if path.parent.name + path.stem not in held and path.stat().st_mtime < (now - OLD_FOR).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


# --- reading ---------------------------------------------------------------------------------------------------------
def current() -> Made | None:
    """The current version; None before there is one."""
    path = root() / "current.json"
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return _read(path, stat.st_ino, stat.st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, _inode: int, _changed: int) -> Made:
    told: dict[str, Any] = json.loads(path.read_text())
    for name in ("made_at", "since", "until"):
        told[name] = told[name] and datetime.fromisoformat(told[name])
    told["tables"] = {name: Counted(**counted) for name, counted in told["tables"].items()}
    told["files"] = {
        name: File(file["sha256"], file["size"], datetime.fromisoformat(file["changed"]))
        for name, file in told["files"].items()
    }
    return Made(**told)


def is_whole(made: Made) -> bool:
    """Whether every file of the version is there."""
    return all(place(file.sha256).exists() for file in made.files.values())
