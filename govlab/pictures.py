"""Pictures that people upload: walked part by part, checked, and freed of what a camera or a person wrote into them.

Nothing is drawn anew: the parts that make the picture are kept byte for byte, all others are left out.
"""

import re
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from django.core.files.uploadedfile import UploadedFile
from PIL import Image

from govlab.refusals import Check, Data, no_stowaway, refuse

MAX_PIXELS = 40_000_000
MAX_PARTS, MAX_SEGMENTS = 10_000, 5_000  # of a PNG or WebP, and of a JPEG; to walk more would cost too much time
MAX_SCANS = 500  # of a JPEG: each is a pass over the whole picture for whoever draws it

# What is kept of a PNG beside its critical parts: what changes how it looks.
PNG_LOOK = frozenset(b"tRNS gAMA cHRM sRGB iCCP cICP mDCV cLLI bKGD pHYs sBIT hIST sPLT acTL fcTL fdAT".split())
WEBP_LOOK = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
EXIF_AND_XMP = 0x08 | 0x04  # flags of a WebP's VP8X part

SOI, EOI, SOS, APP0, APP1, COMMENT = b"\xff\xd8", b"\xff\xd9", b"\xff\xda", b"\xff\xe0", b"\xff\xe1", b"\xff\xfe"
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
ABOUT = re.compile(rb"\xff[\xe0-\xef\xfe]")
"""Markers of what a JPEG says about itself: APP0 to APP15, comment."""
JPEG_LOOK = re.compile(rb"\xff\xe2..ICC_PROFILE\0|\xff\xee..Adobe", re.DOTALL)
"""The colour profile, and what says how the colours are coded."""
ORIENTATION = 0x0112


class Part(NamedTuple):
    """A part of a picture: its name in the format, and where it lies."""

    name: bytes
    start: int
    end: int


def _jpeg(data: Data) -> Iterator[Part]:
    """The parts up to the end of the picture (ITU-T T.81, B.1.1); a scan holds the data that follows its head."""
    yield Part(SOI, 0, 2)
    at = 2
    for _part in range(MAX_SEGMENTS):
        marker = data[at : at + 2]
        if marker == EOI:
            yield Part(EOI, at, at + 2)
            return
        if marker[:1] != b"\xff":
            break
        if marker == b"\xff\xff":  # a filling byte
            at += 1
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == SOS:  # what follows has no length: look for the next marker
            end = found.start() if (found := JPEG_MARKER.search(data, end)) else len(data)
        if end > len(data):
            break
        yield Part(marker, at, end)
        at = end
    refuse("picture")


def _png(data: Data) -> Iterator[Part]:
    """The parts (the format's specification, 5.3), each with its length and its checksum."""
    yield Part(b"", 0, 8)
    at = 8
    for _part in range(MAX_PARTS):
        name = data[at + 4 : at + 8]
        end = at + 12 + int.from_bytes(data[at : at + 4], "big")
        if len(name) < 4 or end > len(data):
            break
        yield Part(name, at, end)
        if name == b"IEND":
            return
        at = end
    refuse("picture")


def _webp(data: Data) -> Iterator[Part]:
    """The parts of the RIFF container (RFC 9649), each with its length and, where that is odd, a filling byte."""
    whole = 8 + int.from_bytes(data[4:8], "little")
    at = 12
    for _part in range(MAX_PARTS):
        if at == whole:
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size + size % 2
        end -= end == whole + 1  # some leave out the very last filling byte
        if end > whole or end > len(data):
            break
        yield Part(data[at : at + 4], at, end)
        at = end
    refuse("picture")


# --- is it sound ------------------------------------------------------------------------------------------------------
def _webp_pixels(data: Data, parts: list[Part]) -> int:
    """How many it claims, asked before Pillow makes room for them."""
    size = 0
    for name, start, _end in parts:
        body = data[start + 8 : start + 18]
        if name == b"VP8X":
            size = (1 + int.from_bytes(body[4:7], "little")) * (1 + int.from_bytes(body[7:10], "little"))
        elif name == b"VP8 ":
            width, height = int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")
            size = max(size, (width & 0x3FFF) * (height & 0x3FFF))
        elif name == b"VP8L":
            bits = int.from_bytes(body[1:5], "little")
            size = max(size, (1 + (bits & 0x3FFF)) * (1 + (bits >> 14 & 0x3FFF)))
    return size


def _end_of(form: str, data: Data) -> int:
    """Where the picture ends, once its parts are sound."""
    parts = list({"JPEG": _jpeg, "PNG": _png, "WEBP": _webp}[form](data))
    if form == "JPEG" and sum(part.name == SOS for part in parts) > MAX_SCANS:
        refuse("picture")
    if form == "WEBP" and _webp_pixels(data, parts) > MAX_PIXELS:
        refuse("pixels", most=MAX_PIXELS // 1_000_000)
    return parts[-1].end if parts else 0


def picture(form: str, *, tail: bool = False) -> Check:
    """A check of a picture, its size by the header alone; `tail`: bytes behind its end are let be if harmless."""

    def check(upload: UploadedFile, data: Data) -> None:
        end = _end_of(form, data)
        if not end:
            refuse("picture")
        if end < len(data) and not tail:
            refuse("stowaway")
        no_stowaway(upload, data, 0, end)
        upload.seek(0)
        try:
            opened = Image.open(upload, formats=[form])
            pixels = opened.width * opened.height
            if pixels <= MAX_PIXELS:
                opened.verify()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            pixels = MAX_PIXELS + 1
        except Exception:  # Pillow gives no closed list of what a damaged file raises
            refuse("picture")
        if pixels > MAX_PIXELS:
            refuse("pixels", most=MAX_PIXELS // 1_000_000)

    return check


# --- what is kept of it -----------------------------------------------------------------------------------------------
def _orientation(exif: bytes) -> int:
    """Which way up the picture is, 1 to 8, as its Exif says; 1 where it says nothing that can be read."""
    tiff = exif[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2], "")
    try:
        [at] = struct.unpack_from(f"{order}I", tiff, 4)
        [count] = struct.unpack_from(f"{order}H", tiff, at)
        for row in range(min(count, 200) if order else 0):
            tag, kind, _many, value = struct.unpack_from(f"{order}HHIH", tiff, at + 2 + 12 * row)
            if (tag, kind) == (ORIENTATION, 3):
                return value if 1 <= value <= 8 else 1
    except struct.error:
        pass
    return 1


def _only_orientation(value: int) -> bytes:
    """An Exif part that says which way up the picture is, and nothing else; empty where it stands as it lies."""
    if value == 1:
        return b""
    tiff = b"II*\0" + struct.pack("<IHHHIHHI", 8, 1, ORIENTATION, 3, 1, value, 0, 0)
    body = b"Exif\0\0" + tiff
    return APP1 + struct.pack(">H", len(body) + 2) + body


def _clean_jpeg(data: Data) -> Iterator[bytes]:
    """Without Exif, XMP, IPTC, thumbnails, comments, makers' notes and whatever lies behind the end."""
    parts = list(_jpeg(data))
    exif = (data[p.start : p.end] for p in parts if p.name == APP1 and data[p.start + 4 : p.start + 10] == b"Exif\0\0")
    upright = _only_orientation(next((value for value in map(_orientation, exif) if value != 1), 1))
    yield SOI
    jfif = (p.start for p in parts if p.name == APP0 and data[p.start + 4 : p.start + 9] == b"JFIF\0")
    if (start := next(jfif, 0)) and len(head := data[start + 4 : start + 16]) == 12:
        yield APP0 + b"\0\x10" + head + b"\0\0"  # its last two bytes: no thumbnail
    yield upright
    for name, start, end in parts[1:]:
        if not ABOUT.match(name) or JPEG_LOOK.match(data, start, end):
            yield data[start:end]


def _clean_png(data: Data) -> Iterator[bytes]:
    """Without text, time, Exif and parts of unknown makers."""
    for name, start, end in _png(data):
        if not name or name in PNG_LOOK or name[:1].isupper():
            yield data[start:end]


def _clean_webp(data: Data) -> Iterator[bytes]:
    """Without Exif, XMP and parts of unknown makers."""
    kept = [
        data[start : start + 8] + bytes([data[start + 8] & ~EXIF_AND_XMP]) + data[start + 9 : end]
        if name == b"VP8X"
        else data[start:end]
        for name, start, end in _webp(data)
        if name in WEBP_LOOK
    ]
    yield b"RIFF" + struct.pack("<I", 4 + sum(map(len, kept))) + b"WEBP"
    yield from kept


CLEANERS: dict[str, Callable[[Data], Iterable[bytes]]] = {
    "image/jpeg": _clean_jpeg,
    "image/png": _clean_png,
    "image/webp": _clean_webp,
}
"""By the type of what is cleaned; what is not named here is kept as it came."""


def cleaned(mime: str, data: Data) -> bytes | None:
    """A picture that was found sound, without what was written about it; None for what is no picture."""
    return b"".join(CLEANERS[mime](data)) if mime in CLEANERS else None
