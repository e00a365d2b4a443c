"""Files that people upload: what is let in, told by name, first bytes and structure."""

import itertools
import mmap
import os
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import filetype
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 200  # characters
MAX_PIXELS, MAX_PARTS = 40_000_000, 50_000  # of a picture; walking more parts would cost seconds
MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 2_000, 200 * 1024**2, 200  # of a document; bytes; bytes out of one

Data = bytes | mmap.mmap
Check = Callable[[UploadedFile, Data], None]

REFUSALS = {
    "name": _("The file's name holds characters that can't be kept. Rename the file and attach it again."),
    "long_name": _("The file's name is too long. Shorten it to %(most)s characters or fewer and attach it again."),
    "no_ending": _("The file's name has no ending, such as .pdf. Add the right one and attach it again."),
    "ending": _("Files of this kind can't be attached. Save it as one of these and attach that: %(allowed)s."),
    "empty": _("The file is empty. Choose the right file and attach it again."),
    "too_big": _("The file is larger than %(most)s MB. Make it smaller, or split it, and attach it again."),
    "content": _("The file is not what its ending says. Save it again without a password and attach that."),
    "picture": _("The picture is damaged or cut off. Open it, save a new copy and attach that."),
    "pixels": _("The picture has more than %(most)s million pixels. Make it smaller and attach it again."),
    "stowaway": _("Something else is packed into this file. Open it, save a new copy and attach that."),
    "pdf_end": _("The PDF is damaged or cut off. Make the PDF again and attach that."),
    "active": _("The PDF holds scripts or files of its own. Print it to a new PDF and attach that."),
    "office": _("The document is damaged. Open it, save it again and attach that."),
    "bomb": _("The document unpacks to far more than it should. Save a smaller copy and attach that."),
    "macro": _("The document holds macros. Save it without macros and attach that."),
}

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# What other programs open wherever it begins; a zip is found by its end instead.
FOREIGN = re.compile(rb"(?i:<(?:html|script|!doctype|\?php|svg[\s>]))|%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
PROGRAM = re.compile(rb"MZ|\x7fELF|#!")
JPEG_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
OUTSIDE = re.compile(r"^(?:[/\\]|[a-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
MACRO = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|macrosheets/)")
ACTIVE = re.compile(rb"/(?:(JavaScript|Launch|EmbeddedFiles?)|JS)(?=[\s\0/<>\[\](){}%]|\Z)")


def _refuse(code: str, **params: object) -> NoReturn:
    raise ValidationError(REFUSALS[code], code=code, params=params)


def clean_name(name: str) -> str:
    """The name to show and keep: NFC, Thai whole, without folders, control or direction characters; may be empty."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    return " ".join(UNSAFE.sub("", name).split()).strip(" .")


def _no_stowaway(upload: UploadedFile, data: Data, start: int, end: int) -> None:
    """Refuse what another program would open as something else: at the start, or behind `end`, where it should end."""
    found = FOREIGN.search(data, start, start + 1024) or FOREIGN.search(data, end) or PROGRAM.match(data, end)
    if found or zipfile.is_zipfile(upload):
        _refuse("stowaway")


def _jpeg_end(data: Data) -> int:
    """Where the JPEG ends (ITU-T T.81, B.1.1); -1 if it doesn't."""
    at = 2
    for _part in range(MAX_PARTS):
        marker = data[at : at + 2]
        if marker == b"\xff\xd9":
            return at + 2
        if marker[:1] != b"\xff":
            return -1
        at += 1 if marker == b"\xff\xff" else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == b"\xff\xda":  # what follows has no length: look for the next marker
            at = found.start() if (found := JPEG_MARKER.search(data, at)) else len(data)
    return -1


def _png_end(data: Data) -> int:
    """Where the PNG ends (its specification, 5.3); -1 if it doesn't."""
    at = 8
    for _part in range(MAX_PARTS):
        name = data[at + 4 : at + 8]
        at += 12 + int.from_bytes(data[at : at + 4], "big")
        if name == b"IEND" or at >= len(data):
            return at if name == b"IEND" else -1
    return -1


def _picture(form: str, find_end: Callable[[Data], int], *, tail: bool = False) -> Check:
    """A check of a picture, its size by the header alone; `tail`: bytes behind its end are let be if harmless."""

    def check(upload: UploadedFile, data: Data) -> None:
        end = find_end(data)
        if not 0 < end <= len(data):
            _refuse("picture")
        if end < len(data) and not tail:
            _refuse("stowaway")
        _no_stowaway(upload, data, 0, end)
        upload.seek(0)
        try:
            picture = Image.open(upload, formats=[form])
            pixels = picture.width * picture.height
            if pixels <= MAX_PIXELS:
                picture.verify()
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            pixels = MAX_PIXELS + 1
        except Exception:  # Pillow gives no closed list of what a damaged file raises
            _refuse("picture")
        if pixels > MAX_PIXELS:
            _refuse("pixels", most=MAX_PIXELS // 1_000_000)

    return check


def _pdf(upload: UploadedFile, data: Data) -> None:
    end = data.rfind(b"%%EOF")
    _no_stowaway(upload, data, 5, max(end, 5))
    if end < 0 or data[end + 5 :].strip(b"\0\t\n\f\r "):
        _refuse("pdf_end")
    # Three bytes turn up by chance in compressed streams, so /JS counts only outside of them.
    seen, inside = 0, False
    for chance, found in enumerate(ACTIVE.finditer(data)):
        word = data.rfind(b"stream", seen, found.start())
        if word >= 0:
            inside = data[max(word - 3, 0) : word] != b"end"
        seen = found.start()
        if found[1] or not inside or chance > 100:
            _refuse("active")


def _office(main: str) -> Check:
    """A check of a document by its main part; reads the zip directory and unpacks nothing."""
    main_part = re.compile(rf"{main}\d*\.xml")  # Word on the web writes document2.xml

    def check(upload: UploadedFile, data: Data) -> None:
        # Each entry costs whoever reads the directory, so they are counted (roughly) before it is read.
        if any(count > MAX_ENTRIES * 10 for count, _head in enumerate(re.finditer(rb"PK\x01\x02", data))):
            _refuse("bomb")
        try:
            entries = sorted(zipfile.ZipFile(upload).infolist(), key=lambda entry: entry.header_offset)
        except (zipfile.BadZipFile, ValueError, OSError, EOFError, OverflowError, NotImplementedError, struct.error):
            _refuse("office")
        if not entries or entries[0].header_offset or data[-22:-18] != b"PK\x05\x06" or data[-2:] != b"\0\0":
            _refuse("stowaway")  # before the first entry, or behind the directory
        if (
            len(entries) > MAX_ENTRIES
            or sum(entry.file_size for entry in entries) > MAX_UNPACKED
            or any(e.file_size > 1024**2 and e.file_size > MAX_RATIO * e.compress_size for e in entries)
            # two entries that share their bytes
            or any(b.header_offset < a.header_offset + 30 + a.compress_size for a, b in itertools.pairwise(entries))
        ):
            _refuse("bomb")
        names = [entry.orig_filename.casefold() for entry in entries]
        encrypted = any(entry.flag_bits & 1 for entry in entries)
        if encrypted or len(set(names)) < len(names) or any(UNSAFE.search(n) or OUTSIDE.search(n) for n in names):
            _refuse("office")
        if any(MACRO.search(name) for name in names):
            _refuse("macro")
        if "[content_types].xml" not in names or not any(main_part.fullmatch(name) for name in names):
            _refuse("content")

    return check


class Kind(NamedTuple):
    """A kind of file that may be attached, and how it is told apart and found sound."""

    label: Promise
    mime: str
    magic: tuple[bytes, str]  # patterns: of its first bytes, and of what `filetype` answers
    structure: Check


OFFICE = "application/vnd.openxmlformats-officedocument."
# filetype guesses which of them from the order of the entries, so any will do: the main part decides.
ZIP = (rb"PK\x03\x04", r"application/zip|" + re.escape(OFFICE) + ".*")
WEBP = _picture("WEBP", lambda data: 8 + int.from_bytes(data[4:8], "little"))
# Phones write more behind a JPEG (a second picture, a clip, the maker's notes), and people can't take it off.
JPEG = Kind(_("JPEG picture"), "image/jpeg", (rb"\xff\xd8\xff", "image/jpeg"), _picture("JPEG", _jpeg_end, tail=True))

KINDS = {
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": Kind(_("PNG picture"), "image/png", (rb"\x89PNG\r\n\x1a\n", "image/a?png"), _picture("PNG", _png_end)),
    "webp": Kind(_("WebP picture"), "image/webp", (rb"RIFF.{4}WEBP", "image/webp"), WEBP),
    "pdf": Kind(_("PDF document"), "application/pdf", (rb"%PDF-\d\.\d", "application/pdf"), _pdf),
    "docx": Kind(_("Word document"), OFFICE + "wordprocessingml.document", ZIP, _office("word/document")),
    "xlsx": Kind(_("Excel workbook"), OFFICE + "spreadsheetml.sheet", ZIP, _office("xl/workbook")),
    "pptx": Kind(
        _("PowerPoint presentation"), OFFICE + "presentationml.presentation", ZIP, _office("ppt/presentation")
    ),
}


def inspect(upload: UploadedFile) -> Kind:
    """The kind of an uploaded file, left at position 0; a ValidationError with a code of REFUSALS if not let in."""
    raw = upload.name or ""
    name = clean_name(raw)
    if not name or UNSAFE.search(raw) or re.search(r"[/\\]", raw):
        _refuse("name")
    if len(name) > MAX_NAME:
        _refuse("long_name", most=MAX_NAME)
    ending = Path(name).suffix.lower().removeprefix(".")
    if not ending:
        _refuse("no_ending")
    if ending not in KINDS:
        _refuse("ending", allowed=", ".join(KINDS))
    kind = KINDS[ending]
    try:
        size = upload.seek(0, os.SEEK_END)
        if not size:
            _refuse("empty")
        if size > MAX_BYTES:
            _refuse("too_big", most=MAX_BYTES // 1024**2)
        data: Data
        try:
            data = mmap.mmap(upload.fileno(), 0, access=mmap.ACCESS_READ)  # searched without being read
        except (AttributeError, OSError, ValueError):  # not on disk: Django keeps the small ones in memory
            upload.seek(0)
            data = upload.read()
        head = data[:8192]
        if not (
            re.match(kind.magic[0], head, re.DOTALL) and re.fullmatch(kind.magic[1], str(filetype.guess_mime(head)))
        ):
            _refuse("content")
        kind.structure(upload, data)
    finally:
        upload.seek(0)
    return kind
