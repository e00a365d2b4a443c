"""The outbox on the desk, each person's own choice, and the worker that sends."""

import datetime as dt
import re
import signal
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from agencies.rules import letters as rules
from govlab import letters, outbox
from govlab.models import Letter, Once, Typed
from projects.management.commands import work
from tests import factories
from tests.pages import CheckedClient

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def desk(sign_in: Any, staff: User) -> CheckedClient:
    return sign_in(staff)


@pytest.fixture
def letter(reporter: User, agency: Agency) -> Letter:
    return letters.write("account_made", [reporter], agency=agency)[0]


def in_state(letter: Letter, state: str, **columns: Any) -> Letter:
    for name, value in {"state": state, **columns}.items():
        setattr(letter, name, value)
    letter.save()
    return letter


def test_staff_read_every_letter_and_see_first_which_failed(desk: CheckedClient, letter: Letter, lead: User) -> None:
    other = letters.write("account_made", [lead], agency=lead.memberships.get().agency)[0]
    assert "notice bad" not in desk.get("/desk/letters/").content.decode()
    in_state(other, "failed", error="refused 554", tries=6)
    page = desk.get("/desk/letters/").content.decode()
    assert re.findall(r'href="/desk/(\w*)/?"\s+aria-current="page"', page) == [
        "imports",
        "letters",
    ]  # the door and its tab
    assert ("มีจดหมายที่ส่งไม่สำเร็จ 1 ฉบับ" in page, page.index(other.address) < page.index(letter.address)) == (True, True)
    failed = desk.get("/desk/letters/?state=failed")
    assert [each.pk for each in failed.context["letters"]] == [other.pk]
    found = desk.get("/desk/letters/", {"q": letter.address})
    assert [each.pk for each in found.context["letters"]] == [letter.pk]
    page = desk.get(f"/desk/letters/{other.pk}/").content.decode()
    assert "เครื่องส่งอีเมลปฏิเสธจดหมายฉบับนี้ (554)" in page
    assert "ท่านปฏิบัติงานในนาม กรมตัวอย่าง" in page


def test_what_people_typed_stays_text_on_the_page(desk: CheckedClient, letter: Letter) -> None:
    in_state(letter, "sent", text="<script>alert(1)</script>\n\n<b>x</b>")
    page = desk.get(f"/desk/letters/{letter.pk}/").content.decode()
    assert ("<script>alert" in page, "&lt;script&gt;alert(1)" in page, "<b>x" in page) == (False, True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_three_letters_as_for_one(
    rows: int, desk: CheckedClient, agency: Agency, django_assert_num_queries: Any
) -> None:
    for _n in range(rows):
        letters.write("account_made", [factories.make_user()], agency=agency)
    with django_assert_num_queries(5):
        assert len(desk.get("/desk/letters/").context["letters"]) == rows


@pytest.mark.parametrize(
    ("state", "goes"), [("failed", True), ("retry", True), ("sent", True), ("queued", False), ("sending", False)]
)
def test_a_letter_is_sent_again_unless_it_is_on_its_way(
    state: str, goes: bool, desk: CheckedClient, letter: Letter
) -> None:
    in_state(letter, state, tries=6, error="silent", next_try_at=timezone.now() + dt.timedelta(hours=9))
    page = desk.get(f"/desk/letters/{letter.pk}/").content.decode()
    url = reverse("desk:letter-resend", args=[letter.pk])
    assert (url in page) is goes
    desk.post(url, {"form_key": "one"})
    desk.post(url, {"form_key": "one"})
    waiting = Letter.objects.filter(state="queued", tries=0, error="")
    assert (waiting.count(), Letter.objects.count()) == {
        "failed": (1, 1),
        "retry": (1, 1),
        "sent": (1, 2),
        "queued": (0, 1),
        "sending": (0, 1),
    }[state]
    assert outbox.send_due() == int(goes)


def test_it_goes_to_the_address_the_person_has_now(letter: Letter, reporter: User, staff: User) -> None:
    in_state(letter, "failed", tries=6)
    User.objects.filter(pk=reporter.pk).update(email="right@govlab.test")
    rules.resend(letter, by=staff)
    outbox.send_due()
    assert [sent.to for sent in mail.outbox] == [["right@govlab.test"]]


def test_only_staff_send_again_and_not_to_who_may_no_longer_sign_in(
    letter: Letter, reporter: User, lead: User, staff: User
) -> None:
    in_state(letter, "failed")
    for person in (reporter, lead):
        with pytest.raises(PermissionDenied):
            rules.resend(letter, by=person)
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        rules.resend(letter, by=staff)
    letter.refresh_from_db()
    assert letter.state == "failed"


def test_a_letter_with_a_secret_that_failed_is_known_to_staff_without_its_text(
    client: CheckedClient, staff: User, reporter: User, settings: Any
) -> None:
    settings.EMAIL_BACKEND = "tests.nowhere.Backend"
    sent = client.post("/accounts/password/reset/", {"email": reporter.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@govlab.test"})
    assert (sent.status_code, sent.url) == (unknown.status_code, unknown.url)
    [letter] = Letter.objects.all()
    assert (letter.user, letter.state, letter.error, letter.text, letter.html) == (reporter, "failed", "other", "", "")
    client.force_login(staff)
    assert "ไม่เก็บข้อความไว้" in client.get(f"/desk/letters/{letter.pk}/").content.decode()
    with pytest.raises(ValidationError):
        rules.resend(letter, by=staff)


# --- what each person chooses -----------------------------------------------------------------------------------------
def test_a_person_chooses_language_daily_letter_and_silence(sign_in: Any, reporter: User, lead: User) -> None:
    client = sign_in(reporter)
    page = client.get("/accounts/letters/")
    chosen = {"language": "en", "letters_daily": "on", "letters_quiet": "on", "version": page.context["version"]}
    assert client.post("/accounts/letters/", chosen).url == "/accounts/me/"
    reporter.refresh_from_db()
    assert (reporter.language, reporter.letters_daily, reporter.letters_quiet) == ("en", True, True)
    step = reporter.history.first()
    assert (step.history_user, step.history_change_reason, step.language) == (reporter, "edit", "en")
    assert client.post("/accounts/letters/", chosen).status_code == 409
    with pytest.raises(PermissionDenied):
        rules.choose(reporter, by=lead, letters_quiet=False)
    assert client.post("/accounts/letters/", {**chosen, "language": "fr"}).status_code == 400


def test_staff_say_who_leads_the_desk(desk: CheckedClient, other_staff: User, reporter: User) -> None:
    typed = {"name": "หัวหน้า", "is_active": "on", "leads_desk": "on", "version": 0}
    assert desk.post(f"/desk/people/{other_staff.pk}/edit/", {**typed, "is_staff": "on"}).url == "/desk/people/"
    other_staff.refresh_from_db()
    assert other_staff.leads_desk
    refused = desk.post(f"/desk/people/{reporter.pk}/edit/", typed)
    assert (refused.status_code, list(refused.context["form"].errors)) == (400, ["leads_desk"])


# --- the worker -------------------------------------------------------------------------------------------------------
def test_once_the_worker_sends_what_is_due_and_tidies_up(letter: Letter, staff: User) -> None:
    now = timezone.now()
    for days in (29, 31):
        once = Once.objects.create(user=staff, key=f"k{days}", digest="")
        Once.objects.filter(pk=once.pk).update(created_at=now - dt.timedelta(days=days))
    for days in (89, 91):
        Typed.objects.create(user=staff, path=f"/{days}/", saved_at=now - dt.timedelta(days=days))
    call_command("work", once=True, stdout=StringIO())
    assert [sent.to for sent in mail.outbox] == [[letter.address]]
    assert [once.key for once in Once.objects.all()] == ["k29"]
    assert [typed.path for typed in Typed.objects.all()] == ["/89/"]


@pytest.mark.parametrize(("error", "goes_on"), [(OperationalError("locked"), False), (ValueError("a fault"), True)])
def test_a_database_in_trouble_and_a_faulty_job_end_no_worker(error: Exception, goes_on: bool, caplog: Any) -> None:
    def job() -> None:
        raise error

    assert work.carried_out(job) is goes_on
    assert len(caplog.records) == 1


def test_the_worker_stops_within_a_second_also_while_its_database_is_in_trouble(tmp_path: Path) -> None:
    """A worker of its own, on a database that is not there: it complains, waits, and ends when told to."""
    env = {"PATH": "/usr/bin", "VAR_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "govlab.settings", "HTTPS": "0"}
    command = [sys.executable, "manage.py", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stderr=subprocess.PIPE) as worker:
        assert worker.stderr
        assert b"the database is in trouble" in worker.stderr.readline()
        began = time.monotonic()
        worker.send_signal(signal.SIGTERM)
        worker.communicate(timeout=10)
    assert (worker.returncode, time.monotonic() - began < 1) == (0, True)
