"""What may be attached and what not, kept once and whole, handed out so that no browser runs it."""

import errno
import hashlib
import io
import os
import resource
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile, UploadedFile
from django.http import Http404
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


def on_disk(name: str, content: bytes) -> UploadedFile:
    file = TemporaryUploadedFile(name, "application/octet-stream", len(content), None)
    file.write(content)
    file.seek(0)
    return file


@pytest.fixture(params=[SimpleUploadedFile, on_disk], ids=["kept in memory", "kept on disk"])
def upload(request: pytest.FixtureRequest) -> Iterator[Callable[[str, bytes], UploadedFile]]:
    """Makes an upload the way Django keeps a small one, then the way it keeps a large one."""
    with ExitStack() as opened:
        yield lambda name, content: opened.enter_context(closing(request.param(name, content)))


@pytest.mark.parametrize(("name", "content"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_a_good_file_is_let_in_and_left_at_its_start(upload, name: str, content: bytes) -> None:
    file = upload(name, content)
    file.seek(3)
    assert files.inspect(file) == files.KINDS[name.rpartition(".")[2].lower()]
    assert file.tell() == 0
    assert file.read() == content


@pytest.mark.parametrize(("name", "content", "code"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_a_hostile_file_is_refused_with_its_reason(upload, name: str, content: bytes, code: str) -> None:
    file = upload("given.later", content)
    file._name = name  # Django's own setter would already cut some of these names
    with pytest.raises(ValidationError) as refusal:
        files.inspect(file)
    assert [error.code for error in refusal.value.error_list] == [code]
    assert "%(" not in refusal.value.messages[0]
    assert file.tell() == 0


def test_every_reason_for_a_refusal_is_met_by_a_hostile_file() -> None:
    assert {row[3] for row in HOSTILE} == set(files.REFUSALS)


@pytest.mark.parametrize(("name", "content"), [row[1:] for row in GOOD], ids=[row[0] for row in GOOD])
def test_a_damaged_byte_is_let_in_or_refused_but_never_an_error(name: str, content: bytes) -> None:
    for at in range(0, min(len(content), 10_000), max(min(len(content), 10_000) // 50, 1)):
        try:
            files.inspect(
                SimpleUploadedFile(name, content[:at] + bytes([content[at] ^ 0x41]) + content[at + 1 : 10_000])
            )
        except ValidationError as refusal:
            assert refusal.code in files.REFUSALS


CLEAN = [
    (THAI, THAI), ("C:\\Users\\สมชาย\\น้ำฝน.pdf", "น้ำฝน.pdf"), ("../../etc/passwd", "passwd"), ("..", ""),
    ("cafe\u0301.pdf", "caf\u00e9.pdf"), ("  a \t b.pdf ", "a b.pdf"), ("a\u202efdp\0.exe\r\n", "afdp.exe"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "clean"), CLEAN)
def test_a_name_is_kept_whole_but_for_folders_and_what_is_unseen(name: str, clean: str) -> None:
    assert files.clean_name(name) == files.clean_name(clean) == clean


@pytest.fixture
def media(settings, tmp_path: Path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    return tmp_path / "media"


def kept(media: Path) -> list[str]:
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def test_the_same_bytes_stored_twice_are_one_file(media: Path, upload) -> None:
    content = os.urandom(200_000)
    sha256 = hashlib.sha256(content).hexdigest()
    for name in ("a.pdf", "b.pdf"):
        file = upload(name, content)
        assert files.store(file) == files.Stored(sha256, 200_000)
        assert file.tell() == 0
    assert kept(media) == [f"evidence/{sha256[:2]}/{sha256[2:]}"]
    assert files.address(sha256).read_bytes() == content


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_is_told_and_leaves_only_what_was_there(media: Path, step: str, monkeypatch) -> None:
    files.store(SimpleUploadedFile("a.pdf", pdf()))
    before = kept(media)
    monkeypatch.setattr(os, step, Mock(side_effect=OSError(errno.ENOSPC, "No space left on device")))
    with pytest.raises(OSError, match="No space") as trouble:
        files.store(SimpleUploadedFile("b.pdf", JPG))
    assert trouble.value.errno == errno.ENOSPC
    assert kept(media) == before


def test_a_disk_that_fills_while_writing_is_told_and_leaves_nothing(media: Path, upload) -> None:
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    file = upload("a.pdf", os.urandom(3_000_000))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, limit[1]))  # the system itself refuses the write
    try:
        with pytest.raises(OSError, match="too large") as trouble:
            files.store(file)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert trouble.value.errno == errno.EFBIG
    assert (kept(media), file.tell()) == ([], 0)


def test_a_file_is_on_the_disk_before_it_has_its_address(media: Path, monkeypatch) -> None:
    fsync, replace, steps = os.fsync, os.replace, []

    def synced(number: int) -> None:
        steps.append(os.readlink(f"/proc/self/fd/{number}").removeprefix(str(media)).split(".incoming-")[0])
        fsync(number)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", lambda old, new: (steps.append("replace"), replace(old, new)))
    sha256 = files.store(SimpleUploadedFile("a.pdf", pdf())).sha256
    assert steps == ["/", "replace", f"/evidence/{sha256[:2]}", "/evidence", ""]


def test_a_file_goes_out_as_a_download_no_browser_runs(media: Path) -> None:
    sha256 = files.store(SimpleUploadedFile(THAI, pdf())).sha256
    response = files.send(sha256, "..\\" + THAI + "\r\n", "application/pdf")
    assert response.getvalue() == pdf()
    response.file_to_stream.close()  # closing the response would end the request of another test
    assert dict(response.headers) == {
        "Content-Type": "application/pdf",
        "Content-Length": str(len(pdf())),
        "Content-Disposition": "attachment; filename*=utf-8''" + quote(THAI),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


@pytest.mark.parametrize("sha256", ["0" * 64, "../../etc/passwd", "A" * 64, "", "0" * 63, "0" * 64 + "\n"])
def test_what_is_not_kept_is_404(media: Path, sha256: str) -> None:
    with pytest.raises(Http404):
        files.send(sha256, "a.pdf", "application/pdf")
