"""Trouble is honest: the database away, a body too large, a record gone; what was typed comes back."""

from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from agencies.models import Membership, User
from govlab import settings as real
from govlab.files import Attached
from projects.models import Evidence, ProgressUpdate, Project
from projects.rules import updates
from tests import factories
from tests.api.problems import problem_of
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db
TYPED = {"title": "สัมภาษณ์ผู้ใช้บริการ", "text": "แรงงานและนายจ้างรวมยี่สิบสี่คน", "verb": "draft"}


@pytest.fixture
def quiet(client: CheckedClient) -> CheckedClient:
    """A browser: it gets the page of an error, not the error."""
    client.raise_request_exception = False
    return client


@pytest.fixture
def locked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(updates, "add", refuse)


def test_a_locked_database_gives_the_typed_text_back(
    quiet: CheckedClient, reporter: User, project: Project, locked: None
) -> None:
    quiet.force_login(reporter)
    answer = quiet.post(reverse("workspace:update-add", args=[project.code]), TYPED)
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert 'value="แรงงานและนายจ้างรวมยี่สิบสี่คน"' in answer.content.decode()


def test_a_locked_database_is_a_503_over_the_api(call: Any, reporter: User, project: Project, locked: None) -> None:
    api = call(reporter)
    api.raise_request_exception = False
    answer = api.post("/api/v1/updates/", {"project": project.code})
    assert problem_of(answer)["status"] == 503


def test_reading_while_the_database_is_away(quiet: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("no connection")

    monkeypatch.setattr("projects.public.home.render", refuse)
    answer = quiet.get("/")
    assert answer.status_code == 503
    assert quiet.get("/en/").status_code == 503


def test_what_is_our_fault_stays_a_500(quiet: CheckedClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("projects.public.home.render", break_down)
    assert quiet.get("/").status_code == 500


def test_a_body_larger_than_any_form_is_refused_unread(client: CheckedClient, settings: Any) -> None:
    settings.MAX_BODY = 1000
    url = reverse("account_login")
    answer = client.generic("POST", url, b"x" * 1001, content_type="multipart/form-data; boundary=x")
    assert answer.status_code == 413


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin"}])
def test_a_password_is_never_shown_again(headers: dict[str, str], reporter: User) -> None:
    client = Client(enforce_csrf_checks=True, headers=headers)
    for name in ("account_login", "account_change_password"):
        answer = client.post(reverse(name), {"login": "a@govlab.test", "password": "ลับมากๆ", "oldpassword": "ลับมากๆ"})
        assert "ลับมากๆ" not in answer.content.decode()


def test_a_password_is_not_held_for_one_who_was_signed_out(client: CheckedClient) -> None:
    answer = client.post(reverse("account_change_password"), {"oldpassword": "ลับมากๆ", "password1": "ลับมากๆ"})
    assert (answer.status_code, answer.content) == (302, b"")


def test_a_record_that_goes_while_it_is_saved_gives_the_text_back(
    client: CheckedClient, reporter: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = factories.make_update(reporter, project)
    edit = updates.edit

    def too_late(thing: ProgressUpdate, **answers: Any) -> ProgressUpdate:
        ProgressUpdate.objects.filter(pk=thing.pk).delete()
        return edit(thing, **answers)

    monkeypatch.setattr(updates, "edit", too_late)
    client.force_login(reporter)
    answer = client.post(reverse("workspace:update-edit", args=[update.pk]), {**TYPED, "version": update.version})
    assert answer.status_code == 404
    assert "แรงงานและนายจ้างรวมยี่สิบสี่คน</textarea>" in answer.content.decode()


def test_a_record_that_goes_while_it_is_changed_is_a_404_over_the_api(
    call: Any, reporter: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    update = factories.make_update(reporter, project)
    submit = updates.submit

    def too_late(thing: ProgressUpdate, **answers: Any) -> ProgressUpdate:
        ProgressUpdate.objects.filter(pk=thing.pk).delete()
        return submit(thing, **answers)

    monkeypatch.setattr(updates, "submit", too_late)
    assert call(reporter).post(f"/api/v1/updates/{update.pk}/submit/").status_code == 404


def test_the_same_form_with_another_file_of_the_same_size_is_another_form(
    client: CheckedClient, reporter: User, project: Project
) -> None:
    client.force_login(reporter)
    url = reverse("workspace:update-add", args=[project.code])
    for end in (b"a", b"b"):
        file = SimpleUploadedFile("ผล.pdf", b"%PDF-1.4\n1 0 obj\n(" + end + b")\nendobj\n%%EOF\n")
        answer = client.post(url, {**TYPED, "form_key": "one", "attach": [file]})
    assert answer.status_code == 409
    assert Evidence.objects.count() == 1


def test_a_draft_that_a_colleague_wrote_on_is_not_thrown_away_unread(
    client: CheckedClient, reporter: User, lead: User, project: Project
) -> None:
    update = factories.make_update(reporter, project)
    seen = update.version
    updates.edit(update, by=lead, version=seen, text="ข้อความใหม่ของหัวหน้าทีม")
    client.force_login(reporter)
    client.post(reverse("workspace:update-discard", args=[update.pk]), {"version": seen})
    assert ProgressUpdate.objects.get().text == "ข้อความใหม่ของหัวหน้าทีม"


def test_a_repeated_request_shows_nothing_to_one_who_lost_the_role(call: Any, reporter: User, project: Project) -> None:
    api = call(reporter)
    sent = {"project": project.code, "title": "ก", "obstacles": "ลับ"}
    assert api.post("/api/v1/updates/", sent, headers={"Idempotency-Key": "k"}).status_code == 201
    assert api.post("/api/v1/updates/", sent, headers={"Idempotency-Key": "k"}).status_code == 201
    Membership.objects.filter(user=reporter).delete()
    assert api.post("/api/v1/updates/", sent, headers={"Idempotency-Key": "k"}).status_code == 404


def test_a_number_tells_nobody_how_many_came_before(reporter: User, project: Project) -> None:
    numbers = [factories.make_update(reporter, project).pk for _ in range(4)]
    gaps = {abs(b - a) for a, b in pairwise(numbers)}
    assert min(gaps) > 1000


def test_the_reset_letter_leads_to_the_portal_whatever_host_was_asked(
    client: CheckedClient, reporter: User, settings: Any, mailoutbox: Any
) -> None:
    settings.PORTAL_URL = "https://govlab.example"
    settings.ALLOWED_HOSTS = ["*"]
    client.post(reverse("account_reset_password"), {"email": reporter.email}, headers={"Host": "evil.example:6666"})
    assert len(mailoutbox) == 1
    assert "https://govlab.example/accounts/password/reset/key/" in mailoutbox[0].body
    assert "evil" not in mailoutbox[0].body


def test_staff_do_not_read_what_an_agency_took_out_before_it_sent(
    client: CheckedClient, reporter: User, staff: User, project: Project
) -> None:
    secret = Attached("ลับเฉพาะร่าง.pdf", "pdf", 3, "a" * 64)
    update = updates.add(by=reporter, project=project, **factories.FULL, attach=[secret])
    update = updates.edit(update, by=reporter, version=update.version, detach=list(update.evidence.all()))
    updates.submit(update, by=reporter)
    client.force_login(staff)
    assert "ลับเฉพาะร่าง" not in client.get(reverse("desk:history") + "?kind=evidence").content.decode()


def test_the_cache_holds_more_than_an_attacker_fills_it_with() -> None:
    assert real.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 1_000_000
