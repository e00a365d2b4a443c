"""Schedules and rounds on the desk: what is asked, who has sent it, waiving, closing, comparing, who is late."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, User
from govlab.thai import format_date
from projects.desk.rounds import weekend
from projects.models import Cohort, DueReport, Project, Round, Schedule, ScheduleException, Snapshot
from projects.rules import rounds, schedules, updates
from tests import factories


@pytest.fixture
def desk(sign_in: Any, staff: User) -> Any:
    return sign_in(staff)


@pytest.fixture
def cohort(staff: User) -> Cohort:
    return factories.make_cohort(staff)


@pytest.fixture
def round_(staff: User, project: Project) -> Round:
    """An open round with one due report."""
    return factories.make_round(staff)


def at(verb: str, thing: Any) -> str:
    kind = "due-report" if isinstance(thing, DueReport) else "round"
    return reverse(f"desk:{kind}-{verb}", args=[thing.pk])


def of(verb: str, *more: int) -> str:
    return reverse(f"desk:{verb}", args=[2562, *more])


QUARTERLY = {"rhythm": "quarterly", "starts_on": "1/10/2569", "opens_after": "1", "due_after": "15"}


# --- schedules -------------------------------------------------------------------------------------------------------
def test_a_schedule_is_added_with_an_example_of_what_it_means(desk: Any, cohort: Cohort) -> None:
    assert reverse("desk:schedule-detail", args=[2562]) in desk.get(reverse("desk:cohort-list")).content.decode()
    assert of("schedule-add") in desk.get(of("schedule-detail")).content.decode()
    today = timezone.localdate()
    first = desk.get(of("schedule-add")).context["form"].instance.starts_on
    assert (first.day, first.month % 3, first <= today) == (1, 1, True)
    answers = {**QUARTERLY, "starts_on": f"1/1/{today.year + 544}"}
    shown = desk.post(of("schedule-add"), {**answers, "preview": "1"})
    assert (shown.status_code, Schedule.objects.count()) == (200, 0)
    ends = [str(period.end) for period, _weekend in shown.context["example"]["upcoming"]]
    assert ends == [f"{today.year + 1}-03-31", f"{today.year + 1}-06-30", f"{today.year + 1}-09-30"]
    saved = desk.post(of("schedule-add"), answers)
    assert (saved.status_code, saved["Location"], Schedule.objects.count()) == (302, of("schedule-detail"), 1)
    again = desk.post(of("schedule-add"), answers)
    assert (again.status_code, Schedule.objects.count()) == (400, 1)


def test_a_schedule_that_asks_too_much_at_once_is_refused_at_its_first_day(desk: Any, cohort: Cohort) -> None:
    page = desk.post(of("schedule-add"), {**QUARTERLY, "starts_on": "1/1/2562"})
    assert (page.status_code, list(page.context["form"].errors), Schedule.objects.count()) == (400, ["starts_on"], 0)


def test_a_schedule_is_edited_in_the_version_that_was_read(desk: Any, staff: User, cohort: Cohort) -> None:
    schedule = schedules.add(by=staff, cohort=cohort, rhythm="quarterly", starts_on=timezone.localdate())
    answers = {**QUARTERLY, "starts_on": f"{timezone.localdate():%d/%m/%Y}", "due_after": "20"}
    assert desk.post(of("schedule-edit"), {**answers, "version": 0}).status_code == 409
    assert desk.post(of("schedule-edit"), {**answers, "version": 1}).status_code == 302
    schedule.refresh_from_db()
    assert (schedule.due_after, schedule.version) == (20, 2)


def test_named_dates_and_exceptions_are_kept_on_the_schedules_page(
    desk: Any, staff: User, project: Project, cohort: Cohort
) -> None:
    elsewhere = factories.make_project(staff, year=2561)
    schedule = schedules.add(by=staff, cohort=cohort, rhythm="named", starts_on=dt.date(2026, 1, 1))
    assert desk.post(of("date-add"), {"ends_on": "๓๑/๓/๒๖๐๐"}).status_code == 302
    assert desk.post(of("date-add"), {"ends_on": "31/3/2600"}).status_code == 400
    answers = {"asked": "never", "extra_days": "0", "reason": "จบโครงการแล้ว"}
    assert desk.post(of("exception-add"), {**answers, "project": elsewhere.pk}).status_code == 400
    assert desk.post(of("exception-add"), {**answers, "project": project.pk}).status_code == 302
    assert desk.post(of("exception-add"), {**answers, "project": project.pk}).status_code == 400
    row = ScheduleException.objects.get()
    change = {**answers, "project": project.pk, "asked": "quarter_ends", "version": 1}
    assert desk.post(of("exception-edit", row.pk), change).status_code == 302
    page = desk.get(of("schedule-detail")).content.decode()
    assert [word in page for word in ("31 มีนาคม 2600", "จบโครงการแล้ว", "เฉพาะรอบที่สิ้นสุดไตรมาส")] == [True] * 3
    for verb, key in (("date-remove", schedule.dates.get().pk), ("exception-remove", row.pk)):
        assert desk.get(of(verb, key)).status_code == 200
        assert desk.post(of(verb, key)).status_code == 302
    assert (schedule.dates.count(), schedule.exceptions.count()) == (0, 0)


def test_a_due_date_on_a_weekend_says_which_day_it_is(desk: Any, staff: User, round_: Round) -> None:
    days = [weekend(dt.date(2026, 11, day)) for day in range(20, 24)]
    assert days == ["", "เสาร์", "อาทิตย์", ""]
    today = timezone.localdate()
    sunday = today + dt.timedelta(days=13 - today.weekday())
    rounds.edit(round_, by=staff, due_on=sunday)
    assert "ตรงกับวันอาทิตย์" in desk.get(at("detail", round_)).content.decode()
    assert "ตรงกับวันอาทิตย์" in desk.get(at("edit", round_)).content.decode()


# --- rounds ----------------------------------------------------------------------------------------------------------
def test_the_list_counts_reports_by_state_with_the_same_queries_for_one_and_three(
    desk: Any, staff: User, reporter: User, project: Project, round_: Round, django_assert_num_queries: Any
) -> None:
    updates.add(by=reporter, project=project, due=DueReport.objects.get(), **factories.FULL)
    page = reverse("desk:round-list")
    with django_assert_num_queries(7):
        [row] = desk.get(page).context["rows"]
    assert row.counts == [0, 1, 0, 0, 0, 0]
    factories.make_project(staff)
    for due_in in (12, 14):
        factories.make_round(staff, due_in=due_in)
    with django_assert_num_queries(7):
        rows = desk.get(page).context["rows"]
    assert [row.counts[:2] for row in rows] == [[2, 0], [2, 0], [1, 1]]


def test_a_rounds_page_shows_each_project_with_the_same_queries_for_one_and_three(
    desk: Any,
    staff: User,
    reporter: User,
    agency: Agency,
    project: Project,
    round_: Round,
    django_assert_num_queries: Any,
) -> None:
    draft = updates.add(
        by=reporter, project=project, due=DueReport.objects.get(), **{**factories.FULL, "title": "ร่างลับ"}
    )
    with django_assert_num_queries(9):
        page = desk.get(at("detail", round_))
    [row] = page.context["rows"]
    assert (row.due.state, row.update, row.steps) == ("draft", None, ["waive"])
    assert ["ร่างลับ" in page.content.decode(), agency.name_th in page.content.decode()] == [False, True]
    updates.submit(draft, by=reporter)
    for _more in range(2):
        factories.make_project(staff, owner=agency)
    rounds.tick()
    with django_assert_num_queries(9):
        rows = desk.get(at("detail", round_)).context["rows"]
    assert [(row.due.state, row.update, list(row.steps)) for row in rows] == [
        ("due", None, ["waive"]),
        ("due", None, ["waive"]),
        ("waiting", draft, []),
    ]


def test_a_report_is_waived_and_asked_for_again(desk: Any, project: Project, round_: Round) -> None:
    due = DueReport.objects.get()
    assert desk.post(at("waive", due), {"reason": " ", "version": 1}).status_code == 400
    done = desk.post(at("waive", due), {"reason": "ส่งรวมกับรอบก่อน", "version": 1})
    assert (done.status_code, done["Location"]) == (302, at("detail", round_))
    page = desk.get(at("detail", round_)).content.decode()
    assert [word in page for word in ("ส่งรวมกับรอบก่อน", at("unwaive", due))] == [True, True]
    desk.post(at("unwaive", due), {"version": 2})
    due.refresh_from_db()
    assert (due.waived_at, due.waived_reason, due.version) == (None, "", 3)


def test_other_dates_move_the_reports(desk: Any, round_: Round) -> None:
    later = timezone.localdate() + dt.timedelta(days=40)
    page = desk.post(at("edit", round_), {"due_on": f"{later:%d/%m/%Y}", "version": 1})
    assert (page.status_code, DueReport.objects.get().due_on) == (302, later)


def test_a_close_is_asked_about_first_and_leaves_what_it_kept(
    desk: Any, staff: User, reporter: User, project: Project, round_: Round
) -> None:
    assert desk.get(at("standing", round_)).status_code == 404
    assert "1 ฉบับ" in desk.get(at("close", round_)).content.decode()
    assert desk.post(at("close", round_))["Location"] == at("detail", round_)
    assert (Snapshot.objects.count(), Round.objects.open().count()) == (1, 0)
    page = desk.get(at("detail", round_)).content.decode()
    links = [address in page for address in (at("standing", round_), at("close", round_), at("edit", round_))]
    assert links == [True, False, False]
    [row] = desk.get(at("standing", round_)).context["rows"]
    assert (row.code, row.standing, row.due, row.late) == (project.code, "ยังไม่มีข้อมูล", "ยังไม่เริ่ม", False)
    for verb, sent in (("close", {}), ("edit", {"due_on": "1/1/2600", "version": 2})):
        assert desk.post(at(verb, round_), sent).status_code in (302, 400)
    assert (Snapshot.objects.count(), round_.history.count()) == (1, 2)


def test_two_closed_rounds_are_compared_project_by_project(
    desk: Any, staff: User, reporter: User, project: Project, round_: Round
) -> None:
    same = factories.make_project(staff)
    rounds.tick()
    rounds.close(round_, by=staff)
    factories.make_update(reporter, project, "approved", staff, title="ทดลองแล้ว")
    new = factories.make_project(staff)
    second = factories.make_round(staff, due_in=12)
    open_ = factories.make_round(staff, due_in=14)
    rounds.close(second, by=staff)
    for address in (f"{at('standing', round_)}?with={second.pk}", f"{at('standing', second)}?with={round_.pk}"):
        shown = desk.get(address).context
        [(name, rows)] = shown["differ"]
        assert name == f"{project.code} {project.title_th}"
        assert [(row["before"], row["after"]) for row in rows] == [
            ("ยังไม่มีข้อมูล", "กำลังทำ"),
            ("", "ทดลองแล้ว (30 มิ.ย. 2562)"),
        ]
        assert (shown["same"], shown["one"]) == (
            [f"{same.code} {same.title_th}"],
            [f"{new.code} {new.title_th}"],
        )
    refused = desk.get(f"{at('standing', second)}?with={open_.pk}")
    assert list(refused.context["form"].errors) == ["with"]


# --- who is late or silent -------------------------------------------------------------------------------------------
def test_late_reports_and_silent_projects_stand_the_worst_first(
    desk: Any, staff: User, reporter: User, agency: Agency, project: Project, django_assert_num_queries: Any
) -> None:
    page = reverse("desk:late-list")
    factories.make_round(staff, due_in=-20)
    second = factories.make_project(staff, owner=agency)
    factories.make_round(staff, due_in=-5)
    long_ago = timezone.now() - dt.timedelta(days=200)
    for row, ago in ((project, 200), (second, 100)):
        sent = updates.add(by=reporter, project=row, **factories.FULL)
        updates.submit(sent, by=reporter, now=timezone.now() - dt.timedelta(days=ago))
    ended = factories.make_project(staff, owner=agency, year=2561)
    never = factories.make_project(staff, owner=agency, year=2561)
    Project.objects.filter(pk__in=[ended.pk, never.pk]).update(created_at=long_ago)
    Project.objects.filter(pk=ended.pk).update(current_stage=5)
    with django_assert_num_queries(8):
        shown = desk.get(page).context
    assert [(row.project.pk, row.days) for row in shown["late"]] == [
        (project.pk, 20),
        (project.pk, 5),
        (second.pk, 5),
    ]
    assert [(row.project.pk, row.days) for row in shown["silent"]] == [
        (never.pk, None),
        (project.pk, 200),
        (second.pk, 100),
    ]


def test_the_history_tells_of_rounds_with_buddhist_years_and_hides_a_drafts_headline(
    desk: Any, staff: User, reporter: User, project: Project, round_: Round
) -> None:
    due = DueReport.objects.get()
    updates.add(by=reporter, project=project, due=due, **{**factories.FULL, "title": "ร่างลับ"})
    rounds.close(round_, by=staff)
    end = format_date(round_.period_end)
    names = {"round": f"2562 · {end}", "due-report": f"{project.code} · {end}", "schedule": "2562"}
    for kind, key in (("round", round_.pk), ("due-report", due.pk), ("schedule", round_.schedule_id)):
        listed = desk.get(reverse("desk:history"), {"kind": kind})
        told = desk.get(reverse("desk:history-record", args=[kind, key]))
        assert "ร่างลับ" not in listed.content.decode() + told.content.decode()
        assert {row["name"] for row in listed.context["rows"]} == {names[kind]}
    told = desk.get(reverse("desk:history-record", args=["round", round_.pk])).content.decode()
    assert [word in told for word in ("ระบบ", staff.name, "ปิด")] == [True] * 3


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_stands_in_both_languages(desk: Any, staff: User, round_: Round, prefix: str) -> None:
    rounds.close(round_, by=staff)
    addresses = [reverse("desk:round-list"), reverse("desk:late-list"), of("schedule-detail"), of("schedule-edit")]
    addresses += [at("detail", round_), at("standing", round_), of("exception-add"), of("date-add")]
    assert [desk.get(prefix + address).status_code for address in addresses] == [200] * 8
