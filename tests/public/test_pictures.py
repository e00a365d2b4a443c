"""Thumbnails of released pictures: two sizes, to everybody, and nothing of what is not released."""

import io
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agencies.models import User
from govlab import files, thumbnails
from projects.models import Evidence, Project
from projects.rules import publishing, reviews, updates
from tests import factories

pytestmark = pytest.mark.django_db


def drawn(form: str, size: tuple[int, int] = (1600, 1000), mode: str = "RGB") -> bytes:
    kept = io.BytesIO()
    Image.new(mode, size, "navy").save(kept, form)
    return kept.getvalue()


def attached(reporter: User, project: Project, name: str, content: bytes, *, release: bool = True) -> Any:
    update = updates.add(by=reporter, project=project, **factories.FULL)
    taken = files.take(SimpleUploadedFile(name, content))
    return updates.edit(update, by=reporter, version=update.version, attach=[taken], release=release)


@pytest.fixture
def picture(reporter: User, staff: User, project: Project) -> Evidence:
    """A released one of an approved update."""
    update = attached(reporter, project, "ทดสอบต้นแบบ.jpg", drawn("JPEG"))
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    return Evidence.objects.get()


def address(file: Evidence | uuid.UUID, width: int = 480) -> str:
    return f"/pictures/{getattr(file, 'pk', file)}-{width}.webp"


def test_a_released_picture_comes_in_two_sizes_drawn_anew(client, picture, django_assert_num_queries):
    sizes = {}
    for width in (480, 1200):
        with django_assert_num_queries(1):
            answer = client.get(address(picture, width))
        sizes[width] = Image.open(io.BytesIO(answer.content)).size
        assert (answer.status_code, answer["Content-Type"], answer["X-Content-Type-Options"]) == (
            *(200, "image/webp"),
            "nosniff",
        )
        assert answer["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert "Cookie" not in answer.headers.get("Vary", "")
    assert sizes == {480: (480, 360), 1200: (1200, 750)}


@pytest.mark.parametrize("width", [0, 1, 479, 481, 4096, 10**30])
def test_another_size_is_not_found(client, picture, width):
    assert client.get(address(picture, width)).status_code == 404


@pytest.mark.parametrize(
    ("name", "form", "mode"),
    [("a.png", "PNG", "RGBA"), ("a.png", "PNG", "P"), ("a.webp", "WEBP", "RGB"), ("a.jpeg", "JPEG", "L")],
)
def test_every_kind_of_picture_is_drawn(client, reporter, staff, project, name, form, mode):
    update = attached(reporter, project, name, drawn(form, (30, 900), mode))
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    file = Evidence.objects.get()
    assert [client.get(address(file, width)).status_code for width in (480, 1200)] == [200, 200]


@pytest.mark.parametrize(
    "case", ["draft", "submitted", "returned", "kept back", "hidden project", "no picture", "gone"]
)
def test_what_is_not_public_is_not_found_even_when_it_was_drawn_before(client, sign_in, reporter, staff, project, case):
    name, content = ("a.jpg", drawn("JPEG"))
    if case == "no picture":
        name, content = "a.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"
    update = attached(reporter, project, name, content, release=case != "kept back")
    file = Evidence.objects.get()
    if case != "no picture":
        thumbnails.thumbnail(file.sha256, 480)
    if case != "draft":
        update = updates.submit(update, by=reporter)
    if case == "returned":
        reviews.return_(update, by=staff, reason="ขอแก้")
    elif case not in ("draft", "submitted"):
        reviews.approve(update, by=staff)
    if case == "hidden project":
        publishing.hide(Project.objects.get(pk=project.pk), by=staff)
    if case == "gone":
        files.forget(file.sha256)
    missing = client.get(address(uuid.uuid4()))
    for person in (None, reporter, staff):  # who has a right to it has it as a download
        if person:
            sign_in(person)
        answer = client.get(address(file))
        assert answer.status_code == 404
        assert answer.text.replace(str(file.pk), "") == missing.text.replace(missing.wsgi_request.path[10:46], "")


def test_a_damaged_picture_is_not_found(client, picture):
    for content in (b"", b"no picture", drawn("JPEG")[:200], drawn("GIF")):
        files.address(picture.sha256).write_bytes(content)
        assert client.get(address(picture)).status_code == 404


def test_a_picture_of_too_many_pixels_is_not_drawn(client, picture, monkeypatch):
    monkeypatch.setattr(thumbnails, "MAX_PIXELS", 1600 * 1000 - 1)
    assert client.get(address(picture)).status_code == 404


def test_it_is_drawn_once_and_goes_with_its_file(client, picture, monkeypatch):
    first = client.get(address(picture)).content
    monkeypatch.setattr(thumbnails, "_drawn", lambda *_given: pytest.fail("drawn again"))
    assert client.get(address(picture)).content == first
    files.forget(picture.sha256)
    assert not files.thumbnails_of(picture.sha256).exists()


def test_a_full_disk_does_not_keep_it_from_being_seen(client, picture, monkeypatch):
    def full(*_given: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(thumbnails, "_keep", full)
    assert client.get(address(picture)).status_code == 200


def test_the_project_page_shows_pictures_with_their_size_and_words(client, picture, project):
    page = client.get(f"/en/projects/{project.code}/").text
    [img] = [part.split(">")[0] for part in page.split("<img")[1:]]
    told = " ".join(img.split())
    assert told == (
        f'src="/en{address(picture)}" width="480" height="360" loading="lazy" decoding="async" '
        f'alt="ทดสอบต้นแบบ: {factories.FULL["title"]}"'
    )
    assert f'href="/en{address(picture, 1200)}"' in page


def test_a_picture_that_is_not_released_is_not_on_the_page(client, reporter, staff, project):
    update = attached(reporter, project, "ภายใน.jpg", drawn("JPEG"), release=False)
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    page = client.get(f"/projects/{project.code}/").text
    assert ("<img" in page, "ภายใน" in page) == (False, False)


def test_a_scan_in_deep_greys_is_drawn_in_greys(client, reporter, staff, project):
    """Pillow alone would make it white: of 65,536 greys it keeps those below 256."""
    kept = io.BytesIO()
    Image.new("I;16", (600, 500), 30_000).save(kept, "PNG")
    update = attached(reporter, project, "สแกน.png", kept.getvalue())
    reviews.approve(updates.submit(update, by=reporter), by=staff)
    got = Image.open(io.BytesIO(client.get(address(Evidence.objects.get())).content)).convert("L").getpixel((5, 5))
    assert abs(got - 30_000 // 256) <= 2
