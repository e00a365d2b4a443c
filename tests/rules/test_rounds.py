"""Rounds of reporting: which periods a schedule has, whom a round asks, and the picture that its close keeps."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from agencies.models import Agency, User
from agencies.rules import records
from projects.models import Cohort, DueReport, Project, Round, Schedule, ScheduleDate, ScheduleException, Snapshot
from projects.rules import projects, publishing, reviews, rounds, schedules, updates
from projects.rules.readings import Measure
from tests import factories

BANGKOK = dt.timezone(dt.timedelta(hours=7))


def at(text: str) -> dt.datetime:
    """Noon in Bangkok of a day."""
    return dt.datetime.fromisoformat(f"{text}T12:00").replace(tzinfo=BANGKOK)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def days(found: list[schedules.Period]) -> list[str]:
    return [f"{each.start} {each.end} {each.opens_on} {each.due_on} {each.closes_on}" for each in found]


# --- periods: no database --------------------------------------------------------------------------------------------
def plan(rhythm: str, starts_on: str, ends_on: str | None = None, **answers: Any) -> Schedule:
    return Schedule(rhythm=rhythm, starts_on=day(starts_on), ends_on=ends_on and day(ends_on), **answers)


def test_months_are_those_of_the_calendar_that_lie_wholly_within_and_have_opened() -> None:
    found = schedules.periods(plan("monthly", "2019-01-15", "2019-04-29"), [], day("2019-12-31"))
    assert days(found) == [
        "2019-02-01 2019-02-28 2019-03-01 2019-03-15 None",
        "2019-03-01 2019-03-31 2019-04-01 2019-04-15 None",
    ]
    schedule = plan("monthly", "2019-11-01")
    assert [
        len(schedules.periods(schedule, [], day(today))) for today in ("2019-11-30", "2019-12-01", "2020-01-01")
    ] == [
        0,
        1,
        2,
    ]


def test_quarters_are_those_of_the_calendar_over_the_turn_of_the_year() -> None:
    schedule = plan("quarterly", "2019-08-01", closes_after=45, opens_after=5)
    assert days(schedules.periods(schedule, [], day("2020-04-05"))) == [
        "2019-10-01 2019-12-31 2020-01-05 2020-01-15 2020-02-14",
        "2020-01-01 2020-03-31 2020-04-05 2020-04-15 2020-05-15",
    ]
    assert days(schedules.upcoming(schedule, [], day("2020-04-05"), count=1)) == [
        "2020-04-01 2020-06-30 2020-07-05 2020-07-15 2020-08-14"
    ]


def test_a_named_date_ends_the_period_that_began_after_the_one_before() -> None:
    named = [day("2019-09-15"), day("2019-03-10"), day("2018-12-31"), day("2020-02-01")]
    schedule = plan("named", "2019-01-01", "2019-12-31")
    assert days(schedules.periods(schedule, named, day("2020-06-01"))) == [
        "2019-01-01 2019-03-10 2019-03-11 2019-03-25 None",
        "2019-03-11 2019-09-15 2019-09-16 2019-09-30 None",
    ]
    assert schedules.upcoming(schedule, named, day("2020-06-01")) == []


def test_a_change_of_the_rhythm_asks_about_no_day_twice() -> None:
    after_a_month = schedules.periods(plan("quarterly", "2019-01-01"), [], day("2019-10-01"), day("2019-04-30"))
    assert days(after_a_month) == [
        "2019-05-01 2019-06-30 2019-07-01 2019-07-15 None",
        "2019-07-01 2019-09-30 2019-10-01 2019-10-15 None",
    ]


@pytest.mark.parametrize(
    ("asked", "end", "wanted"),
    [
        ("always", "2019-02-28", True),
        ("never", "2019-03-31", False),
        ("quarter_ends", "2019-02-28", False),
        ("quarter_ends", "2019-03-31", True),
        ("quarter_ends", "2019-03-30", False),
        ("quarter_ends", "2019-12-31", True),
    ],
)
def test_an_exception_says_in_which_rounds_a_project_is_asked(asked: str, end: str, wanted: bool) -> None:
    assert schedules.asks(ScheduleException(asked=asked), day(end)) is wanted


# --- with the database -----------------------------------------------------------------------------------------------
@pytest.fixture
def cohort(staff: User) -> Cohort:
    return factories.make_cohort(staff)


@pytest.fixture
def schedule(staff: User, cohort: Cohort) -> Schedule:
    return schedules.add(by=staff, cohort=cohort, rhythm="quarterly", starts_on=day("2019-01-01"), now=at("2019-01-01"))


def due() -> list[tuple[str, str, str]]:
    """Every due report: the end of its round, its project and its day."""
    rows = DueReport.objects.order_by("round__period_end", "project__pk")
    return [
        (str(row.round.period_end), row.project.code, str(row.due_on))
        for row in rows.select_related("round", "project")
    ]


def test_a_tick_asks_every_project_once_however_often_it_is_called(
    staff: User, agency: Agency, project: Project, schedule: Schedule
) -> None:
    hidden = publishing.hide(factories.make_project(staff), by=staff)
    draft = factories.make_project(staff, published=False, owner=agency)
    factories.make_project(staff, published=False)  # being made ready: nobody could report on it
    factories.make_project(staff, year=2561)
    wanted = {
        "2019-03-31": [],
        "2019-04-01": [("2019-03-31", project.code, "2019-04-15"), ("2019-03-31", draft.code, "2019-04-15")],
    }
    for today, rows in wanted.items():
        for _again in range(2):
            rounds.tick(at(today))
            assert due() == rows, hidden.code
    round_ = Round.objects.get()
    told = [(row.history_user, row.history_change_reason) for row in round_.history.all()]
    assert (told, round_.version, DueReport.history.count()) == ([(None, "add")], 1, 2)


def test_who_joins_later_is_asked_while_there_is_time_and_never_for_what_is_late(
    staff: User, project: Project, schedule: Schedule
) -> None:
    rounds.tick(at("2019-04-01"))
    second = factories.make_project(staff)
    rounds.tick(at("2019-04-15"))
    factories.make_project(staff)
    rounds.tick(at("2019-04-16"))
    assert [code for _end, code, _due in due()] == [project.code, second.code]


def test_exceptions_are_honoured(staff: User, project: Project, schedule: Schedule) -> None:
    never, later = factories.make_project(staff), factories.make_project(staff)
    for row, asked, extra in ((never, "never", 0), (later, "always", 10)):
        records.add(
            ScheduleException, by=staff, schedule=schedule, project=row, asked=asked, extra_days=extra, reason="ลาคลอด"
        )
    rounds.tick(at("2019-04-01"))
    assert due() == [("2019-03-31", project.code, "2019-04-15"), ("2019-03-31", later.code, "2019-04-25")]


def test_a_worker_that_slept_makes_up_for_every_round(staff: User, project: Project, schedule: Schedule) -> None:
    rounds.tick(at("2020-01-20"))
    assert [end for end, _code, _due in due()] == ["2019-03-31", "2019-06-30", "2019-09-30", "2019-12-31"]


def test_a_first_day_that_would_open_years_of_late_rounds_is_refused(staff: User, cohort: Cohort) -> None:
    answers = {"rhythm": "monthly", "now": at("2019-12-20")}
    with pytest.raises(ValidationError) as refused:
        schedules.add(by=staff, cohort=cohort, starts_on=day("2019-01-01"), **answers)
    assert list(refused.value.message_dict) == ["starts_on"]
    assert "1 ส.ค. 2562" in refused.value.messages[0]
    assert Schedule.objects.count() == 0
    assert schedules.add(by=staff, cohort=cohort, starts_on=day("2019-08-01"), **answers).version == 1


def test_only_staff_set_schedules_and_touch_rounds(
    staff: User, reporter: User, project: Project, schedule: Schedule
) -> None:
    rounds.tick(at("2019-04-01"))
    round_, report = Round.objects.get(), DueReport.objects.get()
    acts = [
        lambda: schedules.add(by=reporter, cohort=schedule.cohort, rhythm="monthly", starts_on=day("2019-01-01")),
        lambda: schedules.edit(schedule, by=reporter, version=1),
        lambda: rounds.open_rounds(at("2019-07-01"), by=reporter),
        lambda: rounds.edit(round_, by=reporter, due_on=day("2019-05-01")),
        lambda: rounds.close(round_, by=reporter),
        lambda: rounds.waive(report, by=reporter, reason="x"),
        lambda: rounds.unwaive(report, by=reporter),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert (Round.objects.count(), Round.history.count(), DueReport.history.count(), Schedule.history.count()) == (
        1,
        1,
        1,
        1,
    )


def test_another_date_moves_the_reports_along_but_not_one_that_has_a_later_date(
    staff: User, project: Project, schedule: Schedule
) -> None:
    for extra in (10, 30):
        row = factories.make_project(staff)
        records.add(ScheduleException, by=staff, schedule=schedule, project=row, extra_days=extra, reason="น้ำท่วม")
    rounds.tick(at("2019-04-01"))
    rounds.edit(Round.objects.get(), by=staff, version=1, due_on=day("2019-04-30"))
    assert [row[2] for row in due()] == ["2019-04-30", "2019-04-30", "2019-05-15"]
    with pytest.raises(ValidationError) as refused:
        rounds.edit(Round.objects.get(), by=staff, due_on=day("2019-03-01"))
    assert list(refused.value.message_dict) == ["due_on"]


# --- waiving ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def report(project: Project, schedule: Schedule) -> DueReport:
    rounds.tick(at("2019-04-01"))
    return DueReport.objects.get()


def state(report: DueReport) -> str:
    return DueReport.objects.with_state().get(pk=report.pk).state


def test_a_report_is_waived_with_a_reason_and_the_waiving_taken_back(staff: User, report: DueReport) -> None:
    with pytest.raises(ValidationError) as refused:
        rounds.waive(report, by=staff, reason=" \u200b ")
    assert list(refused.value.message_dict) == ["reason"]
    waived = rounds.waive(report, by=staff, reason=" ส่งรวมแล้ว ", now=at("2019-04-02"))
    assert (state(report), waived.waived_reason, waived.waived_at) == ("waived", "ส่งรวมแล้ว", at("2019-04-02"))
    assert rounds.open_steps(staff, DueReport.objects.with_state().get()) == ["unwaive"]
    with pytest.raises(ValidationError):
        rounds.waive(report, by=staff, reason="อีกครั้ง")
    rounds.unwaive(report, by=staff)
    assert (state(report), rounds.open_steps(staff, DueReport.objects.with_state().get())) == ("due", ["waive"])
    with pytest.raises(ValidationError):
        rounds.unwaive(report, by=staff)
    verbs = report.history.order_by("history_id").values_list("history_change_reason", flat=True)
    assert list(verbs) == ["add", "waive", "unwaive"]


def test_what_was_sent_is_reviewed_and_not_waived(
    staff: User, reporter: User, project: Project, report: DueReport
) -> None:
    update = updates.add(by=reporter, project=project, due=report, **factories.FULL)
    assert state(report) == "draft"
    updates.submit(update, by=reporter, now=at("2019-07-01"))
    with pytest.raises(ValidationError) as refused:
        rounds.waive(report, by=staff, reason="ไม่ต้อง")
    assert (state(report), refused.value.code) == ("waiting", "moment")


# --- closing ---------------------------------------------------------------------------------------------------------
def test_a_close_freezes_how_every_project_then_stood(
    staff: User, other_staff: User, reporter: User, agency: Agency, project: Project, schedule: Schedule
) -> None:
    silent = factories.make_project(staff)
    hidden = publishing.hide(factories.make_project(staff), by=staff)
    indicator = factories.make_indicator(staff, project)
    rounds.tick(at("2019-04-01"))
    asked_draft = factories.make_project(staff, published=False, owner=agency)
    rounds.tick(at("2019-04-01"))
    unasked_draft = factories.make_project(staff, published=False)
    [mine] = DueReport.objects.filter(project=project)
    answers = {**factories.FULL, "happened_on": day("2019-04-10"), "readings": {indicator: Measure(Decimal(4))}}
    update = updates.add(by=reporter, project=project, due=mine, **answers)
    update = updates.submit(update, by=reporter, now=at("2019-04-18"))
    reviews.approve(update, by=other_staff, now=at("2019-04-20"))
    closed = rounds.close(Round.objects.get(), by=staff, now=at("2019-05-01"))
    assert (closed.closed_at, closed.history.latest().history_change_reason) == (at("2019-05-01"), "close")
    taken = {row.project_id: row.standing for row in Snapshot.objects.all()}
    assert set(taken) == {project.pk, silent.pk, hidden.pk, asked_draft.pk} and unasked_draft.pk not in taken
    stage = {"planned_start": None, "planned_end": None, "actual_start": None, "actual_end": None}
    states = ["unknown", "in_progress", "unknown", "unknown"]
    assert taken[project.pk] == {
        "code": project.code,
        "title_th": project.title_th,
        "title_en": "",
        "state": "published",
        "current_stage": 2,
        "stages": [{"number": number, "state": state, **stage} for number, state in enumerate(states, 1)],
        "update": {"id": update.pk, "title": update.title, "happened_on": "2019-04-10"},
        "readings": [
            {
                "indicator": indicator.pk,
                "name_th": indicator.name_th,
                "name_en": "",
                "unit_th": "แห่ง",
                "unit_en": "",
                "value": "4",
                "unavailable": "",
                "happened_on": "2019-04-10",
            }
        ],
        "due": {"state": "done", "due_on": "2019-04-15", "days_late": 3, "waived_reason": ""},
    }
    assert taken[silent.pk]["due"] == {"state": "due", "due_on": "2019-04-15", "days_late": 16, "waived_reason": ""}
    assert (taken[silent.pk]["update"], taken[hidden.pk]["due"]) == (None, None)
    later = updates.add(by=reporter, project=project, **factories.FULL)
    updates.submit(later, by=reporter)
    assert Snapshot.objects.get(project=project).standing == taken[project.pk]


def test_a_closed_round_stays_as_it_is(staff: User, reporter: User, project: Project, report: DueReport) -> None:
    round_ = rounds.close(report.round, by=staff, now=at("2019-05-01"))
    before = (Round.history.count(), DueReport.history.count(), Snapshot.objects.count())
    acts = [
        lambda: rounds.close(round_, by=staff),
        lambda: rounds.edit(round_, by=staff, due_on=day("2019-06-01")),
        lambda: rounds.waive(report, by=staff, reason="x"),
        lambda: updates.add(by=reporter, project=project, due=report, **factories.FULL),
    ]
    for act in acts:
        with pytest.raises(ValidationError):
            act()
    assert rounds.round_steps(staff, round_) == []
    rounds.tick(at("2019-05-02"))
    assert (Round.history.count(), DueReport.history.count(), Snapshot.objects.count()) == before
    assert [*DueReport.objects.open()] == []


def test_a_round_closes_by_itself_after_its_last_day_but_waits_for_whoever_has_more_time(
    staff: User, project: Project, cohort: Cohort
) -> None:
    schedule = schedules.add(
        by=staff, cohort=cohort, rhythm="monthly", starts_on=day("2019-03-01"), ends_on=day("2019-03-31"),
        closes_after=20, now=at("2019-03-01"),
    )  # fmt: skip
    later = factories.make_project(staff)
    records.add(ScheduleException, by=staff, schedule=schedule, project=later, extra_days=10, reason="น้ำท่วม")
    closed = {}
    for today in ("2019-04-01", "2019-04-20", "2019-04-21", "2019-04-25", "2019-04-26"):
        rounds.tick(at(today))
        closed[today] = Round.objects.get().closed_at
    assert closed == {**dict.fromkeys(closed), "2019-04-26": at("2019-04-26")}
    assert {row.taken_by for row in Snapshot.objects.all()} == {None}
    assert Round.history.latest().history_user is None


def test_a_named_date_lies_within_its_schedule(staff: User, cohort: Cohort) -> None:
    schedule = schedules.add(by=staff, cohort=cohort, rhythm="named", starts_on=day("2019-01-01"))
    with pytest.raises(ValidationError) as refused:
        records.add(ScheduleDate, by=staff, schedule=schedule, ends_on=day("2018-12-31"))
    assert list(refused.value.message_dict) == ["ends_on"]


# --- who sees it -----------------------------------------------------------------------------------------------------
def test_a_due_report_is_seen_by_staff_and_the_agencies_that_report_on_the_project(
    staff: User, reporter: User, stranger: User, visitor: Any, other_agency: Agency, report: DueReport
) -> None:
    partner = factories.make_agency(staff)
    supporter = factories.make_agency(staff)
    projects.add_part(report.project, by=staff, agency=partner, part="partner")
    projects.add_part(report.project, by=staff, agency=supporter, part="support")
    elsewhere = factories.make_project(staff, owner=other_agency, year=2561)
    people = {
        "staff": staff,
        "reporter": reporter,
        "partner": factories.make_member(partner),
        "supporter": factories.make_member(supporter),
        "stranger": stranger,
        "visitor": visitor,
    }
    seen = {name: DueReport.objects.visible_to(who).count() for name, who in people.items()}
    rounds_seen = {name: Round.objects.visible_to(who).count() for name, who in people.items()}
    wanted = {"staff": 1, "reporter": 1, "partner": 1, "supporter": 0, "stranger": 0, "visitor": 0}
    assert (seen, rounds_seen, elsewhere.due_reports.count()) == (wanted, wanted, 0)


def test_the_open_ones_are_those_with_the_next_step_the_soonest_due_first(
    staff: User, reporter: User, agency: Agency, schedule: Schedule
) -> None:
    rows = [factories.make_project(staff, owner=agency) for _ in range(5)]
    rounds.tick(at("2019-04-01"))
    by_project = {report.project_id: report for report in DueReport.objects.all()}
    rounds.waive(by_project[rows[0].pk], by=staff, reason="พ้นกำหนด")
    sent = updates.add(by=reporter, project=rows[1], due=by_project[rows[1].pk], **factories.FULL)
    updates.submit(sent, by=reporter)
    updates.add(by=reporter, project=rows[2], due=by_project[rows[2].pk], **factories.FULL)
    publishing.hide(rows[3], by=staff)
    found = DueReport.objects.visible_to(reporter).open().urgent()
    assert [(report.project_id, report.state) for report in found] == [(rows[2].pk, "draft"), (rows[4].pk, "due")]
    assert DueReport.objects.late(day("2019-04-15")).count() == 0
    assert DueReport.objects.late(day("2019-04-16")).count() == 2
