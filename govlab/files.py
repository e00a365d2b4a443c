"""Files that people upload: where they are kept, byte for byte, and how they are handed out."""

import hashlib
import os
import re
import tempfile
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404

from govlab.uploads import KINDS, MAX_BYTES, REFUSALS, clean_name, inspect

__all__ = [
    "KINDS",
    "MAX_BYTES",
    "REFUSALS",
    "Attached",
    "Stored",
    "address",
    "clean_name",
    "forget",
    "inspect",
    "send",
    "store",
    "take",
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
    """Look an upload over and keep its bytes; ValidationError as `inspect`, OSError as `store`."""
    inspect(upload)
    stored = store(upload)
    name = clean_name(upload.name or "")
    return Attached(name, Path(name).suffix.lower().removeprefix("."), stored.size, stored.sha256)


def forget(sha256: str) -> None:
    """Take the bytes away for good; nothing where there are none."""
    address(sha256).unlink(missing_ok=True)


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
