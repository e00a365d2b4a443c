"""What a camera writes into a picture is taken out; the picture itself stays as it is."""

import io
import struct

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms
from PIL.PngImagePlugin import PngInfo

from govlab import files
from tests.govlab.corpus import GOOD, JPG, chunk, picture

SECRET = b"SECRET-13.7563N-100.5018E"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>%s</x:xmpmeta>" % SECRET
IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x19" + SECRET


def told(orientation: int = 6) -> bytes:
    """Exif as a phone writes it: where, when, with what, and which way up."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0132], exif[0x9286] = orientation, SECRET.decode(), "2019:06:30 10:00:00", SECRET
    exif.get_ifd(0x8825).update({1: "N", 2: (13.0, 45.0, 22.68), 3: "E", 4: (100.0, 30.0, 6.48)})
    return exif.tobytes()


def part(marker: int, body: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(body) + 2) + body


def phone(orientation: int = 6) -> bytes:
    """A photograph with everything that can be written into one, and a second one behind it."""
    plain = picture("JPEG", exif=told(orientation), icc_profile=PROFILE, progressive=True)
    return plain[:2] + part(0xE1, XMP) + part(0xED, IPTC) + part(0xEB, SECRET) + part(0xFE, SECRET) + plain[2:] + JPG


def screenshot() -> bytes:
    about = PngInfo()
    about.add_text("Comment", SECRET.decode())
    about.add_text("Author", SECRET.decode(), zip=True)
    about.add_itxt("XML:com.adobe.xmp", SECRET.decode())
    plain = picture("PNG", pnginfo=about, exif=told(), icc_profile=PROFILE, dpi=(144, 144))
    return plain[:33] + chunk(b"tIME", b"\x07\xe3\6\x1e\x0a\0\0") + chunk(b"prVt", SECRET) + plain[33:]


PICTURES = {
    "a.jpg": phone(),
    "b.png": screenshot(),
    "c.webp": picture("WEBP", exif=told(), xmp=XMP, icc_profile=PROFILE, lossless=True),
}


def taken(name: str, content: bytes) -> tuple[files.Attached, bytes]:
    file = files.take(SimpleUploadedFile(name, content))
    return file, files.address(file.sha256).read_bytes()


def opened(content: bytes) -> Image.Image:
    found = Image.open(io.BytesIO(content))
    found.load()
    return found


@pytest.mark.parametrize(("name", "content"), PICTURES.items(), ids=PICTURES)
def test_place_time_and_person_are_gone_and_every_pixel_is_there(name: str, content: bytes) -> None:
    file, kept = taken(name, content)
    before, after = opened(content), opened(kept)
    assert before.getexif().get_ifd(0x8825)[4] == (100.0, 30.0, 6.48)  # the twin: what came in did tell
    assert dict(after.getexif()) == ({0x0112: 6} if name == "a.jpg" else {})
    assert (after.tobytes(), after.size, after.mode) == (before.tobytes(), before.size, before.mode)
    assert after.info["icc_profile"] == PROFILE
    assert set(after.info) <= {"icc_profile", "exif", "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi",
                               "progressive", "progression", "loop", "background", "timestamp", "duration"}  # fmt: skip
    assert SECRET in content
    assert SECRET not in kept
    assert (file.size, len(kept) < len(content)) == (len(kept), True)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photograph_stays_upright(orientation: int) -> None:
    _file, kept = taken("a.jpg", phone(orientation))
    assert opened(kept).getexif().get(0x0112, 1) == orientation


@pytest.mark.parametrize("said", [0, 9, 65_535])
def test_an_orientation_that_no_picture_has_is_left_out(said: int) -> None:
    assert dict(opened(taken("a.jpg", phone(said))[1]).getexif()) == {}


def test_exif_in_the_other_byte_order_is_read_too() -> None:
    exif = b"Exif\0\0MM\0*\0\0\0\x08\0\1" + struct.pack(">HHIHHI", 0x0112, 3, 1, 8, 0, 0)
    assert dict(opened(taken("a.jpg", JPG[:2] + part(0xE1, exif) + JPG[2:])[1]).getexif()) == {0x0112: 8}


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")  # says Pillow, and goes on
@pytest.mark.parametrize("exif", [b"", b"II", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\xff\xff", b"XX*\0\0\0\0\x08"])
def test_broken_exif_is_left_out(exif: bytes) -> None:
    assert taken("a.jpg", JPG[:2] + part(0xE1, b"Exif\0\0" + exif) + JPG[2:])[1] == taken("a.jpg", JPG)[1]


def test_what_is_clean_is_taken_in_again_as_it_is() -> None:
    for name, content in PICTURES.items():
        first, kept = taken(name, content)
        assert taken(name, kept) == (first, kept)


def test_moving_pictures_still_move_and_documents_are_kept_byte_for_byte() -> None:
    for what, name, content in GOOD:
        _file, kept = taken(name, content)
        if what.startswith("a moving"):
            assert opened(kept).n_frames == 2
        elif not name.lower().endswith(("jpg", "jpeg", "png", "webp")):
            assert kept == content


def test_a_damaged_byte_ends_in_a_picture_or_a_refusal() -> None:
    for name, content in PICTURES.items():
        for at in range(0, min(len(content), 3000), 29):
            bad = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
            try:
                taken(name, bad)
            except ValidationError as refusal:
                assert refusal.code in files.REFUSALS
