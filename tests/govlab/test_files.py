"""What may be attached and what not, kept once and whole, handed out so that no browser runs it."""

import errno
import hashlib
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import quote

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile, UploadedFile
from django.http import Http404

from govlab import files
from tests.govlab.corpus import GOOD, HOSTILE, JPG, THAI, pdf


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
