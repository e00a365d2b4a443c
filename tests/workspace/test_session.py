"""A session that ends while somebody types: nothing is lost on the way back."""

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from agencies.models import User
from projects.models import ProgressUpdate, Project
from tests.factories import PASSWORD
from tests.pages import CheckedClient, Page

SAME = {"Sec-Fetch-Site": "same-origin"}


def carried(response: Any) -> dict[str, list[str]]:
    """What the hidden fields of the page would send."""
    sent: dict[str, list[str]] = {}
    for field in Page(response.content.decode(), "").all("input"):
        if field.attrs.get("type") == "hidden":
            sent.setdefault(field.attrs["name"], []).append(field.attrs["value"])
    return sent


def sign_in_by_hand(client: CheckedClient, user: User) -> None:
    login = reverse("account_login")
    token = carried(client.get(login))["csrfmiddlewaretoken"]
    answers = {"login": user.email, "password": PASSWORD, "csrfmiddlewaretoken": token}
    assert client.post(login, answers, headers=SAME).url == reverse("workspace:home")


@pytest.mark.parametrize("start", ["", "/en"])
def test_a_session_that_ends_while_typing_loses_nothing(reporter: User, project: Project, start: str) -> None:
    client = CheckedClient(enforce_csrf_checks=True)
    sign_in_by_hand(client, reporter)
    url = start + reverse("workspace:update-add", args=[project.code])
    tokens = carried(client.get(url))
    typed = {"title": "ก & <ข>", "text": "บรรทัดแรก\r\n\r\nบรรทัดสุดท้าย ", "verb": "draft", **tokens}

    del client.cookies["session"]
    held = client.post(url, typed, headers=SAME)
    assert held.status_code == 401

    sign_in_by_hand(client, reporter)  # on another tab; the token of the form is now an old one
    again = client.post(url, carried(held), headers=SAME)
    assert again.status_code == 403
    assert not ProgressUpdate.objects.exists()

    done = client.post(url, carried(again), headers=SAME)
    update = ProgressUpdate.objects.get()
    assert (done.status_code, update.title, update.text) == (302, "ก & <ข>", "บรรทัดแรก\r\n\r\nบรรทัดสุดท้าย")
    assert client.post(url, carried(client.get(url)) | carried(again), headers=SAME).status_code in (302, 403)
    assert ProgressUpdate.objects.count() == 1


def test_another_site_gets_no_second_try(reporter: User, project: Project) -> None:
    client = CheckedClient(enforce_csrf_checks=True)
    client.force_login(reporter)
    url = reverse("workspace:update-add", args=[project.code])
    response = client.post(url, {"title": "จากที่อื่น"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, "จากที่อื่น" in response.content.decode()) == (403, False)


def test_files_are_asked_for_again(client: CheckedClient, project: Project) -> None:
    url = reverse("workspace:update-add", args=[project.code])
    paper = SimpleUploadedFile("แบบสัมภาษณ์.pdf", b"%PDF-1.4")
    response = client.post(url, {"title": "ก", "form_key": uuid.uuid4().hex, "attach": paper})
    page = Page(response.content.decode(), "")
    [box] = [field for field in page.all("input") if field.attrs.get("type") == "file"]
    assert (response.status_code, box.attrs["name"]) == (401, "attach")
    assert "แบบสัมภาษณ์.pdf" in response.content.decode()
