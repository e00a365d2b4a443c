"""Word, Excel and PowerPoint documents that people upload: sound zips with nothing in them that runs or fetches.

The directory is read and nothing unpacked but the small parts that say what belongs together, the text of fields, and
documents inside of documents; how much of it in all is bounded before a byte is read.
"""

import html
import io
import itertools
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import IO, Any
from urllib.parse import unquote
from xml.parsers import expat

from django.core.files.uploadedfile import UploadedFile

from govlab.refusals import UNSAFE, Check, Data, refuse

MAX_ENTRIES, MAX_UNPACKED, MAX_RATIO = 2_000, 200 * 1024**2, 200  # of a document; bytes; bytes out of one
MAX_READ, MAX_DEPTH = 32 * 1024**2, 3  # bytes unpacked to be looked at; documents inside of documents
MAX_LINKS = 1024**2  # bytes of one part that says what belongs together

MAIN = {"docx": "word/document", "xlsx": "xl/workbook", "pptx": "ppt/presentation"}
"""The part that makes a document what it is."""
BROKEN = (
    *(zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError),
    *(ValueError, OSError, EOFError, OverflowError, NotImplementedError, RuntimeError),
)
"""What a damaged document raises while it is read."""

OUTSIDE = re.compile(r"^(?:[/\\]|[a-z]:)|(?:^|[/\\])\.\.(?:[/\\]|$)")
MACRO = re.compile(r"(?:^|/)(?:vbaproject\.bin$|vbadata\.xml$|macrosheets/)")
OBJECT = re.compile(
    r"(?:^|/)(?:activex/|embeddings/[^/]*(?<!\.docx)(?<!\.xlsx)(?<!\.pptx)$)"
    r"|\.(?:exe|dll|com|scr|msi|js|jse|vbs|vbe|wsf|bat|cmd|ps1|lnk|hta|jar|zip|rar|7z|iso|html?|mht|rtf)$"
    r"|\.(?:do[ct]m|xl[st]m|xlsb|pp[tsa]m|pot[mx]?|doc|xls|ppt)$"
)
"""Parts that are, or hold, something that runs; a document in a document is looked into instead."""
LINKS = re.compile(r"(?:^|/)_rels/[^/]*\.rels$")
FIELDS = re.compile(r"word/(?:document|header|footer|comments|footnotes|endnotes)\d*\.xml")
ELSEWHERE = re.compile(r"xl/externallinks/[^/]*\.xml")

MACRO_LINKS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet"}
OBJECT_LINKS = {"oleobject", "control", "activexcontrolbinary", "afchunk"}
CLICKED = {"hyperlink"}
"""Links that lead somewhere only when a person clicks on them."""
PLAYED = {"video", "audio", "media"}
LOCAL = re.compile(r"(?:file:/*)?[a-z]:[\\/]|(?![a-z][a-z0-9+.-]*:|[\\/]{2})", re.IGNORECASE)
"""A part of the document, or a file on the reader's own machine: a template of the office, another workbook."""
WEB = re.compile(r"https?://", re.IGNORECASE)
INSTRUCTION = re.compile(rb'instr(?:Text\b[^>]*>([^<]*)|="([^"]*)")')
DDE = re.compile(r"DDE(?:AUTO)?\s", re.IGNORECASE)
DDE_LINK = re.compile(rb"<(?:\w+:)?(?:ddeLink|oleLink)\b")


@dataclass
class Room:
    """How much may still be unpacked to be looked at."""

    left: int = MAX_READ

    def read(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int = MAX_READ) -> bytes:
        """A part of a document, whole."""
        if entry.file_size > min(self.left, most):
            refuse("bomb")
        self.left -= entry.file_size
        with archive.open(entry) as part:
            return part.read(entry.file_size)


def office(ending: str) -> Check:
    """A check of a document with this ending, which says what its main part is."""

    def check(upload: UploadedFile, data: Data) -> None:
        _package(upload, data, ending, Room(), 1)  # an upload reads and seeks as a file does

    return check


def _package(file: IO[bytes], data: Data, ending: str, room: Room, depth: int) -> None:
    """Looks at a document, and into those in it."""
    # Each entry costs whoever reads the directory, so they are counted (roughly) before it is read.
    if any(count > MAX_ENTRIES * 10 for count, _head in enumerate(re.finditer(rb"PK\x01\x02", data))):
        refuse("bomb")
    try:
        with zipfile.ZipFile(file) as archive:
            entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
            _directory(entries, data)
            _parts([entry.orig_filename.casefold() for entry in entries], MAIN[ending])
            for entry in entries:
                _part(archive, entry, room, depth)
    except BROKEN:
        refuse("office")


def _directory(entries: list[zipfile.ZipInfo], data: Data) -> None:
    """Nothing before, behind or between the entries, and none that unpacks to far more than it should."""
    if not entries or entries[0].header_offset or data[-22:-18] != b"PK\x05\x06" or data[-2:] != b"\0\0":
        refuse("stowaway")  # before the first entry, or behind the directory
    if (
        len(entries) > MAX_ENTRIES
        or sum(entry.file_size for entry in entries) > MAX_UNPACKED
        or any(e.file_size > 1024**2 and e.file_size > MAX_RATIO * e.compress_size for e in entries)
        # two entries that share their bytes
        or any(b.header_offset < a.header_offset + 30 + a.compress_size for a, b in itertools.pairwise(entries))
    ):
        refuse("bomb")
    plain = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the format knows no other
    if any(entry.flag_bits & 1 or entry.compress_type not in plain for entry in entries):
        refuse("office")


def _parts(names: list[str], main: str) -> None:
    """Each part's name is sound and its own, none says that it runs, and the main part is there."""
    if len(set(names)) < len(names) or any(UNSAFE.search(name) or OUTSIDE.search(name) for name in names):
        refuse("office")
    if any(MACRO.search(name) for name in names):
        refuse("macro")
    if any(OBJECT.search(name) for name in names):
        refuse("object")
    main_part = re.compile(rf"{main}\d*\.xml")  # Word on the web writes document2.xml
    if "[content_types].xml" not in names or not any(main_part.fullmatch(name) for name in names):
        refuse("content")


def _part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, room: Room, depth: int) -> None:
    """Looks into those parts that may say what runs or is fetched."""
    name = entry.orig_filename.casefold()
    ending = name.rpartition(".")[2]
    if name == "[content_types].xml":
        if b"macroenabled" in room.read(archive, entry, MAX_LINKS).replace(b"\0", b"").lower():
            refuse("macro")
    elif LINKS.search(name):
        _links(room.read(archive, entry, MAX_LINKS))
    elif ELSEWHERE.fullmatch(name):
        if DDE_LINK.search(room.read(archive, entry).replace(b"\0", b"")):
            refuse("remote")
    elif FIELDS.fullmatch(name):
        found = INSTRUCTION.findall(room.read(archive, entry).replace(b"\0", b""))
        if DDE.search(html.unescape(b"".join(a + b for a, b in found).decode(errors="replace"))):
            refuse("remote")
    elif ending in MAIN:
        if depth == MAX_DEPTH:
            refuse("bomb")
        inside = room.read(archive, entry)
        _package(io.BytesIO(inside), inside, ending, room, depth + 1)


def _links(body: bytes) -> None:
    """What a part belongs together with; XML with a DTD is refused, as no program writes one here."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = lambda *_doctype: refuse("office")
    parser.StartElementHandler = _link
    parser.Parse(body, True)


def _link(_element: str, said: dict[str, Any]) -> None:
    kind = said.get("Type", "").rpartition("/")[2].casefold()
    target = unquote(said.get("Target", "")).strip()
    if kind in MACRO_LINKS:
        refuse("macro")
    if kind in OBJECT_LINKS or (kind == "package" and target.casefold().rpartition(".")[2] not in MAIN):
        refuse("object")
    if kind in CLICKED or (kind in PLAYED and WEB.match(target)):
        return
    if not LOCAL.match(target):
        refuse("remote")
