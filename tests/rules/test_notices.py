"""Who gets which letter for which step, and what the clock writes on which day: everything else gets none."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from django.utils import timezone

from agencies.models import Agency, Membership, User
from agencies.rules import agencies
from govlab import outbox
from govlab.models import Letter
from projects.models import Assignment, DueReport, Meeting, ProgressUpdate, Project
from projects.rules import (
    assignments,
    comments,
    decisions,
    meetings,
    phases,
    projects,
    publishing,
    reminders,
    reviews,
    rounds,
    updates,
)
from tests import factories

pytestmark = pytest.mark.django_db

BANGKOK = dt.timezone(dt.timedelta(hours=7))
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=BANGKOK)
SECRET = "หัวข้อที่ยังไม่ส่ง"


@pytest.fixture(autouse=True)
def cast(reporter: User, lead: User, stranger: User, staff: User, other_staff: User) -> dict[int, str]:
    """Everybody who might get a letter, by number."""
    people = {"reporter": reporter, "lead": lead, "stranger": stranger, "staff": staff, "other_staff": other_staff}
    return {person.pk: name for name, person in people.items()}


@pytest.fixture
def told(cast: dict[int, str]) -> Any:
    """`told()`: the letters written since the last time, as (kind, to whom)."""
    seen: set[int] = set()

    def since() -> list[tuple[str, str]]:
        new = [letter for letter in Letter.objects.order_by("pk") if letter.pk not in seen]
        seen.update(letter.pk for letter in new)
        return sorted((letter.kind, cast.get(letter.user_id or 0, "somebody")) for letter in new)

    return since


def both(kind: str) -> list[tuple[str, str]]:
    return [(kind, "lead"), (kind, "reporter")]


# --- steps of an update -----------------------------------------------------------------------------------------------
def test_what_staff_do_with_a_report_is_told_to_who_wrote_it_and_to_the_lead(
    reporter: User, staff: User, project: Project, told: Any
) -> None:
    update = factories.make_update(reporter, project, "submitted")
    assert told() == []
    update = reviews.return_(update, by=staff, reason="ขอจำนวน")
    assert told() == both("update_returned")
    update = updates.submit(update, by=reporter)
    update = updates.withdraw(update, by=reporter)
    update = updates.submit(update, by=reporter)
    update = reviews.open_(update, by=staff)
    assert told() == []
    update = reviews.approve(update, by=staff)
    assert told() == both("update_approved")
    reviews.take_back(update, by=staff, reason="ตัวเลขผิด")
    assert told() == both("update_taken_back")
    assert "ตัวเลขผิด" in Letter.objects.first().text


def test_a_lead_reads_first_and_nothing_of_it_stands_where_staff_read(
    agency: Agency, reporter: User, lead: User, project: Project, told: Any
) -> None:
    Agency.objects.filter(pk=agency.pk).update(lead_passes_on=True)
    update = updates.add(by=reporter, project=project, **{**factories.FULL, "title": SECRET, "text": SECRET})
    update = updates.submit(update, by=reporter)
    assert told() == [("update_with_lead", "lead")]
    comments.add(update, by=lead, text=f"ความเห็น {SECRET}")
    assert told() == [("comment_inside", "reporter")]
    update = updates.hand_back(update, by=lead, reason=f"เหตุผล {SECRET}")
    assert told() == [("update_handed_back", "reporter")]
    for letter in Letter.objects.all():
        assert (SECRET in letter.subject + letter.text + letter.html, str(update.pk) in letter.text) == (False, True)
    updates.pass_on(updates.submit(update, by=reporter), by=lead)
    assert told() == [("update_with_lead", "lead")]


def test_who_takes_the_step_and_who_left_the_agency_get_no_letter(
    reporter: User, lead: User, staff: User, project: Project, told: Any
) -> None:
    update = factories.make_update(lead, project, "submitted")
    Membership.objects.filter(user=reporter).delete()
    reviews.return_(update, by=staff, reason="ขอจำนวน")
    assert told() == [("update_returned", "lead")]
    Membership.objects.filter(user=lead).delete()
    reviews.approve(factories.make_update(stand_in(update), project, "submitted"), by=staff)
    assert told() == [("update_approved", "somebody")]


def stand_in(update: ProgressUpdate) -> User:
    """A new reporter of the update's agency."""
    return factories.make_member(update.agency)


def test_a_comment_is_told_to_the_other_side(
    reporter: User, lead: User, staff: User, other_staff: User, project: Project, told: Any
) -> None:
    update = factories.make_update(reporter, project, "submitted")
    comments.add(update, by=reporter, text="ขอให้ตรวจก่อนวันศุกร์")
    assert told() == [("comment_from_agency", "other_staff"), ("comment_from_agency", "staff")]
    assert "ขอให้ตรวจก่อนวันศุกร์" in Letter.objects.first().text
    User.objects.filter(pk=other_staff.pk).update(leads_desk=True)
    comments.add(update, by=lead, text="ด่วน")
    assert told() == [("comment_from_agency", "other_staff")]
    reviews.open_(update, by=staff)
    comments.add(update, by=lead, text="ขอบคุณ")
    assert told() == [("comment_from_agency", "staff")]
    comments.add(update, by=other_staff, text="ระหว่างเรา", inside=True)
    assert told() == []
    comments.add(update, by=other_staff, text="รับทราบ")
    assert told() == both("comment_from_desk")
    assert str(other_staff) not in "".join(
        Letter.objects.filter(kind="comment_from_desk").values_list("text", flat=True)
    )


def test_who_wants_only_what_is_asked_is_not_told_of_an_approval(
    reporter: User, lead: User, staff: User, project: Project, told: Any
) -> None:
    User.objects.filter(pk=reporter.pk).update(letters_quiet=True)
    update = factories.make_update(reporter, project, "submitted")
    reviews.approve(update, by=staff)
    assert told() == [("update_approved", "lead")]
    reviews.take_back(ProgressUpdate.objects.get(), by=staff, reason="ตัวเลขผิด")
    assert told() == both("update_taken_back")


# --- assignments and due reports --------------------------------------------------------------------------------------
def test_what_a_meeting_asks_is_told_once_and_again_when_it_is_asked_differently(
    staff: User, agency: Agency, other_agency: Agency, told: Any
) -> None:
    task = factories.make_assignment(staff, agency, text_th="รวบรวมบทเรียน", due_on=dt.date(2026, 3, 31))
    assert told() == both("assignment_made")
    assert "รวบรวมบทเรียน\n\nครบกำหนดวันที่ 31 มีนาคม 2569" in Letter.objects.first().text
    task = meetings.edit_part(task, by=staff, version=task.version, position=7)
    assert told() == []
    task = meetings.edit_part(task, by=staff, version=task.version, due_on=dt.date(2026, 4, 30))
    assert told() == both("assignment_changed")
    task = meetings.edit_part(
        task, by=staff, version=task.version, due_on=dt.date(2026, 5, 31), partners=[other_agency]
    )
    assert told() == [
        ("assignment_changed", "lead"),
        ("assignment_changed", "reporter"),
        ("assignment_made", "stranger"),
    ]


def test_a_meeting_asks_nothing_until_it_is_held(staff: User, agency: Agency, told: Any) -> None:
    day = timezone.localdate(NOW)
    meeting = meetings.add(by=staff, now=NOW, key="m", kind="workshop", title_th="ประชุม", starts_on=day)
    factories.make_assignment(staff, agency, meeting=meeting)
    publishing.publish(publishing.hide(publishing.publish(meeting, by=staff), by=staff), by=staff)
    assert told() == []
    phases.hold(Meeting.objects.get(), by=staff, now=NOW)
    assert told() == both("assignment_made")


def test_closing_and_reopening_an_assignment_is_told_but_an_answer_is_not(
    staff: User, reporter: User, agency: Agency, told: Any
) -> None:
    task = factories.make_assignment(staff, agency)
    told()
    assignments.answer(task, by=reporter, text="ทำแล้ว")
    assert told() == []
    task = decisions.close(Assignment.objects.get(), by=staff, note="ครบถ้วน")
    assert told() == both("assignment_closed")
    assert "ผลการดำเนินการ:\nครบถ้วน" in Letter.objects.first().text
    decisions.reopen(task, by=staff)
    assert told() == both("assignment_reopened")


@pytest.fixture
def due(staff: User, project: Project) -> DueReport:
    """A report that is due on 12 March 2569."""
    factories.make_round(staff, due_in=10, now=NOW)
    return DueReport.objects.get()


def test_a_waived_report_is_told_and_so_is_that_it_is_asked_for_again(due: DueReport, staff: User, told: Any) -> None:
    assert due.due_on == dt.date(2026, 3, 12)
    rounds.waive(due, by=staff, reason="หยุดโครงการชั่วคราว")
    assert told() == both("report_waived")
    assert "หยุดโครงการชั่วคราว" in Letter.objects.first().text
    rounds.unwaive(DueReport.objects.get(), by=staff)
    assert told() == both("report_asked_again")


# --- the clock --------------------------------------------------------------------------------------------------------
def days(first: dt.datetime, count: int, told: Any, every: int = 1) -> dict[str, list[tuple[str, str]]]:
    """What is written on each day, asked at midnight and by two workers at nine; days without a letter left out."""
    found = {}
    for number in range(0, count, every):
        for hour in (-9, 0, 0):
            reminders.remind(first + dt.timedelta(days=number, hours=hour))
        if letters := told():
            found[f"{first + dt.timedelta(days=number):%m-%d}"] = letters
    return found


def test_a_due_report_is_reminded_of_before_and_after_with_longer_and_longer_pauses(due: DueReport, told: Any) -> None:
    assert days(NOW, 60, told) == {
        "03-05": both("report_due_soon"),
        "03-13": both("report_overdue"),
        "03-19": both("report_overdue"),
        "04-18": both("report_overdue"),
    }
    first = Letter.objects.filter(kind="report_due_soon").first()
    assert "จะครบกำหนดวันที่ 12 มีนาคม 2569" in first.text
    assert first.subject == f"รายงานครบกำหนดวันที่ 12 มีนาคม 2569: {due.project.code}"


def test_an_assignment_is_reminded_of_in_the_same_way(staff: User, agency: Agency, told: Any) -> None:
    factories.make_assignment(staff, agency, due_on=dt.date(2026, 3, 12))
    factories.make_assignment(staff, agency)
    told()
    assert days(NOW, 60, told) == {
        "03-05": both("assignment_due_soon"),
        "03-13": both("assignment_overdue"),
        "03-19": both("assignment_overdue"),
        "04-18": both("assignment_overdue"),
    }


def test_a_worker_that_stood_still_never_writes_two_within_five_days(due: DueReport, told: Any) -> None:
    late = dt.datetime(2026, 3, 17, 9, 0, tzinfo=BANGKOK)  # five days after it was due; the seventh comes soon
    assert days(late, 40, told) == {
        "03-17": both("report_overdue"),
        "03-22": both("report_overdue"),
        "04-18": both("report_overdue"),
    }


@pytest.mark.parametrize(
    ("runs", "kinds"),
    [
        ((8, 12, 14, 18, 23), ["report_due_soon", "report_overdue", "report_overdue"]),
        (range(12), ["report_due_soon", "report_overdue"]),
        ((16, 17, 18, 20, 21, 22), ["report_overdue", "report_overdue"]),
    ],
    ids=["begun late", "each day", "begun when it was late"],
)
def test_two_about_one_report_are_never_closer_than_five_days_on_whatever_days_the_worker_runs(
    runs: Any, kinds: list[str], due: DueReport, lead: User
) -> None:
    for number in runs:
        reminders.remind(NOW + dt.timedelta(days=number))
    sent = list(Letter.objects.filter(user=lead).order_by("created_at"))
    assert [letter.kind for letter in sent] == kinds
    assert all(after.created_at - before.created_at >= reminders.TOO_CLOSE for before, after in pairwise(sent))


def test_another_due_date_brings_no_second_letter_within_five_days(due: DueReport, staff: User, told: Any) -> None:
    assert days(NOW + dt.timedelta(days=11), 1, told) == {"03-13": both("report_overdue")}
    rounds.edit(due.round, by=staff, due_on=dt.date(2026, 3, 20))
    assert days(NOW + dt.timedelta(days=11), 8, told) == {"03-18": both("report_due_soon")}


def test_a_report_that_was_just_asked_for_otherwise_is_not_reminded_of_for_five_days(
    due: DueReport, staff: User, reporter: User, told: Any
) -> None:
    """Sent in time and returned late, or asked for again after it was waived: the letter of that day is enough."""
    update = updates.add(by=reporter, project=due.project, due=due, **factories.FULL)
    update = updates.submit(update, by=reporter, now=NOW)
    reviews.return_(update, by=staff, reason="ขอจำนวน", now=NOW + dt.timedelta(days=20))
    told()
    assert days(NOW + dt.timedelta(days=20), 8, told) == {"03-27": both("report_overdue")}
    held = DueReport.objects.get()
    held = rounds.waive(held, by=staff, reason="หยุด", now=NOW + dt.timedelta(days=60))
    rounds.unwaive(held, by=staff, now=NOW + dt.timedelta(days=61))
    told()
    assert days(NOW + dt.timedelta(days=61), 8, told) == {"05-07": both("report_overdue")}


def test_what_was_assigned_at_short_notice_is_not_reminded_of_on_the_same_day(
    staff: User, agency: Agency, told: Any
) -> None:
    factories.make_assignment(staff, agency, due_on=dt.date(2026, 3, 5))
    Letter.objects.update(created_at=NOW)
    told()
    assert days(NOW, 8, told) == {"03-07": both("assignment_overdue")}


def test_a_report_that_was_sent_while_it_was_waived_is_not_asked_for_again(
    due: DueReport, staff: User, reporter: User, told: Any
) -> None:
    update = updates.add(by=reporter, project=due.project, due=due, **factories.FULL)
    held = rounds.waive(DueReport.objects.get(), by=staff, reason="หยุด")
    updates.submit(update, by=reporter)
    told()
    rounds.unwaive(held, by=staff)
    assert told() == []


def test_nobody_is_woken_up(due: DueReport, told: Any) -> None:
    day = dt.datetime(2026, 3, 13, 0, 0, tzinfo=BANGKOK)
    assert [reminders.remind(day + dt.timedelta(hours=hour)) for hour in (0, 5, 6)] == [0, 0, 2]


def test_a_reminder_stands_in_the_daily_letter_of_the_same_morning(due: DueReport, lead: User) -> None:
    User.objects.filter(pk=lead.pk).update(letters_daily=True, letters_quiet=True)
    reminders.remind(dt.datetime(2026, 3, 13, 6, 0, tzinfo=BANGKOK))
    assert outbox.gather_digests(dt.datetime(2026, 3, 13, 7, 0, tzinfo=BANGKOK)) == 1
    assert "เลยกำหนดตั้งแต่วันที่ 12 มีนาคม 2569" in Letter.objects.get(kind="digest").text


def answered(due: DueReport, reporter: User, staff: User, state: str) -> None:
    """The due report with an update in this state."""
    update = updates.add(by=reporter, project=due.project, due=due, **factories.FULL)
    if state != "draft":
        update = updates.submit(update, by=reporter)
    if state == "returned":
        reviews.return_(update, by=staff, reason="ขอจำนวน")
    if state == "approved":
        reviews.approve(update, by=staff)


@pytest.mark.parametrize(
    ("state", "reminded"), [("draft", True), ("returned", True), ("submitted", False), ("approved", False)]
)
def test_only_a_report_in_the_hands_of_the_agency_is_reminded_of(
    state: str, reminded: bool, due: DueReport, reporter: User, staff: User, told: Any
) -> None:
    answered(due, reporter, staff, state)
    told()
    reminders.remind(NOW + dt.timedelta(days=11))
    assert told() == (both("report_overdue") if reminded else [])


@pytest.mark.parametrize(("state", "reminded"), [("none", 1), ("draft", 0), ("returned", 0)])
def test_what_one_agency_has_begun_is_not_told_to_another(
    state: str, reminded: int, due: DueReport, reporter: User, stranger: User, staff: User, other_agency: Agency
) -> None:
    projects.add_part(due.project, by=staff, agency=other_agency, part="partner")
    if state != "none":
        answered(due, reporter, staff, state)
    reminders.remind(NOW + dt.timedelta(days=11))
    late = Letter.objects.filter(kind="report_overdue")
    assert (late.filter(user=stranger).count(), late.filter(user=reporter).count()) == (reminded, 1)


def test_a_report_that_waits_for_the_lead_is_still_with_the_agency(
    due: DueReport, reporter: User, lead: User, agency: Agency, told: Any
) -> None:
    agencies.set_passing(agency, by=lead, version=agency.version, lead_passes_on=True)
    update = updates.submit(updates.add(by=reporter, project=due.project, due=due, **factories.FULL), by=reporter)
    told()
    assert (update.state, DueReport.objects.with_state().get().state) == ("with_lead", "draft")
    reminders.remind(NOW + dt.timedelta(days=11))
    assert told() == both("report_overdue")
    assert list(DueReport.objects.late(dt.date(2026, 3, 13)).values_list("state", flat=True)) == ["draft"]


def test_nothing_is_written_for_what_is_waived_hidden_or_closed(
    due: DueReport, staff: User, agency: Agency, reporter: User, told: Any
) -> None:
    """Each alone silences a report, or an assignment, that is late."""
    later = NOW + dt.timedelta(days=11)
    task = factories.make_assignment(staff, agency, due_on=dt.date(2026, 3, 12))
    told()

    def reminded() -> list[tuple[str, str]]:
        Letter.objects.all().delete()
        reminders.remind(later)
        return told()

    everything = [*both("assignment_overdue"), *both("report_overdue")]
    assert reminded() == everything
    publishing.hide(due.project, by=staff)
    assert reminded() == both("assignment_overdue")
    publishing.publish(due.project, by=staff)
    publishing.hide(Meeting.objects.get(), by=staff)
    assert reminded() == everything  # what the public sees of a meeting changes nothing for those it asks
    rounds.waive(due, by=staff, reason="หยุด")
    assert reminded() == both("assignment_overdue")
    rounds.unwaive(DueReport.objects.get(), by=staff)
    assignments.answer(task, by=reporter, text="ทำแล้ว")
    assert reminded() == both("report_overdue")
    decisions.close(Assignment.objects.get(), by=staff, note="ครบ")
    rounds.close(due.round, by=staff)
    assert reminded() == []


def test_what_an_agency_said_about_an_assignment_waits_for_a_decision_too(
    reporter: User, staff: User, agency: Agency, told: Any, settings: Any
) -> None:
    settings.REVIEW_DAYS = 5
    User.objects.filter(pk=staff.pk).update(leads_desk=True)
    task = factories.make_assignment(staff, agency)
    assignments.answer(task, by=reporter, text="ครึ่งทาง", now=NOW)
    assignments.answer(Assignment.objects.get(), by=reporter, text="เกือบครบ", now=NOW + dt.timedelta(days=3))
    told()
    one = [("decision_waiting", "staff")]
    assert days(NOW, 20, told) == {"03-08": one, "03-15": one}  # from the first word that nobody decided about
    decisions.accept(Assignment.objects.get(), by=staff, now=NOW + dt.timedelta(days=20))
    told()
    assert days(NOW + dt.timedelta(days=20), 20, told) == {}


def test_what_waits_too_long_for_review_is_told_to_the_lead_of_the_desk_at_growing_intervals(
    reporter: User, staff: User, project: Project, told: Any, settings: Any
) -> None:
    settings.REVIEW_DAYS = 5
    User.objects.filter(pk=staff.pk).update(leads_desk=True)
    update = updates.add(by=reporter, project=project, **factories.FULL)
    update = updates.submit(update, by=reporter, now=NOW)
    one = [("review_waiting", "staff")]
    assert days(NOW, 60, told) == {"03-08": one, "03-15": one, "03-29": one, "04-26": one}
    assert "รอการตรวจมาตั้งแต่วันที่ 2 มีนาคม 2569" in Letter.objects.filter(kind="review_waiting").first().text
    reviews.return_(update, by=staff, reason="ขอจำนวน")
    told()
    assert days(NOW + dt.timedelta(days=60), 60, told, every=5) == {}


def test_where_nobody_leads_the_desk_all_staff_are_told(reporter: User, project: Project, told: Any) -> None:
    update = updates.add(by=reporter, project=project, **factories.FULL)
    updates.submit(update, by=reporter, now=NOW)
    reminders.remind(NOW + dt.timedelta(days=8))
    assert told() == [("review_waiting", "other_staff"), ("review_waiting", "staff")]


@pytest.mark.parametrize(
    ("late", "day"), [(0, None), (1, 1), (6, 1), (7, 7), (36, 7), (37, 37), (66, 37), (67, 67), (400, 397)]
)
def test_how_late_calls_for_which_reminder(late: int, day: int | None) -> None:
    assert reminders.day_late(late) == day


@pytest.mark.parametrize(("left", "day"), [(8, None), (7, 7), (1, 7), (0, 7), (-1, None)])
def test_how_soon_calls_for_which_reminder(left: int, day: int | None) -> None:
    assert reminders.day_soon(left) == day


@pytest.mark.parametrize(
    ("over", "day"), [(-1, None), (0, 0), (6, 0), (7, 7), (20, 7), (21, 21), (48, 21), (49, 49), (105, 105)]
)
def test_how_long_too_long_calls_for_which_reminder(over: int, day: int | None) -> None:
    assert reminders.day_waiting(over) == day


@pytest.mark.parametrize("count", [1, 3])
def test_a_round_without_a_letter_to_write_costs_the_same_for_three_reports_as_for_one(
    count: int, staff: User, agency: Agency, django_assert_num_queries: Any
) -> None:
    for _n in range(count):
        factories.make_project(staff, owner=agency)
    factories.make_round(staff, due_in=10, now=NOW)
    later = NOW + dt.timedelta(days=11)
    reminders.remind(later)
    with django_assert_num_queries(9):
        assert reminders.remind(later) == 0
