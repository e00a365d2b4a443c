"""Letters: in the person's language, as text and HTML, in the transaction of the change, each key once."""

import datetime as dt
from typing import Any

import html5lib
import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from agencies.models import Agency, User
from agencies.rules import people
from govlab import letters
from govlab.models import Letter
from projects.models import Answer, Assignment, Meeting, ProgressUpdate, Project
from projects.rules import meetings, reviews, series
from tests import factories

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7)))
AWKWARD = 'ขอ <b>จำนวน</b> & "วันที่"\r\nบรรทัดสอง'


@pytest.fixture
def update(reporter: User, project: Project) -> ProgressUpdate:
    return factories.make_update(reporter, project, "submitted")


def test_a_letter_says_in_thai_what_was_returned_and_why(
    update: ProgressUpdate, staff: User, reporter: User, project: Project
) -> None:
    reviews.return_(update, by=staff, reason="ขอจำนวนผู้ให้สัมภาษณ์", notes={"title": "สั้นเกินไป"}, now=NOW)
    [letter] = Letter.objects.all()
    assert letter.subject == f"ส่งคืนให้แก้ไข: สัมภาษณ์ผู้ใช้บริการ 24 คน ({project.code})"
    assert letter.text == (
        "เรียน ผู้รายงาน\n\n"
        f"สำนักงาน ก.พ.ร. ส่งคืนรายงานความคืบหน้า “สัมภาษณ์ผู้ใช้บริการ 24 คน” ของโครงการ {project.code} {project.title_th}"
        " เพื่อให้แก้ไข\n\n"
        "สิ่งที่ขอให้แก้ไข:\nขอจำนวนผู้ให้สัมภาษณ์\n\n"
        "- หัวข้อ: สั้นเกินไป\n\n"
        f"แก้ไขรายงาน:\n{settings.PORTAL_URL}/workspace/updates/{update.pk}/\n\n"
        "GovLab สำนักงานคณะกรรมการพัฒนาระบบราชการ (สำนักงาน ก.พ.ร.)\n"
        f"เลือกวิธีรับจดหมาย: {settings.PORTAL_URL}/accounts/letters/\n"
    )
    assert (letter.user, letter.address, letter.language, letter.state, letter.created_at, letter.next_try_at) == (
        reporter,
        reporter.email,
        "th",
        "queued",
        NOW,
        NOW,
    )


def test_whoever_chose_english_gets_english(update: ProgressUpdate, staff: User, reporter: User) -> None:
    User.objects.filter(pk=reporter.pk).update(language="en")
    reviews.approve(update, by=staff)
    [letter] = Letter.objects.all()
    assert letter.text.startswith("Dear ผู้รายงาน,\n\nOPDC approved the report “สัมภาษณ์ผู้ใช้บริการ 24 คน”")
    assert f"{settings.PORTAL_URL}/en/workspace/updates/{update.pk}/" in letter.text
    assert '<html lang="en">' in letter.html


def test_the_html_says_the_same_with_one_link_and_nothing_typed_becomes_markup(
    update: ProgressUpdate, staff: User, lead: User
) -> None:
    reviews.return_(update, by=staff, reason=AWKWARD)
    for letter in Letter.objects.all():
        page = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(letter.html)
        assert 'ขอ <b>จำนวน</b> & "วันที่"\nบรรทัดสอง' in letter.text
        assert [link.get("href") for link in page.iter("a")] == [
            f"{settings.PORTAL_URL}/workspace/updates/{update.pk}/"
        ]
        assert [*page.iter("b"), *page.iter("style"), *page.iter("script"), *page.iter("img")] == []
        assert not any({"style", "onclick", "src"} & set(part.attrib) for part in page.iter() if part.tag != "html")
        said = "".join(page.itertext())
        lines = [line for line in letter.text.splitlines() if line and not line.startswith("http")]
        assert [line for line in lines if line.removesuffix(":") not in said] == []
    assert Letter.objects.count() == 2


def test_a_change_that_is_rolled_back_leaves_no_letter(update: ProgressUpdate, staff: User) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        reviews.return_(update, by=staff, reason="ขอจำนวน")
        assert Letter.objects.count() == 1
        raise RuntimeError
    assert (Letter.objects.count(), ProgressUpdate.objects.get().state) == (0, "submitted")


def test_no_letter_is_written_outside_a_transaction(
    reporter: User, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(transaction.TransactionManagementError):
        letters.write("account_made", [reporter], agency=agency)


WHO = [  # quiet, daily, active; what is asked, what is for information: None, at once, with the daily letter
    (False, False, True, "now", "now"),
    (True, False, True, "now", None),
    (False, True, True, "daily", "daily"),
    (True, True, True, "daily", None),
    (False, False, False, None, None),
]


@pytest.mark.parametrize(("quiet", "daily", "active", "asked", "told"), WHO)
def test_silence_and_the_daily_letter_are_by_choice(
    quiet: bool, daily: bool, active: bool, asked: str | None, told: str | None, reporter: User, agency: Agency
) -> None:
    reporter.letters_quiet, reporter.letters_daily, reporter.is_active = quiet, daily, active

    def got(is_asked: bool) -> str | None:
        written = letters.write("account_made", [reporter], asked=is_asked, now=NOW, agency=agency)
        return {True: "daily", False: "now"}[written[0].digest] if written else None

    assert (got(True), got(False)) == (asked, told)


def test_an_address_that_nobody_can_have_gets_none(agency: Agency) -> None:
    robot = User.objects.create_user("facts@govlab.invalid", is_staff=True)
    assert letters.write("account_made", [robot], asked=True, agency=agency) == []


@pytest.mark.parametrize(
    ("hour", "day"), [(0, 2), (6, 2), (7, 3), (23, 3)], ids=["midnight", "six", "seven", "eleven at night"]
)
def test_a_part_of_the_daily_letter_waits_for_the_next_seven_o_clock(
    hour: int, day: int, reporter: User, agency: Agency
) -> None:
    reporter.letters_daily = True
    [letter] = letters.write("account_made", [reporter], now=NOW.replace(hour=hour), agency=agency)
    assert letter.next_try_at == NOW.replace(day=day, hour=7)


def test_a_key_is_written_once_for_each_person(reporter: User, lead: User, agency: Agency) -> None:
    def write() -> list[str]:
        written = letters.write("account_made", [reporter, lead], key="k", agency=agency)
        return [letter.key for letter in written]

    assert write() == [f"k:{reporter.pk}", f"k:{lead.pk}"]
    assert write() == []
    assert letters.write("account_made", [reporter], agency=agency)[0].key == ""


def test_another_worker_that_writes_the_same_key_at_the_same_moment_is_no_trouble(
    reporter: User, agency: Agency, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters.write("account_made", [reporter], key="k", agency=agency)
    exists = iter([False, True])  # not there when asked before, there when the database refuses it
    rows: Any = type(Letter.objects.all())
    monkeypatch.setattr(rows, "exists", lambda self: next(exists))
    assert letters.write("account_made", [reporter], key="k", agency=agency) == []
    monkeypatch.undo()
    assert Letter.objects.count() == 1


def test_the_database_itself_refuses_a_second_letter_of_a_key(reporter: User, agency: Agency) -> None:
    [letter] = letters.write("account_made", [reporter], key="k", agency=agency)
    letter.pk = None
    letter._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        letter.save()


def test_a_letter_to_somebody_new_holds_no_secret(lead: User, agency: Agency) -> None:
    people.add_member(agency, by=lead, email="new@govlab.test", name="คนใหม่", role="reporter")
    [letter] = Letter.objects.all()
    assert letter.text.count("/accounts/password/reset/\n") == 2
    assert "/key/" not in letter.text + letter.html


def test_a_long_subject_is_cut(update: ProgressUpdate, staff: User) -> None:
    ProgressUpdate.objects.filter(pk=update.pk).update(title="กี่" * 66)
    reviews.approve(update, by=staff)
    assert len(Letter.objects.get().subject) == 200


# --- meetings and what they ask --------------------------------------------------------------------------------------
OF_ASSIGNMENTS = sorted(
    path.name.removesuffix("_subject.txt")
    for path in (settings.BASE_DIR / "templates/emails").glob("*_subject.txt")
    if path.name.startswith(("assignment_", "decision_"))
)


@pytest.fixture
def meeting(staff: User) -> Meeting:
    body = series.add(by=staff, key="body", name_th="คณะทำงานน้ำ", name_en="Water group")
    answers: dict[str, Any] = {"starts_on": dt.date(2026, 2, 25), "place_th": "ห้องประชุม 1"}
    hours = {"starts_at": dt.time(9, 30), "ends_at": dt.time(12)}
    return meetings.add(by=staff, key="water", kind="committee", series=body, now=NOW, **answers, **hours)


@pytest.mark.parametrize("kind", OF_ASSIGNMENTS)
def test_a_letter_about_an_assignment_says_which_committee_asks(
    kind: str, reporter: User, staff: User, agency: Agency, meeting: Meeting
) -> None:
    thing: Any = factories.make_assignment(staff, agency, meeting=meeting, text_th="ทำแผน", due_on=NOW.date())
    thing.waiting_since = NOW
    answer = Answer(agency=agency, wanted_on=NOW.date(), text="เหตุผล")
    said = {}
    for language in ("th", "en"):
        reporter.language = language
        [letter] = letters.write(kind, [reporter], asked=True, now=NOW, thing=thing, answer=answer, by=staff)
        said[language] = letter
    assert "คณะทำงานน้ำ ครั้งที่ 1/2569" in said["th"].subject
    assert "การประชุม “คณะทำงานน้ำ ครั้งที่ 1/2569” มอบหมาย" in said["th"].text
    assert "Water group Meeting 1/2569" in said["en"].subject
    assert ("“Water group Meeting 1/2569”" in said["en"].text, "meeting “" in said["en"].text) == (True, False)


def test_what_is_taken_back_leads_nowhere(reporter: User, staff: User, agency: Agency, meeting: Meeting) -> None:
    thing = factories.make_assignment(staff, agency, meeting=meeting, text_th="ทำแผน")
    Assignment.objects.all().delete()
    thing.pk = None
    [letter] = letters.write("assignment_withdrawn", [reporter], asked=True, now=NOW, thing=thing, by=staff)
    assert letter.subject == "ยกเลิกเรื่องที่มอบหมาย: คณะทำงานน้ำ ครั้งที่ 1/2569"
    assert ("ทำแผน" in letter.text, "/workspace/" in letter.text) == (True, False)


def test_an_invitation_names_day_and_hours_and_leads_to_the_page_once_there_is_one(
    reporter: User, staff: User, meeting: Meeting
) -> None:
    def text(kind: str) -> str:
        context = {"thing": Meeting.objects.get(), "by": staff, "agenda": []}
        return letters.write(kind, [reporter], asked=True, now=NOW, **context)[0].text

    head = "คณะทำงานน้ำ ครั้งที่ 1/2569\nวันพุธที่ 25 กุมภาพันธ์ 2569 เวลา 9.30–12.00 น.\nห้องประชุม 1\n"
    page = f"{settings.PORTAL_URL}/meetings/water/"
    kinds = ("meeting_invited", "meeting_changed", "meeting_called_off")
    assert [(head in text(kind), page in text(kind)) for kind in kinds] == [(True, False)] * 3
    Meeting.objects.update(state="published")
    assert [page in text(kind) for kind in kinds] == [True, True, False]
    Meeting.objects.update(ends_on=dt.date(2026, 2, 26))
    assert "วันพุธที่ 25 กุมภาพันธ์ 2569 – วันพฤหัสบดีที่ 26 กุมภาพันธ์ 2569 เวลา 9.30 น.\n" in text(kinds[0])
    Meeting.objects.update(ends_on=None, starts_at=None)
    assert "\nวันพุธที่ 25 กุมภาพันธ์ 2569\nห้องประชุม 1\n" in text(kinds[0])
