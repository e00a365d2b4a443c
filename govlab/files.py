"""Files that people upload: where they are kept, byte for byte, and how they are handed out."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.http import FileResponse, Http404

from govlab.pictures import cleaned
from govlab.refusals import bytes_in
from govlab.uploads import KINDS, MAX_BYTES, REFUSALS, clean_name, ending_of, inspect

__all__ = [
    "KINDS",
    "MAX_BYTES",
    "REFUSALS",
    "Attached",
    "Stored",
    "address",
    "clean_name",
    "forget",
    "forget_halves",
    "inspect",
    "send",
    "store",
    "stored_before",
    "take",
    "thumbnails_of",
    "touch",
]


class Stored(NamedTuple):
    """What was kept: the SHA-256 of its bytes in hex, and how many there are."""

    sha256: str
    size: int


def address(sha256: str) -> Path:
    """The file that holds the bytes of this SHA-256; a ValueError if it is none."""
    if not re.fullmatch("[0-9a-f]{64}", sha256):
        raise ValueError("not a SHA-256 in hex")
    return Path(settings.MEDIA_ROOT) / "evidence" / sha256[:2] / sha256[2:]


def store(upload: UploadedFile) -> Stored:
    """Keep an upload's bytes, durably, at the address of their SHA-256; OSError on a full disk, with no part left."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    number, temporary = tempfile.mkstemp(prefix=".incoming-", dir=root)
    try:
        with os.fdopen(number, "wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(number)
        place = address(digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        os.replace(temporary, place)
    finally:
        Path(temporary).unlink(missing_ok=True)
        upload.seek(0)
    for folder in (place.parent, place.parent.parent, root):  # or a loss of power forgets the name
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)
    return Stored(digest.hexdigest(), size)


class Attached(NamedTuple):
    """What a record keeps of a file: the name people gave it, its ending (a key of KINDS), bytes, SHA-256."""

    name: str
    kind: str
    size: int
    sha256: str


def take(upload: UploadedFile) -> Attached:
    """Look an upload over and keep its bytes; ValidationError as `inspect`, OSError as `store`.

    Of a picture what its camera wrote about the place, the time and the person is not kept.
    """
    kind = inspect(upload)
    name = clean_name(upload.name or "")
    bare = cleaned(kind.mime, bytes_in(upload))
    stored = store(upload if bare is None else SimpleUploadedFile(name, bare))
    return Attached(name, ending_of(name), stored.size, stored.sha256)


def touch(sha256: str) -> bool:
    """Whether the bytes are there; if so they count as fresh (see `stored_before`)."""
    try:
        os.utime(address(sha256))
    except (ValueError, FileNotFoundError):
        return False
    return True


def stored_before(moment: datetime) -> Iterator[list[str]]:
    """The SHA-256 of what was stored, and not touched since, before a moment; in lists of those that lie together."""
    for folder in sorted((Path(settings.MEDIA_ROOT) / "evidence").glob("[0-9a-f][0-9a-f]")):
        with os.scandir(folder) as files:
            old = [f"{folder.name}{file.name}" for file in files if file.stat().st_mtime < moment.timestamp()]
        if old:
            yield old


def thumbnails_of(sha256: str) -> Path:
    """The folder of the small pictures of this file, if there are any; a ValueError if it is no SHA-256."""
    return Path(settings.MEDIA_ROOT) / "thumbnails" / sha256[:2] / address(sha256).name


def forget(sha256: str) -> None:
    """Take the bytes away for good, and the pictures drawn of them; nothing where there are none."""
    address(sha256).unlink(missing_ok=True)
    shutil.rmtree(thumbnails_of(sha256), ignore_errors=True)


def forget_halves(moment: datetime) -> int:
    """Take away what a worker that died while it wrote left behind before a moment; says how many."""
    halves = 0
    for path in Path(settings.MEDIA_ROOT).glob(".incoming-*"):
        with suppress(FileNotFoundError):  # it was finished just now
            if path.stat().st_mtime < moment.timestamp():
                path.unlink()
                halves += 1
    return halves


def send(sha256: str, name: str, mime: str) -> FileResponse:
    """A stored file as a download under `name`, which no browser runs or shows; Http404 where there is none."""
    try:
        content = address(sha256).open("rb")
    except (ValueError, FileNotFoundError):
        raise Http404 from None
    response = FileResponse(content, as_attachment=True, filename=clean_name(name), content_type=mime)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
