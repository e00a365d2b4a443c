"""Small pictures of stored ones: drawn anew on first request, kept beside the stored files, gone with them.

A picture drawn anew holds nothing of what its file held besides what is seen.
"""

import io
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from threading import Lock

from PIL import Image, ImageOps

from govlab.files import address, thumbnails_of
from govlab.pictures import MAX_PIXELS

PICTURES = frozenset({"jpg", "jpeg", "png", "webp"})
"""The endings of stored files that a thumbnail is made of."""
SMALL, LARGE = 480, 1200
"""Pixels: the small one is 480 wide and cut to 4:3, the large one is whole and at most so wide and so high."""
SMALL_HEIGHT = 360
SIZES = (SMALL, LARGE)

DEEP = "I;16"
"""A scan in 65,536 greys, low byte first: Pillow would cut all above 255 to white, so the high bytes are taken."""

_one_at_a_time = Lock()
"""A picture of 40 million pixels takes 160 MB while it is drawn."""


class NoPicture(Exception):
    """The stored file is not there, or is no picture that can be drawn."""


def thumbnail(sha256: str, width: int) -> bytes:
    """The WebP of this width (one of `SIZES`) of the stored picture; raises `NoPicture`."""
    place = thumbnails_of(sha256) / f"{width}.webp"
    with suppress(FileNotFoundError):
        return place.read_bytes()
    with _one_at_a_time:
        with suppress(FileNotFoundError):  # another request drew it meanwhile
            return place.read_bytes()
        content = _drawn(address(sha256), width)
        with suppress(OSError):  # on a full disk it is drawn again next time
            _keep(place, content)
    return content


def _drawn(source: Path, width: int) -> bytes:
    """The picture, upright, without transparency, in the size asked for."""
    try:
        with Image.open(source, formats=["JPEG", "PNG", "WEBP"]) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise NoPicture(source.name)
            opened.draft("RGB", (2 * width, 2 * width))  # a JPEG is read no larger than needed
            upright = ImageOps.exif_transpose(opened)
            if upright.mode == DEEP:
                upright = Image.frombytes("L", upright.size, upright.tobytes()[1::2])
            if upright.mode not in ("RGB", "L"):
                upright = upright.convert("RGBA")
                ground = Image.new("RGBA", upright.size, "white")
                upright = Image.alpha_composite(ground, upright)
            picture = upright.convert("RGB")
            if width == SMALL:
                picture = ImageOps.fit(picture, (SMALL, SMALL_HEIGHT))
            else:
                picture.thumbnail((width, width))
            kept = io.BytesIO()
            picture.save(kept, "WEBP", quality=78, method=4)
            return kept.getvalue()
    except NoPicture:
        raise
    except Exception as error:  # Pillow gives no closed list of what a damaged file raises
        raise NoPicture(source.name) from error


def _keep(place: Path, content: bytes) -> None:
    place.parent.mkdir(parents=True, exist_ok=True)
    number, temporary = tempfile.mkstemp(prefix=".drawing-", dir=place.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        os.replace(temporary, place)
    finally:
        Path(temporary).unlink(missing_ok=True)
