"""What became of assignments, as staff, the agencies asked and everybody else may read it."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation

from agencies.models import Agency, User
from govlab.files import Attached
from projects.ledger import course
from projects.models import Assignment, Meeting
from projects.rules import assignments, decisions, meetings, phases, publishing, series
from tests import factories

pytestmark = pytest.mark.django_db
CANARY = "นกขมิ้นลับ"
START = dt.datetime(2026, 1, 12, 3, 0, tzinfo=dt.UTC)
"""A Monday, ten o'clock in Bangkok."""


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def at(days: int) -> dt.datetime:
    return START + dt.timedelta(days)


@pytest.fixture
def partner(staff: User) -> Agency:
    return factories.make_agency(staff, "กรมร่วม")


@pytest.fixture
def helper(partner: Agency) -> User:
    return factories.make_member(partner, name="ผู้ช่วย")


@pytest.fixture
def meeting(staff: User) -> Meeting:
    """A meeting that is still to come."""
    return meetings.add(by=staff, key="m-1", kind="workshop", title_th="ประชุม", starts_on=START.date(), now=at(-5))


@pytest.fixture
def asked(staff: User, meeting: Meeting, agency: Agency, partner: Agency) -> Assignment:
    """Written before the meeting, asked of two agencies once it was held."""
    answers = {"agency": agency, "partners": [partner], "text_th": "รวบรวม", "due_on": at(30).date()}
    row = meetings.add_part(Assignment, by=staff, meeting=meeting, now=at(-3), **answers)
    meetings.edit_part(row, by=staff, version=row.version, now=at(-2), text_th="รวบรวมบทเรียน")
    phases.hold(meeting, by=staff, now=at(0))
    return fresh(row)


def fresh(row: Assignment) -> Assignment:
    return Assignment.objects.get(pk=row.pk)


def lines(row: Assignment, person: Any, **days: dt.datetime) -> list[tuple[str, str, str]]:
    """Oldest first: what happened, who did it, what they said."""
    return [(each.words, each.who, each.text) for each in reversed(course([row], person, **days)[row.pk])]


@pytest.fixture
def lived(asked: Assignment, staff: User, other_staff: User, reporter: User, helper: User) -> Assignment:
    """Contested, upheld, more time asked and given, answered by both, accepted, sent back, closed, opened again."""
    assignments.contest(asked, by=reporter, text="ไม่ใช่งานของเรา", now=at(1))
    decisions.send_back(fresh(asked), by=staff, reason="เป็นงานของกรม", now=at(2))
    assignments.ask_time(fresh(asked), by=reporter, text="ขอเวลา", wanted_on=at(60).date(), now=at(3))
    decisions.extend(fresh(asked), by=staff, due_on=at(50).date(), reason="ได้เท่านี้", now=at(4))
    assignments.answer(fresh(asked), by=helper, text=CANARY, percent=40, now=at(5))
    decisions.accept(fresh(asked), by=staff, note="ทำต่อ", now=at(6))
    assignments.answer(fresh(asked), by=reporter, text="เสร็จแล้ว", done_on=at(6).date(), now=at(7))
    decisions.accept(fresh(asked), by=other_staff, now=at(8))
    decisions.send_back(fresh(asked), by=staff, reason="ขาดภาคผนวก", now=at(9))
    decisions.close(fresh(asked), by=staff, note="ได้ครบ", now=at(10))
    decisions.reopen(fresh(asked), by=staff, now=at(11))
    return fresh(asked)


OWN = [
    ("Contested", "กรมตัวอย่าง", "ไม่ใช่งานของเรา"),
    ("The objection does not hold", "OPDC staff", "เป็นงานของกรม"),
    ("Asked for more time, until 13 Mar 2026", "กรมตัวอย่าง", "ขอเวลา"),
    ("Given more time, until 3 Mar 2026", "OPDC staff", "ได้เท่านี้"),
    ("Answer accepted; the work goes on", "OPDC staff", "ทำต่อ"),
    ("Answered: completed on 18 Jan 2026", "กรมตัวอย่าง", "เสร็จแล้ว"),
    ("Answer accepted; it is done and waits to be closed", "OPDC staff", ""),
    ("Asked again", "OPDC staff", "ขาดภาคผนวก"),
    ("Closed", "OPDC staff", "ได้ครบ"),
    ("Opened again", "OPDC staff", ""),
]
GIVEN = ("Asked of กรมตัวอย่าง, กรมร่วม", "OPDC staff", "")


def test_the_agency_reads_its_own_answers_and_what_staff_decided(lived: Assignment, reporter: User) -> None:
    assert lines(lived, reporter) == [GIVEN, *OWN]


def test_a_partner_reads_its_own_answer_and_none_of_the_others(lived: Assignment, helper: User) -> None:
    decided = [line for line in OWN if line[1] == "OPDC staff"]
    mine = ("Answered: 40 percent done", "กรมร่วม", CANARY)
    assert lines(lived, helper) == [GIVEN, *decided[:2], mine, *decided[2:]]


def test_staff_read_everything_with_names(lived: Assignment, staff: User, other_staff: User) -> None:
    told = lines(lived, staff)
    assert told[:3] == [
        ("Written down for กรมตัวอย่าง, กรมร่วม", str(staff), ""),
        ("Changed: What is asked, in Thai", str(staff), ""),
        ("Asked of กรมตัวอย่าง, กรมร่วม", str(staff), ""),
    ]
    assert [line for line in told if line[1] not in (str(staff), str(other_staff))] == [
        OWN[0],
        OWN[2],
        ("Answered: 40 percent done", "กรมร่วม", CANARY),
        OWN[5],
    ]
    assert (len(told), told[-4][1]) == (14, str(other_staff))


def test_nobody_else_reads_anything(lived: Assignment, meeting: Meeting, stranger: User, staff: User) -> None:
    meeting.refresh_from_db()
    publishing.publish(meeting, by=staff)
    assert [course([lived], person) for person in (stranger, AnonymousUser())] == [{lived.pk: []}] * 2


def test_an_agency_reads_nothing_of_a_meeting_still_to_come(
    staff: User, meeting: Meeting, agency: Agency, reporter: User
) -> None:
    row = meetings.add_part(Assignment, by=staff, meeting=meeting, agency=agency, text_th=CANARY)
    assert (course([row], reporter), len(course([row], staff)[row.pk])) == ({row.pk: []}, 1)


def test_who_is_asked_later_reads_nothing_from_before_and_who_is_no_longer_asked_nothing_at_all(
    asked: Assignment, staff: User, reporter: User, other_agency: Agency, stranger: User
) -> None:
    assignments.contest(asked, by=reporter, text=CANARY, now=at(1))
    decisions.send_back(fresh(asked), by=staff, reason=CANARY, now=at(2))
    decisions.reassign(fresh(asked), by=staff, agency=other_agency, reason="ตรงภารกิจ", now=at(3))
    assert lines(asked, stranger) == [("Reassigned to กรมอื่น", "OPDC staff", "ตรงภารกิจ")]
    assert lines(asked, reporter) == []


def test_what_is_asked_at_a_held_meeting_is_told_once(staff: User, agency: Agency, reporter: User) -> None:
    row = factories.make_assignment(staff, agency)
    given = "Asked of กรมตัวอย่าง"
    assert (lines(row, staff), lines(row, reporter)) == ([(given, str(staff), "")], [(given, "OPDC staff", "")])


def test_what_staff_changed_is_shown_before_and_after(
    asked: Assignment, staff: User, reporter: User, partner: Agency
) -> None:
    draft = factories.make_project(staff, published=False, title_th=CANARY)
    answers = {"due_on": at(40).date(), "partners": [], "projects": [draft]}
    meetings.edit_part(asked, by=staff, version=asked.version, now=at(1), **answers)
    changed = [("Due on", "11 Feb 2026", "21 Feb 2026"), ("Together with", "กรมร่วม", "")]
    assert list(course([asked], reporter)[asked.pk][0].changed) == changed
    assert list(course([asked], staff)[asked.pk][0].changed) == [*changed, ("Projects it concerns", "", str(draft))]


def test_an_edit_that_changes_nothing_that_people_read_is_not_told(asked: Assignment, staff: User) -> None:
    before = course([asked], staff)
    meetings.edit_part(asked, by=staff, version=asked.version, now=at(1), position=7)
    assert course([asked], staff) == before


def test_a_closing_names_the_meeting_to_agencies_once_it_is_published(
    staff: User, agency: Agency, reporter: User
) -> None:
    body = series.add(by=staff, key="anc", name_th="คณะ")
    first, second = (
        meetings.add(by=staff, key=f"anc-{n}", kind="committee", series=body, starts_on=at(n).date(), now=at(0))
        for n in (1, 20)
    )
    row = meetings.add_part(Assignment, by=staff, meeting=first, agency=agency, text_th="รวบรวม", now=at(0))
    for meeting in (first, second):
        phases.hold(meeting, by=staff, now=at(25))
        meeting.refresh_from_db()
    decisions.close(fresh(row), by=staff, note="จบ", meeting=second, now=at(26))
    assert (lines(row, staff)[-1][0], lines(row, reporter)[-1][0]) == (f"Closed by {second}", "Closed")
    Meeting.objects.filter(pk=second.pk).update(state="published")
    assert lines(row, reporter)[-1][0] == f"Closed by {second}"


def test_only_what_happened_between_two_moments(lived: Assignment, reporter: User) -> None:
    assert lines(lived, reporter, since=at(2), until=at(4)) == OWN[2:4]


def test_the_newest_comes_first_with_its_files(asked: Assignment, reporter: User, staff: User) -> None:
    file = Attached(name="บทเรียน.pdf", kind="pdf", size=9, sha256="a" * 64)
    given = assignments.answer(asked, by=reporter, text="ดูไฟล์", attach=[file], now=at(2))
    newest = course([asked], staff)[asked.pk][0]
    assert (newest.answer, newest.verb, newest.when) == (given, "answer", at(2))
    assert [file.name for file in newest.answer.files.all()] == ["บทเรียน.pdf"]


def test_it_is_told_in_thai(lived: Assignment, reporter: User) -> None:
    with translation.override("th"):
        assert "ขยายเวลาถึง 3 มี.ค. 2569" in [words for words, _who, _text in lines(lived, reporter)]


@pytest.mark.parametrize("rows", [1, 3])
def test_it_asks_the_same_of_the_database_for_any_number(
    staff: User, agency: Agency, reporter: User, rows: int, django_assert_num_queries: Any
) -> None:
    several = [factories.make_assignment(staff, agency) for _row in range(rows)]
    for row in several:
        assignments.answer(row, by=reporter, text="ทำแล้ว")
    with django_assert_num_queries(5):
        assert [len(found) for found in course(several, staff).values()] == [2] * rows
    with django_assert_num_queries(6):
        assert [len(found) for found in course(several, reporter).values()] == [2] * rows
