"""Why a file that people upload is not let in: the sentences, and what is looked for in every kind of file."""

import mmap
import os
import re
import zipfile
from collections.abc import Callable
from typing import NoReturn

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

Data = bytes | mmap.mmap
Check = Callable[[UploadedFile, Data], None]

REFUSALS = {
    "name": _("The file's name holds characters that can't be kept. Rename the file and attach it again."),
    "reserved": _("Windows keeps this name for itself. Rename the file and attach it again."),
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
    "locked": _("The PDF is locked with a password. Save it without one and attach that."),
    "active": _("The PDF holds scripts or files of its own. Print it to a new PDF and attach that."),
    "office": _("The document is damaged. Open it, save it again and attach that."),
    "bomb": _("The document unpacks to far more than it should. Save a smaller copy and attach that."),
    "macro": _("The document holds macros. Save it without macros and attach that."),
    "object": _("The document holds an object of another program. Replace it with a picture and attach that."),
    "remote": _("The document fetches parts from elsewhere when opened. Break its links, save it and attach that."),
}

UNSAFE = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# What other programs open wherever it begins; a zip is found by its end instead.
FOREIGN = re.compile(rb"(?i:<(?:html|script|!doctype|\?php|svg[\s>]))|%PDF-|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c")
PROGRAM = re.compile(rb"MZ|\x7fELF|#!")


def refuse(code: str, **params: object) -> NoReturn:
    """Raises the ValidationError of this code."""
    raise ValidationError(REFUSALS[code], code=code, params=params)


def bytes_in(upload: UploadedFile) -> Data:
    """What an upload holds, searched without being read where it lies on disk."""
    try:
        return mmap.mmap(upload.fileno(), 0, access=mmap.ACCESS_READ)
    except (AttributeError, OSError, ValueError):  # not on disk: Django keeps the small ones in memory
        upload.seek(0, os.SEEK_SET)
        return upload.read()


def no_stowaway(upload: UploadedFile, data: Data, start: int, end: int) -> None:
    """Refuse what another program would open as something else: at the start, or behind `end`, where it should end."""
    found = FOREIGN.search(data, start, start + 1024) or FOREIGN.search(data, end) or PROGRAM.match(data, end)
    if found or zipfile.is_zipfile(upload):
        refuse("stowaway")
