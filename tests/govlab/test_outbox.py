"""The outbox: at least once whatever dies, never twice at one moment, longer and longer pauses, one letter a day."""

import datetime as dt
import smtplib
import threading
from email import message_from_bytes, policy
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import transaction

from agencies.models import Agency, User
from govlab import letters, outbox
from govlab.models import Letter
from tests import factories

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def letter(reporter: User, agency: Agency) -> Letter:
    return letters.write("account_made", [reporter], now=NOW, agency=agency)[0]


class Broken:
    """A mail server that raises what it is told to, until it is mended."""

    error: Exception | None = None


class BrokenBackend(EmailBackend):
    """Django's test mail server behind `Broken`."""

    def send_messages(self, messages: Any) -> int:
        if Broken.error:
            raise Broken.error
        return super().send_messages(messages)


@pytest.fixture
def broken(settings: Any) -> Any:
    settings.EMAIL_BACKEND = "tests.govlab.test_outbox.BrokenBackend"
    Broken.error = ConnectionRefusedError("refused by mail.internal, password hunter2")
    yield Broken
    Broken.error = None


def fresh(letter: Letter) -> Letter:
    letter.refresh_from_db()
    return letter


def test_a_letter_goes_out_as_thai_text_and_html_with_a_number_of_its_own(letter: Letter, settings: Any) -> None:
    settings.PORTAL_URL = "https://govlab.example"
    assert (outbox.send_due(NOW), outbox.send_due(NOW)) == (1, 0)
    [sent] = mail.outbox
    read = message_from_bytes(sent.message().as_bytes(), policy=policy.default)
    assert (read["To"], read["Subject"].strip()) == (letter.address, letter.subject)
    assert read["Message-ID"] == f"<letter-{letter.pk}@govlab.example>"
    assert read["Auto-Submitted"] == "auto-generated"
    plain, html = read.iter_parts()
    assert [part.get_content_type() for part in (plain, html)] == ["text/plain", "text/html"]
    assert [part.get_content_charset() for part in (plain, html)] == ["utf-8", "utf-8"]
    assert (plain.get_content(), "ท่านปฏิบัติงานในนาม กรมตัวอย่าง" in html.get_content()) == (letter.text, True)
    assert (fresh(letter).state, letter.sent_at, letter.tries, letter.error) == ("sent", NOW, 1, "")


def test_a_mail_server_that_fails_is_asked_again_after_longer_and_longer_pauses(letter: Letter, broken: Any) -> None:
    at, waited = NOW, []
    while fresh(letter).state in ("queued", "retry"):
        at, tries = letter.next_try_at, letter.tries
        outbox.send_due(at - dt.timedelta(seconds=1))
        assert fresh(letter).tries == tries
        outbox.send_due(at)
        waited.append(round((fresh(letter).next_try_at - at) / MINUTE))
    assert (waited, letter.state, letter.tries) == ([1, 5, 30, 120, 720, 0], "failed", 6)
    assert (letter.error, mail.outbox) == ("silent", [])
    assert outbox.send_due(at + dt.timedelta(days=30)) == 0


def test_once_it_is_mended_the_letter_goes_out_and_the_trouble_is_forgotten(letter: Letter, broken: Any) -> None:
    outbox.send_due(NOW)
    broken.error = None
    assert outbox.send_due(NOW + MINUTE) == 1
    assert (fresh(letter).state, letter.error, letter.tries, len(mail.outbox)) == ("sent", "", 2, 1)


def test_one_letter_that_fails_holds_up_no_other(letter: Letter, lead: User, agency: Agency, broken: Any) -> None:
    outbox.send_due(NOW)
    broken.error = None
    [other] = letters.write("account_made", [lead], now=NOW, agency=agency)
    assert outbox.send_due(NOW) == 1
    assert (fresh(letter).state, fresh(other).state) == ("retry", "sent")


@pytest.mark.parametrize(
    ("error", "kept"),
    [
        (smtplib.SMTPAuthenticationError(535, b"bad password hunter2"), "sign_in 535"),
        (smtplib.SMTPRecipientsRefused({"secret@x.test": (550, b"no")}), "address"),
        (smtplib.SMTPDataError(554, b"spam hunter2"), "refused 554"),
        (smtplib.SMTPServerDisconnected("hunter2"), "silent"),
        (TimeoutError("hunter2"), "silent"),
        (ValueError("hunter2"), "other"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_why_it_failed_is_kept_without_what_the_server_said(
    error: Exception, kept: str, letter: Letter, broken: Any
) -> None:
    broken.error = error
    outbox.send_due(NOW)
    assert (fresh(letter).error, bool(outbox.trouble_in_words(letter))) == (kept, True)


# --- workers that die, and several at once ----------------------------------------------------------------------------
class Killed(BaseException):
    """What a worker feels when it is killed."""


def test_the_letter_of_a_killed_worker_is_taken_again_after_five_minutes(letter: Letter, broken: Any) -> None:
    broken.error = Killed()  # type: ignore[assignment]
    with pytest.raises(Killed):
        outbox.send_due(NOW)
    broken.error = None
    assert fresh(letter).state == "sending"
    assert outbox.send_due(NOW + 4 * MINUTE) == 0
    assert outbox.send_due(NOW + 5 * MINUTE) == 1
    assert (fresh(letter).state, len(mail.outbox)) == ("sent", 1)


def test_a_letter_that_kills_every_worker_is_given_up(letter: Letter, broken: Any) -> None:
    broken.error = Killed()  # type: ignore[assignment]
    for number in range(6):
        with pytest.raises(Killed):
            outbox.send_due(NOW + number * 5 * MINUTE)
    assert outbox.send_due(NOW + 6 * 5 * MINUTE) == 0
    assert (fresh(letter).state, letter.error) == ("failed", "worker")


def test_a_worker_that_was_slow_does_not_overrule_the_one_that_took_its_letter(
    letter: Letter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(taken: Letter) -> str:
        monkeypatch.undo()
        assert outbox.send_due(NOW + 5 * MINUTE) == 1  # the other worker, meanwhile
        return "silent"

    monkeypatch.setattr(outbox, "_hand_over", slow)
    assert outbox.send_due(NOW) == 0
    assert (fresh(letter).state, letter.error) == ("sent", "")


def test_a_letter_under_way_is_nobody_elses(letter: Letter, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def look(taken: Letter) -> str:
        seen.extend([transaction.get_connection().in_atomic_block, outbox._take(NOW), fresh(letter).state])
        return ""

    monkeypatch.setattr(outbox, "_hand_over", look)
    assert outbox.send_due(NOW) == 1
    assert seen[1:] == [None, "sending"]


def test_a_worker_that_is_told_to_stop_leaves_the_rest(reporter: User, lead: User, agency: Agency) -> None:
    letters.write("account_made", [reporter, lead], now=NOW, agency=agency)
    stop = threading.Event()
    answers = iter([False, True])
    assert outbox.send_due(NOW, stop=lambda: next(answers)) == 1
    assert sorted(Letter.objects.values_list("state", flat=True)) == ["queued", "sent"]
    assert not stop.is_set()


def test_who_may_no_longer_sign_in_gets_nothing(letter: Letter, reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(is_active=False)
    assert outbox.send_due(NOW) == 0
    assert (fresh(letter).state, letter.error, mail.outbox) == ("failed", "person", [])


# --- the daily letter ------------------------------------------------------------------------------------------------
@pytest.fixture
def parts(reporter: User, lead: User, agency: Agency) -> list[Letter]:
    """Three for the reporter's daily letters, written over two days, and one that goes to the lead at once."""
    reporter.letters_daily = True
    reporter.save()
    hours = (0, 3, 24)
    found = [
        letters.write("account_made", [reporter], now=NOW + dt.timedelta(hours=hour), agency=agency)[0]
        for hour in hours
    ]
    return [*found, letters.write("account_made", [lead], now=NOW, agency=agency)[0]]


def test_one_letter_a_day_gathers_what_was_written_until_seven(parts: list[Letter], reporter: User) -> None:
    seven = NOW.replace(day=3, hour=7)
    assert outbox.send_due(NOW) == 1  # the lead's
    assert outbox.gather_digests(seven - MINUTE) == 0
    assert [outbox.gather_digests(seven), outbox.gather_digests(seven)] == [1, 0]
    [daily] = Letter.objects.filter(kind="digest")
    assert (daily.user, daily.subject, daily.key) == (
        reporter,
        "จดหมายประจำวันจาก GovLab: 2 เรื่อง",
        f"digest:2026-03-03:{reporter.pk}",
    )
    assert [daily.text.count(words) for words in ("เรียน ผู้รายงาน", parts[0].subject, "เลือกวิธีรับจดหมาย")] == [1, 2, 1]
    assert outbox.send_due(seven) == 1
    assert [fresh(part).state for part in parts] == ["sent", "sent", "queued", "sent"]
    assert [part.within for part in parts] == [daily, daily, None, None]
    assert outbox.gather_digests(seven + dt.timedelta(hours=5)) == 0
    assert outbox.gather_digests(seven + dt.timedelta(days=1)) == 1
    assert [letter.to for letter in mail.outbox] == [[parts[3].address], [reporter.email]]


def test_a_daily_letter_that_fails_says_so_at_each_of_its_parts(parts: list[Letter], broken: Any) -> None:
    seven = NOW.replace(day=3, hour=7)
    outbox.gather_digests(seven)
    daily = Letter.objects.get(kind="digest")
    while fresh(daily).state != "failed":
        outbox.send_due(daily.next_try_at)
    assert [(fresh(part).state, part.error) for part in parts[:3]] == [
        ("failed", "silent"),
        ("failed", "silent"),
        ("queued", ""),
    ]


def test_looking_into_an_outbox_with_nothing_due_costs_one_query(
    parts: list[Letter], django_assert_num_queries: Any
) -> None:
    factories.make_user()
    Letter.objects.filter(digest=False).delete()
    with django_assert_num_queries(1):
        assert outbox.send_due(NOW) == 0
