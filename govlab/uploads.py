"""Files that people upload: what is let in, told by name, first bytes and structure."""

import os
import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

import filetype
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from govlab.packages import office
from govlab.pdfs import pdf
from govlab.pictures import picture
from govlab.refusals import REFUSALS, UNSAFE, Check, bytes_in, refuse

__all__ = ["KINDS", "MAX_BYTES", "MAX_NAME", "REFUSALS", "Kind", "clean_name", "ending_of", "inspect"]

MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 200  # characters
RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\s*\.|\s*\Z)", re.IGNORECASE)
"""Names of devices: Windows saves no file under them, whatever their ending."""


def clean_name(name: str) -> str:
    """The name to show and keep: NFC, Thai whole, without folders, control or direction characters; may be empty."""
    name = unicodedata.normalize("NFC", re.split(r"[/\\]", name)[-1])
    return " ".join(UNSAFE.sub("", name).split()).strip(" .")


def ending_of(name: str) -> str:
    """The last ending of a name, in small letters and without its dot."""
    return Path(name).suffix.lower().removeprefix(".")


class Kind(NamedTuple):
    """A kind of file that may be attached, and how it is told apart and found sound."""

    label: Promise
    mime: str
    magic: tuple[bytes, str]  # patterns: of its first bytes, and of what `filetype` answers
    structure: Check


OFFICE = "application/vnd.openxmlformats-officedocument."
# filetype guesses which of them from the order of the entries, so any will do: the main part decides.
ZIP = (rb"PK\x03\x04", r"application/zip|" + re.escape(OFFICE) + ".*")
# Phones write more behind a JPEG (a second picture, a clip, the maker's notes), and people can't take it off.
JPEG = Kind(_("JPEG picture"), "image/jpeg", (rb"\xff\xd8\xff", "image/jpeg"), picture("JPEG", tail=True))

KINDS = {
    "jpg": JPEG,
    "jpeg": JPEG,
    "png": Kind(_("PNG picture"), "image/png", (rb"\x89PNG\r\n\x1a\n", "image/a?png"), picture("PNG")),
    "webp": Kind(_("WebP picture"), "image/webp", (rb"RIFF.{4}WEBP", "image/webp"), picture("WEBP")),
    "pdf": Kind(_("PDF document"), "application/pdf", (rb"%PDF-\d\.\d", "application/pdf"), pdf),
    "docx": Kind(_("Word document"), OFFICE + "wordprocessingml.document", ZIP, office("docx")),
    "xlsx": Kind(_("Excel workbook"), OFFICE + "spreadsheetml.sheet", ZIP, office("xlsx")),
    "pptx": Kind(_("PowerPoint presentation"), OFFICE + "presentationml.presentation", ZIP, office("pptx")),
}


def inspect(upload: UploadedFile) -> Kind:
    """The kind of an uploaded file, left at position 0; a ValidationError with a code of REFUSALS if not let in."""
    kind = _kind_by_name(upload.name or "")
    try:
        size = upload.seek(0, os.SEEK_END)
        if not size:
            refuse("empty")
        if size > MAX_BYTES:
            refuse("too_big", most=MAX_BYTES // 1024**2)
        data = bytes_in(upload)
        head = data[:8192]
        if not (
            re.match(kind.magic[0], head, re.DOTALL) and re.fullmatch(kind.magic[1], str(filetype.guess_mime(head)))
        ):
            refuse("content")
        kind.structure(upload, data)
    finally:
        upload.seek(0)
    return kind


def _kind_by_name(raw: str) -> Kind:
    """What a file says of itself, once its name is one that can be kept."""
    name = clean_name(raw)
    if not name or UNSAFE.search(raw) or re.search(r"[/\\]", raw):
        refuse("name")
    if RESERVED.match(name):
        refuse("reserved")
    if len(name) > MAX_NAME:
        refuse("long_name", most=MAX_NAME)
    ending = ending_of(name)
    if not ending:
        refuse("no_ending")
    if ending not in KINDS:
        refuse("ending", allowed=", ".join(KINDS))
    return KINDS[ending]
