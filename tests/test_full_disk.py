"""A full disk is told as such (507), with the typed text, and leaves no part of anything behind."""

import errno
import hashlib
import os
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import OperationalError
from django.urls import reverse

from agencies.models import User
from govlab import files
from govlab.trouble import is_full
from projects.models import Evidence, ProgressUpdate, Project
from projects.rules import updates
from tests import factories
from tests.api.problems import problem_of
from tests.govlab.corpus import pdf
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db
TEXT = "แรงงานและนายจ้างรวมยี่สิบสี่คน"
TYPED = {"title": "สัมภาษณ์ผู้ใช้บริการ", "text": TEXT, "verb": "draft", "form_key": "k"}


class DiskFull(Exception):
    """As PostgreSQL's driver raises it."""

    pgcode = "53100"


def database_full() -> OperationalError:
    error = OperationalError('could not extend file "base/1": No space left on device')
    error.__cause__ = DiskFull()
    return error


@pytest.fixture
def page(client: CheckedClient, reporter: User) -> CheckedClient:
    """A browser that is signed in and gets the page of an error, not the error."""
    client.raise_request_exception = False
    client.force_login(reporter)
    return client


@pytest.fixture(params=[errno.ENOSPC, errno.EDQUOT], ids=["full", "over quota"])
def full_disk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> None:
        raise OSError(request.param, os.strerror(request.param))

    monkeypatch.setattr(os, "fsync", refuse)


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("แบบสัมภาษณ์.pdf", pdf())


def left_behind(settings: Any) -> list[str]:
    return [path.name for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def test_a_form_with_a_file_comes_back_with_its_text(
    page: CheckedClient, project: Project, full_disk: None, settings: Any
) -> None:
    answer = page.post(reverse("workspace:update-add", args=[project.code]), {**TYPED, "attach": [paper()]})
    assert (answer.status_code, "Retry-After" in answer) == (507, False)
    assert f'value="{TEXT}"' in answer.content.decode()
    assert "แบบสัมภาษณ์.pdf" in answer.content.decode()
    assert (left_behind(settings), ProgressUpdate.objects.count(), Evidence.objects.count()) == ([], 0, 0)


def test_the_same_form_goes_through_once_there_is_room(
    page: CheckedClient, project: Project, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = reverse("workspace:update-add", args=[project.code])
    with monkeypatch.context() as full:
        full.setattr(files, "store", lambda upload: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
        assert page.post(address, {**TYPED, "attach": [paper()]}).status_code == 507
    assert page.post(address, {**TYPED, "attach": [paper()]}).status_code == 302
    assert Evidence.objects.get().update.text == TEXT


def test_a_file_sent_ahead_is_told_to_the_script(page: CheckedClient, full_disk: None, settings: Any) -> None:
    answer = page.post("/workspace/uploads/", {"file": paper()}, headers={"Accept": "application/json"})
    assert (answer.status_code, list(answer.json()), left_behind(settings)) == (507, ["non_field_errors"], [])


def test_a_program_is_told_too(call: Any, reporter: User, project: Project, full_disk: None, settings: Any) -> None:
    update = factories.make_update(reporter, project)
    answer = call(reporter).post(f"/api/v1/updates/{update.pk}/evidence/", {"file": paper()}, format="multipart")
    assert problem_of(answer)["status"] == 507
    assert (left_behind(settings), Evidence.objects.count()) == ([], 0)


def naively_stored(upload: UploadedFile) -> files.Stored:
    """The naive twin: straight to its address."""
    content = upload.read()
    place = files.address(hashlib.sha256(content).hexdigest())
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.open("wb") as file:
        file.write(content[:-9])
        file.flush()
        os.fsync(file.fileno())
    return files.Stored(place.parent.name + place.name, len(content))


def test_stored_naively_half_a_file_would_lie_under_the_whole_ones_name(
    page: CheckedClient, project: Project, full_disk: None, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "store", naively_stored)
    page.post(reverse("workspace:update-add", args=[project.code]), {**TYPED, "attach": [paper()]})
    assert len(left_behind(settings)) == 1


# --- the database's own disk ------------------------------------------------------------------------------------------
def test_what_postgresql_says_of_a_full_disk_is_understood(
    page: CheckedClient, call: Any, reporter: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise database_full()

    monkeypatch.setattr(updates, "add", refuse)
    assert page.post(reverse("workspace:update-add", args=[project.code]), TYPED).status_code == 507
    api = call(reporter)
    api.raise_request_exception = False
    answer = api.post("/api/v1/updates/", {"project": project.code})
    assert problem_of(answer)["status"] == 507


def test_a_page_that_only_reads_says_so_without_a_form(page: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("projects.public.home.render", refuse)
    assert [page.get(address).status_code for address in ("/", "/en/")] == [507, 507]


@pytest.mark.parametrize(
    ("error", "full"),
    [
        (OSError(errno.ENOSPC, ""), True),
        (OSError(errno.EDQUOT, ""), True),
        (OSError(errno.EIO, ""), False),
        (OperationalError("database or disk is full"), True),
        (OperationalError("database is locked"), False),
        (database_full(), True),
        (ValueError("disk is full"), False),
        (None, False),
    ],
)
def test_only_a_full_disk_is_called_full(error: Exception | None, full: bool) -> None:
    assert is_full(error) is full
