"""Reads back what the portal writes, without the portal's own code: the XML of a DOCX, the pages and texts of a PDF."""

import re
import zipfile
import zlib
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


# --- DOCX ------------------------------------------------------------------------------------------------------------
def part(made: bytes, name: str) -> Element:
    """One part of the package, parsed; other parsers than Word's refuse what is no XML."""
    with zipfile.ZipFile(BytesIO(made)) as package:
        return fromstring(package.read(name))


def paragraphs(made: bytes) -> list[str]:
    """The text of each paragraph; a line break is one, a tab is one."""
    signs = {f"{W}br": "\n", f"{W}tab": "\t"}
    return [
        "".join(each.text or "" if each.tag == f"{W}t" else signs.get(each.tag, "") for each in row.iter())
        for row in part(made, "word/document.xml").iter(f"{W}p")
    ]


# --- PDF -------------------------------------------------------------------------------------------------------------
_OBJECT = re.compile(rb"(\d+) 0 obj\n?(.*?)\nendobj", re.S)
_SHOWN = re.compile(
    rb"/(f\d+) [\d.]+ Tf|/ActualText<FEFF([0-9A-F]*)>>>BDC|(EMC)|\(((?:\\.|\((?:\\.|[^\\()])*\)|[^\\()])*)\)|(BT)",
    re.S,
)
_ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.S)
_NAMED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def objects(made: bytes) -> dict[int, bytes]:
    """The PDF's objects by number; typst packs none of them away."""
    return {int(number): body for number, body in _OBJECT.findall(made)}


def _stream(body: bytes) -> bytes:
    return zlib.decompress(body[body.index(b"stream\n") + 7 : body.rindex(b"\nendstream")])


def _number(body: bytes, name: str) -> int:
    found = re.search(rf"/{name} (\d+) 0 R".encode(), body)
    assert found, name
    return int(found[1])


def _unicode(body: bytes) -> dict[int, str]:
    pairs = re.findall(rb"<([0-9A-F]{4})> <([0-9A-F]+)>", body)
    return {int(glyph, 16): bytes.fromhex(text.decode()).decode("utf-16-be") for glyph, text in pairs}


def _literal(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    return bytes([int(sign, 8)]) if len(sign) == 3 else _NAMED.get(sign, sign)


def page_texts(made: bytes) -> list[str]:
    """What each page says, as a program that copies or reads it aloud gets it: ActualText, else ToUnicode."""
    known = objects(made)
    pages = sorted(number for number, body in known.items() if re.search(rb"/Type/Page\b(?!s)", body))
    said = []
    for page in pages:
        resources = known[_number(known[page], "Resources")]
        fonts = {
            name: _unicode(_stream(known[_number(known[int(font)], "ToUnicode")]))
            for name, font in re.findall(rb"/(f\d+) (\d+) 0 R", resources)
        }
        said.append(_text(_stream(known[_number(known[page], "Contents")]), fonts))
    return said


def _text(content: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    text, font, instead = "", b"", False
    for found in _SHOWN.finditer(re.sub(rb"/Lang\([\w-]*\)", b"", content)):
        name, actual, end, glyphs, begins = found.groups()
        if name:
            font = name
        elif actual is not None:
            instead = True
            text += bytes.fromhex(actual.decode()).decode("utf-16-be")
        elif end:
            instead = False
        elif begins:
            text += "\n"
        elif glyphs is not None and not instead:
            codes = _ESCAPED.sub(_literal, glyphs)
            text += "".join(fonts[font][codes[at] * 256 + codes[at + 1]] for at in range(0, len(codes), 2))
    return text


def squeezed(text: str) -> str:
    """The text without white and what is invisible: where a line ends is the printer's affair."""
    return re.sub("[\\s\u200b]+", "", text)


def tags(made: bytes) -> list[str]:
    """The kind of each element of the structure."""
    return [kind.decode() for body in objects(made).values() for kind in re.findall(rb"/StructElem/S/(\w+)", body)]
