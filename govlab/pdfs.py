"""PDF documents that people upload: whole, nothing else, and nothing in them that acts."""

import re
import zlib

from django.core.files.uploadedfile import UploadedFile

from govlab.refusals import Data, no_stowaway, refuse

MAX_OBJECTS = 8 * 1024**2  # bytes of packed objects, unpacked: as much as fits in the time a file may take


def _spelled(*words: str) -> bytes:
    """A pattern of these names however they are spelled: in a PDF, any letter may be written as # and two digits."""
    return b"|".join(b"".join(rb"(?:%c|(?i:#%02x))" % (letter, letter) for letter in word.encode()) for word in words)


END_OF_NAME = rb"(?=[\s\0/<>\[\](){}%]|\Z)"
# Three bytes turn up by chance in compressed streams, so the short names count only outside of them.
LONG = _spelled("JavaScript", "Launch", "EmbeddedFile", "EmbeddedFiles", "RichMedia", "SubmitForm", "ImportData")
ACTIVE = re.compile(rb"/(?:(" + LONG + rb")|" + _spelled("JS", "XFA") + rb")" + END_OF_NAME)
OBJECTS = re.compile(rb"/(?:" + _spelled("ObjStm") + rb")" + END_OF_NAME)
LOCKED = re.compile(rb"/(?:" + _spelled("Encrypt") + rb")" + END_OF_NAME)
BEGIN = re.compile(rb"stream\r?\n?")


def pdf(upload: UploadedFile, data: Data) -> None:
    """The check."""
    end = data.rfind(b"%%EOF")
    no_stowaway(upload, data, 5, max(end, 5))
    if end < 0 or data[end + 5 :].strip(b"\0\t\n\f\r "):
        refuse("pdf_end")
    seen, inside = 0, False
    for chance, found in enumerate(ACTIVE.finditer(data)):
        word = data.rfind(b"stream", seen, found.start())
        if word >= 0:
            inside = data[max(word - 3, 0) : word] != b"end"
        seen = found.start()
        if found[1] or not inside or chance > 100:
            refuse("active")
    _packed_objects(data)


def _packed_objects(data: Data) -> None:
    """Looks into the streams that hold objects, where names are out of sight."""
    left = MAX_OBJECTS
    for found in OBJECTS.finditer(data):
        begin = BEGIN.search(data, found.end(), found.end() + 4096)
        body = _unpacked(data, begin.end(), left) if begin else None
        if body is None:
            refuse("locked" if LOCKED.search(data) else "active")
        left -= len(body)
        if left <= 0:
            refuse("bomb")
        if ACTIVE.search(body):
            refuse("active")


def _unpacked(data: Data, at: int, most: int) -> bytes | None:
    """What the stream at this place unpacks to, `most` bytes of it; None when it can't be unpacked."""
    packed, out = zlib.decompressobj(), bytearray()
    while not packed.eof and len(out) < most and at < len(data):
        try:
            out += packed.decompress(data[at : at + 65536], most - len(out))
        except zlib.error:
            return None
        at += 65536
    return bytes(out) if packed.eof or len(out) >= most else None
